/** The live token: taken from the address once, kept for this tab, removed from the address bar. */
const KEY = 'live.token';

/** Also used when the person pastes the whole link. */
export function tokenIn(text: string): string | null {
  const trimmed = text.trim();
  const match = /[?&]token=([^&#\s]+)/.exec(trimmed);
  if (match?.[1]) {
    try { return decodeURIComponent(match[1]); } catch { return null; }
  }
  return trimmed !== '' && !/[\s/?&=]/.test(trimmed) ? trimmed : null;
}

export function keepToken(token: string): void {
  try { sessionStorage.setItem(KEY, token); } catch { /* then it lasts as long as the page */ }
}

export function takeToken(): string | null {
  const url = new URL(location.href);
  const given = url.searchParams.get('token');
  if (given) {
    keepToken(given);
    url.searchParams.delete('token');
    history.replaceState(null, '', url.pathname + url.search + url.hash);
    return given;
  }
  try { return sessionStorage.getItem(KEY); } catch { return null; }
}

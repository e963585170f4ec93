/** What this browser keeps for the shop itself, under one prefix so that it can be forgotten at once. */
export const PREFIX = 'northfold.';

function area(kind: 'local' | 'session'): Storage | null {
  try { return kind === 'local' ? window.localStorage : window.sessionStorage; } catch { return null; }
}

export function read(name: string, kind: 'local' | 'session' = 'local'): unknown {
  try {
    const text = area(kind)?.getItem(PREFIX + name);
    return text === null || text === undefined ? null : JSON.parse(text) as unknown;
  } catch { return null; }
}

export function write(name: string, value: unknown, kind: 'local' | 'session' = 'local'): void {
  try { area(kind)?.setItem(PREFIX + name, JSON.stringify(value)); } catch { /* full or forbidden: the page still works */ }
}

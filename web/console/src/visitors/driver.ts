/** Carries out one step in the shop's own window, the way a person would: look, move, click. */
import type {Act} from './scripts';

export interface Point {x: number; y: number; pressed: boolean}
export interface Hands {
  frame: HTMLIFrameElement;
  /** Where the hand is, in the frame's pixels; null hides it. */
  move: (point: Point | null) => void;
  signal: AbortSignal;
}

const FIND_MS = 8_000;
const SHOP = '/demo/';

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, stopped) => {
    if (signal.aborted) return stopped(new DOMException('stopped', 'AbortError'));
    const end = (): void => { clearTimeout(timer); stopped(new DOMException('stopped', 'AbortError')); };
    const timer = setTimeout(() => { signal.removeEventListener('abort', end); done(); }, ms);
    signal.addEventListener('abort', end, {once: true});
  });
}

function shown(el: HTMLElement): boolean {
  return el.getClientRects().length > 0;
}

async function find(hands: Hands, selector: string): Promise<HTMLElement> {
  const until = Date.now() + FIND_MS;
  let hidden: HTMLElement | null = null;
  while (Date.now() < until) {
    const all = [...hands.frame.contentDocument?.querySelectorAll<HTMLElement>(selector) ?? []];
    const visible = all.find(shown);
    if (visible) return visible;
    hidden = all[0] ?? null;
    if (hidden) await openMenuFor(hands, hidden);
    await pause(120, hands.signal);
  }
  // In a frame that is not on screen (a phone's other tab) nothing has a place, but it can be clicked.
  if (hidden) return hidden;
  throw new Error(`not in the shop: ${selector}`);
}

/** On a narrow shop the categories are behind the menu button. */
async function openMenuFor(hands: Hands, el: HTMLElement): Promise<void> {
  const menu = el.closest('#menu');
  const burger = hands.frame.contentDocument?.querySelector<HTMLElement>('.burger');
  if (menu && !menu.classList.contains('open') && burger && shown(burger)) await click(hands, burger);
}

/** Scrolls the shop only: scrollIntoView would scroll this page around the frame as well. */
function bring(hands: Hands, el: Element, behavior: ScrollBehavior): void {
  const shop = hands.frame.contentWindow;
  if (!shop || el.closest('dialog, .consent')) return;
  const box = el.getBoundingClientRect();
  shop.scrollTo({top: shop.scrollY + box.top - (shop.innerHeight - Math.min(box.height, shop.innerHeight)) / 2, behavior});
}

async function click(hands: Hands, el: HTMLElement): Promise<void> {
  if (!el.closest('header')) bring(hands, el, 'instant');
  const target = el instanceof (hands.frame.contentWindow as unknown as typeof globalThis).HTMLInputElement ? el.nextElementSibling ?? el : el;
  const box = target.getBoundingClientRect();
  const at = {x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 160)};
  if (box.width > 0) hands.move({...at, pressed: false});
  await pause(650, hands.signal);
  if (box.width > 0) hands.move({...at, pressed: true});
  await pause(180, hands.signal);
  el.click();
  if (box.width > 0) hands.move({...at, pressed: false});
}

/** A new person: no id, no choice about consent, no cart; then the shop's front door. */
async function reset(hands: Hands): Promise<void> {
  const shop = hands.frame.contentWindow;
  try { (shop as unknown as {tact?: {reset?: () => void}} | null)?.tact?.reset?.(); } catch { /* the shop may be gone */ }
  forget(localStorage, ['northfold.', 'tact.id', 'tact.consent']);
  forget(sessionStorage, ['northfold.']);
  const loaded = new Promise<void>((done) => hands.frame.addEventListener('load', () => done(), {once: true}));
  shop?.location.replace(SHOP);
  if (shop?.location.pathname === SHOP) shop.location.reload();
  hands.move(null);
  await Promise.race([loaded, pause(FIND_MS, hands.signal)]);
}

/** Removes the named entries; a name that ends with a dot means everything under it. */
export function forget(area: Pick<Storage, 'length' | 'key' | 'removeItem'>, wanted: readonly string[]): void {
  const names: string[] = [];
  for (let i = 0; i < area.length; i += 1) names.push(area.key(i) ?? '');
  for (const name of names) if (wanted.some((w) => w.endsWith('.') ? name.startsWith(w) : name === w)) area.removeItem(name);
}

export async function act(hands: Hands, what: Act): Promise<void> {
  switch (what.do) {
    case 'reset': return reset(hands);
    case 'wait': return pause(what.ms, hands.signal);
    case 'click': return click(hands, await find(hands, what.on));
    case 'scroll': {
      const el = await find(hands, what.to);
      const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
      bring(hands, el, calm ? 'instant' : 'smooth');
      hands.move(null);
    }
  }
}

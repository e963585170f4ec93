/** A page: an own happy-dom window per test, with the *built* dist/tact.js run in it as a script tag.
 *  Replaced are parts of the browser happy-dom lacks (layout, so IntersectionObserver), none of ours. */
import {readFileSync} from 'node:fs';
import {Window} from 'happy-dom';
import type {Tact} from '../src/types';
import {sleep} from './server';

const script = readFileSync(new URL('../dist/tact.js', import.meta.url), 'utf8');
export const SLOT = '<div data-tact-slot="product.reassurance"><p id="default">default content</p></div>';

export interface PageOptions {
  url?: string; html?: string; head?: string; lang?: string;
  attributes?: Record<string, string>;
  /** What the browser still has from earlier pages. */
  local?: Record<string, string>; session?: Record<string, string>;
  /** Runs before the SDK, as an inline script of the page would. */
  before?: (w: any) => void;
  referrer?: string;
}

export class Page {
  readonly errors: string[] = [];
  readonly thrown: unknown[] = [];
  readonly beacons: {url: string; body: string}[] = [];
  private watched = new Set<{el: any; fire: (e: any) => void}>();

  constructor(readonly w: any) {}

  get tact(): Tact { return this.w.tact; }
  get doc(): any { return this.w.document; }
  $(selector: string): any { return this.doc.querySelector(selector); }
  get slot(): any { return this.$('[data-tact-slot]'); }
  get local(): Record<string, string> { return dump(this.w.localStorage); }
  get session(): Record<string, string> { return dump(this.w.sessionStorage); }

  /** What layout would find: this much of the element is in the viewport. */
  inView(el: any, ratio: number): void {
    el.ratio = ratio;
    for (const t of this.watched) if (t.el === el) t.fire(el);
  }

  visibility(state: 'hidden' | 'visible'): void {
    Object.defineProperty(this.doc, 'visibilityState', {value: state, configurable: true});
    this.doc.dispatchEvent(new this.w.Event('visibilitychange'));
  }

  /** As browsers do it when a page is left: pagehide, then hidden. */
  leave(): void {
    this.w.dispatchEvent(new this.w.Event('pagehide'));
    this.visibility('hidden');
  }

  async close(): Promise<void> {
    this.w.tact?.stop?.();
    await this.w.happyDOM.close();
  }

  /** @internal */
  observers(): any {
    const {watched} = this;
    return class {
      mine = new Set<any>();
      constructor(private readonly fn: (entries: any[]) => void) {}
      observe(el: any): void {
        const t = {el, fire: (x: any) => this.fn([{target: x, isIntersecting: (x.ratio ?? 0) > 0, intersectionRatio: x.ratio ?? 0}])};
        this.mine.add(t);
        watched.add(t);
        setTimeout(() => watched.has(t) && t.fire(el), 0);
      }
      unobserve(el: any): void {
        for (const t of this.mine) if (t.el === el) { this.mine.delete(t); watched.delete(t); }
      }
      disconnect(): void { for (const t of this.mine) watched.delete(t); }
    };
  }
}

const dump = (s: any): Record<string, string> =>
  Object.fromEntries(Array.from({length: s.length}, (_, i) => [s.key(i), s.getItem(s.key(i))]));

export async function open(origin: string, o: PageOptions = {}): Promise<Page> {
  const w: any = new Window({
    url: o.url ?? `${origin}/p/trail-shoe`,
    settings: {enableJavaScriptEvaluation: true, suppressInsecureJavaScriptEnvironmentWarning: true,
               disableCSSFileLoading: true, disableIframePageLoading: true, handleDisabledFileLoadingAsSuccess: true},
  });
  const page = new Page(w);
  w.IntersectionObserver = page.observers();
  const {fetch} = w;
  w.navigator.sendBeacon = (url: string, body: string): boolean => {
    if (Buffer.byteLength(body) > 65_536) return false;  // as browsers do
    page.beacons.push({url, body});
    fetch.call(w, url, {method: 'POST', body}).catch(() => undefined);
    return true;
  };
  w.addEventListener('error', (e: any) => page.thrown.push(e.error ?? e.message));
  for (const [k, v] of Object.entries(o.local ?? {})) w.localStorage.setItem(k, v);
  for (const [k, v] of Object.entries(o.session ?? {})) w.sessionStorage.setItem(k, v);
  if (o.referrer) Object.defineProperty(w.document, 'referrer', {value: o.referrer});
  w.document.documentElement.lang = o.lang ?? 'en';
  w.document.head.innerHTML = `<title>Trail shoe</title>${o.head ?? ''}`;
  w.document.body.innerHTML = o.html ?? SLOT;
  w.tact = [['on', 'error', (e: Error) => page.errors.push(e.message)]];
  o.before?.(w);
  const s = w.document.createElement('script');
  for (const [k, v] of Object.entries({'data-write-key': 'wk_test', 'data-host': origin, ...o.attributes})) s.setAttribute(k, v);
  s.textContent = script;
  w.document.head.append(s);
  await sleep(0);
  return page;
}

export const GRANTED = {'tact.consent': '{"personalization":true,"analytics":true}', 'tact.id': 'a-1'};

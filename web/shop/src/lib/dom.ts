/** Builds elements without strings of HTML: text stays text, and the CSP needs no exception. */
type Child = Node | string | number | null | undefined | false;
type Children = Child | readonly Children[];
type Handler = (event: Event) => void;
type Attrs = Record<string, string | number | boolean | null | undefined | Handler>;

const SVG = 'http://www.w3.org/2000/svg';

function fill(el: Element, attrs: Attrs, children: readonly Children[]): void {
  for (const [name, value] of Object.entries(attrs)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') el.addEventListener(name.replace(/^on/, ''), value);
    else el.setAttribute(name, value === true ? '' : String(value));
  }
  append(el, children);
}

function append(el: Element, children: Children): void {
  if (children === null || children === undefined || children === false) return;
  if (Array.isArray(children)) for (const child of children as readonly Children[]) append(el, child);
  else el.append(children instanceof Node ? children : String(children));
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, attrs: Attrs = {}, ...children: Children[]): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  fill(el, attrs, children);
  return el;
}

export function s(tag: string, attrs: Attrs = {}, ...children: Children[]): SVGElement {
  const el = document.createElementNS(SVG, tag);
  fill(el, attrs, children);
  return el;
}

let counter = 0;
/** An id no other element has. */
export function uid(prefix: string): string {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** Says something to people who do not see the screen. */
export function announce(text: string): void {
  const live = document.getElementById('announce');
  if (!live) return;
  live.textContent = '';
  window.setTimeout(() => { live.textContent = text; }, 50);
}

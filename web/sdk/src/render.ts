/** A message as DOM: elements we name here, text nodes for everything that came over the wire.
 *
 *  No innerHTML, no style attribute, no handler attribute, no URL but http(s). So whatever a message
 *  contains is shown as the text it is, and the strictest CSP has nothing to forbid. */
import type {Show} from './types';
import {isObject, text} from './util';
import {type Reason, words} from './words';

export interface Actions {
  clicked(): void;
  dismissed(reason: Reason): void;
  answered(value: string): void;
}

/** Absolute http(s) address of `to` as seen from the page, or undefined for anything else. */
export function safeUrl(to: unknown): string | undefined {
  try {
    const url = new URL(text(to) ?? 'about:blank', document.baseURI);
    return /^https?:$/.test(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

function make<K extends keyof HTMLElementTagNameMap>(
    tag: K, name: string, parent?: Element, words?: string): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  el.className = `tact-${name}`;
  if (words !== undefined) el.textContent = words;
  parent?.append(el);
  return el;
}

function button(name: string, parent: Element, label: string, act: () => void): HTMLButtonElement {
  const b = make('button', name, parent, label);
  b.type = 'button';  // a slot may stand inside a form
  b.addEventListener('click', act);
  return b;
}

const list = (x: unknown): unknown[] => (Array.isArray(x) ? x : []);

/** The message, or null when there is nothing in it to show. */
export function render(show: Show, actions: Actions): HTMLElement | null {
  const w = words(document.documentElement.lang);
  const {title, body, link, image, items, options} = show.content;
  const box = make('div', 'message');
  const isQuestion = show.kind === 'question';
  box.setAttribute('role', isQuestion || show.kind === 'service' ? 'region' : 'note');
  box.setAttribute('aria-label', text(title) ?? (isQuestion ? w.question : w.message));
  box.setAttribute('data-tact-kind', show.kind);

  const src = isObject(image) && safeUrl(image.src);
  if (src) {
    const img = make('img', 'image', box);
    img.alt = text(image!.alt) ?? '';
    img.src = src;
  }
  if (text(title)) make('p', 'title', box, text(title));
  if (text(body)) make('p', 'body', box, text(body));
  const lines = list(items).map(text).filter((t) => t !== undefined);
  if (lines.length) {
    const ul = make('ul', 'items', box);
    for (const line of lines) make('li', 'item', ul, line);
  }
  const to = isObject(link) && text(link.text) && safeUrl(link.to);
  if (to) {
    const a = make('a', 'link', box, text(link!.text));
    a.href = to;
    a.addEventListener('click', () => actions.clicked());
    a.addEventListener('auxclick', (e) => e.button === 1 && actions.clicked());  // new tab
  }
  const choices = isQuestion ? list(options).filter(isObject) : [];
  if (choices.length) {
    const row = make('div', 'options', box);
    for (const o of choices) {
      const value = text(o.value);
      const label = text(o.text) ?? value;
      if (value && label) button('option', row, label, () => actions.answered(value));
    }
  }
  if (!box.childElementCount) return null;

  const quiet = make('div', 'quiet', box);
  if (text(show.because)) make('span', 'because', quiet, text(show.because));
  const reasons: Reason[] = show.kind === 'service' ? ['not_me', 'not_now'] : ['not_me', 'not_now', 'gift'];
  for (const reason of reasons) {
    button('dismiss', quiet, w[reason], () => actions.dismissed(reason)).setAttribute('data-tact-reason', reason);
  }
  return box;
}

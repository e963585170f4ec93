/** A short word at the bottom of the page, also spoken. */
import {announce, h} from '../lib/dom';

let timer = 0;

export function toast(text: string, link?: {href: string; text: string}): void {
  document.querySelector('.toast')?.remove();
  window.clearTimeout(timer);
  const el = h('aside', {class: 'toast', 'aria-label': 'Note'}, h('span', {}, text), link ? h('a', {href: link.href}, link.text) : null);
  document.body.append(el);
  announce(text);
  timer = window.setTimeout(() => el.remove(), 6000);
}

/** Small pieces every view uses. */
import {icon, picture} from '../art';
import {rating} from '../lib/filters';
import {h, uid} from '../lib/dom';
import {euro} from '../lib/money';
import {to} from '../lib/routes';
import type {Fit, Product} from '../lib/types';
import {compared, MOST_COMPARED, toggleCompare} from '../shop';
import {toast} from './toast';

export function stars(value: number, count: number): HTMLElement {
  const label = `${value.toFixed(1)} of 5 stars, ${count} ${count === 1 ? 'review' : 'reviews'}`;
  return h('span', {class: 'stars'}, icon('star'), h('span', {'aria-hidden': 'true'}, `${value.toFixed(1)} (${count})`), h('span', {class: 'sr'}, label));
}

export function card(product: Product, level: 'h2' | 'h3' = 'h3'): HTMLElement {
  return h('article', {class: 'card', 'data-product': product.id},
    h('a', {class: 'card-link', href: to.product(product.slug)},
      h('div', {class: 'card-art'}, picture(product.art, 'front', null)),
      h('div', {class: 'card-text'},
        h(level, {class: 'card-name'}, product.name),
        h('p', {class: 'card-meta'}, product.colour),
        h('p', {class: 'card-foot'}, h('span', {class: 'price'}, euro(product.price)), stars(rating(product), product.reviews.length)))),
    compareBox(product));
}

/** A tick box that keeps itself in step with the compare list. */
export function compareBox(product: Product): HTMLElement {
  const id = uid('compare');
  const box = h('input', {type: 'checkbox', id, 'data-compare': product.id, checked: compared().includes(product.id),
    onchange: () => {
      if (toggleCompare(product)) return;
      box.checked = false;
      toast(`You can compare ${MOST_COMPARED} things at a time. Take one out first.`);
    }});
  return h('div', {class: 'compare-box'}, box, h('label', {for: id}, 'Compare', h('span', {class: 'sr'}, ` ${product.name}`)));
}

export function grid(list: readonly Product[], level: 'h2' | 'h3' = 'h3'): HTMLElement {
  return h('ul', {class: 'grid', role: 'list'}, list.map((product) => h('li', {}, card(product, level))));
}

export function crumbs(...trail: ReadonlyArray<readonly [text: string, href?: string]>): HTMLElement {
  return h('nav', {class: 'crumbs', 'aria-label': 'Breadcrumb'}, h('ol', {}, trail.map(([text, href]) =>
    h('li', {}, href ? h('a', {href}, text) : h('span', {'aria-current': 'page'}, text)))));
}

/** A named place for Tact, with what everybody sees. */
export function slot(name: string, ...standard: HTMLElement[]): HTMLElement {
  return h('div', {class: 'slot', 'data-tact-slot': name}, standard);
}

export const FIT_WORDS: Readonly<Record<Fit, string>> = {small: 'Runs small', true: 'True to size', large: 'Runs large'};

export function page(name: string, ...children: (HTMLElement | null)[]): HTMLElement {
  return h('div', {class: `page page-${name}`}, children);
}

export function heading(text: string, lead?: string): HTMLElement {
  return h('header', {class: 'heading'}, h('h1', {tabindex: '-1'}, text), lead ? h('p', {class: 'lead'}, lead) : null);
}

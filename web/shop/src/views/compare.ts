import {CATEGORY, find, inCategory} from '../catalogue';
import {picture} from '../art';
import {rating} from '../lib/filters';
import {h} from '../lib/dom';
import {euro} from '../lib/money';
import {to} from '../lib/routes';
import type {Product} from '../lib/types';
import {clearCompare, compared, toggleCompare} from '../shop';
import {item, track} from '../tact';
import {crumbs, grid, heading, page, stars} from '../ui/parts';
import {fitCounts} from './reviews';
import type {View} from './view';

/** The rows all of them share first, then the others in order of appearance. */
export function factNames(list: readonly Product[]): string[] {
  const names = [...new Set(list.flatMap((product) => product.facts.map(([name]) => name)))];
  const has = (name: string): number => list.filter((product) => product.facts.some(([n]) => n === name)).length;
  return names.sort((a, b) => has(b) - has(a));
}

function fitWords(product: Product): string {
  const counts = fitCounts(product.reviews);
  const total = counts.small + counts.true + counts.large;
  if (total === 0) return 'No question of size';
  if (counts.small > counts.true && counts.small > counts.large) return `Runs small, say ${counts.small} of ${total}`;
  if (counts.large > counts.true && counts.large > counts.small) return `Runs large, say ${counts.large} of ${total}`;
  return `True to size, say ${counts.true} of ${total}`;
}

export function compare(ids: readonly string[], go: (href: string) => void): View {
  const list = ids.flatMap((id) => find(id) ?? []);
  const trail = crumbs(['Home', to.home], ['Compare']);
  if (list.length < 2) {
    const start = list[0] ?? find(compared()[0] ?? '');
    const near = start ? inCategory(start.category).filter((product) => product.id !== start.id) : [];
    return {title: 'Compare', page: {type: 'compare'}, body: page('compare', trail,
      heading('Compare', start ? `Pick one or two more beside ${start.name}.` : 'Tick “Compare” on two or three things, then come back.'),
      near.length > 0 ? grid(near, 'h2') : h('p', {}, h('a', {href: to.category('shoes')}, 'See the shoes')))};
  }
  const row = (name: string, cell: (product: Product) => Node | string): HTMLElement =>
    h('tr', {}, h('th', {scope: 'row'}, name), list.map((product) => h('td', {}, cell(product))));
  const drop = (product: Product) => (): void => {
    if (compared().includes(product.id)) toggleCompare(product);
    go(to.compare(list.filter((other) => other !== product).map((other) => other.id)));
  };
  const body = page('compare', trail, heading('Side by side'),
    h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Comparison'}, h('table', {class: 'compare-table'},
      h('thead', {}, h('tr', {}, h('td', {}), list.map((product) => h('th', {scope: 'col'},
        h('a', {href: to.product(product.slug)}, h('span', {class: 'compare-art'}, picture(product.art, 'front', null)), product.name))))),
      h('tbody', {},
        row('Price', (product) => euro(product.price)),
        row('Reviews', (product) => stars(rating(product), product.reviews.length)),
        row('Fit', fitWords),
        factNames(list).map((name) => row(name, (product) => product.facts.find(([n]) => n === name)?.[1] ?? '–')),
        row('Next', (product) => h('div', {class: 'compare-act'}, h('a', {class: 'button small', href: to.product(product.slug)}, 'Choose', h('span', {class: 'sr'}, ` ${product.name}`)),
          h('button', {type: 'button', class: 'quiet', onclick: drop(product)}, 'Remove', h('span', {class: 'sr'}, ` ${product.name}`))))))),
    h('p', {}, h('button', {type: 'button', class: 'quiet', onclick: () => { clearCompare(); go(to.category(list[0]?.category ?? 'shoes')); }}, `Clear and go back to ${CATEGORY[list[0]?.category ?? 'shoes'].name}`)));
  const last = list[list.length - 1];
  return {title: 'Compare', body, page: {type: 'compare', category: last?.category ?? ''},
    shown: () => track('Product Compared', {product_id: last?.id, category: last?.category, products: list.map((product) => item(product))})};
}

import {CATEGORY, inCategory, USE_NAMES} from '../catalogue';
import * as filters from '../lib/filters';
import {announce, h, uid} from '../lib/dom';
import {euro} from '../lib/money';
import {to} from '../lib/routes';
import type {CategoryId, Product} from '../lib/types';
import {item, refresh, track} from '../tact';
import {crumbs, grid, heading, page, slot} from '../ui/parts';
import type {View} from './view';

const HELP: Readonly<Record<CategoryId, readonly [string, string, string]>> = {
  shoes: ['Not sure which size? Measure your foot in the evening, it is longer then. ', 'Size guide', to.sizeGuide],
  jackets: ['A shell keeps rain out, a filling keeps warmth in: most people want one of each. ', 'Sizes', to.sizeGuide],
  packs: ['A day is 20 litres, a week of huts is 45, a week in a tent is 65. ', 'How to measure your back', to.sizeGuide],
  tents: ['Weight matters if you carry it, height matters if it rains. ', 'Delivery of large parcels', to.delivery],
  accessories: ['Looking for a present? We wrap in cloth, not in paper. ', 'Gifts', to.gifts],
};

function unique(products: readonly Product[], of: (product: Product) => readonly string[]): string[] {
  return [...new Set(products.flatMap(of))];
}

function boxes(title: string, options: ReadonlyArray<readonly [string, string]>, chosen: readonly string[], change: (value: string) => void): HTMLElement {
  return h('fieldset', {class: 'filter'}, h('legend', {}, title), h('div', {class: 'filter-options'}, options.map(([value, text]) => {
    const id = uid('filter');
    return h('div', {class: 'pill'}, h('input', {type: 'checkbox', id, checked: chosen.includes(value), onchange: () => change(value)}), h('label', {for: id}, text));
  })));
}

export function category(id: CategoryId, query: URLSearchParams): View {
  const all = inCategory(id);
  const {name, line} = CATEGORY[id];
  let now = filters.fromQuery(query);
  let shown = filters.apply(all, now);

  const list = h('div', {class: 'list'});
  const number = h('p', {class: 'number', role: 'status'});
  const clear = h('button', {type: 'button', class: 'quiet', onclick: () => { set({...filters.NONE, sort: now.sort}); rebuild(); }}, 'Clear all');
  const panel = h('div', {class: 'filters-body'});
  const badge = h('span', {class: 'filters-badge'});

  function draw(): void {
    number.textContent = shown.length === all.length ? `${all.length} things` : `${shown.length} of ${all.length} things`;
    clear.hidden = filters.active(now) === 0;
    badge.textContent = filters.active(now) === 0 ? '' : ` · ${filters.active(now)}`;
    list.replaceChildren(shown.length > 0 ? grid(shown, 'h2')
      : h('div', {class: 'nothing'}, h('h2', {}, 'Nothing left with these filters'), h('p', {}, 'Take one away, or start again.'),
        h('button', {type: 'button', class: 'button', onclick: () => clear.click()}, 'Clear all filters')));
  }

  function set(next: filters.Filters): void {
    now = next;
    shown = filters.apply(all, now);
    history.replaceState(history.state, '', location.pathname + filters.toQuery(now));
    draw();
    announce(`${shown.length} things`);
    track('Product List Filtered', {list_id: id, category: id, ...filters.forSegment(now), products: shown.map((product) => item(product))});
    refresh();
  }

  function rebuild(): void {
    const prices = all.map((product) => product.price).sort((a, b) => a - b);
    const steps = [...new Set([0.34, 0.67].map((part) => Math.ceil((prices[Math.floor(part * prices.length)] ?? 0) / 10) * 10))];
    const sizes = unique(all, (product) => product.sizes.length > 1 ? product.sizes : []);
    const group = uid('price');
    const price = (value: number | null, text: string): HTMLElement => {
      const key = uid('price');
      return h('div', {class: 'pill'}, h('input', {type: 'radio', name: group, id: key, checked: now.upTo === value, onchange: () => set({...now, upTo: value})}), h('label', {for: key}, text));
    };
    panel.replaceChildren(
      boxes('For', unique(all, (product) => [product.use]).map((use) => [use, USE_NAMES[use] ?? use] as const), now.use, (use) => set({...now, use: filters.toggle(now.use, use)})),
      sizes.length > 0 ? boxes('Size', sizes.map((size) => [size, size] as const), now.size, (size) => set({...now, size: filters.toggle(now.size, size)})) : '',
      h('fieldset', {class: 'filter'}, h('legend', {}, 'Price'), h('div', {class: 'filter-options'}, price(null, 'Any'), steps.map((step) => price(step, `up to ${euro(step)}`)))));
  }

  const sort = h('select', {id: 'sort', onchange: () => set({...now, sort: sort.value as filters.Sort})},
    Object.entries(filters.SORTS).map(([value, text]) => h('option', {value, selected: value === now.sort}, text)));
  rebuild();
  draw();
  const wide = window.matchMedia('(min-width: 60rem)').matches;
  const [help, link, href] = HELP[id];
  const body = page('category', crumbs(['Home', to.home], [name]), heading(name, line),
    slot('page.banner'),
    slot('category.help', h('p', {class: 'help-default'}, help, h('a', {href}, link))),
    h('div', {class: 'with-filters'},
      h('details', {class: 'filters', open: wide}, h('summary', {}, 'Filters', badge), panel, clear),
      h('div', {}, h('div', {class: 'list-head'}, number, h('div', {class: 'sort'}, h('label', {for: 'sort'}, 'Sort by'), sort)), list)));
  return {title: name, body, nav: id, page: {type: 'category', category: id},
    shown: () => track('Product List Viewed', {list_id: id, category: id, products: shown.map((product) => item(product))})};
}

/** Size guide, delivery, returns, gifts. */
import {products} from '../catalogue';
import {h} from '../lib/dom';
import {apply, NONE} from '../lib/filters';
import {to} from '../lib/routes';
import type {Product} from '../lib/types';
import {track} from '../tact';
import {crumbs, grid, heading, page} from '../ui/parts';
import {allSizeTables, deliveryTable, giftText} from './info-parts';
import type {View} from './view';

function back(product: Product | null): HTMLElement | null {
  return product === null ? null : h('p', {class: 'back'}, h('a', {href: to.product(product.slug)}, `← Back to ${product.name}`));
}

function questions(...list: ReadonlyArray<readonly [string, string]>): HTMLElement {
  return h('div', {class: 'questions'}, list.map(([asked, answer]) => h('details', {}, h('summary', {}, asked), h('p', {}, answer))));
}

/** `from`: the product page the visitor came from, if it was one. */
export function sizeGuide(from: Product | null): View {
  const body = page('info', crumbs(['Home', to.home], ['Size guide']), back(from), heading('Size guide', 'Three minutes with a tape measure save a parcel.'),
    h('div', {class: 'prose'},
      h('h2', {}, 'How to measure'),
      h('ol', {}, h('li', {}, h('b', {}, 'Foot: '), 'in the evening, standing, heel to the wall. Measure both, use the longer one.'),
        h('li', {}, h('b', {}, 'Chest: '), 'under the arms, around the widest part, the tape level.'),
        h('li', {}, h('b', {}, 'Back: '), 'head bent forward, from the neck bone to the line between your hip bones.')),
      allSizeTables(),
      h('h2', {}, 'Still between two sizes?'), h('p', {}, 'Order both. Sending one back costs nothing, and we would rather you walked than wondered.')));
  return {title: 'Size guide', body, page: {type: 'size_guide', ...(from ? {product: {id: from.id, category: [from.category, from.use], price: from.price}} : {})},
    shown: () => track('Size Guide Opened', from ? {product_id: from.id, category: from.category} : {})};
}

export function delivery(from: Product | null): View {
  const body = page('info', crumbs(['Home', to.home], ['Delivery']), back(from), heading('Delivery', 'From our shed to your door, mostly by rail and bicycle.'),
    h('div', {class: 'prose'}, deliveryTable(new Date()), h('h2', {}, 'Asked often'),
      questions(['Can I choose the day?', 'With express, yes: any working day within the next two weeks. You choose it at checkout.'],
        ['Where do you deliver?', 'Everywhere in the European Union, Norway, Switzerland and the United Kingdom. Islands take one day more.'],
        ['I am not at home', 'Tell the courier a neighbour or a place, or use one of 40,000 pick-up points.'],
        ['How is it packed?', 'In a used box if we have one, without plastic in any case.'])));
  return {title: 'Delivery', body, page: {type: 'delivery'}, shown: () => track('Delivery Info Opened', from ? {product_id: from.id} : {})};
}

export function returns(): View {
  const body = page('info', crumbs(['Home', to.home], ['Returns']), heading('Returns', 'Sixty days, free, also after a walk in it.'),
    h('div', {class: 'prose'},
      h('ol', {}, h('li', {}, 'Put it back in its box, or in any box.'), h('li', {}, 'Stick on the label that came with it.'), h('li', {}, 'Leave it at any pick-up point. Your money is back within five days.')),
      h('h2', {}, 'Asked often'),
      questions(['May I have worn it?', 'Yes. Try shoes outside; you cannot know otherwise. We clean and sell them as second-hand.'],
        ['Can I exchange the size?', 'Tick the new size on the slip. It leaves the day your parcel is scanned.'],
        ['It broke after a year', 'Send it in. We repair our things for life, mostly for the price of the postage.'])));
  return {title: 'Returns', body, page: {type: 'returns'}, shown: () => track('Returns Info Opened')};
}

export function gifts(): View {
  const small = apply(products, {...NONE, upTo: 50});
  const body = page('info', crumbs(['Home', to.home], ['Gifts']), heading('Gifts', 'For people who would rather be outside.'),
    h('div', {class: 'prose'}, giftText()),
    h('section', {class: 'block'}, h('h2', {}, 'Under €50, and no size to guess'), grid(small.filter((product) => product.sizes.length === 1))),
    h('section', {class: 'block'}, h('h2', {}, 'For somebody you know well'), grid(apply(products, NONE).filter((product) => product.price > 50 && product.sizes.length === 1).slice(0, 4))));
  return {title: 'Gifts', body, nav: 'gifts', page: {type: 'gifts'}, shown: () => track('Gift Option Opened')};
}

export function notFound(): View {
  const body = page('missing', heading('This path ends here', 'The page does not exist, or it has moved on. Turn around, or try one of these:'),
    h('ul', {class: 'links', role: 'list'}, h('li', {}, h('a', {href: to.home}, 'Start page')), h('li', {}, h('a', {href: to.category('shoes')}, 'Shoes')), h('li', {}, h('a', {href: to.gifts}, 'Gifts'))));
  return {title: 'Not found', body, page: {type: 'not_found'}};
}

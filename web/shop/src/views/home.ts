import {CATEGORY, find, inCategory, products} from '../catalogue';
import {heroPicture, icon, picture} from '../art';
import {apply, NONE} from '../lib/filters';
import {h} from '../lib/dom';
import {CATEGORIES, to} from '../lib/routes';
import {grid, page, slot} from '../ui/parts';
import type {View} from './view';

function tile(id: (typeof CATEGORIES)[number]): HTMLElement {
  const cover = find(CATEGORY[id].cover)!;
  return h('li', {}, h('a', {class: 'tile', href: to.category(id)}, picture(cover.art, 'front', null),
    h('span', {class: 'tile-text'}, h('b', {}, CATEGORY[id].name), h('span', {}, `${inCategory(id).length} things`))));
}

function promise(name: string, title: string, text: string, href: string, more: string): HTMLElement {
  return h('li', {}, icon(name), h('div', {}, h('h3', {}, title), h('p', {}, text), h('a', {href}, more)));
}

export function home(): View {
  const loved = apply(products, NONE).slice(0, 4);
  const fresh = apply(products, {...NONE, sort: 'new'}).filter((product) => !loved.includes(product)).slice(0, 4);
  const body = page('home',
    h('section', {class: 'hero'}, heroPicture(),
      h('div', {class: 'hero-text'},
        h('h1', {tabindex: '-1'}, 'Go out. Come home dry.'),
        h('p', {}, 'Thirty things for walking, sleeping and standing about outdoors. Chosen slowly, repaired for life.'),
        h('a', {class: 'button', href: to.category('shoes')}, 'See the shoes'))),
    slot('page.banner', h('p', {class: 'banner-default'}, h('b', {}, 'New this autumn: '), 'the Fjell Trail Shoe has a wider toe and a softer heel. ',
      h('a', {href: to.product('fjell-trail-shoe')}, 'Have a look'))),
    h('section', {class: 'block'}, h('h2', {}, 'What are you looking for?'), h('ul', {class: 'tiles', role: 'list'}, CATEGORIES.map(tile))),
    h('section', {class: 'block'}, h('h2', {}, 'Most loved'), grid(loved)),
    h('section', {class: 'block'}, h('ul', {class: 'promises', role: 'list'},
      promise('ruler', 'The right size', 'Measured on real feet and real shoulders.', to.sizeGuide, 'Size guide'),
      promise('truck', 'In two to three days', 'Or tomorrow, when it has to be.', to.delivery, 'Delivery'),
      promise('back', 'Sixty days to decide', 'Send it back free, worn outside or not.', to.returns, 'Returns'),
      promise('gift', 'Wrapped by hand', 'Cloth and string, and a note from you.', to.gifts, 'Gifts'))),
    h('section', {class: 'block'}, h('h2', {}, 'New'), grid(fresh)));
  return {title: 'Outdoor things that last', body, page: {type: 'home'}};
}

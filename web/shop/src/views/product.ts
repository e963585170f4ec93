import {CATEGORY, inCategory, USE_NAMES} from '../catalogue';
import {icon, picture, VIEW_NAMES, VIEWS} from '../art';
import {rating} from '../lib/filters';
import {announce, h, uid} from '../lib/dom';
import {arrivalWindow, ordersLeaveToday} from '../lib/days';
import {euro} from '../lib/money';
import {to} from '../lib/routes';
import type {Product} from '../lib/types';
import {addToCart, setGiftWrap, theCart} from '../shop';
import {item, refresh, track} from '../tact';
import {openDialog} from '../ui/dialog';
import {compareBox, crumbs, grid, page, slot, stars} from '../ui/parts';
import {toast} from '../ui/toast';
import {deliveryTable, giftText, sizeTable} from './info-parts';
import {reviews} from './reviews';
import type {View} from './view';

function gallery(product: Product): HTMLElement {
  const stage = h('div', {class: 'stage'});
  const thumbs = VIEWS.map((view) => h('button', {type: 'button', class: 'thumb', 'aria-pressed': 'false', 'aria-label': `Show picture: ${VIEW_NAMES[view]}`,
    onclick: () => show(view)}, picture(product.art, view, null)));
  function show(view: typeof VIEWS[number]): void {
    stage.replaceChildren(picture(product.art, view, `${product.name}, ${product.colour}: ${VIEW_NAMES[view].toLowerCase()}`));
    thumbs.forEach((thumb, i) => thumb.setAttribute('aria-pressed', String(VIEWS[i] === view)));
  }
  show('front');
  return h('div', {class: 'gallery'}, stage, h('div', {class: 'thumbs', role: 'group', 'aria-label': 'Pictures'}, thumbs));
}

export function openSizeGuide(product: Product): void {
  track('Size Guide Opened', {product_id: product.id, category: product.category});
  openDialog('Size guide', h('div', {}, sizeTable(product.category), h('p', {}, h('a', {href: to.sizeGuide}, 'All sizes, and how to measure'))), refresh);
}

function openDelivery(product: Product): void {
  track('Delivery Info Opened', {product_id: product.id});
  openDialog('Delivery', h('div', {}, deliveryTable(new Date()), h('p', {}, h('a', {href: to.delivery}, 'Everything about delivery'))), refresh);
}

function openGift(product: Product): void {
  track('Gift Option Opened', {product_id: product.id});
  const id = uid('gift');
  const box = h('input', {type: 'checkbox', id, checked: theCart().giftWrap, onchange: () => setGiftWrap(box.checked)});
  openDialog('As a gift', h('div', {}, giftText(), h('p', {class: 'tick'}, box, h('label', {for: id}, 'Wrap my order (€4)'))), refresh);
}

function sizes(product: Product): {el: HTMLElement; chosen: () => string | null; complain: () => void} {
  if (product.sizes.length === 1) return {el: h('p', {class: 'one-size'}, product.sizes[0] ?? ''), chosen: () => product.sizes[0] ?? null, complain: () => undefined};
  const error = h('p', {class: 'error', id: uid('size-error'), hidden: true}, 'Please choose a size first.');
  const group = uid('size');
  let size: string | null = null;
  const radios = product.sizes.map((value) => {
    const id = uid('size');
    const gone = product.soldOut.includes(value);
    return h('div', {class: 'size'}, h('input', {type: 'radio', name: group, id, value, disabled: gone, 'data-size': value,
      onchange: () => { size = value; error.hidden = true; }}), h('label', {for: id}, value, gone ? h('span', {class: 'sr'}, ' (sold out)') : null));
  });
  const el = h('fieldset', {class: 'sizes', 'aria-describedby': error.id}, h('legend', {}, product.category === 'shoes' ? 'Size (EU)' : 'Size'), h('div', {class: 'size-row'}, radios), error);
  return {el, chosen: () => size, complain: () => {
    error.hidden = false;
    announce(error.textContent ?? '');
    el.querySelector<HTMLInputElement>('input:not(:disabled)')?.focus();
  }};
}

function buy(product: Product): HTMLElement {
  const size = sizes(product);
  const now = new Date();
  const add = h('button', {type: 'button', class: 'button buy', 'data-add': product.id, onclick: () => {
    const chosen = size.chosen();
    if (chosen === null) { size.complain(); return; }
    addToCart(product, chosen);
    refresh();
    toast(`${product.name} is in your cart.`, {href: to.cart, text: 'See cart'});
  }}, 'Add to cart');
  return h('div', {class: 'buy-box'},
    size.el,
    h('div', {class: 'under-size'},
      product.sizes.length > 1 ? h('button', {type: 'button', class: 'link-button', 'data-open': 'size-guide', onclick: () => openSizeGuide(product)}, icon('ruler'), 'Size guide') : null,
      compareBox(product)),
    add,
    slot('product.reassurance', h('p', {class: 'reassure-default'}, 'Try it at home: 60 days to return, free.')),
    h('ul', {class: 'facts-short', role: 'list'},
      h('li', {}, icon('truck'), h('span', {}, `${ordersLeaveToday(now) ? 'Leaves today' : 'Leaves next working day'}, arrives ${arrivalWindow(now).standard} `,
        h('button', {type: 'button', class: 'link-button', 'data-open': 'delivery', onclick: () => openDelivery(product)}, 'Delivery options'))),
      h('li', {}, icon('gift'), h('span', {}, 'A present? ', h('button', {type: 'button', class: 'link-button', 'data-open': 'gift', onclick: () => openGift(product)}, 'Gift options'))),
      h('li', {}, icon('back'), h('span', {}, 'Free returns for 60 days. ', h('a', {href: to.returns}, 'How it works')))));
}

export function product(p: Product): View {
  const category = CATEGORY[p.category];
  const others = inCategory(p.category).filter((other) => other.id !== p.id)
    .sort((a, b) => Number(b.use === p.use) - Number(a.use === p.use) || Math.abs(a.price - p.price) - Math.abs(b.price - p.price)).slice(0, 4);
  const body = page('product', crumbs(['Home', to.home], [category.name, to.category(p.category)], [p.name]),
    h('div', {class: 'product'}, gallery(p),
      h('div', {class: 'product-text'},
        h('p', {class: 'kicker'}, `${USE_NAMES[p.use] ?? p.use} · ${p.colour}`),
        h('h1', {tabindex: '-1'}, p.name),
        h('p', {class: 'product-price'}, h('span', {class: 'price'}, euro(p.price)), h('a', {href: '#reviews'}, stars(rating(p), p.reviews.length))),
        h('p', {class: 'lead'}, p.blurb),
        buy(p))),
    h('section', {class: 'block'}, h('h2', {}, 'In detail'), h('dl', {class: 'facts'}, p.facts.map(([name, text]) => h('div', {}, h('dt', {}, name), h('dd', {}, text))))),
    reviews(p),
    h('section', {class: 'block'}, h('h2', {}, 'Beside it on the shelf'), grid(others)));
  return {
    title: p.name, body, nav: p.category, address: to.product(p.slug),
    page: {type: 'product', product: {id: p.id, name: p.name, category: [p.category, p.use], price: p.price}},
    shown: () => track('Product Viewed', item(p)),
  };
}

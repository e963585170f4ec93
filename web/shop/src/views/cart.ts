import {find} from '../catalogue';
import {picture} from '../art';
import * as cartOf from '../lib/cart';
import {h, uid} from '../lib/dom';
import {euro} from '../lib/money';
import {to} from '../lib/routes';
import {cartItems, cartProducts, changeQuantity, setGiftWrap, theCart} from '../shop';
import {refresh, track, value} from '../tact';
import {crumbs, heading, page, slot} from '../ui/parts';
import {giftText} from './info-parts';
import type {View} from './view';

export function summary(speed: cartOf.Speed): HTMLElement {
  const sums = cartOf.totals(theCart(), find, speed);
  const line = (name: string, amount: string, strong = false): HTMLElement => h('div', {class: strong ? 'sum-total' : ''}, h('dt', {}, name), h('dd', {}, amount));
  return h('dl', {class: 'sums'}, line('Goods', euro(sums.goods)), sums.wrap > 0 ? line('Gift wrap', euro(sums.wrap)) : null,
    line(speed === 'express' ? 'Express delivery' : 'Delivery', sums.delivery === 0 ? 'free' : euro(sums.delivery)), line('Total, with VAT', euro(sums.total), true));
}

function lines(): HTMLElement {
  return h('ul', {class: 'lines', role: 'list'}, cartProducts().map(({product, quantity, size}) => {
    const id = uid('quantity');
    const select = h('select', {id, onchange: () => { changeQuantity(product, size, Number(select.value)); refresh(); }},
      Array.from({length: cartOf.MOST_OF_ONE}, (_, i) => h('option', {value: i + 1, selected: i + 1 === quantity}, i + 1)));
    return h('li', {class: 'line'},
      h('a', {class: 'line-art', href: to.product(product.slug), tabindex: '-1', 'aria-hidden': 'true'}, picture(product.art, 'front', null)),
      h('div', {class: 'line-text'}, h('h2', {}, h('a', {href: to.product(product.slug)}, product.name)),
        h('p', {}, product.sizes.length > 1 ? `${product.colour}, size ${size}` : product.colour),
        h('div', {class: 'line-act'}, h('label', {for: id, class: 'sr'}, `Quantity of ${product.name}`), select,
          h('button', {type: 'button', class: 'quiet', 'data-remove': product.id, onclick: () => { changeQuantity(product, size, 0); refresh(); }}, 'Remove', h('span', {class: 'sr'}, ` ${product.name}`)))),
      h('p', {class: 'price'}, euro(product.price * quantity)));
  }));
}

function gift(): HTMLElement {
  const id = uid('wrap');
  const box = h('input', {type: 'checkbox', id, checked: theCart().giftWrap, onchange: () => setGiftWrap(box.checked)});
  const details = h('details', {class: 'gift', open: theCart().giftWrap, 'data-open': 'gift', ontoggle: () => { if (details.open) track('Gift Option Opened', {}); }},
    h('summary', {}, 'Is it a gift?'), giftText(), h('p', {class: 'tick'}, box, h('label', {for: id}, `Wrap it (${euro(cartOf.GIFT_WRAP)})`)));
  return details;
}

/** Drawn again by main.ts whenever the cart changes; the slot stays, so that Tact's message stays. */
export function drawCart(into: HTMLElement): void {
  const open = into.querySelector('details.gift')?.hasAttribute('open') ?? false;
  const sums = cartOf.totals(theCart(), find);
  if (theCart().lines.length === 0) {
    into.replaceChildren(h('div', {class: 'nothing'}, h('h2', {}, 'Nothing in here yet'), h('p', {}, 'The pack is empty, and so is the weather.'), h('a', {class: 'button', href: to.category('shoes')}, 'See the shoes')));
    return;
  }
  const option = into.querySelector<HTMLElement>('details.gift') ?? gift();
  if (open) option.setAttribute('open', '');
  into.replaceChildren(h('div', {class: 'cart'}, lines(), h('aside', {class: 'cart-side', 'aria-label': 'Sum'}, summary('standard'),
    sums.missingForFree > 0 ? h('p', {class: 'hint'}, `${euro(sums.missingForFree)} more and delivery is free.`) : null,
    h('a', {class: 'button wide', href: to.checkout, 'data-checkout': true}, 'Go to checkout'), option)));
}

export function cart(): View {
  const inner = h('div', {class: 'cart-inner'});
  drawCart(inner);
  const body = page('cart', crumbs(['Home', to.home], ['Cart']), heading('Cart'),
    slot('cart.note', h('p', {class: 'note-default'}, 'Things stay here for 30 days. We do not reserve, and we do not rush you.')), inner);
  return {title: 'Cart', body, page: {type: 'cart'},
    shown: () => track('Cart Viewed', {products: cartItems(), value: value(cartProducts()), currency: 'EUR'})};
}

/** Address, payment, thank-you. What is typed stays in this tab; events carry products and totals only. */
import {find} from '../catalogue';
import {icon} from '../art';
import * as cartOf from '../lib/cart';
import {arrivalWindow} from '../lib/days';
import {announce, h, uid} from '../lib/dom';
import {checkAddress, checkCard, type Problems} from '../lib/forms';
import {read, write} from '../lib/keep';
import {euro} from '../lib/money';
import {to} from '../lib/routes';
import {cartItems, cartProducts, takeOrder, theCart, type Address, type Order} from '../shop';
import {track, value} from '../tact';
import {heading, page, slot} from '../ui/parts';
import {summary} from './cart';
import type {View} from './view';

const STEPS = ['Address', 'Payment', 'Done'] as const;

function steps(now: number): HTMLElement {
  return h('ol', {class: 'steps', 'aria-label': 'Steps'}, STEPS.map((name, i) =>
    h('li', {'aria-current': i === now ? 'step' : undefined, class: i < now ? 'passed' : ''}, i < now ? icon('check') : `${i + 1}`, ` ${name}`)));
}

function field(name: string, label: string, more: {autocomplete?: string; type?: string; value?: string; inputmode?: string; hint?: string} = {}): HTMLElement {
  const id = uid(name);
  const {hint, ...attrs} = more;
  return h('div', {class: `field field-${name}`}, h('label', {for: id}, label), hint ? h('p', {class: 'hint', id: `${id}-hint`}, hint) : null,
    h('input', {id, name, type: 'text', required: true, maxlength: 120, ...attrs, 'aria-describedby': `${hint ? `${id}-hint ` : ''}${id}-error`}),
    h('p', {class: 'error', id: `${id}-error`, hidden: true}));
}

/** Shows what is wrong beside each field and goes to the first; true if nothing is. */
function report(form: HTMLFormElement, problems: Problems): boolean {
  for (const input of form.querySelectorAll<HTMLInputElement>('.field input')) {
    const text = problems[input.name];
    const error = form.querySelector<HTMLElement>(`#${input.id}-error`);
    if (error) { error.hidden = !text; error.textContent = text ?? ''; }
    if (text) input.setAttribute('aria-invalid', 'true'); else input.removeAttribute('aria-invalid');
  }
  const names = Object.keys(problems);
  if (names.length === 0) return true;
  announce(`${names.length} ${names.length === 1 ? 'field needs' : 'fields need'} another look.`);
  form.querySelector<HTMLInputElement>('[aria-invalid]')?.focus();
  return false;
}

function text(form: FormData, name: string): string {
  return String(form.get(name) ?? '').trim();
}

const EMPTY_CART: View = {title: 'Checkout', page: {type: 'checkout'}, body: page('checkout', heading('Checkout', 'There is nothing in your cart yet.'), h('p', {}, h('a', {class: 'button', href: to.home}, 'Back to the shop')))};
const note = (): HTMLElement => slot('checkout.note', h('p', {class: 'note-default'}, 'You can return everything for 60 days, free.'));

export function checkout(go: (href: string) => void): View {
  if (theCart().lines.length === 0) return EMPTY_CART;
  const kept = read('address', 'session') as Partial<Address> | null;
  const when = arrivalWindow(new Date());
  const side = h('aside', {class: 'cart-side', 'aria-label': 'Sum'}, summary(kept?.express ? 'express' : 'standard'));
  const way = (speed: cartOf.Speed, label: string, text_: string, checked: boolean): HTMLElement => {
    const id = uid('way');
    return h('div', {class: 'way'}, h('input', {type: 'radio', name: 'speed', value: speed, id, checked, onchange: () => side.replaceChildren(summary(speed))}), h('label', {for: id}, h('b', {}, label), h('span', {}, text_)));
  };
  const form = h('form', {class: 'form', novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    const data = new FormData(form);
    const address: Address = {name: text(data, 'name'), email: text(data, 'email'), street: text(data, 'street'), postcode: text(data, 'postcode'),
      city: text(data, 'city'), country: text(data, 'country'), express: text(data, 'speed') === 'express'};
    if (!report(form, checkAddress(address))) return;
    write('address', address, 'session');
    go(to.payment);
  }},
  field('name', 'Name', {autocomplete: 'name', value: kept?.name ?? ''}),
  field('email', 'E-mail', {autocomplete: 'email', type: 'email', value: kept?.email ?? '', hint: 'For the confirmation. No newsletter.'}),
  field('street', 'Street and number', {autocomplete: 'street-address', value: kept?.street ?? ''}),
  h('div', {class: 'fields'}, field('postcode', 'Postcode', {autocomplete: 'postal-code', value: kept?.postcode ?? ''}), field('city', 'City', {autocomplete: 'address-level2', value: kept?.city ?? ''})),
  field('country', 'Country', {autocomplete: 'country-name', value: kept?.country ?? 'Germany'}),
  h('fieldset', {class: 'ways'}, h('legend', {}, 'Delivery'), way('standard', 'Standard', when.standard, kept?.express !== true), way('express', `Express, ${euro(cartOf.DELIVERY.express)}`, when.express, kept?.express === true)),
  h('button', {type: 'submit', class: 'button'}, 'Continue to payment'));
  const body = page('checkout', steps(0), heading('Where should it go?'), note(), h('div', {class: 'cart'}, form, side));
  return {title: 'Checkout', body, page: {type: 'checkout'},
    shown: () => track('Checkout Started', {products: cartItems(), value: value(cartProducts()), currency: 'EUR'})};
}

export function payment(go: (href: string) => void): View {
  const address = read('address', 'session') as Address | null;
  if (theCart().lines.length === 0) return EMPTY_CART;
  if (address === null) return checkout(go);
  const speed: cartOf.Speed = address.express ? 'express' : 'standard';
  const form = h('form', {class: 'form', novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    const data = new FormData(form);
    if (!report(form, checkCard({card: text(data, 'card'), expiry: text(data, 'expiry'), code: text(data, 'code')}, new Date()))) return;
    takeOrder(address);
    go(to.thanks);
  }},
  h('p', {class: 'demo-note'}, 'This is a demonstration: the card stays in the box you typed it in, and is not sent anywhere.'),
  field('card', 'Card number', {autocomplete: 'off', inputmode: 'numeric', hint: 'Any 16 digits, for example 4242 4242 4242 4242'}),
  h('div', {class: 'fields'}, field('expiry', 'Valid until', {autocomplete: 'off', hint: 'MM/YY'}), field('code', 'Check number', {autocomplete: 'off', inputmode: 'numeric', hint: 'Three digits'})),
  h('div', {class: 'form-row'}, h('button', {type: 'submit', class: 'button'}, `Pay ${euro(cartOf.totals(theCart(), find, speed).total)}`), h('a', {href: to.checkout}, 'Back to the address')));
  const body = page('checkout', steps(1), heading('How would you like to pay?'), note(), h('div', {class: 'cart'}, form, h('aside', {class: 'cart-side', 'aria-label': 'Sum'}, summary(speed),
    h('p', {class: 'hint'}, address.name, h('br'), address.street, h('br'), `${address.postcode} ${address.city}`, h('br'), address.country))));
  return {title: 'Payment', body, page: {type: 'payment'}};
}

export function thanks(): View {
  const order = read('order', 'session') as Order | null;
  if (order === null) return {...EMPTY_CART, title: 'Thank you'};
  const when = arrivalWindow(new Date());
  const names = order.lines.flatMap((line) => find(line.id)?.name ?? []);
  const body = page('thanks', steps(2), heading(`Thank you, ${order.name.split(' ')[0] ?? ''}.`, `Order ${order.id}, ${euro(order.total)}. It arrives ${order.express ? when.express : when.standard}.`),
    h('p', {}, names.join(' · ')), h('p', {class: 'hint'}, 'As this is a demonstration, no parcel and no e-mail will follow.'),
    h('a', {class: 'button', href: to.home}, 'Back to the shop'));
  return {title: 'Thank you', body, page: {type: 'thanks'}};
}

/** The visitor's own state (cart, compare list, order), and who wants to know when it changes. */
import {find} from './catalogue';
import * as cartOf from './lib/cart';
import {read, write} from './lib/keep';
import type {Cart, Product} from './lib/types';
import {item, track} from './tact';

export interface Order {id: string; total: number; name: string; email: string; express: boolean; lines: Cart['lines']}
export interface Address {name: string; email: string; street: string; postcode: string; city: string; country: string; express: boolean}

export const MOST_COMPARED = 3;

let cart: Cart = cartOf.revive(read('cart'), find);
let compare: string[] = reviveIds(read('compare'));
const listeners = new Set<() => void>();

function reviveIds(kept: unknown): string[] {
  if (!Array.isArray(kept)) return [];
  return kept.filter((id): id is string => typeof id === 'string' && find(id) !== undefined).slice(0, MOST_COMPARED);
}

function changed(): void {
  write('cart', cart);
  write('compare', compare);
  for (const listener of listeners) listener();
}

export function onChange(listener: () => void): void {
  listeners.add(listener);
}

export const theCart = (): Cart => cart;
export const compared = (): readonly string[] => compare;

export function cartProducts(): {product: Product; quantity: number; size: string}[] {
  return cart.lines.flatMap((line) => {
    const product = find(line.id);
    return product ? [{product, quantity: line.quantity, size: line.size}] : [];
  });
}

export function cartItems(): Record<string, unknown>[] {
  return cartProducts().map(({product, quantity, size}) => item(product, {quantity, size}));
}

export function addToCart(product: Product, size: string): void {
  cart = cartOf.add(cart, product.id, size);
  changed();
  track('Product Added', item(product, {size}));
}

export function changeQuantity(product: Product, size: string, quantity: number): void {
  const before = cart.lines.find((line) => line.id === product.id && line.size === size)?.quantity ?? 0;
  cart = cartOf.setQuantity(cart, product.id, size, quantity);
  changed();
  const after = cart.lines.find((line) => line.id === product.id && line.size === size)?.quantity ?? 0;
  if (after > before) track('Product Added', item(product, {size, quantity: after - before}));
  if (after < before) track('Product Removed', item(product, {size, quantity: before - after}));
}

export function setGiftWrap(on: boolean): void {
  cart = {...cart, giftWrap: on};
  changed();
}

/** false: the list is full. */
export function toggleCompare(product: Product): boolean {
  if (!compare.includes(product.id) && compare.length >= MOST_COMPARED) return false;
  compare = compare.includes(product.id) ? compare.filter((id) => id !== product.id) : [...compare, product.id];
  changed();
  return true;
}

export function clearCompare(): void {
  compare = [];
  changed();
}

export function takeOrder(address: Address): Order {
  const {total} = cartOf.totals(cart, find, address.express ? 'express' : 'standard');
  const id = `N${Date.now().toString(36).toUpperCase()}`;
  const order: Order = {id, total, name: address.name, email: address.email, express: address.express, lines: cart.lines};
  track('Order Completed', {order_id: id, total, currency: 'EUR', products: cartItems()});
  write('order', order, 'session');
  cart = cartOf.EMPTY;
  changed();
  return order;
}

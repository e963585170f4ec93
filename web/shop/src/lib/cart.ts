/** The cart: pure functions over a value; keeping it is keep.ts's business. */
import {cents} from './money';
import type {Cart, Line, Product} from './types';

export const EMPTY: Cart = {lines: [], giftWrap: false};
export const FREE_DELIVERY_FROM = 60;
export const DELIVERY = {standard: 4.9, express: 11.9} as const;
export const GIFT_WRAP = 4;
export const MOST_OF_ONE = 9;

export type Speed = keyof typeof DELIVERY;

const same = (a: Line, id: string, size: string): boolean => a.id === id && a.size === size;

export function add(cart: Cart, id: string, size: string, quantity = 1): Cart {
  const known = cart.lines.some((line) => same(line, id, size));
  const lines = known
    ? cart.lines.map((line) => same(line, id, size)
      ? {...line, quantity: Math.min(MOST_OF_ONE, line.quantity + quantity)} : line)
    : [...cart.lines, {id, size, quantity: Math.min(MOST_OF_ONE, quantity)}];
  return {...cart, lines};
}

/** A quantity of 0 removes the line. */
export function setQuantity(cart: Cart, id: string, size: string, quantity: number): Cart {
  const n = Math.max(0, Math.min(MOST_OF_ONE, Math.trunc(quantity)));
  const lines = cart.lines
    .map((line) => same(line, id, size) ? {...line, quantity: n} : line)
    .filter((line) => line.quantity > 0);
  return {lines, giftWrap: lines.length > 0 && cart.giftWrap};
}

export function count(cart: Cart): number {
  return cart.lines.reduce((sum, line) => sum + line.quantity, 0);
}

export interface Totals {goods: number; wrap: number; delivery: number; total: number; missingForFree: number}

export function totals(cart: Cart, find: (id: string) => Product | undefined, speed: Speed = 'standard'): Totals {
  const goods = cart.lines.reduce((sum, line) => sum + cents(find(line.id)?.price ?? 0) * line.quantity, 0);
  const wrap = cart.giftWrap && goods > 0 ? cents(GIFT_WRAP) : 0;
  const free = speed === 'standard' && goods >= cents(FREE_DELIVERY_FROM);
  const delivery = goods === 0 || free ? 0 : cents(DELIVERY[speed]);
  return {
    goods: goods / 100, wrap: wrap / 100, delivery: delivery / 100, total: (goods + wrap + delivery) / 100,
    missingForFree: Math.max(0, cents(FREE_DELIVERY_FROM) - goods) / 100,
  };
}

/** What was kept by an older shop, or by nobody, becomes a cart that can be trusted. */
export function revive(kept: unknown, find: (id: string) => Product | undefined): Cart {
  if (typeof kept !== 'object' || kept === null) return EMPTY;
  const {lines, giftWrap} = kept as {lines?: unknown; giftWrap?: unknown};
  if (!Array.isArray(lines)) return EMPTY;
  let cart: Cart = EMPTY;
  for (const raw of lines as unknown[]) {
    const line = raw as Partial<Line> | null;
    if (!line || typeof line.id !== 'string' || typeof line.size !== 'string') continue;
    if (!find(line.id) || !Number.isInteger(line.quantity) || (line.quantity ?? 0) < 1) continue;
    cart = add(cart, line.id, line.size, line.quantity);
  }
  return {...cart, giftWrap: cart.lines.length > 0 && giftWrap === true};
}

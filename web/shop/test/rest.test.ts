import {describe, expect, it} from 'vitest';
import {products} from '../src/catalogue';
import {KINDS} from '../src/art';
import {mix} from '../src/art/tools';
import {arrives, ordersLeaveToday} from '../src/lib/days';
import {checkAddress, checkCard} from '../src/lib/forms';
import {euro} from '../src/lib/money';
import {CATEGORIES} from '../src/lib/routes';

describe('catalogue', () => {
  it('has 24 products or more in five categories, each with its own id, address and drawing', () => {
    expect(products.length).toBeGreaterThanOrEqual(24);
    expect(new Set(products.map((p) => p.id)).size).toBe(products.length);
    expect(new Set(products.map((p) => p.slug)).size).toBe(products.length);
    for (const category of CATEGORIES) expect(products.filter((p) => p.category === category).length).toBeGreaterThan(3);
    for (const p of products) {
      expect(KINDS).toContain(p.art.kind);
      expect(p.sizes.length).toBeGreaterThan(p.soldOut.length);
      for (const size of p.soldOut) expect(p.sizes).toContain(size);
      expect(p.reviews.length).toBeGreaterThanOrEqual(4);
      if (p.sizes.length === 1) expect(p.reviews.some((r) => r.fit)).toBe(false);
    }
  });
  it('sells the shoe of the documentation', () => expect(products.find((p) => p.id === 'p7')).toMatchObject({name: 'Fjell Trail Shoe', price: 129, use: 'trail'}));
});

describe('delivery days', () => {
  const at = (text: string): Date => new Date(`${text}:00`);
  it('counts working days only', () => {
    expect(arrives(at('2026-11-18T10:00'), 2).getDate()).toBe(20); // Wednesday → Friday
    expect(arrives(at('2026-11-18T15:00'), 2).getDate()).toBe(23); // too late today: Thursday, Friday, Monday
    expect(arrives(at('2026-11-21T09:00'), 1).getDate()).toBe(24); // Saturday: leaves Monday
  });
  it('knows the cut-off', () => {
    expect([ordersLeaveToday(at('2026-11-18T13:59')), ordersLeaveToday(at('2026-11-18T14:00')), ordersLeaveToday(at('2026-11-22T09:00'))]).toEqual([true, false, false]);
  });
});

describe('forms', () => {
  const good = {name: 'A', email: 'a@b.de', street: 'S 1', postcode: 'SW1A 1AA', city: 'L', country: 'UK'};
  it('accepts an address and names each fault', () => {
    expect(checkAddress(good)).toEqual({});
    expect(Object.keys(checkAddress({...good, email: 'a@b', postcode: '1', name: ''})).sort()).toEqual(['email', 'name', 'postcode']);
  });
  it('a card is valid to the end of its month', () => {
    const card = {card: '4242 4242 4242 4242', expiry: '11/26', code: '123'};
    expect(checkCard(card, new Date('2026-11-30T23:00:00'))).toEqual({});
    expect(checkCard(card, new Date('2026-12-01T00:00:00'))).toHaveProperty('expiry');
    expect(Object.keys(checkCard({card: '42', expiry: '13/26', code: 'x'}, new Date(0))).sort()).toEqual(['card', 'code', 'expiry']);
  });
});

it('writes money and mixes colours', () => {
  expect([euro(129), euro(4.9), euro(1234.5)]).toEqual(['€129', '€4.90', '€1,234.50']);
  expect([mix('#000000', '#ffffff', 0.5), mix('#102030', '#ffffff', 0)]).toEqual(['#808080', '#102030']);
});

import {describe, expect, it} from 'vitest';
import * as cart from '../src/lib/cart';
import {find} from '../src/catalogue';

const shoe = find('p7')!;
const mug = find('p29')!;

describe('cart', () => {
  it('adds up one size and keeps another apart', () => {
    let c = cart.add(cart.EMPTY, 'p7', '42');
    c = cart.add(c, 'p7', '42');
    c = cart.add(c, 'p7', '43');
    expect(c.lines).toEqual([{id: 'p7', size: '42', quantity: 2}, {id: 'p7', size: '43', quantity: 1}]);
    expect(cart.count(c)).toBe(3);
  });
  it('never holds more than nine of one, and drops a line at zero', () => {
    const c = cart.add(cart.EMPTY, 'p7', '42', 50);
    expect(c.lines[0]?.quantity).toBe(cart.MOST_OF_ONE);
    expect(cart.setQuantity({...c, giftWrap: true}, 'p7', '42', 0)).toEqual(cart.EMPTY);
    expect(cart.setQuantity(c, 'p7', '42', -3).lines).toEqual([]);
  });
  it('charges delivery below the limit only', () => {
    const small = cart.totals(cart.add(cart.EMPTY, mug.id, 'One size'), find);
    expect(small).toMatchObject({goods: 14, delivery: 4.9, total: 18.9, missingForFree: 46});
    expect(cart.totals(cart.add(cart.EMPTY, shoe.id, '42'), find)).toMatchObject({goods: 129, delivery: 0, total: 129, missingForFree: 0});
  });
  it('express is never free, wrapping costs, an empty cart costs nothing', () => {
    const c = {...cart.add(cart.EMPTY, shoe.id, '42'), giftWrap: true};
    expect(cart.totals(c, find, 'express')).toMatchObject({wrap: 4, delivery: 11.9, total: 144.9});
    expect(cart.totals(cart.EMPTY, find, 'express').total).toBe(0);
  });
  it('trusts nothing that was kept', () => {
    for (const bad of [null, 7, 'x', {}, {lines: 'no'}, {lines: [null, 3, {id: 'p7'}, {id: 'gone', size: 'M', quantity: 1}, {id: 'p7', size: '42', quantity: 0.5}]}]) expect(cart.revive(bad, find)).toEqual(cart.EMPTY);
    expect(cart.revive({lines: [{id: 'p7', size: '42', quantity: 99}], giftWrap: true}, find)).toEqual({lines: [{id: 'p7', size: '42', quantity: 9}], giftWrap: true});
  });
});

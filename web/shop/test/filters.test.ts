import {describe, expect, it} from 'vitest';
import {inCategory} from '../src/catalogue';
import {apply, forSegment, fromQuery, NONE, toggle, toQuery} from '../src/lib/filters';

const shoes = inCategory('shoes');

describe('filters', () => {
  it('round-trips through the address', () => {
    const filters = {use: ['trail', 'hiking'], size: ['42', 'S/M'], upTo: 160, sort: 'low'} as const;
    expect(fromQuery(new URLSearchParams(toQuery(filters)))).toEqual(filters);
    expect(toQuery(NONE)).toBe('');
  });
  it('ignores nonsense in the address', () => {
    expect(fromQuery(new URLSearchParams('sort=constructor&upTo=abc&use=,,'))).toEqual(NONE);
    expect(fromQuery(new URLSearchParams('upTo=-5')).upTo).toBeNull();
  });
  it('keeps what fits all kinds of filter, any within one', () => {
    expect(apply(shoes, {...NONE, use: ['trail', 'camp']}).map((p) => p.id).sort()).toEqual(['p2', 'p5', 'p7']);
    expect(apply(shoes, {...NONE, use: ['trail'], upTo: 119}).map((p) => p.id)).toEqual(['p5']);
  });
  it('does not offer a size that is sold out', () => {
    expect(shoes.find((p) => p.id === 'p7')?.soldOut).toContain('46');
    expect(apply(shoes, {...NONE, size: ['46']}).map((p) => p.id)).not.toContain('p7');
  });
  it('sorts both ways and leaves the list it was given alone', () => {
    const before = shoes.map((p) => p.id);
    const low = apply(shoes, {...NONE, sort: 'low'}).map((p) => p.price);
    expect(low).toEqual([...low].sort((a, b) => a - b));
    expect(apply(shoes, {...NONE, sort: 'high'}).map((p) => p.price)).toEqual([...low].reverse());
    expect(shoes.map((p) => p.id)).toEqual(before);
  });
  it('tells Segment what was chosen', () => {
    expect(forSegment({use: ['trail'], size: [], upTo: 130, sort: 'low'})).toEqual({
      filters: [{type: 'use', value: 'trail'}, {type: 'price', value: 'up to 130'}], sorts: [{type: 'price', value: 'asc'}]});
  });
  it('toggles', () => expect(toggle(toggle(['a'], 'b'), 'a')).toEqual(['b']));
});

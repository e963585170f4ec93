import {describe, expect, it} from 'vitest';
import {products} from '../src/catalogue';
import {close, find} from '../src/lib/search';

const ids = (query: string): string[] => find(products, query).map((p) => p.id);

describe('search', () => {
  it('puts a name first', () => expect(ids('fjell')[0]).toBe('p7'));
  it('needs every word', () => {
    expect(ids('rain jacket')).toEqual(expect.arrayContaining(['p8', 'p9']));
    expect(ids('rain jacket')).not.toContain('p2');
    expect(ids('fjell submarine')).toEqual([]);
  });
  it('forgives one letter, plural and filler words', () => {
    expect(ids('jackt')).toContain('p8');
    expect(ids('a tent for two person')).toContain('p20');
    expect(ids('gloves')).toContain('p26');
  });
  it('finds by size', () => expect(ids('shoe 43')).toContain('p7'));
  it('finds nothing for nothing', () => { expect(ids('')).toEqual([]); expect(ids('the of')).toEqual([]); expect(ids('%%%')).toEqual([]); });
  it('close means one letter', () => {
    expect([close('boot', 'boots'), close('boot', 'boat'), close('boot', 'bots'), close('ab', 'abcd')]).toEqual([true, true, false, false]);
  });
});

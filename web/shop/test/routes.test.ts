import {describe, expect, it} from 'vitest';
import {inShop, parse, to} from '../src/lib/routes';

describe('parse', () => {
  it('knows every address the shop links to', () => {
    const name = (address: string): string => { const url = new URL(address, 'http://x'); return parse(url.pathname, url.search).name; };
    expect([to.home, to.category('tents'), to.product('fjell-trail-shoe'), to.search('a b'), to.compare(['p1']), to.sizeGuide, to.delivery, to.returns, to.gifts, to.cart, to.checkout, to.payment, to.thanks].map(name))
      .toEqual(['home', 'category', 'product', 'search', 'compare', 'size_guide', 'delivery', 'returns', 'gifts', 'cart', 'checkout', 'payment', 'thanks']);
  });
  it('takes paths with and without the base, and a slash at the end', () => {
    expect(parse('/size-guide').name).toBe('size_guide');
    expect(parse('/demo/c/shoes/')).toMatchObject({name: 'category', category: 'shoes'});
    expect(parse('/demo').name).toBe('home');
  });
  it('says not_found for what does not exist', () => {
    for (const path of ['/demo/c/hats', '/demo/c', '/demo/p/', '/demo/a/b/c', '/demonstration']) expect(parse(path).name).toBe('not_found');
  });
  it('compares three different things at most', () => {
    expect(parse('/demo/compare', '?ids=p1,p1,,p2,p3,p4')).toEqual({name: 'compare', ids: ['p1', 'p2', 'p3']});
  });
});

describe('inShop', () => {
  const here = 'http://shop.test/demo/p/x';
  it('brings links of messages, written without the base, into the shop', () => {
    expect(inShop('/size-guide', here)).toBe('/demo/size-guide');
    expect(inShop('http://shop.test/demo/cart?x=1#y', here)).toBe('/demo/cart?x=1#y');
  });
  it('leaves everything else to the browser', () => {
    for (const href of ['/', '/live/', '/preferences', 'https://elsewhere.test/size-guide', 'mailto:a@b.de', 'http://']) expect(inShop(href, here)).toBeNull();
  });
});

/**
 * The shop's addresses. Everything lives under BASE; a path that is no route is 'not_found'.
 * `name` is also the page type that Tact sees, so playbooks depend on these words.
 */
import type {CategoryId} from './types';

export const BASE = '/demo';
export const CATEGORIES: readonly CategoryId[] = ['shoes', 'jackets', 'packs', 'tents', 'accessories'];

export type Route =
  | {name: 'home'}
  | {name: 'category'; category: CategoryId; query: URLSearchParams}
  | {name: 'product'; key: string}
  | {name: 'search'; query: URLSearchParams}
  | {name: 'compare'; ids: string[]}
  | {name: 'size_guide' | 'delivery' | 'returns' | 'gifts' | 'cart' | 'checkout' | 'payment' | 'thanks' | 'not_found'};

type Plain = 'size_guide' | 'delivery' | 'returns' | 'gifts' | 'cart' | 'checkout' | 'payment' | 'thanks';
const PLAIN: Readonly<Record<string, Plain>> = {
  '/size-guide': 'size_guide', '/delivery': 'delivery', '/returns': 'returns', '/gifts': 'gifts',
  '/cart': 'cart', '/checkout': 'checkout', '/checkout/pay': 'payment', '/checkout/thank-you': 'thanks',
};

function isCategory(text: string | undefined): text is CategoryId {
  return CATEGORIES.includes(text as CategoryId);
}

/** `path` with or without BASE: a message written for "/size-guide" must work here as well. */
export function parse(path: string, search = ''): Route {
  const inside = path === BASE || path.startsWith(`${BASE}/`) ? path.slice(BASE.length) : path;
  const clean = inside.replace(/\/+$/, '') || '/';
  const query = new URLSearchParams(search);
  if (clean === '/' || clean === '/index.html') return {name: 'home'};
  const plain = PLAIN[clean];
  if (plain) return {name: plain};
  if (clean === '/search') return {name: 'search', query};
  if (clean === '/compare') {
    const ids = (query.get('ids') ?? '').split(',').filter((id) => id !== '');
    return {name: 'compare', ids: [...new Set(ids)].slice(0, 3)};
  }
  const parts = clean.slice(1).split('/');
  if (parts.length === 2 && parts[0] === 'c' && isCategory(parts[1])) {
    return {name: 'category', category: parts[1], query};
  }
  if (parts.length === 2 && parts[0] === 'p' && parts[1]) return {name: 'product', key: parts[1]};
  return {name: 'not_found'};
}

export const to = {
  home: `${BASE}/`,
  category: (id: CategoryId): string => `${BASE}/c/${id}`,
  product: (slug: string): string => `${BASE}/p/${slug}`,
  search: (query: string): string => `${BASE}/search?q=${encodeURIComponent(query)}`,
  compare: (ids: readonly string[]): string => `${BASE}/compare?ids=${ids.join(',')}`,
  sizeGuide: `${BASE}/size-guide`,
  delivery: `${BASE}/delivery`,
  returns: `${BASE}/returns`,
  gifts: `${BASE}/gifts`,
  cart: `${BASE}/cart`,
  checkout: `${BASE}/checkout`,
  payment: `${BASE}/checkout/pay`,
  thanks: `${BASE}/checkout/thank-you`,
};

/** The in-shop address a followed link leads to, or null when the browser should handle it. */
export function inShop(href: string, here: string): string | null {
  let url: URL;
  try { url = new URL(href, here); } catch { return null; }
  if (url.origin !== new URL(here).origin) return null;
  if (url.pathname === BASE || url.pathname.startsWith(`${BASE}/`)) return url.pathname + url.search + url.hash;
  if (url.pathname === '/' || parse(url.pathname, url.search).name === 'not_found') return null;
  return BASE + url.pathname + url.search + url.hash;
}

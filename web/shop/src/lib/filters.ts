/** Filters and sort of a product list, kept in the address so that Back and sharing work. */
import type {Product} from './types';

export const SORTS = {
  popular: 'Most loved', new: 'Newest', low: 'Price, low to high', high: 'Price, high to low',
} as const;
export type Sort = keyof typeof SORTS;

export interface Filters {
  use: readonly string[];
  size: readonly string[];
  /** Euro, inclusive; null = any. */
  upTo: number | null;
  sort: Sort;
}

export const NONE: Filters = {use: [], size: [], upTo: null, sort: 'popular'};

export function rating(product: Product): number {
  if (product.reviews.length === 0) return 0;
  return product.reviews.reduce((sum, review) => sum + review.stars, 0) / product.reviews.length;
}

export function fromQuery(query: URLSearchParams): Filters {
  const list = (name: string): string[] => (query.get(name) ?? '').split(',').filter((x) => x !== '');
  const upTo = Number(query.get('upTo'));
  const sort = query.get('sort') ?? '';
  return {
    use: list('use'), size: list('size'),
    upTo: Number.isFinite(upTo) && upTo > 0 ? upTo : null,
    sort: Object.hasOwn(SORTS, sort) ? sort as Sort : 'popular',
  };
}

export function toQuery(filters: Filters): string {
  const query = new URLSearchParams();
  if (filters.use.length > 0) query.set('use', filters.use.join(','));
  if (filters.size.length > 0) query.set('size', filters.size.join(','));
  if (filters.upTo !== null) query.set('upTo', String(filters.upTo));
  if (filters.sort !== 'popular') query.set('sort', filters.sort);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** A size counts only if it can be bought. */
function hasSize(product: Product, sizes: readonly string[]): boolean {
  return sizes.some((size) => product.sizes.includes(size) && !product.soldOut.includes(size));
}

const ORDER: Record<Sort, (a: Product, b: Product) => number> = {
  popular: (a, b) => rating(b) * Math.log2(1 + b.reviews.length) - rating(a) * Math.log2(1 + a.reviews.length),
  new: (a, b) => b.season - a.season,
  low: (a, b) => a.price - b.price,
  high: (a, b) => b.price - a.price,
};

export function apply(products: readonly Product[], filters: Filters): Product[] {
  return products
    .filter((product) => filters.use.length === 0 || filters.use.includes(product.use))
    .filter((product) => filters.size.length === 0 || hasSize(product, filters.size))
    .filter((product) => filters.upTo === null || product.price <= filters.upTo)
    .sort((a, b) => ORDER[filters.sort](a, b) || a.id.localeCompare(b.id, 'en', {numeric: true}));
}

export function active(filters: Filters): number {
  return filters.use.length + filters.size.length + (filters.upTo === null ? 0 : 1);
}

export function toggle(list: readonly string[], item: string): string[] {
  return list.includes(item) ? list.filter((x) => x !== item) : [...list, item];
}

/** Segment's shape for `Product List Filtered`. */
export function forSegment(filters: Filters): {filters: {type: string; value: string}[]; sorts: {type: string; value: string}[]} {
  return {
    filters: [
      ...filters.use.map((value) => ({type: 'use', value})),
      ...filters.size.map((value) => ({type: 'size', value})),
      ...(filters.upTo === null ? [] : [{type: 'price', value: `up to ${filters.upTo}`}]),
    ],
    sorts: [{type: filters.sort === 'low' || filters.sort === 'high' ? 'price' : filters.sort,
      value: filters.sort === 'low' ? 'asc' : 'desc'}],
  };
}

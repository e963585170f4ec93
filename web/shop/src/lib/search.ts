/** Search over the catalogue: every word must be found, names count most, small typos are forgiven. */
import type {Product} from './types';

export function words(text: string): string[] {
  return text.toLowerCase().normalize('NFKD').replace(/[\u0300-\u036f]/g, '').split(/[^a-z0-9]+/).filter((w) => w !== '');
}

/** At most one letter too many, too few or different. */
export function close(a: string, b: string): boolean {
  if (a === b) return true;
  if (Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i += 1;
  const rest = (x: string, n: number): string => x.slice(i + n);
  return rest(a, 1) === rest(b, 1) || rest(a, 1) === rest(b, 0) || rest(a, 0) === rest(b, 1);
}

function wordScore(word: string, haystack: readonly string[], weight: number): number {
  if (haystack.includes(word)) return 3 * weight;
  const stem = word.length > 3 ? word.replace(/(es|s)$/, '') : word;
  if (haystack.some((x) => x.startsWith(stem))) return 2 * weight;
  if (word.length >= 5 && haystack.some((x) => close(word, x))) return weight;
  return 0;
}

/** 0 means: not found. */
export function score(product: Product, wanted: readonly string[]): number {
  const name = words(product.name);
  const shelf = words(`${product.category} ${product.use}`);
  const rest = words(`${product.blurb} ${product.also} ${product.colour} ${product.facts.flat().join(' ')}`);
  const sizes = product.sizes.map((x) => x.toLowerCase());
  let sum = 0;
  for (const word of wanted) {
    const best = Math.max(
      wordScore(word, name, 4), wordScore(word, shelf, 3), wordScore(word, rest, 1), sizes.includes(word) ? 2 : 0);
    if (best === 0) return 0;
    sum += best;
  }
  return sum;
}

/** Words people write around what they look for. */
const FILLER = new Set(['a', 'an', 'the', 'for', 'with', 'and', 'of', 'in', 'to', 'my', 'size']);

export function find(products: readonly Product[], query: string): Product[] {
  const all = words(query);
  const wanted = all.filter((word) => !FILLER.has(word));
  if (wanted.length === 0) return [];
  return products
    .map((product) => ({product, score: score(product, wanted)}))
    .filter((hit) => hit.score > 0)
    .sort((a, b) => b.score - a.score || a.product.price - b.product.price)
    .map((hit) => hit.product);
}

/** The whole catalogue. Read `products`, or look one up by id or slug. */
import type {CategoryId, Product} from '../lib/types';
import {ACCESSORIES} from './accessories';
import {JACKETS} from './jackets';
import {PACKS} from './packs';
import {reviewsFor} from './reviews';
import {SHOES} from './shoes';
import {TENTS} from './tents';

export const products: readonly Product[] = [...SHOES, ...JACKETS, ...PACKS, ...TENTS, ...ACCESSORIES]
  .map((draft, i) => ({...draft, reviews: reviewsFor(i, draft.category, draft.sizes.length > 1)}));

const byKey = new Map<string, Product>();
for (const product of products) byKey.set(product.id, product).set(product.slug, product);

export function find(key: string): Product | undefined {
  return byKey.get(key);
}

export function inCategory(category: CategoryId): Product[] {
  return products.filter((product) => product.category === category);
}

export const CATEGORY: Readonly<Record<CategoryId, {name: string; line: string; cover: string}>> = {
  shoes: {name: 'Shoes', line: 'From the first puddle to the last cairn.', cover: 'p7'},
  jackets: {name: 'Jackets', line: 'Layers for weather that changes its mind.', cover: 'p10'},
  packs: {name: 'Packs', line: 'Carry what you need, and feel half of it.', cover: 'p15'},
  tents: {name: 'Tents', line: 'A room wherever you stop.', cover: 'p20'},
  accessories: {name: 'Accessories', line: 'The small things you miss when they are missing.', cover: 'p24'},
};

export const USE_NAMES: Readonly<Record<string, string>> = {
  trail: 'Trail', hiking: 'Hiking', approach: 'Approach', winter: 'Winter', camp: 'Camp',
  rain: 'Rain', insulated: 'Warm', fleece: 'Fleece', wind: 'Wind',
  day: 'Day', trekking: 'Trekking', travel: 'Travel', hip: 'Hip',
  solo: 'One person', duo: 'Two people', family: 'Family', tarp: 'Tarps',
  light: 'Light', kitchen: 'Kitchen', warmth: 'Warmth', walking: 'Walking',
};

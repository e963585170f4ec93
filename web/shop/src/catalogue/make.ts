/** Shorthand for the product files. Reviews are added in index.ts. */
import type {ArtSpec, CategoryId, Product, SceneName} from '../lib/types';

export type Draft = Omit<Product, 'reviews'>;

export function maker(category: CategoryId) {
  return (id: string, name: string, use: string, price: number, colour: string,
    art: readonly [kind: string, palette: ArtSpec['palette'], scene: SceneName],
    blurb: string, facts: Product['facts'],
    more: {sizes: readonly string[]; soldOut?: readonly string[]; also?: string; season: number}): Draft => ({
    id, slug: name.toLowerCase().replace(/[^a-z0-9]+/g, '-'), name, category, use, price, colour,
    art: {kind: art[0], palette: art[1], scene: art[2]}, blurb, facts,
    sizes: more.sizes, soldOut: more.soldOut ?? [], also: more.also ?? '', season: more.season,
  });
}

export const SHOE_SIZES = ['36', '37', '38', '39', '40', '41', '42', '43', '44', '45', '46', '47'] as const;
export const CLOTHES_SIZES = ['XS', 'S', 'M', 'L', 'XL', 'XXL'] as const;
export const ONE_SIZE = ['One size'] as const;

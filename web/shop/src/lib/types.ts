/** What the shop sells, and the shapes that travel between catalogue, cart and views. */
export type CategoryId = 'shoes' | 'jackets' | 'packs' | 'tents' | 'accessories';

export type Fit = 'small' | 'true' | 'large';

export interface Review {
  author: string;
  stars: 1 | 2 | 3 | 4 | 5;
  title: string;
  text: string;
  /** What the reviewer said about the size; absent where size is no question. */
  fit?: Fit;
}

export interface Product {
  /** p1…; what Tact knows as `product_id`. */
  id: string;
  slug: string;
  name: string;
  category: CategoryId;
  /** The shelf inside the category, e.g. "trail". */
  use: string;
  /** Euro. */
  price: number;
  colour: string;
  art: ArtSpec;
  blurb: string;
  facts: ReadonlyArray<readonly [string, string]>;
  sizes: readonly string[];
  soldOut: readonly string[];
  reviews: readonly Review[];
  /** Words that search finds besides the visible text. */
  also: string;
  /** Higher is newer. */
  season: number;
}

export interface ArtSpec {
  kind: string;
  /** Main, second and accent colour. */
  palette: readonly [string, string, string];
  scene: SceneName;
}

export type SceneName = 'dawn' | 'forest' | 'fell' | 'coast' | 'dusk' | 'snow';

export interface Line {
  id: string;
  size: string;
  quantity: number;
}

export interface Cart {
  lines: readonly Line[];
  giftWrap: boolean;
}

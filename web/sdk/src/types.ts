/** The public types of the SDK. The wire format they come from is docs/http.md. */

export interface Options {
  /** Public key of the site (`wk_…`). */
  writeKey: string;
  /** Origin of the Tact server; by default where tact.js came from, else the page's own origin. */
  host?: string;
  /** `required` (default): nothing is kept or sent about a visitor before `consent()` granted it.
   *  `granted`: the site has another lawful basis. */
  consent?: 'required' | 'granted';
  /** An id the site already has for this visitor; used only once tracking is permitted. */
  anonymousId?: string;
  /** `false`: page views are sent by `page()` only, neither on load nor on route changes. */
  autoPage?: boolean;
  /** `false`: no default look, only the class names. */
  defaultStyle?: boolean;
}

export interface ConsentChoice {
  personalization?: boolean;
  analytics?: boolean;
  /** What the visitor was shown; the server keeps its hash with the answer. */
  text?: string;
}

export interface ConsentState {
  /** What holds now, after Global Privacy Control and the site's consent mode. */
  personalization: boolean;
  analytics: boolean;
  /** The visitor has made a choice on this site. */
  chosen: boolean;
  /** The browser sends Global Privacy Control. */
  gpc: boolean;
  /** While that is why nothing is personalized: the words to tell the visitor. */
  says?: string;
}

export interface Product {
  id?: string;
  category?: string | string[];
  price?: number;
  name?: string;
}

/** What a page is about: from `tact.page()` or `<meta name="tact:page">`. */
export interface PageDetails {
  type?: string;
  product?: Product;
  product_id?: string;
  category?: string | string[];
  [more: string]: unknown;
}

export interface Content {
  title?: string;
  body?: string;
  link?: {text: string; to: string};
  image?: {src: string; alt?: string};
  items?: string[];
  options?: {value: string; text: string}[];
}

export interface Show {
  kind: string;
  message: string;
  variant?: string;
  content: Content;
  because?: string;
}

export interface Decision {
  slot: string;
  /** Absent when nothing was recorded (no consent), or when Tact did not answer in time. */
  id?: string;
  /** `null`: the default content stays. */
  show: Show | null;
}

export interface TactEvent {
  type: 'page' | 'track' | 'identify';
  messageId: string;
  anonymousId: string;
  timestamp: string;
  name?: string;
  event?: string;
  userId?: string;
  traits?: Record<string, unknown>;
  properties?: Record<string, unknown>;
  context: Record<string, unknown>;
}

export type Properties = Record<string, unknown>;

export interface Happenings {
  /** Tact is running on this page. */
  ready: undefined;
  /** A slot was decided, default or not. */
  decision: Decision;
  /** An event entered the queue. */
  event: TactEvent;
  consent: ConsentState;
  /** Anything that went wrong; the page itself never sees an exception. */
  error: Error;
}

export interface Tact {
  load(options: Options): void;
  /** A page view; `name` is the page type. Replaces the automatic one when called before it. */
  page(name?: string, props?: PageDetails): void;
  track(event: string, properties?: Properties): void;
  /** `token`: signed by the site's server; without it the user id is only a claim. */
  identify(userId: string, traits?: Properties, token?: string): void;
  consent(choice: ConsentChoice): void;
  consentState(): ConsentState;
  /** Decisions for own rendering; never rejects: without an answer in 300 ms every `show` is null. */
  decide(slots: string[]): Promise<Decision[]>;
  /** Decides the slots of this page again, soon; content changes only where the decision did. */
  refresh(): void;
  /** Forgets who this is (log-out); a new id is made if consent is still there. */
  reset(): void;
  anonymousId(): string | null;
  /** Returns the function that unsubscribes. */
  on<K extends keyof Happenings>(event: K, fn: (what: Happenings[K]) => void): () => void;
  /** What the loading snippet's array is called with: `['track', 'Size Guide Opened']`. */
  push(...calls: unknown[]): void;
}

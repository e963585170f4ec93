/** What the page says about itself, and the context every event carries. */
import type {ConsentState, PageDetails} from './types';
import {compact, isObject, type Json, text} from './util';

declare const __VERSION__: string;

/** `<meta name="tact:page" content='{"type":"product","product":{…}}'>`, read anew at each page view. */
export function metaDetails(): PageDetails {
  const meta = document.querySelector('meta[name="tact:page"]')?.getAttribute('content');
  if (!meta) return {};
  const details: unknown = JSON.parse(meta);
  return isObject(details) ? details : {};
}

const product = (d: PageDetails): Json => (isObject(d.product) ? d.product : {});

/** The page-view properties of docs/http.md; what else the site passed to `page()` goes along. */
export function pageProperties(d: PageDetails, url: URL, title: string, referrer: string): Json {
  const {type, product: _p, product_id, category, ...more} = d;
  return compact({
    ...more,
    type,
    product_id: text(product(d).id) ?? text(product_id),
    category: product(d).category ?? category,
    path: url.pathname,
    url: url.href,
    title,
    referrer,
  });
}

/** Where somebody came from, without the way they took on this site. */
export function arrival(referrer: string): string | undefined {
  try {
    const {origin} = new URL(referrer);
    return origin === location.origin ? undefined : origin;
  } catch {
    return undefined;
  }
}

/** The `page` member of a decide request. */
export function decidePage(d: PageDetails, url: URL, title: string, referrer?: string): Json {
  const id = text(product(d).id) ?? text(d.product_id);
  const category = product(d).category ?? d.category;
  return compact({
    url: url.href,
    type: d.type,
    title,
    referrer,
    ...(id ? {product: compact({id, category, price: product(d).price})} : {category}),
  });
}

function campaign(url: URL): Json | undefined {
  const c: Json = {};
  url.searchParams.forEach((value, key) => {
    const name = /^utm_(\w+)$/.exec(key)?.[1];
    // Segment's names: utm_campaign is the campaign's `name`.
    if (name && value) c[name === 'campaign' ? 'name' : name] = value;
  });
  return Object.keys(c).length ? c : undefined;
}

/** Undefined on a site with another basis, as long as the visitor chose nothing: that is no grant of theirs. */
export const categories = (s: ConsentState): Json | undefined =>
  s.chosen || !s.analytics ? {categoryPreferences: {personalization: s.personalization, analytics: s.analytics}} : undefined;

export const timezone = (): string | undefined => {
  try {
    return Intl.DateTimeFormat().resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
};

export function context(url: URL, title: string, referrer: string, consent: ConsentState): Json {
  return compact({
    page: {url: url.href, path: url.pathname, title, referrer},
    locale: navigator.language,
    timezone: timezone(),
    campaign: campaign(url),
    library: {name: 'tact.js', version: __VERSION__},
    consent: categories(consent),
  });
}

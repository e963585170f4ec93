/**
 * The only file that knows Tact. Calls made before tact.js arrives wait in the array that the SDK
 * takes over; if it never arrives they wait for ever, and the shop does not notice.
 */
import {cents} from './lib/money';
import {read, write} from './lib/keep';
import type {Product} from './lib/types';

interface Sdk {
  push(call: readonly unknown[]): void;
  consentState?(): {personalization: boolean; analytics: boolean; chosen: boolean; gpc: boolean; says?: string};
}

declare global {
  interface Window { tact?: Sdk | unknown[][] }
}

const CONFIG_MS = 3000;

function call(...what: readonly unknown[]): void {
  window.tact ??= [];
  try { (window.tact as Sdk).push(what); } catch { /* never the shop's problem */ }
}

export function track(event: string, properties: Record<string, unknown> = {}): void {
  call('track', event, properties);
}

/** Something on this page changed what would help: decide its slots again. */
export function refresh(): void {
  call('refresh');
}

/** Which page this is, for the SDK to read at its next page view. */
export function describe(page: Record<string, unknown>): void {
  let meta = document.querySelector('meta[name="tact:page"]');
  if (!meta) {
    meta = document.createElement('meta');
    meta.setAttribute('name', 'tact:page');
    document.head.append(meta);
  }
  meta.setAttribute('content', JSON.stringify(page));
}

/** Segment e-commerce v2's product. */
export function item(product: Product, more: {quantity?: number; size?: string} = {}): Record<string, unknown> {
  return {
    product_id: product.id, name: product.name, category: product.category, price: product.price,
    quantity: more.quantity ?? 1, currency: 'EUR', ...(more.size && product.sizes.length > 1 ? {variant: more.size} : {}),
  };
}

export function value(list: ReadonlyArray<{product: Product; quantity: number}>): number {
  return list.reduce((sum, x) => sum + cents(x.product.price) * x.quantity, 0) / 100;
}

/** null: not asked yet. The shop keeps the answer itself, so that it never asks twice while Tact is away. */
export function consentGiven(): boolean | null {
  const sdk = window.tact;
  const state = sdk && !Array.isArray(sdk) ? sdk.consentState?.() : undefined;
  if (state?.chosen) return state.personalization;
  const kept = read('consent');
  if (typeof kept === 'boolean') return kept;
  return (navigator as {globalPrivacyControl?: boolean}).globalPrivacyControl === true ? false : null;
}

/** `text`: what was asked; its hash is kept with the answer. */
export function giveConsent(yes: boolean, text: string): void {
  write('consent', yes);
  call('consent', {personalization: yes, analytics: yes, text});
}

/** Why the answer is no although nobody gave it here: a signal of the browser. */
export function consentSays(): string | null {
  const sdk = window.tact;
  return (sdk && !Array.isArray(sdk) ? sdk.consentState?.().says : undefined) ?? null;
}

/** Consent may change elsewhere: in another tab, or by a signal that only the server sees. */
export function onConsent(changed: () => void): void {
  call('on', 'consent', changed);
  call('on', 'ready', changed);
}

/** Asks the server for the write key, then loads the SDK; every failure leaves the shop as it is. */
export async function load(): Promise<void> {
  try {
    const answer = await fetch(`${import.meta.env.BASE_URL}config.json`, {signal: AbortSignal.timeout(CONFIG_MS)});
    if (!answer.ok) return;
    const config = await answer.json() as {writeKey?: unknown; host?: unknown};
    if (typeof config.writeKey !== 'string' || config.writeKey === '') return;
    const host = typeof config.host === 'string' ? config.host.replace(/\/+$/, '') : '';
    window.tact ??= [];
    const script = document.createElement('script');
    script.src = `${host}/tact.js`;
    script.async = true;
    script.dataset.writeKey = config.writeKey;
    if (host !== '') script.dataset.host = host;
    document.head.append(script);
  } catch { /* no Tact today */ }
}

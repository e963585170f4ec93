/** What can be seen of the shop in the frame: who visits, with what consent, on which page. */
import {useEffect, useState, type RefObject} from 'react';

export interface Shop {
  /** False until tact.js runs in the shop. */
  ready: boolean;
  anonymousId: string | null;
  consent: 'granted' | 'refused' | 'undecided';
  slots: readonly string[];
  /** Product names by id, as the shop's pages told them. */
  names: Readonly<Record<string, string>>;
}

interface Sdk {
  anonymousId?: () => string | null;
  consentState?: () => {personalization: boolean; chosen: boolean};
}

const LOOK_MS = 400;
const UNKNOWN: Shop = {ready: false, anonymousId: null, consent: 'undecided', slots: [], names: {}};

function see(frame: HTMLIFrameElement | null, names: Shop['names']): Shop {
  try {
    const tact = (frame?.contentWindow as unknown as {tact?: Sdk} | null)?.tact;
    const page = frame?.contentDocument;
    if (!tact || typeof tact.anonymousId !== 'function' || !page) return {...UNKNOWN, names};
    const state = tact.consentState?.();
    const slots = [...page.querySelectorAll('[data-tact-slot]')].map((el) => el.getAttribute('data-tact-slot') ?? '');
    const told = JSON.parse(page.querySelector('meta[name="tact:page"]')?.getAttribute('content') ?? '{}') as {product?: {id?: string; name?: string}};
    const {id, name} = told.product ?? {};
    return {
      ready: true, anonymousId: tact.anonymousId(), slots: [...new Set(slots)],
      consent: state?.personalization ? 'granted' : state?.chosen ? 'refused' : 'undecided',
      names: id && name && names[id] !== name ? {...names, [id]: name} : names,
    };
  } catch {
    return {...UNKNOWN, names};
  }
}

export function useShop(frame: RefObject<HTMLIFrameElement | null>): Shop {
  const [shop, setShop] = useState(UNKNOWN);
  useEffect(() => {
    const timer = window.setInterval(() => setShop((old) => {
      const next = see(frame.current, old.names);
      return JSON.stringify(next) === JSON.stringify(old) ? old : next;
    }), LOOK_MS);
    return () => window.clearInterval(timer);
  }, [frame]);
  return shop;
}

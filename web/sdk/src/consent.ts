/** Consent: the visitor's choice, the site's mode, and Global Privacy Control, made into one state.
 *
 *  Stored is the choice alone (`tact.consent`), without an id and without a time. `gpc` in it says
 *  that the choice was made while the browser sent GPC: only such a grant overrides GPC, an older
 *  one does not. */
import type {Store} from './store';
import type {ConsentChoice, ConsentState} from './types';
import {compact, isObject} from './util';
import {words} from './words';

export const CONSENT_KEY = 'tact.consent';

interface Stored {
  personalization: boolean;
  analytics: boolean;
  gpc?: boolean;
}

export class Consent {
  /** The server had the signal: some browsers send the header and tell scripts nothing. */
  private heard = false;

  constructor(private readonly store: Store, private readonly mode: 'required' | 'granted') {}

  private stored(): Stored | null {
    try {
      const s: unknown = JSON.parse(this.store.get(CONSENT_KEY) ?? 'null');
      if (!isObject(s)) return null;
      // Anything but a plain `true` is not a grant.
      return {personalization: s.personalization === true, analytics: s.analytics === true, gpc: s.gpc === true};
    } catch {
      return null;
    }
  }

  state(): ConsentState {
    const choice = this.stored();
    const site = this.mode === 'granted';
    const gpc = this.gpc();
    const denied = gpc && !choice?.gpc;
    return compact({
      personalization: (choice ? choice.personalization : site) && !denied,
      analytics: choice ? choice.analytics : site,
      chosen: !!choice,
      gpc,
      says: denied ? words(document.documentElement.lang).gpc : undefined,
    }) as ConsentState;
  }

  /** Purposes the caller leaves out keep what the visitor chose before; never chosen means no. */
  choose(choice: ConsentChoice): void {
    const old = this.stored();
    const next: Stored = {
      personalization: choice.personalization ?? old?.personalization ?? false,
      analytics: choice.analytics ?? old?.analytics ?? false,
    };
    // An explicit grant made under GPC is kept as such; a partial call does not turn an old one into it.
    if (this.gpc() && (choice.personalization === true || (choice.personalization === undefined && old?.gpc))) next.gpc = true;
    this.store.set(CONSENT_KEY, JSON.stringify(next));
  }

  hear(): void {
    this.heard = true;
  }

  private gpc(): boolean {
    return this.heard || (navigator as {globalPrivacyControl?: unknown}).globalPrivacyControl === true;
  }
}

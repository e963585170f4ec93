/** dist/tact.js: takes over `window.tact`, starts by the script tag's data-attributes. */
import {createTact} from './tact';
import type {Options, Tact} from './types';
import {compact} from './util';

declare global {
  interface Window {
    tact?: Tact | unknown[];
  }
}

try {
  const before = window.tact;
  // Included twice: the first one stays.
  if (!before || Array.isArray(before)) {
    const script = document.currentScript as HTMLScriptElement | null;
    const data = script?.dataset ?? {};
    const tact = createTact(script?.src ? new URL(script.src).origin : undefined);
    window.tact = tact;
    if (data.writeKey) {
      tact.load(compact({
        writeKey: data.writeKey,
        host: data.host,
        consent: data.consent === 'granted' ? 'granted' : 'required',
        anonymousId: data.anonymousId,
        autoPage: data.autoPage !== 'false',
        defaultStyle: data.defaultStyle !== 'false',
      } as const) as Options);
    }
    tact.push(...(before ?? []));
  }
} catch {
  // A page without Tact is the page as it is.
}

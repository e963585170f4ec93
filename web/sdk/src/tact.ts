/** The public object. Its promise to the page: no call ever throws, and calls made before Tact has
 *  started are kept in order and made up for. */
import {Client, type Safe} from './client';
import type {Decision, Happenings, Options, Tact} from './types';

type Listeners = {[K in keyof Happenings]?: Set<(what: Happenings[K]) => void>};

/** `origin`: where the script itself came from, if known. */
export function createTact(origin?: string): Tact & {/** @internal for tests */ stop(): void} {
  const listeners: Listeners = {};
  const waiting: (() => void)[] = [];
  let client: Client | undefined;
  let started = false;
  let pageAsked = false;

  const emit = <K extends keyof Happenings>(event: K, what: Happenings[K]): void => {
    for (const fn of listeners[event] ?? []) {
      try {
        fn(what);
      } catch (e) {
        if (event !== 'error') failed(e);
      }
    }
  };
  const failed = (e: unknown): void => emit('error', e instanceof Error ? e : new Error(String(e)));
  const safe: Safe = (fn) => (...args) => {
    try {
      const result = fn(...args);
      if (result instanceof Promise) result.catch(failed);
    } catch (e) {
      failed(e);
    }
  };
  const later = (fn: (c: Client) => unknown): void => {
    const run = safe(() => fn(client!));
    if (started) run();
    else waiting.push(run);
  };

  const start = safe(() => {
    if (!client || started) return;
    started = true;
    client.start(!pageAsked && options!.autoPage !== false);
    waiting.splice(0).forEach((fn) => fn());
    emit('ready', undefined);
  });
  let options: Options | undefined;

  const tact: ReturnType<typeof createTact> = {
    load: safe((o: Options) => {
      if (client) throw new Error('tact.load: already loaded');
      if (!o?.writeKey) throw new Error('tact.load: writeKey is missing');
      if (typeof document === 'undefined') throw new Error('tact.load: not in a browser');
      options = {...o};
      client = new Client(options, (o.host ?? origin ?? location.origin).replace(/\/+$/, ''), emit, safe);
      // One request for all slots, with the page's meta: so not before the document is parsed. And a
      // microtask later, so that calls queued by the snippet can say that they bring the page view.
      if ((document as {prerendering?: boolean}).prerendering) document.addEventListener('prerenderingchange', start, {once: true});
      else if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start, {once: true});
      else queueMicrotask(start);
    }),
    page: (name, props) => {
      pageAsked = true;
      // page({product: …}) without a name is welcome too.
      const [n, p] = typeof name === 'object' ? [undefined, name as typeof props] : [name, props];
      later((c) => c.page(n, p));
    },
    track: (event, properties) => later((c) => c.track(event, properties)),
    identify: (userId, traits, token) => later((c) => c.identify(userId, traits, token)),
    consent: (choice) => later((c) => c.consent(choice)),
    consentState: () => {
      try {
        if (client) return client.consentState();
      } catch (e) {
        failed(e);
      }
      return {personalization: false, analytics: false, chosen: false, gpc: false};
    },
    decide: (slots) => new Promise<Decision[]>((done) => {
      const names = [...new Set(([] as unknown[]).concat(slots).filter((s): s is string => !!s && typeof s === 'string'))];
      if (!names.length) return done([]);
      later((c) => c.stage.answersFor(names).then(done, (e) => {
        failed(e);
        done(names.map((slot) => ({slot, show: null})));
      }));
    }),
    refresh: () => later((c) => c.stage.refresh()),
    reset: () => later((c) => c.reset()),
    anonymousId: () => {
      try {
        return started ? client!.anonymousId() : null;
      } catch (e) {
        failed(e);
        return null;
      }
    },
    on: (event, fn) => {
      const set = (listeners[event] ??= new Set() as never) as Set<typeof fn>;
      set.add(fn);
      return () => void set.delete(fn);
    },
    push: (...calls) => {
      for (const call of calls) safe(() => {
        if (typeof call === 'function') return call(tact);
        const [name, ...args] = call as [keyof Tact, ...unknown[]];
        const fn = Object.prototype.hasOwnProperty.call(tact, name) ? tact[name] : undefined;
        if (!fn || name === 'push') throw new Error(`tact: no such call: ${name}`);
        return (fn as (...a: unknown[]) => unknown)(...args);
      })();
    },
    stop: safe(() => {
      client?.stop();
      client = undefined;
      started = false;
    }),
  };
  return tact;
}

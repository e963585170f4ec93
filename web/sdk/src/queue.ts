/** Events on their way to the server.
 *
 *  An event stays here until the server confirmed it (2xx) or refused it for good. Whatever carries
 *  it meanwhile (a batch, a decide request, a beacon at page hide, the next page) carries the same
 *  messageId, on which the server is idempotent: so nothing is lost, and sending twice is harmless.
 *  Unconfirmed events survive a navigation in sessionStorage, which belongs to this tab alone. */
import type {Store} from './store';
import {post, temporary} from './transport';
import type {TactEvent} from './types';
import {bytes} from './util';

const KEY = 'tact.queue';
const MAX_EVENTS = 500;
const MAX_EVENT_BYTES = 32_000;  // Segment's limit for one event
const BATCH_EVENTS = 100;
const BATCH_BYTES = 60_000;  // browsers refuse beacons over 64 KiB
const FLUSH_EVENTS = 20;
const FLUSH_MS = 1_000;
const REQUEST_MS = 10_000;
const BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 60_000;

/** `b`: a beacon took it. Beacons do not tell whether they arrived, so it stays until something does;
 *  it rides along but is no reason for a request of its own. */
interface Item {
  e: TactEvent;
  b?: 1;
}

export interface QueueOptions {
  url: string;
  writeKey: string;
  session: Store;
  /** May events be kept on this device? */
  mayKeep: () => boolean;
  failed: (why: string) => void;
}

export class Queue {
  private items: Item[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private due = 0;
  private busy = false;
  private held = 0;
  private failures = 0;
  private notBefore = 0;

  constructor(private readonly o: QueueOptions) {}

  /** Takes over what the page before left, or what is left after a stay in the back/forward cache. */
  restore(): void {
    this.items = [];
    if (!this.o.mayKeep()) return this.save();
    try {
      const kept: unknown = JSON.parse(this.o.session.get(KEY) ?? '[]');
      if (Array.isArray(kept)) this.items = kept.filter((i: Partial<Item> | null) => typeof i?.e?.messageId === 'string');
    } catch {
      // Somebody else's text under our key.
    }
    this.schedule();
  }

  add(e: TactEvent): void {
    if (bytes(JSON.stringify(e)) > MAX_EVENT_BYTES) return this.o.failed(`event over ${MAX_EVENT_BYTES} bytes dropped: ${e.event ?? e.type}`);
    this.items.push({e});
    if (this.items.length > MAX_EVENTS) {
      this.items.shift();
      this.o.failed('queue full: oldest event dropped');
    }
    this.save();
    this.schedule(this.fresh().length < FLUSH_EVENTS ? FLUSH_MS : 0);
  }

  clear(): void {
    this.items = [];
    this.save();
  }

  /** The events a decide request carries. Batches wait until `release`, so that order is kept. */
  claim(anonymousId: string): TactEvent[] {
    this.held++;
    const own = this.items.filter((i) => i.e.anonymousId === anonymousId);
    return (this.chunks(own)[0] ?? []).map((i) => i.e);
  }

  release(): void {
    this.held--;
    this.schedule();
  }

  confirm(events: TactEvent[]): void {
    const done = new Set(events.map((e) => e.messageId));
    this.items = this.items.filter((i) => !done.has(i.e.messageId));
    this.save();
  }

  /** The server asked for silence (`Retry-After`). */
  pause(ms: number): void {
    this.notBefore = Math.max(this.notBefore, Date.now() + ms);
  }

  paused(): boolean {
    return Date.now() < this.notBefore;
  }

  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.due = 0;
    if (this.busy || this.held || !this.items.length) return;
    if (this.paused()) return this.schedule();
    this.busy = true;
    const events = this.chunks(this.items)[0]!.map((i) => i.e);
    const {status, retryAfter} = await post(this.o.url, this.body(events), REQUEST_MS);
    this.busy = false;
    if (status >= 200 && status < 300) {
      this.failures = 0;
      this.confirm(events);
    } else if (temporary(status)) {
      // Jittered, so that a thousand tabs do not come back in the same second.
      const backoff = Math.min(BACKOFF_MS * 2 ** this.failures++, MAX_BACKOFF_MS) * (0.5 + Math.random() / 2);
      this.pause(Math.max(backoff, retryAfter));
      this.o.failed(`events not delivered (${status || 'no answer'}), will retry`);
    } else {
      this.confirm(events);
      this.o.failed(`events refused (${status}), dropped`);
    }
    this.schedule(status && !this.paused() ? 0 : FLUSH_MS);
  }

  /** The page is being hidden: hand everything to the browser. */
  hide(): void {
    for (const chunk of this.chunks(this.fresh())) {
      const events = chunk.map((i) => i.e);
      const body = this.body(events);
      if (!this.beacon(body)) {
        fetch(this.o.url, {method: 'POST', body, keepalive: true, credentials: 'omit'})
          .then((r) => r.ok && this.confirm(events), () => undefined);  // still kept for the next page
      }
      for (const i of chunk) i.b = 1;
    }
    this.save();
  }

  /** `more`: events that count only if this page never comes back. */
  save(more: TactEvent[] = []): void {
    const kept = this.o.mayKeep() ? [...this.items, ...more.map((e) => ({e}))] : [];
    if (kept.length) this.o.session.set(KEY, JSON.stringify(kept));
    else this.o.session.remove(KEY);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.held = Infinity;
  }

  private beacon(body: string): boolean {
    try {
      return navigator.sendBeacon(this.o.url, body);
    } catch {
      return false;
    }
  }

  private fresh(): Item[] {
    return this.items.filter((i) => !i.b);
  }

  private schedule(ms = FLUSH_MS): void {
    if (this.busy || this.held || !this.fresh().length) return;
    const at = Math.max(Date.now() + ms, this.notBefore);
    if (this.due && this.due <= at && this.due >= this.notBefore) return;
    clearTimeout(this.timer);
    this.due = at;
    this.timer = setTimeout(() => void this.flush(), at - Date.now());
  }

  private body(batch: TactEvent[]): string {
    return JSON.stringify({writeKey: this.o.writeKey, sentAt: new Date().toISOString(), batch});
  }

  private chunks(items: Item[]): Item[][] {
    const out: Item[][] = [];
    let size = Infinity;
    for (const i of items) {
      const n = bytes(JSON.stringify(i.e)) + 1;
      const last = out[out.length - 1];
      if (!last || size + n > BATCH_BYTES || last.length >= BATCH_EVENTS) {
        out.push([i]);
        size = n + 200;  // the envelope: key, time, brackets
      } else {
        last.push(i);
        size += n;
      }
    }
    return out;
  }
}

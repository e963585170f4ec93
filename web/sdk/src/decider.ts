/** Asks `/v1/decide`, within the time a page may wait for it. */
import {readDecisions} from './answer';
import {arrival, categories, decidePage, timezone} from './page';
import type {Queue} from './queue';
import {post} from './transport';
import type {ConsentState, Decision} from './types';
import {compact, isObject, uuid} from './util';
import type {View} from './view';

/** From the moment a decision is wanted to the moment a page no longer waits for it. */
export const DEADLINE_MS = 300;

export interface Asked {
  slots: string[];
  /** performance.now() after which nothing may be shown any more. */
  deadline: number;
  view: View;
  consent: ConsentState;
  /** Only with consent to personalization. */
  anonymousId: string | null;
}

export interface Answered {
  decisions: Decision[];
  /** Too late to be shown: the server has recorded them and has to hear that nobody saw them. */
  late: boolean;
  /** Given up waiting: the server may have recorded decisions whose ids nobody here knows. */
  lost?: string;
}

export class Decider {
  /** Answered 429: until then the server is left in peace and the default stays. */
  private silentUntil = 0;

  constructor(
      private readonly url: string, private readonly writeKey: string, private readonly queue: Queue,
      private readonly failed: (why: string) => void, private readonly heardGpc: () => void) {}

  /** Null: no answer that counts; the default content stays. */
  async ask(a: Asked): Promise<Answered | null> {
    const left = a.deadline - performance.now();
    if (left <= 0 || Date.now() < this.silentUntil) return null;
    const id = a.anonymousId;
    const {view} = a;
    const events = id ? this.queue.claim(id) : undefined;
    // Without consent nothing is recorded, so nothing can be repeated: no id of any kind.
    const requestId = id ? uuid() : undefined;
    try {
      const answer = await post(this.url, JSON.stringify(compact({
        writeKey: this.writeKey,
        requestId,
        visitor: id ? {anonymousId: id} : undefined,
        page: decidePage(view.details, view.url, view.title, id ? view.referrer : arrival(view.referrer)),
        context: compact({timezone: id ? timezone() : undefined, locale: navigator.language, consent: categories(a.consent)}),
        events,
        slots: a.slots,
      })), left);
      const decisions = answer.status === 200 ? readDecisions(answer.json, a.slots) : null;
      if (isObject(answer.json) && isObject(answer.json.consent) && answer.json.consent.gpc === true) this.heardGpc();
      if (answer.status === 429) {
        this.silentUntil = Date.now() + answer.retryAfter;
        this.queue.pause(answer.retryAfter);
      }
      if (!decisions) {
        // The events stay in the queue: a batch carries them, with the same messageIds.
        this.failed(`no decision (${answer.status === 200 ? 'malformed answer' : answer.status || 'no answer in time'})`);
        return requestId && !answer.status ? {decisions: [], late: true, lost: requestId} : null;
      }
      if (events) this.queue.confirm(events);
      return {decisions, late: performance.now() > a.deadline};
    } finally {
      if (events) this.queue.release();
    }
  }
}

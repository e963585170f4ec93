/** Was a decided slot really seen? ≥ 50 % in view for ≥ 1 s in one go, in a visible tab.
 *
 *  Slots that kept their default content are watched in the same way: the held-out visitors must be
 *  counted like the others. Each decision ends in exactly one report, seen or not seen. Where the
 *  browser has no IntersectionObserver nothing is reported; the server then counts it as seen. */
import type {Decision} from './types';
import {uuid} from './util';

const SEEN_MS = 1_000;
const PART = 0.5;

export interface Unseen {
  decision: Decision;
  /** For the report "not seen", fixed from the start (see View.leftId). */
  messageId: string;
}

export class Visibility {
  private readonly open = new Map<string, Unseen>();
  private readonly targets = new Map<Element, Decision>();
  private readonly timers = new Map<Element, ReturnType<typeof setTimeout>>();
  private readonly io: IntersectionObserver | undefined;

  constructor(private readonly seen: (d: Decision) => void) {
    if (typeof IntersectionObserver !== 'function') return;
    this.io = new IntersectionObserver((entries) => {
      for (const e of entries) {
        if (e.isIntersecting && e.intersectionRatio >= PART) this.enter(e.target);
        else this.leave(e.target);
      }
    }, {threshold: [0, PART]});
  }

  /** A decision to report on, whether or not its slot is still in the document. */
  begin(decision: Decision): void {
    if (this.io && decision.id) this.open.set(decision.id, {decision, messageId: uuid()});
  }

  /** An element of its slot. There may be several, and they may be replaced: seen once is seen. */
  watch(el: Element, decision: Decision): void {
    this.drop(el);
    if (!this.io || !decision.id || !this.open.has(decision.id)) return;
    this.targets.set(el, decision);
    this.io.observe(el);
  }

  /** Tab hidden: no second counts. Tab visible again: a new second begins. */
  tab(visible: boolean): void {
    for (const el of this.targets.keys()) {
      this.leave(el);
      this.io?.unobserve(el);
      if (visible) this.io?.observe(el);  // observing anew reports the present state
    }
  }

  /** Seen by the clock, or because the visitor used the message. */
  saw(decision: Decision): void {
    if (!decision.id || !this.open.has(decision.id)) return;
    this.close(decision);
    this.seen(decision);
  }

  unseen(): Unseen[] {
    return [...this.open.values()];
  }

  /** The decisions of these slots (all, when none are named) are over. */
  end(slots?: string[]): Unseen[] {
    const over = this.unseen().filter((u) => !slots || slots.includes(u.decision.slot));
    for (const u of over) this.close(u.decision);
    return over;
  }

  stop(): void {
    this.end();
    this.io?.disconnect();
  }

  private enter(el: Element): void {
    if (this.timers.has(el) || document.visibilityState === 'hidden') return;
    this.timers.set(el, setTimeout(() => {
      const decision = this.targets.get(el);
      if (decision) this.saw(decision);
    }, SEEN_MS));
  }

  private leave(el: Element): void {
    clearTimeout(this.timers.get(el));
    this.timers.delete(el);
  }

  private close(decision: Decision): void {
    this.open.delete(decision.id!);
    for (const [el, d] of this.targets) if (d.id === decision.id) this.drop(el);
  }

  private drop(el: Element): void {
    this.leave(el);
    if (this.targets.delete(el)) this.io?.unobserve(el);
  }
}

/** The slots of the present page view: asks for decisions, shows them, and reports how each ended.
 *
 *  Invariants: of several requests for one slot only the last one's answer is shown; nothing is shown
 *  after its deadline or on another view than it was asked for; every decision with an id that was
 *  not shown is reported as not seen, because the server has counted it. */
import {DEADLINE_MS, type Decider} from './decider';
import {metaDetails} from './page';
import {Slots} from './slots';
import type {ConsentState, Decision, Properties} from './types';
import {compact} from './util';
import {View} from './view';
import {type Unseen, Visibility} from './visibility';

const SCAN_MS = 20;      // slots added together are decided together
const REFRESH_MS = 100;

export interface StageOptions {
  decider: Decider;
  style: boolean;
  view: () => View | undefined;
  consent: () => ConsentState;
  anonymousId: () => string | null;
  track: (event: string, properties: Properties, messageId?: string) => void;
  decided: (d: Decision) => void;
  /** Keeps exceptions of delayed work inside. */
  safe: (fn: () => unknown) => () => void;
}

export class Stage {
  private readonly slots: Slots;
  private readonly visibility: Visibility;
  /** What holds for the slots of this view, and which request asked for each last. */
  private readonly decisions = new Map<string, Decision>();
  private readonly asked = new Map<string, number>();
  private requests = 0;
  private scanTimer: ReturnType<typeof setTimeout> | undefined;
  private refreshTimer: ReturnType<typeof setTimeout> | undefined;
  /** Messages put away without consent: no server remembers it, this page does. */
  private readonly away = new Set<string>();

  constructor(private readonly o: StageOptions) {
    this.visibility = new Visibility((d) => this.about('Message Seen', d));
    this.slots = new Slots(o.style, {
      clicked: (d) => {
        this.visibility.saw(d);
        this.about('Message Clicked', d);
      },
      dismissed: (d, reason) => this.putAway(d, 'Message Dismissed', {slot: d.slot, reason}),
      answered: (d, answer) => {
        this.putAway(d, 'Question Answered', {question: d.show?.message, answer});
        this.refresh();  // the answer decides the next decision
      },
    });
  }

  decideAll(since = performance.now()): void {
    this.o.safe(() => this.decide([...this.slots.find().keys()], since + DEADLINE_MS))();
  }

  /** For the page's own rendering: nothing is shown or watched here. */
  async answersFor(slots: string[]): Promise<Decision[]> {
    const answer = await this.ask(slots, performance.now() + DEADLINE_MS);
    if (answer && !answer.late) return answer.decisions;
    this.unused(answer?.decisions);
    return slots.map((slot) => ({slot, show: null}));
  }

  refresh(): void {
    clearTimeout(this.refreshTimer);
    this.refreshTimer = setTimeout(this.o.safe(() => this.decideAll()), REFRESH_MS);
  }

  /** The document changed: slots may have come, or come again. */
  scan(): void {
    const since = performance.now();
    this.scanTimer ??= setTimeout(this.o.safe(() => {
      this.scanTimer = undefined;
      if (!this.o.view()) return;  // between two views; the next one looks at all slots
      const wanted: string[] = [];
      for (const [name, els] of this.slots.find()) {
        const d = this.decisions.get(name);
        if (d) for (const el of els) this.slots.isNew(el) && this.put(el, d);
        else if (!this.asked.has(name)) wanted.push(name);
      }
      return this.decide(wanted, since + DEADLINE_MS);
    }), SCAN_MS);
  }

  tab(visible: boolean): void {
    this.visibility.tab(visible);
  }

  /** Decisions nobody has seen up to now. */
  unseen(): Unseen[] {
    return this.visibility.unseen();
  }

  /** The view is over. Messages stay in place until the next view's answer, or its deadline. */
  end(): void {
    this.visibility.end();
    this.decisions.clear();
    this.asked.clear();
  }

  /** Back to the defaults, which stay until the next view or `decideAll`. */
  restoreAll(): void {
    this.visibility.end();
    this.decisions.clear();
    for (const [name, els] of this.slots.find()) {
      this.asked.set(name, ++this.requests);  // answers on their way come too late
      els.forEach((el) => this.slots.restore(el));
    }
  }

  stop(): void {
    clearTimeout(this.scanTimer);
    clearTimeout(this.refreshTimer);
    this.visibility.stop();
  }

  private async ask(slots: string[], deadline: number): ReturnType<Decider['ask']> {
    const consent = this.o.consent();
    const answer = await this.o.decider.ask({
      slots, deadline, consent,
      view: this.o.view() ?? new View(metaDetails(), document.referrer),
      anonymousId: consent.personalization ? this.o.anonymousId() : null,
    });
    if (answer?.lost) this.o.track('Message Not Seen', {request: answer.lost});
    return answer;
  }

  private async decide(slots: string[], deadline: number): Promise<void> {
    if (!slots.length || !this.o.view()) return;
    const request = ++this.requests;
    for (const s of slots) this.asked.set(s, request);
    // A slot asked for again meanwhile, or on a page that is gone, waits for the other answer.
    const mine = (slot: string): boolean => this.asked.get(slot) === request;
    // What the page does in the same breath (track, consent) comes first, so that it counts.
    await Promise.resolve();
    slots = slots.filter(mine);
    if (!slots.length) return;
    const answer = await this.ask(slots, deadline);
    const elements = this.slots.find();
    if (!answer || answer.late) {
      this.unused(answer?.decisions);
      // What this view already decided stays; the message of the view before goes.
      for (const s of slots) {
        if (mine(s) && !this.decisions.has(s)) elements.get(s)?.forEach((el) => this.slots.restore(el));
      }
      return;
    }
    this.unused(answer.decisions.filter((d) => !mine(d.slot)));
    for (const given of answer.decisions.filter((d) => mine(d.slot))) {
      const d = !given.id && this.away.has(awayKey(given)) ? {...given, show: null} : given;
      const renewed = !d.id || this.decisions.get(d.slot)?.id !== d.id;
      if (renewed) {
        for (const u of this.visibility.end([d.slot])) this.about('Message Not Seen', u.decision, u.messageId);
        this.visibility.begin(d);
      }
      this.decisions.set(d.slot, d);
      elements.get(d.slot)?.forEach((el) => this.put(el, d));
      this.o.decided(d);
    }
  }

  private put(el: Element, d: Decision): void {
    this.slots.apply(el, d);
    this.visibility.watch(el, d);
  }

  /** The visitor used the message and is done with it. */
  private putAway(d: Decision, event: string, properties: Properties): void {
    this.visibility.saw(d);
    if (d.id) this.o.track(event, compact({decision: d.id, ...properties}));
    else this.away.add(awayKey(d));
    this.decisions.set(d.slot, {...d, show: null});
  }

  private unused(decisions: Decision[] = []): void {
    for (const d of decisions) this.about('Message Not Seen', d);
  }

  private about(event: string, d: Decision, messageId?: string): void {
    if (d.id) this.o.track(event, {decision: d.id, slot: d.slot}, messageId);
  }
}

const awayKey = (d: Decision): string => `${d.slot} ${d.show?.message}`;

/** The life of one page: consent, page views, events, slots. The one file that knows all the others.
 *
 *  Nothing here is called by the page directly: tact.ts stands in front and keeps exceptions inside. */
import {Consent, CONSENT_KEY} from './consent';
import {DEADLINE_MS, Decider} from './decider';
import {context, metaDetails} from './page';
import {Queue} from './queue';
import {watchRoutes} from './routes';
import {Slots} from './slots';
import {Store} from './store';
import type {ConsentChoice, ConsentState, Decision, Happenings, Options, PageDetails, Properties, TactEvent} from './types';
import {compact, text, uuid} from './util';
import {View} from './view';
import {type Unseen, Visibility} from './visibility';

const ID_KEY = 'tact.id';
const SETTLE_MS = 50;     // a router changes the address first, title and meta a little later
const SCAN_MS = 20;       // slots added together are decided together
const REFRESH_MS = 100;

type Emit = <K extends keyof Happenings>(event: K, what: Happenings[K]) => void;
/** Runs a function, reporting what it throws instead of throwing it. */
export type Safe = <A extends unknown[]>(fn: (...args: A) => unknown) => (...args: A) => void;
type Timer = ReturnType<typeof setTimeout> | undefined;

export class Client {
  private readonly local = new Store('localStorage');
  private readonly permit: Consent;
  private readonly queue: Queue;
  private readonly decider: Decider;
  private readonly slots: Slots;
  private readonly visibility: Visibility;
  private readonly undo: (() => void)[] = [];
  private view: View | undefined;
  private lastUrl: string | undefined;
  /** What holds for the slots of this view, and which request asked for each last. */
  private readonly decided = new Map<string, Decision>();
  private readonly asked = new Map<string, number>();
  private requests = 0;
  private consentNow: ConsentState;
  private routeTimer: Timer;
  private scanTimer: Timer;
  private refreshTimer: Timer;
  /** Messages put away without consent: no server remembers it, this page does. */
  private readonly away = new Set<string>();

  constructor(private readonly o: Options, host: string, private readonly emit: Emit, private readonly safe: Safe) {
    const failed = (why: string): void => emit('error', new Error(why));
    const {writeKey} = o;
    this.permit = new Consent(this.local, o.consent === 'granted' ? 'granted' : 'required');
    this.consentNow = this.permit.state();
    this.queue = new Queue({
      url: `${host}/v1/batch`, writeKey, session: new Store('sessionStorage'), failed, mayKeep: () => this.tracking(),
    });
    this.decider = new Decider(`${host}/v1/decide`, writeKey, this.queue, failed);
    this.visibility = new Visibility((d) => this.about('Message Seen', d));
    this.slots = new Slots(o.defaultStyle !== false, {
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

  /** `auto`: send the first page view (the page did not ask for one itself). */
  start(auto: boolean): void {
    this.queue.restore();
    this.listen();
    if (auto) this.page(undefined, undefined, document.referrer);
  }

  page(name?: string, props?: PageDetails, referrer = this.referrer(), since = performance.now()): void {
    clearTimeout(this.routeTimer);
    this.routeTimer = undefined;
    this.leave();
    let details: PageDetails = {};
    this.safe(() => (details = metaDetails()))();
    this.view = new View({...details, ...props, ...(name ? {type: name} : {})}, referrer);
    this.lastUrl = this.view.url.href;
    this.recordPage();
    void this.decideSlots([...this.slots.find().keys()], since + DEADLINE_MS);
  }

  private referrer(): string {
    // A second view of the same address (page() after the automatic one) was not referred by itself.
    if (this.view && this.lastUrl === location.href) return this.view.referrer;
    return this.lastUrl ?? document.referrer;
  }

  track(event: string, properties: Properties = {}): void {
    this.record({type: 'track', event, properties});
  }

  identify(userId: unknown, traits?: Properties): void {
    const id = text(userId);
    this.record({type: 'identify', ...(id ? {userId: id} : {}), traits: (id ? traits : (userId as Properties)) ?? {}});
  }

  consent(choice: ConsentChoice): void {
    const chosen = this.permit.state().chosen;
    this.permit.choose(choice);
    this.applyConsent(true, !chosen);
  }

  consentState(): ConsentState {
    return this.permit.state();
  }

  async decide(slots: string[]): Promise<Decision[]> {
    const answer = await this.ask(slots, performance.now() + DEADLINE_MS);
    if (answer && !answer.late) return answer.decisions;
    if (answer) this.notSeen(answer.decisions);
    return slots.map((slot) => ({slot, show: null}));
  }

  refresh(): void {
    clearTimeout(this.refreshTimer);
    this.refreshTimer = setTimeout(this.safe(() => {
      // A new view decides everything anyway.
      if (!this.routeTimer) void this.decideSlots([...this.slots.find().keys()], performance.now() + DEADLINE_MS);
    }), REFRESH_MS);
  }

  reset(): void {
    for (const u of this.visibility.end()) this.reportUnseen(u);
    this.local.remove(ID_KEY);
    delete this.o.anonymousId;
    this.restoreAll();
    void this.decideSlots([...this.slots.find().keys()], performance.now() + DEADLINE_MS);
  }

  anonymousId(): string | null {
    if (!this.tracking()) return null;
    // Read each time: another tab may have reset it.
    let id = this.o.anonymousId ?? this.local.get(ID_KEY);
    if (!id) id = uuid();
    if (this.local.get(ID_KEY) !== id) this.local.set(ID_KEY, id);
    return id;
  }

  stop(): void {
    this.undo.forEach((u) => u());
    [this.routeTimer, this.scanTimer, this.refreshTimer].forEach(clearTimeout);
    this.visibility.stop();
    this.queue.stop();
  }

  // ---- consent

  private tracking(): boolean {
    return this.consentNow.personalization || this.consentNow.analytics;
  }

  /** `announce`: the choice was made here, not in another tab, so the server hears it from here. */
  private applyConsent(announce: boolean, first = false): void {
    const before = this.consentNow;
    const was = this.tracking();
    const id = this.anonymousId();
    this.consentNow = this.permit.state();
    const after = this.consentNow;
    const is = this.tracking();
    const changed = before.personalization !== after.personalization || before.analytics !== after.analytics;
    if (before.personalization && !after.personalization) {
      this.visibility.end();
      this.restoreAll();
    }
    if (was && !is) {
      this.local.remove(ID_KEY);
      this.queue.clear();
    }
    if (announce && (was || is) && (changed || first)) {
      const anonymousId = id ?? this.anonymousId()!;
      this.enqueue({type: 'track', event: 'Segment Consent Preference Updated', properties: {}}, anonymousId);
      if (!is) void this.queue.flush();
    }
    if (changed || first) this.emit('consent', after);
    if (this.view && ((is && !was) || (after.personalization && !before.personalization))) {
      // What was done before the grant is not reported: the view begins now.
      if (!was) this.visibility.end();
      const {details, referrer} = this.view;
      if (!was) this.view = undefined;
      this.page(details.type, details, referrer);
    }
  }

  // ---- events

  private record(what: Pick<TactEvent, 'type'> & Partial<TactEvent>): void {
    const id = this.anonymousId();
    if (id) this.enqueue(what, id);
  }

  private enqueue(what: Pick<TactEvent, 'type'> & Partial<TactEvent>, anonymousId: string): void {
    const e = this.event(what, anonymousId);
    this.queue.add(e);
    this.emit('event', e);
  }

  private event(what: Pick<TactEvent, 'type'> & Partial<TactEvent>, anonymousId: string): TactEvent {
    const v = this.view;
    const url = v?.url ?? new URL(location.href);
    return {
      messageId: uuid(),
      anonymousId,
      timestamp: new Date().toISOString(),
      ...what,
      context: context(url, v?.title ?? document.title, v?.referrer ?? document.referrer, this.consentNow),
    };
  }

  private recordPage(): void {
    const type = text(this.view!.details.type);
    this.record({type: 'page', ...(type ? {name: type} : {}), properties: this.view!.properties()});
  }

  private about(event: string, d: Decision): void {
    if (d.id) this.track(event, {decision: d.id, slot: d.slot});
  }

  private reportUnseen(u: Unseen): void {
    this.record(this.unseenEvent(u));
  }

  private unseenEvent({decision, messageId}: Unseen): Pick<TactEvent, 'type'> & Partial<TactEvent> {
    return {type: 'track', event: 'Message Not Seen', messageId, properties: {decision: decision.id, slot: decision.slot}};
  }

  private notSeen(decisions: Decision[]): void {
    for (const d of decisions) this.about('Message Not Seen', d);
  }

  /** The visitor used the message and is done with it. */
  private putAway(d: Decision, event: string, properties: Properties): void {
    this.visibility.saw(d);
    if (d.id) this.track(event, compact({decision: d.id, ...properties}));
    else this.away.add(`${d.slot} ${d.show?.message}`);
    this.decided.set(d.slot, {...d, show: null});
  }

  // ---- the page's life

  private farewell(): (Pick<TactEvent, 'type'> & Partial<TactEvent>)[] {
    if (!this.view) return [];
    const left = {type: 'track' as const, event: 'Page Left', messageId: this.view.leftId, properties: this.view.left()};
    return [...this.visibility.unseen().map((u) => this.unseenEvent(u)), left];
  }

  /** The page view is over: it says how it went, and its answers are no longer waited for. */
  private leave(): void {
    for (const e of this.farewell()) this.record(e);
    this.visibility.end();
    this.view = undefined;
    this.decided.clear();
    this.asked.clear();
  }

  private listen(): void {
    const on = (target: EventTarget, type: string, fn: (e: Event) => void): void => {
      const safe = this.safe(fn);
      target.addEventListener(type, safe, {passive: true});
      this.undo.push(() => target.removeEventListener(type, safe));
    };
    let drawn = true;
    on(window, 'scroll', () => {
      if (drawn) requestAnimationFrame(this.safe(() => {
        drawn = true;
        this.view?.scrolled();
      }));
      drawn = false;
    });
    on(document, 'visibilitychange', () => {
      const visible = document.visibilityState !== 'hidden';
      this.view?.visible(visible);
      this.visibility.tab(visible);
      if (visible) return this.queue.save();
      this.queue.hide();
      // A phone may end a hidden page without another word. What the page would say then is left for
      // the next one; if this page comes back or leaves in good order, it says it itself (same ids).
      const id = this.anonymousId();
      if (id) this.queue.save(this.farewell().map((e) => this.event(e, id)));
    });
    on(window, 'pagehide', () => {
      this.leave();
      this.queue.hide();
    });
    on(window, 'pageshow', (e) => {
      if (!(e as PageTransitionEvent).persisted) return;
      // Back from the back/forward cache: other pages had the queue, the id and the consent meanwhile.
      this.applyConsent(false);
      this.queue.restore();
      if (this.o.autoPage !== false) this.page(undefined, undefined, document.referrer);
    });
    on(window, 'storage', (e) => {
      const {key} = e as StorageEvent;
      if (key === CONSENT_KEY || key === null) this.applyConsent(false);
    });
    if (this.o.autoPage !== false) this.undo.push(watchRoutes(this.safe(() => this.routeChanged())));
    const added = new MutationObserver(this.safe(() => this.scan()));
    added.observe(document.documentElement, {childList: true, subtree: true, attributes: true, attributeFilter: ['data-tact-slot']});
    this.undo.push(() => added.disconnect());
  }

  private routeChanged(): void {
    const since = performance.now();
    this.leave();
    clearTimeout(this.routeTimer);
    this.routeTimer = setTimeout(this.safe(() => this.page(undefined, undefined, undefined, since)), SETTLE_MS);
  }

  // ---- slots

  private scan(): void {
    this.scanTimer ??= setTimeout(this.safe(() => {
      this.scanTimer = undefined;
      if (!this.view) return;  // between two views; the next one looks at all slots
      const wanted: string[] = [];
      for (const [name, els] of this.slots.find()) {
        const d = this.decided.get(name);
        if (d) for (const el of els) this.slots.isNew(el) && this.put(el, d, false);
        else if (!this.asked.has(name)) wanted.push(name);
      }
      void this.decideSlots(wanted, performance.now() + DEADLINE_MS);
    }), SCAN_MS);
  }

  private async ask(slots: string[], deadline: number): ReturnType<Decider['ask']> {
    const consent = this.consentNow;
    const view = this.view ?? new View(metaDetails(), document.referrer);
    const anonymousId = consent.personalization ? this.anonymousId() ?? undefined : undefined;
    return this.decider.ask({slots, deadline, view, consent, anonymousId});
  }

  private async decideSlots(slots: string[], deadline: number): Promise<void> {
    if (!slots.length || !this.view) return;
    const request = ++this.requests;
    for (const s of slots) this.asked.set(s, request);
    // A slot asked for again meanwhile, or on a page that is gone, waits for the other answer.
    const mine = (slot: string): boolean => this.asked.get(slot) === request;
    // What the page does in the same breath (track, consent) comes first, so that it counts.
    await Promise.resolve();
    slots = slots.filter(mine);
    if (!slots.length) return;
    const answer = await this.ask(slots, deadline);
    if (!answer || answer.late) {
      if (answer) this.notSeen(answer.decisions);
      // What this view already decided stays; the message of the view before goes.
      for (const [name, els] of this.slots.find()) {
        if (mine(name) && !this.decided.has(name)) els.forEach((el) => this.slots.restore(el));
      }
      return;
    }
    this.notSeen(answer.decisions.filter((d) => !mine(d.slot)));
    const elements = this.slots.find();
    for (const given of answer.decisions.filter((d) => mine(d.slot))) {
      const d = !given.id && this.away.has(`${given.slot} ${given.show?.message}`) ? {...given, show: null} : given;
      const renewed = !d.id || this.decided.get(d.slot)?.id !== d.id;
      if (renewed) for (const u of this.visibility.end([d.slot])) this.reportUnseen(u);
      this.decided.set(d.slot, d);
      (elements.get(d.slot) ?? []).forEach((el, i) => this.put(el, d, renewed && i === 0));
      this.emit('decision', d);
    }
  }

  private put(el: Element, d: Decision, first: boolean): void {
    this.slots.apply(el, d);
    this.visibility.watch(el, d, first);
  }

  private restoreAll(): void {
    this.decided.clear();
    // Marked as asked: after a withdrawal the default stays until the next page view.
    for (const [name, els] of this.slots.find()) {
      this.asked.set(name, ++this.requests);
      els.forEach((el) => this.slots.restore(el));
    }
  }
}

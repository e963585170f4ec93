/** The life of one page: consent, page views, events; the slots are on the Stage.
 *
 *  Nothing here is called by the page directly: tact.ts stands in front and keeps exceptions inside. */
import {Consent, CONSENT_KEY} from './consent';
import {Decider} from './decider';
import {context, metaDetails} from './page';
import {Queue} from './queue';
import {watchRoutes} from './routes';
import {Stage} from './stage';
import {Store} from './store';
import type {ConsentChoice, ConsentState, Happenings, Options, PageDetails, Properties, TactEvent} from './types';
import {text, uuid} from './util';
import {View} from './view';

const ID_KEY = 'tact.id';
const SETTLE_MS = 50;  // a router changes the address first, title and meta a little later

type Emit = <K extends keyof Happenings>(event: K, what: Happenings[K]) => void;
/** Makes of a function one that reports what it throws instead of throwing it. */
export type Safe = <A extends unknown[]>(fn: (...args: A) => unknown) => (...args: A) => void;
type Draft = Pick<TactEvent, 'type'> & Partial<TactEvent>;

export class Client {
  readonly stage: Stage;
  private readonly local = new Store('localStorage');
  private readonly permit: Consent;
  private readonly queue: Queue;
  private readonly undo: (() => void)[] = [];
  private view: View | undefined;
  private lastUrl: string | undefined;
  private lastDetails: PageDetails = {};
  private consentNow: ConsentState;
  private routeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly o: Options, host: string, private readonly emit: Emit, private readonly safe: Safe) {
    const failed = (why: string): void => emit('error', new Error(why));
    const {writeKey} = o;
    this.permit = new Consent(this.local, o.consent === 'granted' ? 'granted' : 'required');
    this.consentNow = this.permit.state();
    this.queue = new Queue({
      url: `${host}/v1/batch`, writeKey, session: new Store('sessionStorage'), failed, mayKeep: () => this.tracking(),
    });
    this.stage = new Stage({
      decider: new Decider(`${host}/v1/decide`, writeKey, this.queue, failed, () => this.heardGpc()),
      style: o.defaultStyle !== false,
      view: () => this.view,
      consent: () => this.consentNow,
      anonymousId: () => this.anonymousId(),
      track: (event, properties, messageId) => this.track(event, properties, messageId),
      decided: (d) => emit('decision', d),
      safe,
    });
  }

  /** `auto`: send the first page view (the page did not ask for one itself). */
  start(auto: boolean): void {
    this.queue.restore();
    this.listen();
    if (auto) this.page();
  }

  page(name?: string, props?: PageDetails, referrer = this.referrer(), since = performance.now()): void {
    clearTimeout(this.routeTimer);
    this.leave();
    let details: PageDetails = {};
    this.safe(() => (details = metaDetails()))();
    this.lastDetails = {...details, ...props, ...(name ? {type: name} : {})};
    this.view = new View(this.lastDetails, referrer);
    this.lastUrl = this.view.url.href;
    const type = text(this.view.details.type);
    this.record({type: 'page', ...(type ? {name: type} : {}), properties: this.view.properties()});
    this.stage.decideAll(since);
  }

  track(event: string, properties: Properties = {}, messageId = uuid()): void {
    this.record({type: 'track', event, properties, messageId});
  }

  identify(userId: unknown, traits?: Properties, token?: string): void {
    const id = text(userId);
    this.record({type: 'identify', ...(id ? {userId: id} : {}), traits: (id ? traits : (userId as Properties)) ?? {}}, token);
  }

  consent(choice: ConsentChoice): void {
    const first = !this.permit.state().chosen;
    this.permit.choose(choice);
    this.applyConsent(true, first, text(choice.text));
  }

  consentState(): ConsentState {
    return this.permit.state();
  }

  reset(): void {
    for (const e of this.unseen()) this.record(e);
    this.local.remove(ID_KEY);
    delete this.o.anonymousId;
    // Under GPC the server takes no grant for a new id but one that is told as a choice.
    if (this.consentNow.gpc && this.consentNow.personalization) this.announce(this.anonymousId()!);
    this.stage.restoreAll();
    this.stage.decideAll();
  }

  anonymousId(): string | null {
    if (!this.tracking()) return null;
    // Read each time: another tab may have reset it.
    const id = this.o.anonymousId ?? this.local.get(ID_KEY) ?? uuid();
    if (this.local.get(ID_KEY) !== id) this.local.set(ID_KEY, id);
    return id;
  }

  stop(): void {
    this.undo.forEach((u) => u());
    clearTimeout(this.routeTimer);
    this.stage.stop();
    this.queue.stop();
  }

  // ---- consent

  private tracking(): boolean {
    return this.consentNow.personalization || this.consentNow.analytics;
  }

  /** `announce`: the choice was made here, not in another tab, so the server hears it from here. */
  private applyConsent(announce: boolean, first = false, shown?: string): void {
    const before = this.consentNow;
    const was = this.tracking();
    const id = this.anonymousId();
    const after = (this.consentNow = this.permit.state());
    const is = this.tracking();
    const granted = after.personalization && !before.personalization;
    if (!granted && before.analytics === after.analytics && before.personalization === after.personalization && !first) return;
    if (before.personalization && !after.personalization) this.stage.restoreAll();
    if (was && !is) {
      this.local.remove(ID_KEY);
      this.queue.clear();
    }
    if (announce && (was || is)) {
      this.announce(id ?? this.anonymousId()!, shown);
      if (!is) void this.queue.flush();
    }
    this.emit('consent', after);
    if (this.view && (granted || (is && !was))) {
      const {details, referrer} = this.view;
      // What was done before the grant is not reported: the view begins now.
      if (!was) this.view = undefined;
      this.page(undefined, details, referrer);
    }
  }

  /** A choice, as one; what other events carry of it repeats it. */
  private announce(id: string, shown?: string): void {
    const e = this.event({type: 'track', event: 'Segment Consent Preference Updated', properties: {}}, id);
    if (shown) e.context.consent = {...(e.context.consent as Properties), text: shown};
    this.add(e);
  }

  /** The server knows of a signal that this page was not told of. */
  private heardGpc(): void {
    if (this.permit.state().gpc) return;
    this.permit.hear();
    this.applyConsent(false, true);
  }

  // ---- events

  private record(what: Draft, token?: string): void {
    const id = this.anonymousId();
    if (id) this.enqueue(what, id, token);
  }

  private enqueue(what: Draft, anonymousId: string, token?: string): void {
    const e = this.event(what, anonymousId);
    if (token) e.context = {...e.context, token};
    this.add(e);
  }

  private add(e: TactEvent): void {
    this.queue.add(e);
    this.emit('event', e);
  }

  private event(what: Draft, anonymousId: string): TactEvent {
    const v = this.view;
    return {
      messageId: uuid(),
      anonymousId,
      timestamp: new Date().toISOString(),
      ...what,
      context: context(v?.url ?? new URL(location.href), v?.title ?? document.title, v?.referrer ?? document.referrer, this.consentNow),
    };
  }

  private unseen(): Draft[] {
    return this.stage.unseen().map(({decision, messageId}) => ({
      type: 'track', event: 'Message Not Seen', messageId, properties: {decision: decision.id, slot: decision.slot},
    }));
  }

  /** What there is to say about this view when it ends. */
  private farewell(): Draft[] {
    const v = this.view;
    return v ? [...this.unseen(), {type: 'track', event: 'Page Left', messageId: v.leftId, properties: v.left()}] : [];
  }

  // ---- the page's life

  private referrer(): string {
    // A second view of the same address (page() after the automatic one) was not referred by itself.
    if (this.view && this.lastUrl === location.href) return this.view.referrer;
    return this.lastUrl ?? document.referrer;
  }

  private leave(): void {
    for (const e of this.farewell()) this.record(e);
    this.stage.end();
    this.view = undefined;
  }

  private routeChanged(): void {
    const since = performance.now();
    this.leave();
    clearTimeout(this.routeTimer);
    this.routeTimer = setTimeout(this.safe(() => this.page(undefined, undefined, undefined, since)), SETTLE_MS);
  }

  private visibilityChanged(): void {
    const visible = document.visibilityState !== 'hidden';
    this.view?.visible(visible);
    this.stage.tab(visible);
    if (visible) return this.queue.save();
    this.queue.hide();
    // A phone may end a hidden page without another word. What the page would say then is left for
    // the next one; if this page comes back or leaves in good order, it says it itself (same ids).
    const id = this.anonymousId();
    if (id) this.queue.save(this.farewell().map((e) => this.event(e, id)));
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
    on(document, 'visibilitychange', () => this.visibilityChanged());
    on(window, 'pagehide', () => {
      this.leave();
      this.queue.hide();
    });
    on(window, 'pageshow', (e) => {
      if (!(e as PageTransitionEvent).persisted) return;
      // Back from the back/forward cache: other pages had the queue, the id and the consent meanwhile.
      this.applyConsent(false);
      this.queue.restore();
      this.page(undefined, this.lastDetails, document.referrer);
    });
    on(window, 'storage', (e) => {
      const {key} = e as StorageEvent;
      if (key === CONSENT_KEY || key === null) this.applyConsent(false);
    });
    if (this.o.autoPage !== false) this.undo.push(watchRoutes(this.safe(() => this.routeChanged())));
    const added = new MutationObserver(this.safe(() => this.stage.scan()));
    added.observe(document.documentElement, {childList: true, subtree: true, attributes: true, attributeFilter: ['data-tact-slot']});
    this.undo.push(() => added.disconnect());
  }
}

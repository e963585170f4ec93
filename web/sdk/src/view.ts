/** One page view: what it is about, how long it was visible, how far it was scrolled. */
import {pageProperties} from './page';
import type {PageDetails} from './types';
import {type Json, uuid} from './util';

export class View {
  /** Fixed from the start: the page may have to leave this event behind before it knows that it ends. */
  readonly leftId = uuid();
  readonly url = new URL(location.href);
  readonly title = document.title;
  private visibleMs = 0;
  private since: number | null = null;
  private scroll = 0;

  constructor(readonly details: PageDetails, readonly referrer: string) {
    this.visible(document.visibilityState !== 'hidden');
    this.scrolled();
  }

  visible(yes: boolean): void {
    const now = performance.now();
    if (this.since !== null) this.visibleMs += now - this.since;
    this.since = yes ? now : null;
  }

  scrolled(): void {
    const {scrollHeight} = document.documentElement;
    const part = scrollHeight ? (scrollY + innerHeight) / scrollHeight : 1;
    this.scroll = Math.max(this.scroll, Math.min(100, Math.round(part * 100)));
  }

  properties(): Json {
    return pageProperties(this.details, this.url, this.title, this.referrer);
  }

  left(): Json {
    const {path, type, product_id, category} = this.properties();
    const ms = this.visibleMs + (this.since === null ? 0 : performance.now() - this.since);
    return {seconds: Math.round(ms / 100) / 10, scroll_percent: this.scroll, path, type, product_id, category};
  }
}

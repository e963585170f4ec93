/** Sentences and numbers made of words. Pure; the tests are in test/say.test.ts. */
import {seconds} from '../lib/time';
import type {Happening, Intent, VisitorPicture} from '../stream/types';
import {tone} from '../report/scale';
import type {Arm, Estimate, Window} from '../report/types';
import type {Words} from './en';

/** From here on an intent is worth mentioning, and from there it is acted on (playbook: maybe, likely). */
const MAYBE = 0.3;
const LIKELY = 0.5;
const SURE = 0.75;

export function percent(w: Words, share: number, digits = 0): string {
  return `${(share * 100).toLocaleString(w.locale, {minimumFractionDigits: digits, maximumFractionDigits: digits})} %`;
}

export function whole(w: Words, n: number): string {
  return Math.round(n).toLocaleString(w.locale).replace('-', '−');
}

/** A minus sign that is one, and a plus where it matters. */
export function signed(w: Words, n: number): string {
  const text = Math.abs(n).toLocaleString(w.locale, {maximumFractionDigits: Math.abs(n) < 10 ? 1 : 0});
  return n > 0 ? `+${text}` : n < 0 && text !== '0' ? `−${text}` : text;
}

export function perThousand(w: Words, d: {estimate: number; low: number; high: number}): string {
  const bound = (n: number): string => signed(w, n * 1000).replace('+', '');
  return `${signed(w, d.estimate * 1000)} (${bound(d.low)} ${w.to} ${bound(d.high)}) ${w.perThousand}`;
}

/** What an arm has shown so far, and how many are on their way. */
export function armWords(w: Words, arm: Arm): string {
  const young = arm.provisional.visitors;
  const counted = w.armLine(whole(w, arm.outcomes), whole(w, arm.visitors), percent(w, arm.rate, 1));
  if (young === 0) return counted;
  return arm.visitors === 0 ? w.armYoung(whole(w, young)) : `${counted}, ${w.armYoung(whole(w, young))}`;
}

export function ranked(intents: readonly Intent[]): Intent[] {
  return [...intents].sort((a, b) => b.p - a.p);
}

/** The one sentence at the top. */
export function sentence(w: Words, picture: Pick<VisitorPicture, 'intents' | 'clear' | 'leading'>): string {
  const [first, second] = ranked(picture.intents);
  if (!first) return w.nothing;
  const leading = picture.clear ? picture.intents.find((intent) => intent.id === picture.leading) : undefined;
  if (leading && leading.p >= LIKELY) return leading.p >= SURE ? w.sure(leading.means) : w.likely(leading.means);
  if (first.p < MAYBE) return w.nothing;
  if (second && second.p >= MAYBE) return w.either(first.means, second.means);
  return w.hint(first.means);
}

/** "is unsure whether it will fit" → "Unsure whether it will fit", for the label of a bar. */
export function label(means: string): string {
  const bare = means.replace(/^(is|wants to|wants|seems to be)\s+/i, '');
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

/** The playbook's words, ours for what the SDK itself tells, else the name as sent. */
export function happening(w: Words, one: Happening): string {
  if (one.says) return one.says;
  return one.type === 'page' ? w.wentTo(one.name) : w.happenings[one.name] ?? one.name;
}

/** "fit-guide" → "Fit guide". */
export function human(id: string): string {
  const text = id.replace(/[-_.]+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function agoSeconds(w: Words, s: number): string {
  const n = Math.max(0, s);
  if (n < 10) return w.ago(0, 's');
  if (n < 60) return w.ago(Math.floor(n), 's');
  if (n < 3600) return w.ago(Math.floor(n / 60), 'm');
  if (n < 86_400) return w.ago(Math.floor(n / 3600), 'h');
  return w.ago(Math.floor(n / 86_400), 'd');
}

/** `since`: seconds that passed after the duration was told. */
export function ago(w: Words, duration: string, since = 0): string {
  const s = seconds(duration);
  return s === null ? '' : agoSeconds(w, s + Math.max(0, since));
}

export function strength(w: Words, points: number): string {
  const p = Math.abs(points);
  const at = p >= 3 ? 3 : p >= 1.5 ? 2 : p >= 0.75 ? 1 : 0;
  return w.strength[at] ?? '';
}

export function where(w: Words, slot: string): string {
  return w.slots[slot] ?? w.inSlot(slot);
}

export function days(w: Words, {from, to}: Window): string {
  if (from === null || to === null) return '';
  const day = (text: string): string => {
    const date = new Date(text.length === 10 ? `${text}T12:00:00` : text);
    return Number.isNaN(date.getTime()) ? text : date.toLocaleDateString(w.locale, {day: 'numeric', month: 'short'});
  };
  return `${day(from)} ${w.to} ${day(to)}`;
}

export function clock(w: Words, at: string | number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleTimeString(w.locale, {hour: '2-digit', minute: '2-digit', second: '2-digit'});
}

export function euro(w: Words, amount: number): string {
  return amount.toLocaleString(w.locale, {style: 'currency', currency: 'EUR', maximumFractionDigits: Number.isInteger(amount) ? 0 : 2, minimumFractionDigits: Number.isInteger(amount) ? 0 : 2});
}

/** Last click beside what really happened, in one sentence. */
export function credited(w: Words, attributed: number, incremental: Estimate | null): string {
  const n = whole(w, attributed);
  switch (tone(incremental)) {
    case 'unknown': return w.creditedNone(n);
    case 'none': return w.creditedAnyway(n);
    case 'hurts': return w.creditedLost(n, whole(w, Math.abs(incremental?.estimate ?? 0)));
    case 'helps': return w.credited(n, whole(w, incremental?.estimate ?? 0));
  }
}

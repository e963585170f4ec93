/** Everything the stream has told, as one value. Pure: the same messages give the same picture. */
import type {Decision, Happening, VisitorPicture} from './types';

export type Link = 'connecting' | 'open' | 'no_token' | 'wrong_token' | 'lost';

/** `seen`: when it arrived, by this browser's clock; durations in a picture count back from there. */
export type Seen = VisitorPicture & {seen: number};

export interface Live {
  link: Link;
  /** When the last message arrived, by this browser's clock. */
  heard: number | null;
  visitors: Readonly<Record<string, Seen>>;
  /** Latest decision per visitor and slot. */
  decisions: Readonly<Record<string, Readonly<Record<string, Decision>>>>;
}

export type Message =
  | {type: 'link'; link: Link}
  | {type: 'visitor'; picture: VisitorPicture; now: number}
  | {type: 'decision'; decision: Decision; now: number};

export const NOTHING: Live = {link: 'connecting', heard: null, visitors: {}, decisions: {}};
/** More visitors than this are forgotten, the longest silent first. */
export const MOST_VISITORS = 200;
/** What happened longer ago than this many events is forgotten. */
export const MOST_HAPPENED = 200;

/** A picture tells what happened since the one before; nothing is kept of who took consent back. */
function gathered(before: readonly Happening[], picture: VisitorPicture): Happening[] {
  if (picture.consent.personalization !== true) return picture.happened;
  const same = (a: Happening, b: Happening): boolean => a.at === b.at && a.type === b.type && a.name === b.name;
  const fresh = picture.happened.filter((one) => !before.some((old) => same(old, one)));
  return [...fresh.reverse(), ...before].slice(0, MOST_HAPPENED);
}

function newest(visitors: Live['visitors']): Seen[] {
  return Object.values(visitors).sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function bounded(live: Live): Live {
  const all = newest(live.visitors);
  if (all.length <= MOST_VISITORS) return live;
  const kept = all.slice(0, MOST_VISITORS).map((v) => v.anonymousId);
  const pick = <T>(of: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(kept.flatMap((id) => of[id] === undefined ? [] : [[id, of[id]]]));
  return {...live, visitors: pick(live.visitors), decisions: pick(live.decisions)};
}

const older = (a: {at: string}, b: {at: string} | undefined): boolean => b !== undefined && Date.parse(a.at) < Date.parse(b.at);

export function reduce(live: Live, message: Message): Live {
  switch (message.type) {
    case 'link':
      return message.link === live.link ? live : {...live, link: message.link};
    case 'visitor': {
      const {picture} = message;
      // A reconnect tells everything again; a picture older than ours must not win.
      if (older(picture, live.visitors[picture.anonymousId])) return {...live, heard: message.now};
      const happened = gathered(live.visitors[picture.anonymousId]?.happened ?? [], picture);
      return bounded({...live, heard: message.now, visitors: {...live.visitors, [picture.anonymousId]: {...picture, happened, seen: message.now}}});
    }
    case 'decision': {
      const {decision} = message;
      const mine = live.decisions[decision.anonymousId] ?? {};
      if (older(decision, mine[decision.slot])) return {...live, heard: message.now};
      return {...live, heard: message.now,
        decisions: {...live.decisions, [decision.anonymousId]: {...mine, [decision.slot]: decision}}};
    }
  }
}

export function recent(live: Live): Seen[] {
  return newest(live.visitors);
}

/** Decisions of one page are made in one request; what is older than this belongs to a page before. */
const SAME_PAGE_MS = 10_000;

/** `slots`: the places really on the page, where we can look; otherwise time decides. */
export function onThisPage(decisions: Readonly<Record<string, Decision>> | undefined, slots: readonly string[] | null): Decision[] {
  const all = Object.values(decisions ?? {});
  if (slots) return all.filter((d) => slots.includes(d.slot)).sort((a, b) => slots.indexOf(a.slot) - slots.indexOf(b.slot));
  const last = Math.max(...all.map((d) => Date.parse(d.at)));
  return all.filter((d) => last - Date.parse(d.at) < SAME_PAGE_MS).sort((a, b) => a.slot.localeCompare(b.slot));
}

import {describe, expect, it} from 'vitest';
import {MOST_HAPPENED, MOST_VISITORS, NOTHING, onThisPage, recent, reduce, type Live} from '../src/stream/reducer';
import type {Decision, VisitorPicture} from '../src/stream/types';

const at = (s: number): string => new Date(Date.UTC(2026, 10, 21, 10, 0, 0) + s * 1000).toISOString();
const picture = (id: string, s: number, pages = 1): VisitorPicture => ({visitor: `v_${id}`, anonymousId: id, at: at(s), consent: {personalization: true}, visit: {number: 1, started: at(0), pages},
  happened: [], intents: [], clear: false, leading: null, signals: [], cart: {items: 0, total: 0}, taken_for: null});
const decision = (id: string, slot: string, s: number, outcome: Decision['outcome'] = 'default'): Decision => ({visitor: `v_${id}`, anonymousId: id, at: at(s), slot, outcome, message: null});
const see = (live: Live, p: VisitorPicture): Live => reduce(live, {type: 'visitor', picture: p, now: 1});
const decide = (live: Live, d: Decision): Live => reduce(live, {type: 'decision', decision: d, now: 2});

describe('reduce', () => {
  it('keeps the last picture while disconnected', () => {
    let live = see(reduce(NOTHING, {type: 'link', link: 'open'}), picture('a', 1));
    live = reduce(live, {type: 'link', link: 'lost'});
    expect(live.link).toBe('lost');
    expect(live.visitors.a).toBeDefined();
    expect(live.heard).toBe(1);
  });
  it('does not let a repeated older picture win after a reconnect', () => {
    const live = see(see(NOTHING, picture('a', 9, 3)), picture('a', 5, 2));
    expect(live.visitors.a?.visit?.pages).toBe(3);
    expect(see(live, picture('a', 9, 4)).visitors.a?.visit?.pages).toBe(4);
  });
  it('gathers what happened, newest first, once each, and no more than can be looked at', () => {
    const doing = (s: number, name: string): VisitorPicture => ({...picture('a', s), happened: [{at: at(s), type: 'track', name, says: ''}]});
    const names = (live: Live): string[] => live.visitors.a!.happened.map((one) => one.name);
    let live = see(see(NOTHING, doing(1, 'Size Guide Opened')), doing(2, 'Product Added'));
    live = see(live, picture('a', 3));
    expect(names(see(live, doing(2, 'Product Added'))), 'a picture told again').toEqual(['Product Added', 'Size Guide Opened']);
    expect(names(see(live, {...doing(3, 'Product Added'), happened: [...doing(2, 'Product Added').happened]}))).toHaveLength(2);
    for (let i = 0; i < 300; i += 1) live = see(live, doing(4 + i, `step ${i}`));
    expect(names(live)).toHaveLength(MOST_HAPPENED);
    expect(names(live)[0]).toBe('step 299');
    const withdrawn = see(live, {...picture('a', 400), consent: {personalization: false}});
    expect(names(withdrawn), 'nothing is kept of who took consent back').toEqual([]);
  });
  it('keeps the newest decision of each slot of each visitor', () => {
    let live = decide(NOTHING, decision('a', 'page.banner', 5, 'shown'));
    live = decide(live, decision('a', 'page.banner', 3));
    live = decide(live, decision('b', 'page.banner', 9));
    expect(live.decisions.a?.['page.banner']?.outcome).toBe('shown');
    expect(Object.keys(live.decisions)).toEqual(['a', 'b']);
  });
  it('forgets the longest silent of very many, with their decisions', () => {
    let live = decide(NOTHING, decision('v0', 'x', 0));
    for (let i = 0; i <= MOST_VISITORS; i += 1) live = see(live, picture(`v${i}`, i));
    expect(Object.keys(live.visitors)).toHaveLength(MOST_VISITORS);
    expect(live.visitors.v0).toBeUndefined();
    expect(live.decisions.v0).toBeUndefined();
    expect(recent(live)[0]?.anonymousId).toBe(`v${MOST_VISITORS}`);
  });
  it('the same link state is the same value', () => expect(reduce(NOTHING, {type: 'link', link: 'connecting'})).toBe(NOTHING));
});

describe('onThisPage', () => {
  const all = {a: decision('v', 'a', 0), b: decision('v', 'b', 100), c: decision('v', 'c', 105)};
  it('takes the places that are there, in their order', () => expect(onThisPage(all, ['c', 'a', 'z']).map((d) => d.slot)).toEqual(['c', 'a']));
  it('without seeing the page, takes what was decided together', () => expect(onThisPage(all, null).map((d) => d.slot)).toEqual(['b', 'c']));
  it('has nothing for nobody', () => expect(onThisPage(undefined, null)).toEqual([]));
});

import {describe, expect, it} from 'vitest';
import {tokenIn} from '../src/lib/token';
import {pauseAfter} from '../src/lib/useReports';
import {scale, tone} from '../src/report/scale';
import {liveUrl} from '../src/stream/connect';
import {forget, pause} from '../src/visitors/driver';
import {SCRIPTS, VISITORS} from '../src/visitors/scripts';

describe('token', () => {
  it('is found in a pasted link or taken bare', () => {
    expect(tokenIn(' http://127.0.0.1:8080/live/?x=1&token=ab%2Bc#y ')).toBe('ab+c');
    expect(tokenIn('lt_abc')).toBe('lt_abc');
  });
  it('is not made out of something else', () => {
    for (const text of ['', '  ', 'http://127.0.0.1/live/', 'two words', '?token=', '?token=%E0%A4%A']) expect(tokenIn(text)).toBeNull();
  });
  it('goes into the address encoded', () => expect(liveUrl('a b&c', 'v/1')).toBe('/v1/live?token=a+b%26c&anonymousId=v%2F1'));
});

describe('reports', () => {
  it('are asked for again when a busy server says so, else after a minute', () => {
    const after = (status: number, retry?: string) => pauseAfter({status, headers: new Headers(retry ? {'Retry-After': retry} : {})});
    expect([after(503, '10'), after(503, '1'), after(503, '3600'), after(503, 'soon'), after(503), after(200), after(401, '10')]).toEqual([10_000, 10_000, 60_000, 60_000, 60_000, 60_000, 60_000]);
  });
});

describe('charts', () => {
  it('always show zero', () => {
    expect(scale([0.012, 0.05], 100).at(0)).toBe(0);
    expect(scale([-20, -2], 100).at(0)).toBe(100);
    const both = scale([-10, 30], 100, 0);
    expect([both.at(-10), both.at(0), both.at(30)]).toEqual([0, 25, 100]);
    expect(scale([0], 100).at(0)).toBe(0);
  });
  it('colour by the interval, not by the estimate', () => {
    expect([tone({estimate: 1, low: 0.5, high: 2}), tone({estimate: 1, low: -0.5, high: 2}), tone({estimate: -1, low: -2, high: -0.1}), tone({estimate: 1, low: 0, high: 2}), tone(null)])
      .toEqual(['helps', 'none', 'hurts', 'none', 'unknown']);
  });
});

describe('visitors', () => {
  it('each arrives new and agrees before anything else', () => {
    for (const id of VISITORS) expect(SCRIPTS[id].slice(0, 2).map((step) => step.name)).toEqual(['reset', 'allow']);
  });
  it('the unsure one opens the size guide of one product twice, the one in a hurry delivery', () => {
    const opened = (id: 'unsure' | 'friday' | 'browsing', what: string) => SCRIPTS[id].filter((step) => step.act.do === 'click' && step.act.on.includes(what)).length;
    expect(opened('unsure', 'size-guide')).toBe(2);
    expect(opened('friday', 'delivery')).toBe(2);
    expect(opened('browsing', 'data-open')).toBe(0);
  });
  it('forgets what belongs to the shop and nothing else', () => {
    const kept = new Map([['northfold.cart', '1'], ['tact.id', '2'], ['live.theme', '3'], ['northfold.consent', '4'], ['tact.ident', '5']]);
    forget({get length() { return kept.size; }, key: (i) => [...kept.keys()][i] ?? null, removeItem: (name) => void kept.delete(name)}, ['northfold.', 'tact.id', 'tact.consent']);
    expect([...kept.keys()]).toEqual(['live.theme', 'tact.ident']);
  });
  it('stops at once', async () => {
    const control = new AbortController();
    const waiting = pause(60_000, control.signal);
    control.abort();
    await expect(waiting).rejects.toThrow('stopped');
    await expect(pause(0, control.signal)).rejects.toThrow('stopped');
  });
});

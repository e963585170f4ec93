import {describe, expect, it} from 'vitest';
import {seconds} from '../src/lib/time';
import type {Intent} from '../src/stream/types';
import {de} from '../src/words/de';
import {en} from '../src/words/en';
import {ago, armWords, credited, days, happening, human, label, percent, perThousand, sentence, signed, strength, whole} from '../src/words/say';

const intent = (id: string, p: number): Intent => ({id, means: `is ${id}`, p, level: '', usually: 0.2, for: [], against: []});

describe('sentence', () => {
  it('says what is likely only when it is clear', () => {
    expect(sentence(en, {intents: [intent('x', 0.65), intent('y', 0.2)], clear: true, leading: 'x'})).toBe('This visitor is probably x.');
    expect(sentence(en, {intents: [intent('x', 0.83)], clear: true, leading: 'x'})).toBe('This visitor is almost certainly x.');
  });
  it('puts the adverb where it belongs', () => expect(en.likely('wants to return')).toBe('This visitor probably wants to return.'));
  it('does not choose between two', () => {
    expect(sentence(en, {intents: [intent('x', 0.6), intent('y', 0.55)], clear: false, leading: null})).toContain('either: is x, or is y');
  });
  it('claims nothing from an unclear leader, even if the server names one', () => {
    expect(sentence(en, {intents: [intent('x', 0.7)], clear: false, leading: 'x'})).toContain('Not clear enough');
  });
  it('leaves people in peace', () => {
    expect(sentence(en, {intents: [intent('x', 0.29)], clear: false, leading: null})).toBe(en.nothing);
    expect(sentence(de, {intents: [], clear: false, leading: null})).toBe(de.nothing);
  });
});

describe('numbers', () => {
  it('carry their uncertainty and a true minus sign', () => {
    expect(perThousand(en, {estimate: 0.031, low: 0.012, high: 0.05})).toBe('+31 (12 to 50) per 1,000');
    expect(perThousand(en, {estimate: -0.0004, low: -0.009, high: 0.008})).toBe('−0.4 (−9 to 8) per 1,000');
    expect(perThousand(de, {estimate: 0.0312, low: 0, high: 1.25})).toBe('+31 (0 bis 1.250) je 1.000');
    expect([signed(en, 0), signed(en, -0.01), whole(en, -1234.4)]).toEqual(['0', '0', '−1,234']);
    expect([percent(en, 0.0781, 1), percent(de, 0.0781, 1)]).toEqual(['7.8 %', '7,8 %']);
  });
  it('say what last click hides', () => {
    expect(credited(en, 412, {estimate: 41, low: 16, high: 66})).toContain('about 41 are because of it');
    expect(credited(en, 288, {estimate: -8, low: -183, high: 162})).toContain('would have come anyway');
    expect(credited(en, 960, {estimate: -167, low: -304, high: -30})).toContain('about 167 were lost');
    expect(credited(en, 7, null)).toContain('cannot be said yet');
  });
});

describe('words', () => {
  it('turns ids and meanings into labels', () => {
    expect([human('fit-guide'), human('page.banner'), label('is unsure whether it will fit'), label('wants to compare')]).toEqual(['Fit guide', 'Page banner', 'Unsure whether it will fit', 'Compare']);
  });
  it('counts whose time is over, and names those whose is not', () => {
    const arm = (visitors: number, young: number): string => armWords(en, {arm: 'shown', visitors, outcomes: 1, rate: 0.5, provisional: {visitors: young, outcomes: 0}});
    expect([arm(2, 0), arm(2, 3), arm(0, 1)]).toEqual(['1 of 2 visitors (50.0 %)', '1 of 2 visitors (50.0 %), 3 whose time is not over yet', '1 whose time is not over yet']);
  });
  it('says what happened: the playbook first, then its own words, then the name', () => {
    const say = (type: string, name: string, says = ''): string => happening(en, {at: '', type, name, says});
    expect([say('track', 'Size Guide Opened', 'opened the size guide'), say('page', 'product'), say('page', ''), say('track', 'Page Left'), say('track', 'Product Viewed')])
      .toEqual(['opened the size guide', 'went to a page: product', 'went to a page', 'left the page', 'Product Viewed']);
    expect(Object.keys(de.happenings).sort()).toEqual(Object.keys(en.happenings).sort());
  });
  it('reads durations', () => {
    expect([seconds('PT2M'), seconds('P1DT1H'), seconds('PT0.5S'), seconds('P2W'), seconds('P'), seconds('PT'), seconds('2 min')]).toEqual([120, 90_000, 0.5, 1_209_600, null, null, null]);
    expect([ago(en, 'PT2M'), ago(en, 'PT3S'), ago(de, 'P3D'), ago(en, 'nonsense'), ago(en, 'PT2M', 65), ago(en, 'PT2M', -65)]).toEqual(['2 min ago', 'just now', 'vor 3 Tagen', '', '3 min ago', '2 min ago']);
  });
  it('knows the strengths of the playbook', () => expect([0.5, 1, 2, 4, -2].map((p) => strength(en, p))).toEqual(['weak', 'moderate', 'strong', 'decisive', 'strong']));
  it('writes a window of days', () => expect(days(en, {from: '2026-09-14', to: '2026-11-12'})).toMatch(/^14 Sept? to 12 Nov$/));
  it('writes no window of days before there is one', () => expect(days(en, {from: null, to: null})).toBe(''));
  it('has every step and visitor in both languages', () => {
    expect(Object.keys(de.steps).sort()).toEqual(Object.keys(en.steps).sort());
    expect(Object.values(de.steps).every((text) => text !== '')).toBe(true);
  });
});

// Consent told by consent management platforms: what IAB's own encoders and Google's consent mode write, sent with an
// event to the real server, and what Tact then says is granted. The expectations are those of docs/consent.md.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {GppModel} from '@iabgpp/cmpapi';
import {GVL, PurposeRestriction, RestrictionType, TCModel, TCString} from '@iabtcf/core';
import {Installation, bearer, fresh, requiredKey} from './installation.ts';

let tact: Installation;
before(async () => {
  tact = await Installation.start();
});
after(async () => {
  await tact?.tact.remove();
});

type Granted = {analytics: boolean; personalization: boolean; sharing: boolean};
type Consent = Record<string, unknown>;
const nothing: Granted = {analytics: false, personalization: false, sharing: false};
const all: Granted = {analytics: true, personalization: true, sharing: true};
const everything = {categoryPreferences: all};

// Repeatable chance (mulberry32), so that a failing case can be run again.
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
type Chance = () => number;
const below = (chance: Chance, bound: number): number => Math.floor(chance() * bound);
const some = (chance: Chance, count: number, share = 0.5): number[] =>
  Array.from({length: count}, (_, i) => i + 1).filter(() => chance() < share);

// What Tact says of each visitor after one consent event per visitor, in one batch.
async function told(consents: Consent[]): Promise<Granted[]> {
  const batch = consents.map((consent) => ({
    type: 'track', event: 'Segment Consent Preference Updated', anonymousId: fresh(), messageId: fresh('m'), context: {consent},
  }));
  const answer = await tact.post('/v1/batch', {batch}, bearer(requiredKey));
  assert.deepEqual(answer.json, {success: true}, answer.text);
  const said: Granted[] = [];
  for (const {anonymousId} of batch) {
    const visitor = await tact.ask(`/v1/visitors/${anonymousId}`, {headers: bearer(tact.secret)});
    assert.equal(visitor.status, 200, visitor.text);
    said.push(visitor.json.consent);
  }
  return said;
}

async function compare(cases: {consent: Consent; granted: Granted}[]): Promise<void> {
  const said = await told(cases.map((one) => one.consent));
  for (const [i, {consent, granted}] of cases.entries()) assert.deepEqual(said[i], granted, JSON.stringify(consent));
}

// --- TCF

const declared = {id: 0, name: '', description: '', illustrations: []};
const numbered = <T extends object>(ids: number[], entry: T): Record<string, T> =>
  Object.fromEntries(ids.map((id) => [id, {...entry, id}]));
const upTo = (count: number): number[] => Array.from({length: count}, (_, i) => i + 1);
const vendors = [1, 2, 3, 8, 28, 52, 76, 91, 100, 755, 1111, 4000];

function vendorList(): GVL {
  const vendor = {
    id: 0, name: '', purposes: upTo(10), legIntPurposes: [2, 7, 8, 9, 10], flexiblePurposes: [2, 7, 8, 9, 10], specialPurposes: [], features: [],
    specialFeatures: [], policyUrl: '', cookieMaxAgeSeconds: 1, usesCookies: true, cookieRefresh: false, usesNonCookieAccess: false,
  };
  return new GVL({
    gvlSpecificationVersion: 3, vendorListVersion: 150, tcfPolicyVersion: 5, lastUpdated: '2026-11-01T00:00:00Z',
    purposes: numbered(upTo(11), declared), specialPurposes: numbered(upTo(3), declared), features: numbered(upTo(3), declared),
    specialFeatures: numbered(upTo(2), declared), stacks: {}, dataCategories: {}, vendors: numbered(vendors, vendor),
  } as never);
}

function randomTc(chance: Chance): {text: string; consents: number[]} {
  const model = new TCModel(vendorList());
  const consents = some(chance, 11, chance() < 0.5 ? 0.9 : 0.5);
  model.cmpId = 2 + below(chance, 400);
  model.cmpVersion = 1 + below(chance, 400);
  model.consentScreen = below(chance, 20);
  model.isServiceSpecific = chance() < 0.8;
  model.purposeOneTreatment = chance() < 0.1;
  model.publisherCountryCode = ['DE', 'FR', 'AA'][below(chance, 3)]!;
  model.purposeConsents.set(consents);
  model.purposeLegitimateInterests.set(some(chance, 11));
  model.specialFeatureOptins.set(some(chance, 2));
  model.vendorConsents.set(vendors.filter(() => chance() < 0.6));
  model.vendorLegitimateInterests.set(vendors.filter(() => chance() < 0.4));
  model.publisherConsents.set(some(chance, 11));
  for (const vendor of vendors.filter(() => chance() < 0.2)) {
    const restriction = new PurposeRestriction(2, RestrictionType.REQUIRE_CONSENT);
    model.publisherRestrictions.add(vendor, restriction);
  }
  return {text: TCString.encode(model), consents};
}

function grantedBy(consents: number[]): Granted {
  const has = (...purposes: number[]): boolean => purposes.every((purpose) => consents.includes(purpose));
  return {analytics: has(1, 8), personalization: has(1, 5, 6), sharing: has(1, 3, 4)};
}

test('300 random TC strings: purposes 1, 5, 6 personalize, 1, 8 measure, 1, 3, 4 share', async () => {
  const chance = chanceOf(1);
  const cases = Array.from({length: 300}, () => {
    const tc = randomTc(chance);
    return {consent: {tcString: tc.text}, granted: grantedBy(tc.consents)};
  });
  for (const purpose of ['analytics', 'personalization', 'sharing'] as const) {
    const granted = cases.filter((one) => one.granted[purpose]).length;
    assert.ok(granted > 50 && granted < 250, `${purpose} is granted in ${granted} of 300: no good test`);
  }
  await compare(cases);
});

test('every cut of a TC string refuses all, whatever else is granted', async () => {
  const core = randomTc(chanceOf(2)).text.split('.')[0]!;
  const cuts = Array.from({length: 30}, (_, i) => core.slice(0, i + 1));
  await compare([...cuts, 'x', `${core}=`, `${core}.`, 7, {}, true].map((tcString) => ({consent: {...everything, tcString}, granted: nothing})));
});

// --- GPP

// The sections whose layout Tact knows, and their fields that refuse sharing.
const states = ['usva', 'usco', 'usut', 'usct', 'usfl', 'usmt', 'usor', 'ustx', 'usde', 'usia', 'usne', 'usnh', 'usnj', 'ustn', 'usmn',
  'usmd', 'usin', 'usky', 'usri'];
const optOuts: Record<string, string[]> = {
  usnat: ['SaleOptOut', 'SharingOptOut', 'TargetedAdvertisingOptOut'],
  usca: ['SaleOptOut', 'SharingOptOut'],
  ...Object.fromEntries(states.map((state) => [state, ['SaleOptOut', 'TargetedAdvertisingOptOut']])),
};
const withoutGpc = ['usva', 'usut', 'usfl', 'usin', 'usky', 'usri'];
// What follows their core does not tell that it is no GPC subsection.
const withSensitive = ['usin', 'usky', 'usri'];

interface Gpp {
  text: string;
  optedOut: boolean;
  gpc: boolean;
}

function randomGpp(chance: Chance): Gpp {
  const model = new GppModel();
  const out: Gpp = {text: '', optedOut: false, gpc: false};
  const quiet = chance() < 0.5;
  for (const [section, fields] of Object.entries(optOuts)) {
    if (chance() < 0.75) continue;
    if (section === 'usnat' && chance() < 0.5) model.setFieldValue(section, 'Version', 1);
    for (const field of fields) {
      const answer = quiet ? [0, 2][below(chance, 2)]! : below(chance, 3);
      model.setFieldValue(section, field, answer);
      out.optedOut ||= answer === 1;
    }
    model.setFieldValue(section, 'SaleOptOutNotice', below(chance, 3));
    if (withSensitive.includes(section)) model.setFieldValue(section, 'SensitiveDataProcessing', Array.from({length: 8}, () => below(chance, 3)));
    model.setFieldValue(section, 'MspaCoveredTransaction', 1 + below(chance, 2));
    if (withoutGpc.includes(section)) continue;
    const gpc = chance() < 0.15;
    model.setFieldValue(section, 'GpcSegmentIncluded', gpc || chance() < 0.5);
    model.setFieldValue(section, 'Gpc', gpc);
    out.gpc ||= gpc;
  }
  if (chance() < 0.3) {
    const answer = quiet ? ['N', '-'][below(chance, 2)]! : ['Y', 'N', '-'][below(chance, 3)]!;
    model.setFieldValue('uspv1', 'OptOutSale', answer);
    out.optedOut ||= answer === 'Y';
  }
  out.text = model.encode();
  return out;
}

test('300 random GPP strings: an opt-out in any US section refuses sharing, and nothing is granted', async () => {
  const chance = chanceOf(3);
  const strings = Array.from({length: 300}, () => randomGpp(chance));
  const out = strings.filter((one) => one.optedOut).length;
  assert.ok(out > 50 && out < 250, `${out} of 300 opted out: no good test`);
  await compare(strings.map((one) => ({consent: {gpp: one.text}, granted: nothing})));
  // Beside an explicit grant the opt-out shows.
  await compare(strings.map((one) => ({consent: {...everything, gpp: one.text}, granted: {...all, sharing: !one.optedOut}})));
});

test('each field of each US section refuses sharing by itself', async () => {
  const cases = Object.entries(optOuts).flatMap(([section, fields]) => fields.flatMap((field) => [0, 1, 2].map((answer) => {
    const model = new GppModel();
    for (const other of fields) model.setFieldValue(section, other, 2);
    model.setFieldValue(section, field, answer);
    return {consent: {...everything, gpp: model.encode()}, granted: {...all, sharing: answer !== 1}};
  })));
  await compare(cases);
});

test('200 random GPP strings with the European section, which is a TC string', async () => {
  const chance = chanceOf(4);
  await compare(Array.from({length: 200}, () => {
    const model = new GppModel();
    const consents = some(chance, 11, 0.8);
    model.setFieldValue('tcfeuv2', 'PurposeConsents', Array.from({length: 24}, (_, i) => consents.includes(i + 1)));
    model.setFieldValue('tcfeuv2', 'PurposeLegitimateInterests', Array.from({length: 24}, () => chance() < 0.5));
    model.setFieldValue('tcfeuv2', 'VendorConsents', vendors.filter(() => chance() < 0.6));
    const answer = below(chance, 3);
    if (chance() < 0.5) model.setFieldValue('usca', 'SaleOptOut', answer);
    const optedOut = model.hasSection('usca') && answer === 1;
    const granted = grantedBy(consents);
    return {consent: {gpp: model.encode()}, granted: {...granted, sharing: granted.sharing && !optedOut}};
  }));
});

test('200 random GPP strings with the Canadian section: express consent grants, none refuses, implied says nothing', async () => {
  const chance = chanceOf(7);
  const bits = (purposes: number[]): boolean[] => Array.from({length: 24}, (_, i) => purposes.includes(i + 1));
  const cases = Array.from({length: 200}, () => {
    const model = new GppModel();
    const [express, implied] = [some(chance, 11, 0.85), some(chance, 11, 0.7)];
    model.setFieldValue('tcfcav1', 'PurposesExpressConsent', bits(express));
    model.setFieldValue('tcfcav1', 'PurposesImpliedConsent', bits(implied));
    model.setFieldValue('tcfcav1', 'VendorExpressConsent', vendors.filter(() => chance() < 0.6));
    if (chance() < 0.5) model.setFieldValue('usca', 'SaleOptOut', 2);
    return {consent: {gpp: model.encode()}, granted: grantedBy(express), notRefused: grantedBy([...express, ...implied])};
  });
  await compare(cases);
  // Beside an explicit grant the refusal shows.
  await compare(cases.map(({consent, notRefused}) => ({consent: {...everything, ...consent}, granted: notRefused})));
});

test('Gpc in a GPP section counts as Sec-GPC: no personalization until it is granted again', async () => {
  const chance = chanceOf(5);
  const strings = Array.from({length: 60}, () => randomGpp(chance)).filter((one) => !one.optedOut);
  assert.ok(strings.some((one) => one.gpc) && strings.some((one) => !one.gpc));
  const personalized = async (anonymousId: string, consent: Consent): Promise<boolean> => {
    const body = {visitor: {anonymousId}, slots: ['page.banner'], context: {consent}};
    return (await tact.post('/v1/decide', body, bearer(tact.write))).json.consent.personalization;
  };
  for (const {text, gpc} of strings) {
    const [asked, tracked] = [fresh(), fresh()];
    assert.equal(await personalized(asked, {gpp: text}), !gpc, text);
    const event = {event: 'Segment Consent Preference Updated', anonymousId: tracked, context: {consent: {gpp: text}}};
    assert.equal((await tact.post('/v1/track', event, bearer(tact.write))).status, 200);
    assert.equal(await personalized(tracked, {}), !gpc, text);
    const granted = {categoryPreferences: {personalization: true}};
    assert.equal(await personalized(tracked, granted), !gpc, `${text}: what a question carries is no new choice`);
    const choice = {event: 'Segment Consent Preference Updated', anonymousId: tracked, context: {consent: granted}};
    assert.equal((await tact.post('/v1/track', choice, bearer(tact.write))).status, 200);
    assert.equal(await personalized(tracked, {}), true, text);
  }
});

test('a GPP string that cannot be read refuses all', async () => {
  const model = new GppModel();
  model.setFieldValue('usca', 'SaleOptOut', 2);
  const text = model.encode();
  const broken = ['x', text.slice(1), text.slice(0, -8), `${text}~BAAAAABA`, text.split('~')[0], `${text}=`, `C${text.slice(1)}`, 7, [], false];
  await compare(broken.map((gpp) => ({consent: {...everything, gpp}, granted: nothing})));
});

// --- Google's consent mode, and several at once

test('every combination of consent mode types', async () => {
  const answers = [undefined, 'granted', 'denied'];
  const names = ['personalization_storage', 'analytics_storage', 'ad_storage', 'ad_user_data', 'ad_personalization'];
  const cases = Array.from({length: 3 ** names.length}, (_, n) => {
    const types = names.map((_name, i) => answers[Math.floor(n / 3 ** i) % 3]);
    const google = Object.fromEntries(names.map((name, i) => [name, types[i]]));
    const granted = (from: number, to: number): boolean => types.slice(from, to).every((answer) => answer === 'granted');
    return {
      consent: {google: {...google, security_storage: 'granted'}},
      granted: {personalization: granted(0, 1), analytics: granted(1, 2), sharing: granted(2, 5)},
    };
  });
  await compare(cases);
});

test('200 random mixtures: the strictest answer counts', async () => {
  const chance = chanceOf(6);
  const both = (left: Granted, right: Granted): Granted => ({
    analytics: left.analytics && right.analytics,
    personalization: left.personalization && right.personalization,
    sharing: left.sharing && right.sharing,
  });
  await compare(Array.from({length: 200}, () => {
    const tc = randomTc(chance);
    const gpp = randomGpp(chance);
    const preferences = {analytics: chance() < 0.8, personalization: chance() < 0.8, sharing: chance() < 0.8};
    const ads = chance() < 0.8;
    const google = {ad_storage: ads ? 'granted' : 'denied', ad_user_data: 'granted', ad_personalization: 'granted'};
    const granted = both(grantedBy(tc.consents), both(preferences, {...all, sharing: ads && !gpp.optedOut}));
    return {consent: {categoryPreferences: preferences, tcString: tc.text, gpp: gpp.text, google}, granted};
  }));
});

test('a platform that has nothing to say refuses nothing', async () => {
  const empty = [{tcString: ''}, {gpp: ''}, {google: {}}, {tcString: null, gpp: null, google: null}, {gpp: 'DBAA'}];
  await compare(empty.map((consent) => ({consent: {...everything, ...consent}, granted: all})));
  await compare(empty.map((consent) => ({consent, granted: nothing})));
});

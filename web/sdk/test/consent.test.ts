import {describe, expect, it} from 'vitest';
import {GRANTED} from './browser';
import {message, reply, sleep, until} from './server';
import {harness} from './setup';

const t = harness();
const YES = {personalization: true, analytics: true};
const NO = {personalization: false, analytics: false};

describe('before the visitor chose', () => {
  it('creates no id, stores nothing, sends no event; decides from the page request alone', async () => {
    const p = await t.open({head: `<meta name="tact:page" content='{"type":"product","product":{"id":"p7","category":["shoes","trail"],"price":129}}'>`});
    p.tact.track('Size Guide Opened');
    p.tact.identify('u1', {email: 'a@example.org'});
    const {body, type, text} = await until(() => t.server.to('/v1/decide')[0]);
    expect(type).toMatch(/^text\/plain/);
    expect(Object.keys(body).sort()).toEqual(['context', 'page', 'slots', 'writeKey']);
    expect(body.page).toMatchObject({type: 'product', title: 'Trail shoe', product: {id: 'p7', category: ['shoes', 'trail'], price: 129}});
    expect(body.context.consent.categoryPreferences).toEqual(NO);
    expect(text).not.toContain('anonymousId');
    p.leave();
    await sleep(1300);  // longer than the flush interval
    expect(t.server.to('/v1/batch')).toEqual([]);
    expect(p.beacons).toEqual([]);
    expect([p.local, p.session, p.doc.cookie]).toEqual([{}, {}, '']);
    expect(p.tact.anonymousId()).toBe(null);
  });

  it('tells the category of a page that is not about a product', async () => {
    await t.open({head: `<meta name="tact:page" content='{"type":"category","category":"tents"}'>`});
    const {body} = await until(() => t.server.to('/v1/decide')[0]);
    expect(body.page).toMatchObject({type: 'category', category: 'tents'});
    expect(body.page).not.toHaveProperty('product');
  });

  it('tells where they came from without the way they took on this site', async () => {
    const way = `${t.server.origin}/clinic/pregnancy?for=me`;
    const asked = async (referrer: string): Promise<any> => {
      await t.open({referrer});
      const {page, context} = (await until(() => t.server.to('/v1/decide').pop())).body;
      t.server.got.length = 0;
      expect(context).not.toHaveProperty('timezone');
      return page.referrer;
    };
    expect(await asked(way)).toBe(undefined);
    expect(await asked('https://search.example/?q=secret')).toBe('https://search.example');
    expect(await asked('')).toBe(undefined);
  });

  it('stores a refusal and nothing else', async () => {
    const p = await t.open();
    p.tact.consent(NO);
    await sleep(50);
    expect(p.local).toEqual({'tact.consent': '{"personalization":false,"analytics":false}'});
    expect(p.tact.consentState()).toEqual({...NO, chosen: true, gpc: false});
    expect(t.server.events()).toEqual([]);
    expect(p.tact.anonymousId()).toBe(null);
  });
});

describe('granting and withdrawing', () => {
  it('granting makes an id, then sends the choice, then the page view, and decides again', async () => {
    const p = await t.open();
    await until(() => t.server.to('/v1/decide')[0]);
    p.tact.consent(YES);
    const second = (await until(() => t.server.to('/v1/decide')[1])).body;
    const id = p.tact.anonymousId()!;
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(p.local['tact.id']).toBe(id);
    expect(second.visitor).toEqual({anonymousId: id});
    expect(second.events!.map((e) => e.event ?? e.type)).toEqual(['Segment Consent Preference Updated', 'page']);
    expect(second.events![0]!.context.consent.categoryPreferences).toEqual(YES);
  });

  it('tells what the visitor was shown, once', async () => {
    const p = await t.open();
    p.tact.consent({...YES, text: 'May this shop adapt?'});
    const events = (await until(() => t.server.to('/v1/decide').find((g) => g.body.visitor))).body.events!;
    expect(events.map((e) => e.context.consent.text)).toEqual(['May this shop adapt?', undefined]);
    expect(p.local['tact.consent']).toBe(JSON.stringify(YES));
  });

  it('withdrawing sends the change for the id, then forgets id and queue, and restores the default', async () => {
    t.server.decide = (b, res) => reply(res, 200, {decisions: [message(b.slots![0]!)]});
    const p = await t.open({local: GRANTED});
    await until(() => p.$('.tact-message'));
    p.tact.track('Never To Arrive');
    p.tact.consent(NO);
    await sleep(20);
    expect(p.slot.textContent).toBe('default content');
    expect(p.local).toEqual({'tact.consent': '{"personalization":false,"analytics":false}'});
    expect(p.session).toEqual({});
    const [e] = (await until(() => t.server.to('/v1/batch')[0])).body.batch!;
    expect(e).toMatchObject({event: 'Segment Consent Preference Updated', anonymousId: 'a-1'});
    expect(e!.context.consent.categoryPreferences).toEqual(NO);
    p.leave();
    await sleep(1200);
    expect(t.server.to('/v1/batch').length).toBe(1);
    expect(t.server.events('Never To Arrive')).toEqual([]);
    expect(p.slot.textContent).toBe('default content');
  });

  it('a decision on its way when consent is withdrawn is not rendered', async () => {
    t.server.decide = async (b, res) => { await sleep(150); reply(res, 200, {decisions: [message(b.slots![0]!)]}); };
    const p = await t.open({local: GRANTED});
    await until(() => t.server.to('/v1/decide')[0]);
    p.tact.consent(NO);
    await sleep(300);
    expect(p.slot.textContent).toBe('default content');
  });

  it('with analytics alone sends events but decides from the page alone', async () => {
    const p = await t.open({local: {'tact.consent': '{"personalization":false,"analytics":true}'}});
    const d = (await until(() => t.server.to('/v1/decide')[0])).body;
    expect([d.visitor, d.events]).toEqual([undefined, undefined]);
    const [e] = (await until(() => t.server.to('/v1/batch')[0])).body.batch!;
    expect(e).toMatchObject({type: 'page', anonymousId: p.tact.anonymousId()});
    expect(e!.context.consent.categoryPreferences).toEqual({personalization: false, analytics: true});
  });

  it('follows a withdrawal made in another tab', async () => {
    const p = await t.open({local: GRANTED});
    await until(() => t.server.to('/v1/decide')[0]);
    p.w.localStorage.setItem('tact.consent', JSON.stringify(NO));
    p.w.dispatchEvent(new p.w.StorageEvent('storage', {key: 'tact.consent'}));
    await sleep(20);
    expect(p.tact.anonymousId()).toBe(null);
    p.tact.track('x');
    expect(p.session).toEqual({});
  });
});

describe('other lawful basis and Global Privacy Control', () => {
  const gpc = (w: any): void => { Object.defineProperty(w.navigator, 'globalPrivacyControl', {value: true}); };

  it('data-consent="granted" works without a choice, with the id the site gave', async () => {
    await t.open({attributes: {'data-consent': 'granted', 'data-anonymous-id': 'site-7'}});
    expect((await until(() => t.server.to('/v1/decide')[0])).body.visitor).toEqual({anonymousId: 'site-7'});
  });

  it('GPC denies personalization, also over an older grant, until a grant made under it', async () => {
    const p = await t.open({local: GRANTED, before: gpc});
    const first = (await until(() => t.server.to('/v1/decide')[0])).body;
    expect([first.visitor, first.events]).toEqual([undefined, undefined]);
    expect(p.tact.consentState()).toEqual({personalization: false, analytics: true, chosen: true, gpc: true, says: expect.stringContaining('Global Privacy Control')});
    p.tact.consent({personalization: true});
    const second = (await until(() => t.server.to('/v1/decide')[1])).body;
    expect(second.visitor).toEqual({anonymousId: 'a-1'});
    const next = await t.open({local: p.local, before: gpc});
    expect(next.tact.consentState().personalization).toBe(true);
  });

  it('the visitor is told, also of a signal that only the server sees', async () => {
    t.server.decide = (b, res) => reply(res, 200, {decisions: b.slots!.map((slot) => ({slot, show: null})), consent: {personalization: false, gpc: true}});
    const p = await t.open({local: GRANTED});
    expect(p.tact.consentState().says).toBe(undefined);
    const heard = await new Promise<any>((done) => p.tact.on('consent', done));
    expect(heard).toMatchObject({personalization: false, analytics: true, gpc: true, says: expect.stringMatching(/Global Privacy Control.*until you allow it/)});
    p.tact.consent({personalization: true});
    const told = await until(() => t.server.events('Segment Consent Preference Updated')[0]);
    expect(told.context.consent.categoryPreferences).toEqual(YES);
    expect(p.local['tact.consent']).toContain('"gpc":true');
    expect(p.tact.consentState()).toEqual({personalization: true, analytics: true, chosen: true, gpc: true});
  });

  it('under GPC a new id after reset() is told the grant as a choice', async () => {
    const p = await t.open({local: {...GRANTED, 'tact.consent': '{"personalization":true,"analytics":true,"gpc":true}'}, before: gpc});
    await until(() => t.server.to('/v1/decide')[0]);
    p.tact.reset();
    const told = await until(() => t.server.events('Segment Consent Preference Updated')[0]);
    expect(told.anonymousId).toBe(p.tact.anonymousId());
    expect(told.anonymousId).not.toBe('a-1');
  });

  it('what a site with another basis does is not told as the visitor\'s choice', async () => {
    const p = await t.open({attributes: {'data-consent': 'granted'}});
    expect((await until(() => t.server.to('/v1/decide')[0])).body.context).not.toHaveProperty('consent');
    p.tact.consent(NO);
    const told = await until(() => t.server.events('Segment Consent Preference Updated')[0]);
    expect(told.context.consent.categoryPreferences).toEqual(NO);
  });

  it('works when the browser blocks storage', async () => {
    const p = await t.open({before: (w) => {
      for (const s of ['localStorage', 'sessionStorage']) Object.defineProperty(w, s, {get() { throw new Error('SecurityError'); }});
    }});
    p.tact.consent(YES);
    const d = await until(() => t.server.to('/v1/decide').find((g) => g.body.visitor));
    expect(d.body.visitor!.anonymousId).toBe(p.tact.anonymousId());
    expect(p.thrown).toEqual([]);
  });
});

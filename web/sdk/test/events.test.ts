import {describe, expect, it} from 'vitest';
import {GRANTED} from './browser';
import {reply, sleep, until} from './server';
import {harness} from './setup';

const t = harness();
const quiet = {local: GRANTED, html: ''};  // no slots: events travel in batches only
const names = (es: {event?: string; type: string}[]): string[] => es.map((e) => e.event ?? e.type);

describe('events', () => {
  it('are Segment-shaped, as docs/http.md says', async () => {
    const p = await t.open({...quiet, url: `${t.server.origin}/p/trail-shoe?utm_source=news&utm_campaign=autumn`, referrer: 'https://search.example/',
      head: `<meta name="tact:page" content='{"type":"product","product":{"id":"p7","category":["shoes","trail"],"price":129}}'>`});
    p.tact.track('Product Added', {product_id: 'p7', quantity: 1});
    p.tact.identify('u1', {plan: 'gold'});
    const {body, type} = await until(() => t.server.to('/v1/batch')[0]);
    expect(type).toMatch(/^text\/plain/);
    expect(body).toMatchObject({writeKey: 'wk_test', sentAt: expect.stringMatching(/Z$/)});
    const [page, track, identify] = body.batch!;
    expect(page).toMatchObject({type: 'page', name: 'product', anonymousId: 'a-1', timestamp: expect.stringMatching(/Z$/), properties: {
      type: 'product', product_id: 'p7', category: ['shoes', 'trail'], path: '/p/trail-shoe', title: 'Trail shoe', referrer: 'https://search.example/', url: p.w.location.href}});
    expect(page!.context).toMatchObject({
      page: {url: p.w.location.href, path: '/p/trail-shoe', title: 'Trail shoe', referrer: 'https://search.example/'},
      locale: 'en-US', timezone: expect.any(String), campaign: {source: 'news', name: 'autumn'}, library: {name: 'tact.js'},
      consent: {categoryPreferences: {personalization: true, analytics: true}}});
    expect(track).toMatchObject({type: 'track', event: 'Product Added', properties: {product_id: 'p7', quantity: 1}});
    expect(identify).toMatchObject({type: 'identify', userId: 'u1', traits: {plan: 'gold'}});
    expect(new Set(body.batch!.map((e) => e.messageId)).size).toBe(3);
  });

  it('calls queued before the script come through, and a queued page() replaces the automatic view', async () => {
    await t.open({...quiet, before: (w) => w.tact.push(['page', 'landing', {campaign_name: 'x'}], ['track', 'Early'])});
    const {batch} = (await until(() => t.server.to('/v1/batch')[0])).body;
    expect(names(batch!)).toEqual(['page', 'Early']);
    expect(batch![0]).toMatchObject({name: 'landing', properties: {type: 'landing', campaign_name: 'x'}});
  });

  it('ride along with the decision that follows them', async () => {
    const p = await t.open({local: GRANTED, before: (w) => w.tact.push(['track', 'Size Guide Opened'])});
    expect(names((await until(() => t.server.to('/v1/decide')[0])).body.events!)).toEqual(['page', 'Size Guide Opened']);
    await until(() => p.session['tact.queue'] === undefined);  // confirmed by the decision
    p.tact.track('Size Guide Opened');
    p.tact.refresh();
    expect(names((await until(() => t.server.to('/v1/decide')[1])).body.events!)).toEqual(['Size Guide Opened']);
    await sleep(1200);
    expect(t.server.events('Size Guide Opened').length).toBe(2);  // neither came a second time
    expect(t.server.events('page').length).toBe(1);
  });

  it('twenty of them do not wait for the clock', async () => {
    const p = await t.open(quiet);
    const start = performance.now();
    for (let i = 0; i < 20; i++) p.tact.track(`e${i}`);
    await until(() => t.server.to('/v1/batch')[0]);
    expect(performance.now() - start).toBeLessThan(600);
  });
});

describe('single-page applications', () => {
  it('counts routes, not anchors or replaced queries, and re-reads the meta', async () => {
    const p = await t.open({local: GRANTED, head: `<meta name="tact:page" content='{"type":"list"}'>`});
    await until(() => t.server.to('/v1/decide')[0]);
    p.w.history.replaceState({scroll: 1}, '', '?sort=price');
    p.w.location.hash = '#reviews';
    await sleep(120);
    expect(t.server.to('/v1/decide').length).toBe(1);
    expect(p.w.history.pushState({n: 1}, '', '/p/fjell')).toBe(undefined);
    p.$('meta').setAttribute('content', '{"type":"product","product":{"id":"p9"}}');
    p.doc.title = 'Fjell';
    const d = (await until(() => t.server.to('/v1/decide')[1])).body;
    expect(d.page).toMatchObject({type: 'product', product: {id: 'p9'}, title: 'Fjell'});
    expect(d.page.referrer).toContain('/p/trail-shoe');
    const told = d.events!.filter((e) => e.type === 'page' || e.event === 'Page Left');
    expect(names(told)).toEqual(['Page Left', 'page']);
    expect(told[0]!.properties).toMatchObject({path: '/p/trail-shoe', type: 'list'});
    p.w.location.hash = '#/cart';
    await until(() => t.server.to('/v1/decide')[2]);
    p.w.history.replaceState({}, '', '/checkout');
    await until(() => t.server.to('/v1/decide')[3]);
    expect(p.w.history.state).toEqual({});
  });

  it('page() of the router replaces the automatic view of the same route', async () => {
    const p = await t.open(quiet);
    p.w.history.pushState({}, '', '/cart');
    p.tact.page('cart');
    await sleep(120);
    p.leave();
    await sleep(50);
    expect(t.server.once('page').map((e) => e.name)).toEqual([undefined, 'cart']);
  });

  it('lets the page\'s own history errors through', async () => {
    const p = await t.open(quiet);
    p.w.History.prototype.pushState = () => { throw new Error('the page expects this'); };
    const q = await t.open({...quiet, before: (w) => { w.history.pushState = () => { throw new Error('DataCloneError'); }; }});
    expect(() => q.w.history.pushState({}, '', '/x')).toThrow('DataCloneError');
  });
});

it('reset() makes a new id; the old events keep the old one', async () => {
  const p = await t.open(quiet);
  p.tact.track('Before');
  p.tact.reset();
  p.tact.track('After');
  await until(() => t.server.once('After').length);
  expect(t.server.once('Before')[0]!.anonymousId).toBe('a-1');
  expect(t.server.once('After')[0]!.anonymousId).not.toBe('a-1');
  expect(p.local['tact.id']).toBe(t.server.once('After')[0]!.anonymousId);
});

import {describe, expect, it} from 'vitest';
import {GRANTED} from './browser';
import {reply, sleep, until} from './server';
import {harness} from './setup';

const t = harness();
const quiet = {local: GRANTED, html: ''};  // no slots: events travel in batches only
const names = (es: {event?: string; type: string}[]): string[] => es.map((e) => e.event ?? e.type);

describe('delivery', () => {
  for (const status of [500, 503, 0]) {
    it(`after ${status || 'a network failure'} tries again with the same messageIds`, async () => {
      t.server.batch = (_b, res, nth) => (nth > 1 ? reply(res, 200, {}) : status ? reply(res, status, {}) : res.destroy());
      const p = await t.open(quiet);
      p.tact.track('Kept');
      await until(() => t.server.to('/v1/batch').length > 1);
      const [a, b] = t.server.to('/v1/batch');
      expect(b!.body.batch!.map((e) => e.messageId)).toEqual(a!.body.batch!.map((e) => e.messageId));
      expect(b!.at - a!.at).toBeGreaterThan(450);
      await until(() => p.session['tact.queue'] === undefined);
    });
  }

  it('honours Retry-After of a 429, for decisions too', async () => {
    t.server.batch = (_b, res, nth) => (nth > 1 ? reply(res, 200, {}) : reply(res, 429, {}, {'Retry-After': '2'}));
    t.server.decide = (_b, res) => reply(res, 429, {}, {'Retry-After': '60'});
    const p = await t.open(quiet);
    await until(() => t.server.to('/v1/batch').length > 1, 6000);
    const [a, b] = t.server.to('/v1/batch');
    expect(b!.at - a!.at).toBeGreaterThan(1900);
    expect(b!.body.batch![0]!.messageId).toBe(a!.body.batch![0]!.messageId);
    await p.tact.decide(['s']);
    await p.tact.decide(['s']);
    expect(t.server.to('/v1/decide').length).toBe(1);
  });

  it('after 400, 401, 403, 404, 413, 422 gives up', async () => {
    t.server.batch = (b, res) => reply(res, Number(b.writeKey), {});
    await Promise.all([400, 401, 403, 404, 413, 422].map(async (status) => {
      const p = await t.open({...quiet, attributes: {'data-write-key': `${status}`}});
      await until(() => p.errors.some((e) => e.includes(`refused (${status})`)));
      expect(p.session).toEqual({});
    }));
    await sleep(1500);
    expect(t.server.to('/v1/batch').length).toBe(6);
  });

  it('keeps a bounded number of events', async () => {
    t.server.batch = (_b, res) => reply(res, 503, {});
    const p = await t.open(quiet);
    for (let i = 0; i < 520; i++) p.tact.track(`e${i}`);
    const kept = JSON.parse(p.session['tact.queue']!);
    expect(kept.length).toBe(500);
    expect(kept[499].e.event).toBe('e519');
    expect(p.errors).toContain('queue full: oldest event dropped');
  });
});

describe('leaving the page', () => {
  it('sends what is left by beacon, in pieces under 64 KB', async () => {
    const p = await t.open(quiet);
    for (let i = 0; i < 10; i++) p.tact.track(`big ${i}`, {text: 'é'.repeat(8_000)});
    p.leave();
    expect(p.beacons.length).toBeGreaterThan(2);
    for (const b of p.beacons) {
      expect(b.url).toBe(`${t.server.origin}/v1/batch`);
      expect(Buffer.byteLength(b.body)).toBeLessThan(65_536);
    }
    await until(() => t.server.once().length === 12);
    expect(names(t.server.once()).slice(-1)).toEqual(['Page Left']);
  });

  it('falls back to fetch keepalive where beacons are refused', async () => {
    const p = await t.open(quiet);
    p.w.navigator.sendBeacon = () => false;
    p.leave();
    await until(() => t.server.once('Page Left').length === 1);
  });

  it('loses nothing over a navigation, and counts nothing twice', async () => {
    t.server.batch = (_b, res) => res.destroy();  // even the beacon fails
    const a = await t.open(quiet);
    a.tact.track('Product Added');
    a.leave();
    const kept = a.session;
    await a.close();
    t.server.batch = (_b, res) => reply(res, 200, {});
    t.server.got.length = 0;
    const b = await t.open({local: GRANTED, session: kept});
    const carried = (await until(() => t.server.to('/v1/decide')[0])).body.events!;
    expect(names(carried)).toEqual(['page', 'Product Added', 'Page Left', 'page']);
    await until(() => b.session['tact.queue'] === undefined);
    b.leave();
    await sleep(100);
    for (const name of ['Product Added', 'Page Left']) expect(t.server.once(name).length).toBe(name === 'Page Left' ? 2 : 1);
  });

  it('does not take over a queue without consent', async () => {
    const p = await t.open({html: '', session: {'tact.queue': '[{"e":{"messageId":"m","type":"track"}}]'}});
    expect(p.session).toEqual({});
  });

  it('a page killed while hidden still says goodbye, through the next page', async () => {
    const a = await t.open(quiet);
    await sleep(120);
    a.visibility('hidden');
    const killed = a.session;
    await a.close();
    await t.open({...quiet, session: killed});
    await until(() => t.server.once('Page Left').length === 1);
  });

  it('hiding and showing the tab is not leaving: one Page Left, visible seconds only', async () => {
    const p = await t.open(quiet);
    await sleep(400);
    p.visibility('hidden');
    await sleep(600);
    p.visibility('visible');
    await sleep(100);
    p.leave();
    await until(() => t.server.once('Page Left').length);
    const [left, ...more] = t.server.once('Page Left');
    expect(more).toEqual([]);
    expect(left!.properties.seconds).toBeGreaterThan(0.3);
    expect(left!.properties.seconds).toBeLessThan(0.9);
    expect(left!.properties).toMatchObject({path: '/p/trail-shoe', scroll_percent: expect.any(Number)});
  });

  it('coming back from the back/forward cache is a new page view', async () => {
    const p = await t.open(quiet);
    p.leave();
    p.visibility('visible');
    p.w.sessionStorage.setItem('tact.queue', '[]');  // the page in between delivered them
    p.w.dispatchEvent(Object.assign(new p.w.Event('pageshow'), {persisted: true}));
    await until(() => t.server.once('page').length === 2);
    expect(t.server.once('Page Left').length).toBe(1);
  });
});

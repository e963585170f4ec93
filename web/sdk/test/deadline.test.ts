import {describe, expect, it} from 'vitest';
import {GRANTED} from './browser';
import {message, reply, sleep, until} from './server';
import {harness} from './setup';

const t = harness();
const ours = (p: any): boolean => !!p.$('.tact-message');

describe('fail open for the page', () => {
  it('renders a decision that comes in time, and never hid the default before', async () => {
    t.server.decide = async (b, res) => { await sleep(100); reply(res, 200, {decisions: [message(b.slots![0]!)]}); };
    const p = await t.open({local: GRANTED});
    expect(p.slot.textContent).toBe('default content');
    await until(() => ours(p));
    expect(p.$('.tact-title').textContent).toBe('Between sizes?');
    expect(p.$('.tact-because').textContent).toContain('Because you looked');
    expect(p.$('#default')).toBe(null);
  });

  const bad: Record<string, (b: any, res: any) => unknown> = {
    'accepts and hangs': () => undefined,
    'sends headers and half a body, then hangs': (b, res) => { res.writeHead(200); res.write('{"decisions":['); },
    'is slow': async (b, res) => { await sleep(450); if (!res.destroyed) reply(res, 200, {decisions: [message(b.slots[0])]}); },
    'answers 500': (b, res) => reply(res, 500, {}),
    'answers no JSON': (b, res) => reply(res, 200, '<html>'),
    'answers null': (b, res) => reply(res, 200, null),
    'answers a list of nonsense': (b, res) => reply(res, 200, {decisions: [null, 7, {slot: b.slots[0], id: 3, show: {kind: 5, content: 'x'}}]}),
    'answers content of wrong types': (b, res) => reply(res, 200, {decisions: [message(b.slots[0], {}, {content: {title: {}, items: 'x', link: 7, image: []}})]}),
    'cuts the connection': (b, res) => res.destroy(),
  };
  for (const [name, decide] of Object.entries(bad)) {
    it(`keeps the default when the server ${name}`, async () => {
      t.server.decide = decide;
      const p = await t.open({local: GRANTED});
      for (let i = 0; i < 14; i++) {
        expect(p.slot.textContent).toBe('default content');
        await sleep(50);  // 700 ms: a late answer must not appear either
      }
      expect(p.thrown).toEqual([]);
    });
  }

  it('resolves decide() with defaults within 300 ms when the server hangs', async () => {
    t.server.decide = () => undefined;
    const p = await t.open({html: ''});
    const start = performance.now();
    const decisions = await p.tact.decide(['cart.help', 'page.banner']);
    const took = performance.now() - start;
    expect(decisions).toEqual([{slot: 'cart.help', show: null}, {slot: 'page.banner', show: null}]);
    expect(took).toBeGreaterThan(250);
    expect(took).toBeLessThan(420);  // 300, and a busy machine
    expect(p.errors.join()).toContain('no answer in time');
  });

  it('tells the server that nobody saw what it may have decided too late', async () => {
    t.server.decide = () => undefined;
    const p = await t.open({local: GRANTED});
    const {requestId} = (await until(() => t.server.to('/v1/decide')[0])).body as {requestId?: string};
    const told = await until(() => t.server.to('/v1/batch').flatMap((r) => r.body.batch!).find((e: any) => e.event === 'Message Not Seen'));
    expect(requestId).toBeTruthy();
    expect(p.errors.join()).toContain('no answer in time');
    expect((told as any).properties).toEqual({request: requestId});
  });

  it('does not lose the events a timed-out decide carried', async () => {
    t.server.decide = () => undefined;
    const p = await t.open({local: GRANTED});
    const carried = (await until(() => t.server.to('/v1/decide')[0])).body.events!;
    expect(carried.map((e) => e.type)).toEqual(['page']);
    expect(p.session['tact.queue']).toContain(carried[0]!.messageId);
    const batch = await until(() => t.server.to('/v1/batch')[0]);
    expect(batch.body.batch!.filter((e) => e.type === 'page').map((e) => e.messageId)).toEqual(carried.map((e) => e.messageId));
    await until(() => p.session['tact.queue'] === undefined);
  });

  it('never throws into the page, whatever it is called with', async () => {
    const p = await t.open({local: GRANTED});
    const tact = p.tact as any;
    tact.load(); tact.load({}); tact.track(); tact.identify(); tact.page(null, 'x'); tact.consent(); tact.push(['nonsense'], null, 7);
    tact.on('ready', () => { throw new Error('listener'); });
    const circular: any = {}; circular.self = circular;
    tact.track('x', circular);
    tact.track('big', {blob: 'x'.repeat(40_000)});
    expect(await tact.decide()).toHaveLength(0);
    expect(p.thrown).toEqual([]);
    expect(p.errors.join()).toContain('already loaded');
    expect(p.errors.join()).toContain('event over 32000 bytes');
  });
});

// @segment/analytics-next, unmodified, in Chromium, on a page of another origin than Tact's.
import assert from 'node:assert/strict';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {after, before, test} from 'node:test';
import {buildSync} from 'esbuild';
import type {Page} from 'playwright-core';
import {browserMissing, openBrowser, type Browser} from '../e2e/browser.ts';
import {root} from '../e2e/tact.ts';
import {Installation, assertStored, fresh, requiredKey, slowKey, until} from './installation.ts';
import {Relay, stopRelays, type Fault} from './relay.ts';

const entry = `import {AnalyticsBrowser} from '@segment/analytics-next'; window.AnalyticsBrowser = AnalyticsBrowser;`;
const bundle = (): string => {
  const built = buildSync({
    stdin: {contents: entry, resolveDir: root}, bundle: true, write: false, format: 'iife', minify: true, logLevel: 'error',
  });
  return built.outputFiles[0]!.text;
};
const html = `<!doctype html><html lang="en"><head><title>A shop – Läden</title><link rel="icon" href="data:,"></head>
<body><script src="/client.js"></script></body></html>`;

let tact: Installation;
let browser: Browser;
let pages: Server;
let origin: string;
before(async () => {
  if (browserMissing) return;
  tact = await Installation.start();
  const script = bundle();
  pages = createServer((request, response) => {
    const isScript = request.url === '/client.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(isScript ? script : html);
  });
  await new Promise<void>((done) => pages.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  pages?.closeAllConnections();
  pages?.close();
  await stopRelays();
  await tact?.tact.remove();
});

interface Visit {
  page: Page;
  relay: Relay;
  anonymousId: string;
  requests: string[];  // every URL the page asked for
  errors: string[];
}

async function visit(options: {key?: string; path?: string; faults?: Fault[]; strategy?: object} = {}): Promise<Visit> {
  const relay = await Relay.start(tact.port, ...(options.faults ?? []));
  const page = await browser.context.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(origin + (options.path ?? '/p/fjell'));
  const anonymousId = fresh();
  await page.evaluate(({writeKey, host, id, strategy}) => {
    localStorage.clear();
    const analytics = (window as any).AnalyticsBrowser.load(
      {writeKey, cdnURL: `http://${host}`},
      {integrations: {'Segment.io': {apiHost: `${host}/v1`, protocol: 'http', ...(strategy ? {deliveryStrategy: strategy} : {})}}},
    );
    analytics.setAnonymousId(id);
    (window as any).analytics = analytics;
  }, {writeKey: options.key ?? tact.write, host: relay.host, id: anonymousId, strategy: options.strategy ?? null});
  return {page, relay, anonymousId, requests, errors};
}

const close = async ({page, relay}: Visit): Promise<void> => {
  await page.close();
  await relay.stop();
};

const stored = (visit: Visit, count: number): Promise<Awaited<ReturnType<Installation['records']>>> =>
  until(() => `${count} records; requests so far: ${visit.relay.seen.map((one) => `${one.method} ${one.path} ${one.status}`).join(', ')}; page: ${visit.errors.slice(0, 3).join(' | ')}`, async () => {
    const records = await tact.records(visit.anonymousId);
    return records.length >= count ? records : undefined;
  }, 12_000);

test('all six calls arrive cross-origin as they were sent', {skip: browserMissing}, async () => {
  const one = await visit({path: '/p/fjell?utm_source=letter&utm_medium=email&token=hush#here'});
  await one.page.evaluate(async () => {
    const {analytics} = window as any;
    await analytics.page('product', {type: 'product', product_id: 'p7'});
    await analytics.track('Size Guide Opened', {product_id: 'p7', price: 129.5, list: [1, 'two', null], deep: {a: {b: true}}});
    await analytics.alias('u-next', 'a-before');  // after identify the client would name the one identified
    await analytics.identify('u-next', {email: 'a@example.org', plan: {name: 'pro'}});
    await analytics.group('g-next', {seats: 3});
    await analytics.screen('Start', {n: 1});
  });
  const records = await stored(one, 6);
  const sent = [...one.relay.events().values()];
  assert.deepEqual(sent.map((event) => event['type']), ['page', 'track', 'alias', 'identify', 'group', 'screen']);
  // The wire is what the page said: otherwise comparing with it proves nothing.
  assert.deepEqual([sent[2]?.['userId'], sent[2]?.['previousId']], ['u-next', 'a-before']);
  assert.match(JSON.stringify(sent), /token=hush/);
  assert.ok(!JSON.stringify(records).includes('hush'), 'a secret of the address was stored');
  for (const event of sent) {
    // What an address may keep is collect's rule; everything else is compared as sent.
    const kept = JSON.parse(JSON.stringify(event).replaceAll('&token=hush', '').replaceAll('#here', '')) as Record<string, any>;
    assertStored(records.find((record) => record.messageId === event['messageId']), kept);
  }
  assert.match(String(records[0]?.context?.['userAgent']), /^(Headless)?Chrome\/\d+ \(Linux\)$/);
  assert.equal(records[1]?.properties?.['price'], 129.5);
  await close(one);
});

test('it preflights, reads its settings from Tact, and asks nobody else', {skip: browserMissing}, async () => {
  const one = await visit();
  await one.page.evaluate(async () => {
    for (let i = 0; i < 5; i++) await (window as any).analytics.track(`Metric ${i}`);
  });
  await stored(one, 5);
  const asked = one.relay.seen.map((seen) => `${seen.method} ${seen.path}`);
  assert.ok(asked.includes(`GET /v1/projects/${tact.write}/settings`), asked.join('\n'));
  const post = one.relay.posts()[0];
  assert.equal(post?.headers['content-type'], 'text/plain');
  assert.match(String(post?.headers['authorization']), /^Basic /);
  assert.equal(post?.headers['origin'], origin);
  assert.equal(post?.answer['access-control-allow-origin'], origin);
  const preflight = one.relay.seen.find((seen) => seen.method === 'OPTIONS');
  assert.ok(preflight, 'no preflight was sent');
  assert.equal(preflight.status, 204);
  assert.match(String(preflight.headers['access-control-request-headers']), /authorization/);

  // sampleRate 0 in the settings: no metrics, to Segment or to anybody.
  const settings = await tact.ask(`/v1/projects/${tact.write}/settings`);
  assert.equal(settings.json.metrics.sampleRate, 0);
  const hosts = new Set(one.requests.filter((url) => url.startsWith('http')).map((url) => new URL(url).host));
  assert.deepEqual([...hosts].sort(), [new URL(origin).host, one.relay.host].sort());
  assert.ok(!asked.some((line) => /\/m$/.test(line)), asked.join('\n'));
  assert.deepEqual(one.errors, []);
  await close(one);
});

test('in batches too', {skip: browserMissing}, async () => {
  const one = await visit({strategy: {strategy: 'batching', config: {size: 3, timeout: 200}}});
  await one.page.evaluate(async () => {
    for (let i = 0; i < 6; i++) await (window as any).analytics.track('Batched', {i});
  });
  const records = await stored(one, 6);
  assert.ok(one.relay.posts().every((post) => post.path === '/v1/b'));
  assert.deepEqual(records.map((record) => record.properties?.['i']).sort(), [0, 1, 2, 3, 4, 5]);
  await close(one);
});

const failures: [string, Fault[], object | undefined][] = [
  ['503', [{status: 503}], undefined],
  ['an answer lost after storing', ['dropped'], undefined],
  ['503, in batches', [{status: 503}], {strategy: 'batching', config: {size: 1, timeout: 100}}],
];
for (const [name, faults, strategy] of failures) {
  // A retry carries X-Retry-Count, which the preflight must allow.
  test(`retries after ${name}: stored exactly once`, {skip: browserMissing}, async () => {
    const one = await visit({faults, ...(strategy ? {strategy} : {})});
    await one.page.evaluate(() => void (window as any).analytics.track('Once', {n: 1}));
    const asked = (): string => one.relay.seen.map((seen) => `${seen.method} ${seen.path} ${seen.status}`).join(', ');
    await until(() => `a second attempt to be accepted: ${asked()}; page: ${one.errors.join(' | ')}`, () =>
      one.relay.posts().filter((post) => post.status === 200).length >= (faults.includes('dropped') ? 2 : 1), 10_000);
    const records = await stored(one, 1);
    assert.deepEqual(records.map((record) => record.properties), [{n: 1}]);
    await close(one);
  });
}

test("Tact's own 429 can be read cross-origin and every event arrives", {skip: browserMissing}, async () => {
  const one = await visit({key: slowKey});
  const seen = await one.page.evaluate(async ({host, key}) => {
    const answers: {status: number; wait: string | null}[] = [];
    for (let i = 0; i < 8; i++) {
      const response = await fetch(`http://${host}/v1/t`, {
        method: 'POST', body: JSON.stringify({writeKey: key, event: 'Filler', anonymousId: 'filler'}),
      });
      answers.push({status: response.status, wait: response.headers.get('Retry-After')});
    }
    return answers;
  }, {host: one.relay.host, key: slowKey});
  const refused = seen.filter((answer) => answer.status === 429);
  assert.ok(refused.length > 0, JSON.stringify(seen));
  await one.page.evaluate(() => {
    for (let i = 0; i < 4; i++) void (window as any).analytics.track('Slowly', {i});
  });
  const records = await stored(one, 4);
  assert.deepEqual(records.map((record) => record.properties?.['i']).sort(), [0, 1, 2, 3]);
  // Without Access-Control-Expose-Headers a page cannot see how long it should wait.
  assert.ok(refused.every((answer) => Number(answer.wait) >= 1), `Retry-After is hidden from the page: ${JSON.stringify(refused)}`);
  await close(one);
});

test('a key that asks for consent first stores nothing without it, and stores with it', {skip: browserMissing}, async () => {
  const one = await visit({key: requiredKey});
  const dropped = await tact.counter('tact_events_dropped_total');
  await one.page.evaluate(() => void (window as any).analytics.track('Unasked'));
  await until('the event to be answered', () => one.relay.posts().some((post) => post.status === 200));
  assert.equal(await tact.counter('tact_events_dropped_total'), dropped + 1);
  assert.deepEqual(await tact.records(one.anonymousId), []);
  await one.page.evaluate(() =>
    void (window as any).analytics.track('Asked', {}, {context: {consent: {categoryPreferences: {personalization: true, analytics: true}}}}));
  const records = await stored(one, 1);
  assert.deepEqual(records.map((record) => record.event), ['Asked']);
  await close(one);
});

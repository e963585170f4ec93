// @segment/analytics-node, unmodified, against the real server: what it sends is what is stored, once.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Analytics} from '@segment/analytics-node';
import {Installation, assertStored, fresh, until} from './installation.ts';
import {Relay, stopRelays, type Fault} from './relay.ts';

let tact: Installation;
before(async () => {
  tact = await Installation.start();
});
after(async () => {
  await stopRelays();
  await tact?.tact.remove();
});

const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0';
const context = {
  ip: '203.0.113.7', userAgent: agent, locale: 'de-DE', timezone: 'Europe/Berlin',
  page: {path: '/p/trail-shoe', url: 'https://shop.example/p/trail-shoe', title: 'Fjell – Läufer', referrer: '', search: ''},
  campaign: {name: 'spring', source: 'letter', medium: 'email'}, device: {type: 'desktop', ip: '203.0.113.7'},
  extra: {list: [1, 2.5, null, 'x'], deep: {er: {still: true}}},
};
const properties = {
  text: 'größe "42" \\ / \u2028 😀 \u0000 end', empty: '', none: null, yes: true, no: false, zero: 0, minus: -17,
  fraction: 0.1, tiny: 5e-324, huge: 1.7976931348623157e308, whole: 9007199254740991, list: [], object: {},
  products: [{product_id: 'p7', category: 'shoes/trail', price: 129.9, quantity: 2, name: 'Fjell'}, {product_id: 'p8', price: 5}],
  nested: {a: [{b: [{c: 'd'}]}]}, 'a key.with$signs ü': 1,
};

async function client(key: string, ...faults: Fault[]): Promise<{analytics: Analytics; relay: Relay; errors: unknown[]}> {
  const relay = await Relay.start(tact.port, ...faults);
  const analytics = new Analytics({writeKey: key, host: relay.url, maxRetries: 5, flushInterval: 100});
  const errors: unknown[] = [];
  analytics.on('error', (error) => errors.push(error));
  return {analytics, relay, errors};
}

test('all six calls are stored as they were sent', async () => {
  const {analytics, relay, errors} = await client(tact.write);
  const anonymousId = fresh();
  const timestamp = new Date(Date.now() - 3_600_000);
  const calls: [string, () => void][] = [
    ['track', () => analytics.track({anonymousId, event: 'Order Refunded', properties, context, timestamp})],
    ['identify', () => analytics.identify({anonymousId, userId: 'u-browser', traits: {email: 'a@example.org', company: {name: 'Pro'}, logins: 5}, context})],
    ['page', () => analytics.page({anonymousId, name: 'product', category: 'shoes', properties: {type: 'product', product_id: 'p7'}, context})],
    ['screen', () => analytics.screen({anonymousId, name: 'Welcome', properties: {from: 'push'}, context})],
    ['group', () => analytics.group({anonymousId, groupId: 'g-1', traits: {name: 'Ärzte & Co', employees: 7}, context})],
    ['alias', () => analytics.alias({userId: anonymousId, previousId: 'a-before', context})],
  ];
  for (const [, call] of calls) call();
  await analytics.closeAndFlush({timeout: 10_000});
  assert.deepEqual(errors, []);

  const sent = [...relay.events().values()];
  assert.deepEqual(sent.map((event) => event['type']), calls.map(([type]) => type));
  // The wire is what the caller said: otherwise comparing with it proves nothing.
  assert.deepEqual(sent[0]?.['properties'], JSON.parse(JSON.stringify(properties)));
  assert.equal(sent[0]?.['timestamp'], timestamp.toISOString());
  assert.deepEqual(sent[1]?.['traits'], {email: 'a@example.org', company: {name: 'Pro'}, logins: 5});

  const stored = await tact.records(anonymousId);
  for (const event of sent.filter((one) => one['anonymousId'])) {
    assertStored(stored.find((record) => record.messageId === event['messageId']), event);
  }
  const track = stored.find((record) => record.type === 'track');
  assert.equal(track?.context?.['userAgent'], 'Firefox/132 (Linux)');
  assert.ok(!JSON.stringify(stored).includes('203.0.113.7'), 'an IP address was stored');
  assert.equal(stored.length, 5);
});

test('with a secret key: alias and calls by userId alone are stored as they were sent', async () => {
  const {analytics, relay, errors} = await client(tact.secret);
  const userId = fresh('u');
  analytics.track({userId, event: 'Subscribed', properties: {plan: 'pro'}});
  analytics.group({userId, groupId: 'g-2', traits: {seats: 3}});
  analytics.alias({userId, previousId: fresh('before')});
  await analytics.closeAndFlush({timeout: 10_000});
  assert.deepEqual(errors, []);
  const stored = await tact.records(userId, 'user');
  // An alias joins, by two records for each of the ids that `previousId` may be.
  const sent = stored.filter((record) => !['link_out', 'absorb'].includes(String(record.type)));
  assert.deepEqual(sent.map((record) => record.type).sort(), ['alias', 'group', 'track']);
  for (const event of relay.events().values()) {
    assertStored(stored.find((record) => record.messageId === event['messageId']), event);
  }
});

test('identify with a secret key links: both ids lead to the whole history', async () => {
  const {analytics, errors} = await client(tact.secret);
  const [anonymousId, userId] = [fresh(), fresh('u')];
  analytics.track({anonymousId, event: 'Before'});
  analytics.identify({anonymousId, userId, traits: {name: 'A. Person'}});
  analytics.track({userId, event: 'After'});
  analytics.track({anonymousId, event: 'After, unnamed'});
  await analytics.closeAndFlush({timeout: 10_000});
  assert.deepEqual(errors, []);
  const names = (await tact.records(userId, 'user')).map((record) => record.event ?? record.type);
  for (const name of ['Before', 'identify', 'After', 'After, unnamed']) assert.ok(names.includes(name), `${name} is not in ${names}`);
  assert.deepEqual(await tact.records(anonymousId), await tact.records(userId, 'user'));
});

test('identify with a write key links nothing', async () => {
  const {analytics} = await client(tact.write);
  const [anonymousId, userId] = [fresh(), fresh('u')];
  await tact.send('/v1/track', {userId, event: 'Private'});
  analytics.identify({anonymousId, userId});
  await analytics.closeAndFlush({timeout: 10_000});
  const names = (await tact.records(anonymousId)).map((record) => record.event ?? record.type);
  assert.deepEqual(names, ['identify']);
  assert.deepEqual((await tact.records(userId, 'user')).map((record) => record.event), ['Private']);
});

test('a hundred events in seven batches arrive, each once', async () => {
  const {analytics, errors} = await client(tact.write);
  const anonymousId = fresh();
  for (let i = 0; i < 100; i++) analytics.track({anonymousId, event: 'Step', properties: {i}});
  await analytics.closeAndFlush({timeout: 15_000});
  assert.deepEqual(errors, []);
  const stored = await tact.records(anonymousId);
  assert.deepEqual(stored.map((record) => record.properties?.['i']).sort((a, b) => Number(a) - Number(b)), [...Array(100).keys()]);
});

const failures: [string, Fault[]][] = [
  ['503', [{status: 503}]],
  ['429 with Retry-After', [{status: 429, headers: {'Retry-After': '1'}}]],
  ['an answer lost after storing', ['dropped']],
  ['an answer lost, then 503', ['dropped', {status: 503}]],
];
test('retries: every event is stored exactly once', {concurrency: true}, async (t) => {
  await Promise.all(failures.map(([name, faults]) => t.test(`after ${name}`, async () => {
    const attempts = faults.length + 1;
    const duplicates = await tact.counter('tact_events_duplicate_total');
    const {analytics, relay, errors} = await client(tact.write, ...faults);
    const anonymousId = fresh();
    for (let i = 0; i < 10; i++) analytics.track({anonymousId, event: 'Once', properties: {i}});
    await analytics.flush({timeout: 25_000});
    await until('the last attempt', () => relay.posts().length >= attempts);
    assert.deepEqual(errors, []);
    assert.equal(relay.posts().length, attempts);
    assert.equal(relay.posts().at(-1)?.status, 200);
    const stored = await tact.records(anonymousId);
    assert.deepEqual(stored.map((record) => record.properties?.['i']), [...Array(10).keys()]);
    if (faults.includes('dropped')) {
      assert.ok((await tact.counter('tact_events_duplicate_total')) >= duplicates + 10, 'nothing was sent twice');
    }
    if (name.includes('Retry-After')) {
      const [first, second] = relay.posts();
      assert.ok(second!.at - first!.at >= 950, 'it did not wait');
    }
    await relay.stop();
  })));
});

test("Tact's own 429: Retry-After is kept to, and every event stored once", async () => {
  const {slowKey} = await import('./installation.ts');
  const relay = await Relay.start(tact.port);
  const analytics = new Analytics({writeKey: slowKey, host: relay.url, maxRetries: 3, flushAt: 1});
  const anonymousId = fresh();
  for (let i = 0; i < 7; i++) analytics.track({anonymousId, event: 'Slowly', properties: {i}});
  await analytics.closeAndFlush({timeout: 20_000});
  const refused = relay.posts().filter((one) => one.status === 429);
  assert.ok(refused.length > 0, 'nothing was refused');
  for (const one of refused) assert.match(String(one.answer['retry-after']), /^[1-9]\d*$/);
  const stored = await tact.records(anonymousId);
  assert.deepEqual(stored.map((record) => record.properties?.['i']).sort(), [0, 1, 2, 3, 4, 5, 6]);
  await relay.stop();
});

test('an unknown key is refused, and the client told', async () => {
  const {analytics, relay, errors} = await client('wk_nobody_knows_this_key');
  analytics.track({anonymousId: fresh(), event: 'Lost'});
  await analytics.closeAndFlush({timeout: 5_000});
  assert.deepEqual(relay.posts().map((one) => one.status), [401]);
  assert.equal(errors.length, 1);
});

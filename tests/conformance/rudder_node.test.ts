// RudderStack's node SDK, unmodified: gzip, Basic auth, and a JSON body under a form's content type.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import {Installation, assertStored, fresh} from './installation.ts';
import {Relay, stopRelays, type Fault} from './relay.ts';

let tact: Installation;
before(async () => {
  tact = await Installation.start();
});
after(async () => {
  await stopRelays();
  await tact?.tact.remove();
});

async function send(gzip: boolean, anonymousId: string, ...faults: Fault[]): Promise<Relay> {
  const relay = await Relay.start(tact.port, ...faults);
  // flushAt above what is sent: the first call still goes out alone, that is how this SDK is.
  const rudder = new RudderAnalytics(tact.write, {dataPlaneUrl: relay.url, gzip, flushAt: 20, logLevel: 'none'});
  const timestamp = new Date(Date.now() - 60_000);
  rudder.track({anonymousId, event: 'Product Added', properties: {product_id: 'p7', price: 129.5, tags: ['a', 'b']}, timestamp});
  rudder.identify({anonymousId, userId: 'u-rudder', traits: {email: 'a@example.org'}});
  rudder.page({anonymousId, name: 'cart', properties: {type: 'cart'}});
  rudder.screen({anonymousId, name: 'Start', properties: {n: 1}});
  rudder.group({anonymousId, groupId: 'g-rudder', traits: {seats: 3}});
  await rudder.flush();
  return relay;
}

for (const gzip of [true, false]) {
  test(`a batch ${gzip ? 'with' : 'without'} gzip is stored as it was sent`, async () => {
    const anonymousId = fresh();
    const relay = await send(gzip, anonymousId);
    for (const post of relay.posts()) {
      assert.equal(post.path, '/v1/batch');
      assert.match(String(post.headers['authorization']), /^Basic /);
      assert.equal(post.headers['content-encoding'], gzip ? 'gzip' : undefined);
      assert.match(String(post.headers['content-type']), gzip ? /^application\/x-www-form-urlencoded/ : /^application\/json/);
      assert.equal(post.status, 200);
    }
    const stored = await tact.records(anonymousId);
    assert.deepEqual(stored.map((record) => record.type).sort(), ['group', 'identify', 'page', 'screen', 'track']);
    for (const event of relay.events().values()) {
      assertStored(stored.find((record) => record.messageId === event['messageId']), event);
    }
    await relay.stop();
  });
}

test('retries after 503 and after a lost answer store every event once', async () => {
  const anonymousId = fresh();
  const relay = await send(true, anonymousId, {status: 503}, 'dropped');
  assert.ok(relay.posts().length >= 3);
  const stored = await tact.records(anonymousId);
  assert.equal(stored.length, 5);
  assert.equal(new Set(stored.map((record) => record.messageId)).size, 5);
  await relay.stop();
});

// Older SDKs of this family send data=BASE64 of the JSON.
test('data=BASE64 under a form content type is read', async () => {
  const anonymousId = fresh();
  const json = JSON.stringify({batch: [{type: 'track', event: 'Formed', anonymousId, messageId: fresh('m')}]});
  const form = new URLSearchParams({data: Buffer.from(json).toString('base64')}).toString();
  const answer = await tact.post('/v1/batch', form, {
    'Content-Type': 'application/x-www-form-urlencoded', Authorization: `Basic ${btoa(`${tact.write}:`)}`,
  });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual((await tact.records(anonymousId)).map((record) => record.event), ['Formed']);
});

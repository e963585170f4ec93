// The Segment HTTP API as any client may speak it: routes, keys, content types, encodings; and that a bad event
// costs only itself.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {gzipSync} from 'node:zlib';
import {Installation, assertProblem, assertStored, basic, bearer, fresh, shopKey, shopOrigin, slowKey} from './installation.ts';

let tact: Installation;
before(async () => {
  tact = await Installation.start();
});
after(async () => {
  await tact?.tact.remove();
});

const types = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
const calls: Record<(typeof types)[number], Record<string, unknown>> = {
  track: {event: 'Product Viewed', properties: {product_id: 'p7'}},
  identify: {userId: 'u-1', traits: {name: 'A. Person'}},
  page: {name: 'product', properties: {type: 'product'}},
  screen: {name: 'Start', properties: {n: 1}},
  group: {groupId: 'g-1', traits: {seats: 3}},
  alias: {previousId: 'a-before'},
};

for (const type of types) {
  for (const path of [`/v1/${type}`, `/v1/${type[0]}`]) {
    test(`POST ${path}`, async () => {
      const event = {anonymousId: fresh(), messageId: fresh('m'), ...calls[type], context: {locale: 'de-DE'}};
      const answer = await tact.post(path, event, basic(tact.write));
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(answer.json, {success: true});
      const stored = await tact.records(event.anonymousId);
      assert.equal(stored.length, 1);
      assertStored(stored[0], {type, ...event});
    });
  }
}

for (const path of ['/v1/batch', '/v1/b']) {
  test(`POST ${path}: every type, with the context of the batch under that of each event`, async () => {
    const anonymousId = fresh();
    const batch: Record<string, any>[] = types.map((type) => ({type, anonymousId, messageId: fresh('m'), ...calls[type]}));
    batch[0]!['context'] = {locale: 'fr-FR', own: true};
    const context = {locale: 'de-DE', timezone: 'Europe/Berlin', ip: '203.0.113.7'};
    const answer = await tact.post(path, {batch, context, sentAt: new Date()}, bearer(tact.write));
    assert.equal(answer.status, 200, answer.text);
    const stored = await tact.records(anonymousId);
    assert.equal(stored.length, batch.length);
    for (const [i, event] of batch.entries()) {
      assertStored(stored[i], {...event, context: {...context, ...event['context']}});
    }
    assert.equal(stored[0]?.context?.['locale'], 'fr-FR');
  });
}

test('the key: Basic, Bearer, in the body; the header wins', async () => {
  const track = (extra: object = {}): Record<string, unknown> => ({anonymousId: fresh(), event: 'X', ...extra});
  for (const headers of [basic(tact.write), bearer(tact.write), {Authorization: `bearer ${tact.write}`}, {Authorization: `Basic ${btoa(tact.write)}`}]) {
    assert.equal((await tact.post('/v1/track', track(), headers)).status, 200, JSON.stringify(headers));
  }
  assert.equal((await tact.post('/v1/track', track({writeKey: tact.write}))).status, 200);
  assert.equal((await tact.post('/v1/batch', {writeKey: tact.write, batch: [{type: 'track', ...track()}]})).status, 200);
  assertProblem(await tact.post('/v1/track', track({writeKey: tact.write}), basic('wk_of_somebody_else')), 401);
});

test('no key, a wrong key, half a key: 401, and nothing is stored', async () => {
  const anonymousId = fresh();
  const body = {anonymousId, event: 'X'};
  const half = tact.write.slice(0, -1);
  for (const headers of [{}, basic('wk_wrong_wrong_wrong'), bearer('wk_wrong_wrong_wrong'), bearer(half), bearer(`${tact.write}x`),
    {Authorization: 'Basic ???'}, {Authorization: 'Bearer'}, {Authorization: `Digest ${tact.write}`}, {Authorization: tact.write}] as Record<string, string>[]) {
    const answer = await tact.post('/v1/track', body, headers);
    assertProblem(answer, 401);
    assert.ok(answer.headers.get('www-authenticate'));
  }
  assertProblem(await tact.post('/v1/track', {...body, writeKey: 'wk_wrong_wrong_wrong'}), 401);
  assertProblem(await tact.post('/v1/track', {...body, writeKey: 5}), 401);
  assertProblem(await tact.post('/v1/batch', {batch: [{type: 'track', ...body}]}), 401);
  assert.deepEqual(await tact.records(anonymousId), []);
});

test('a key with an allow-list of origins works there, and from servers, and nowhere else', async () => {
  const anonymousId = fresh();
  const send = (origin?: string) =>
    tact.post('/v1/track', {anonymousId, event: 'X'}, {...bearer(shopKey), ...(origin ? {Origin: origin} : {})});
  const allowed = await send(shopOrigin);
  assert.equal(allowed.status, 200);
  assert.equal(allowed.headers.get('access-control-allow-origin'), shopOrigin);
  assert.equal((await send()).status, 200);
  assertProblem(await send('https://evil.example'), 403);
  assertProblem(await send(`${shopOrigin}.evil.example`), 403);
  assertProblem(await send('null'), 403);
});

test('any Content-Type', async () => {
  for (const type of ['application/json', 'application/json; charset=utf-8', 'text/plain', 'text/plain;charset=UTF-8', 'application/x-www-form-urlencoded',
    'application/octet-stream', 'application/xml', 'image/png', 'nonsense']) {
    const anonymousId = fresh();
    const answer = await tact.post('/v1/track', {anonymousId, event: 'Typed'}, {...bearer(tact.write), 'Content-Type': type});
    assert.equal(answer.status, 200, `${type}: ${answer.text}`);
    assert.equal((await tact.records(anonymousId)).length, 1, type);
  }
});

test('Content-Encoding: gzip; broken or unknown encodings are refused', async () => {
  const anonymousId = fresh();
  const json = JSON.stringify({anonymousId, event: 'Zipped', properties: {text: 'ü'.repeat(1000)}});
  const send = (body: Uint8Array, coding: string) => tact.post('/v1/track', body, {...bearer(tact.write), 'Content-Encoding': coding});
  assert.equal((await send(gzipSync(json), 'gzip')).status, 200);
  assert.deepEqual((await tact.records(anonymousId))[0]?.properties, {text: 'ü'.repeat(1000)});
  assertProblem(await send(Buffer.from(json), 'gzip'), 400);
  assertProblem(await send(gzipSync(json).subarray(0, -6), 'gzip'), 400);
  assertProblem(await send(Buffer.concat([gzipSync(json), Buffer.from('more')]), 'gzip'), 400);
  assertProblem(await send(Buffer.from(json), 'br'), 415);
  assertProblem(await send(gzipSync(gzipSync(json)), 'gzip, gzip'), 415);
  assert.equal((await tact.records(anonymousId)).length, 1);
});

test('userId: null and other nulls count as absent; integer ids are taken as their digits', async () => {
  const anonymousId = fresh();
  const nothing = {userId: null, properties: null, traits: null, context: null, timestamp: null, messageId: null};
  assert.deepEqual((await tact.post('/v1/track', {anonymousId, event: 'Nulls', ...nothing}, bearer(tact.write))).json, {success: true});
  const [stored] = await tact.records(anonymousId);
  assert.equal(stored?.event, 'Nulls');
  assert.ok(stored.messageId, 'a messageId is made where none came');
  for (const member of ['userId', 'properties', 'traits', 'context']) assert.ok(!(member in stored), member);
  const number = Number(String(process.pid) + '77');
  assert.deepEqual((await tact.post('/v1/track', {anonymousId: number, event: 'Digits'}, bearer(tact.write))).json, {success: true});
  assert.equal((await tact.records(String(number)))[0]?.anonymousId, String(number));
});

test('the same messageId is stored once, within a batch and across requests', async () => {
  const anonymousId = fresh();
  const event = {type: 'track', event: 'Once', anonymousId, messageId: fresh('m')};
  await tact.send('/v1/batch', {batch: [event, event]});
  await tact.send('/v1/track', event);
  assert.equal((await tact.records(anonymousId)).length, 1);
});

test('without messageId, the same content with the same timestamp is stored once', async () => {
  const anonymousId = fresh();
  const event = {event: 'Once', anonymousId, timestamp: new Date(Date.now() - 5000), properties: {a: 1, b: 2}};
  await tact.send('/v1/track', event);
  await tact.send('/v1/track', {properties: {b: 2, a: 1}, ...{event: event.event, anonymousId, timestamp: event.timestamp}});
  assert.equal((await tact.records(anonymousId)).length, 1);
});

test('times: a clock that is off is corrected by sentAt; the future is now', async () => {
  const anonymousId = fresh();
  const hour = 3_600_000;
  const at = (offset: number): string => new Date(Date.now() + offset).toISOString();
  await tact.send('/v1/batch', {sentAt: at(5 * hour), batch: [{type: 'track', event: 'Fast clock', anonymousId, timestamp: at(4 * hour)}]});
  await tact.send('/v1/track', {event: 'Future', anonymousId, timestamp: at(hour)});
  await tact.send('/v1/track', {event: 'Ancient', anonymousId, timestamp: at(-90 * 24 * hour)});
  const ago = new Map((await tact.records(anonymousId)).map((record) => [record.event, (Date.now() - Date.parse(record.timestamp)) / hour]));
  const close = (name: string, hours: number): void => assert.ok(Math.abs(ago.get(name)! - hours) < 0.01, `${name}: ${ago.get(name)} h ago`);
  close('Fast clock', 1);
  close('Future', 0);
  close('Ancient', 30 * 24);
});

// Bodies as text: JSON.stringify makes no integer of 70 bits.
const bad: Record<string, {text: (id: string) => string; where?: string; code?: string}> = {
  'a lone surrogate': {text: (id) => `{"type":"track","event":"X","anonymousId":"${id}","messageId":"m-bad","properties":{"a":"\\ud800"}}`},
  'a lone low surrogate': {text: (id) => `{"type":"track","event":"X","anonymousId":"${id}","messageId":"m-bad","properties":{"a":"\\udc00x"}}`},
  'an integer of 70 bits': {text: (id) => `{"type":"track","event":"X","anonymousId":"${id}","messageId":"m-bad","properties":{"n":1180591620717411303424}}`},
  '33 KB': {text: (id) => JSON.stringify({type: 'track', event: 'X', anonymousId: id, messageId: 'm-bad', properties: {a: 'x'.repeat(33 * 1024)}}), code: 'too_large'},
  'a messageId of 100 characters': {text: (id) => JSON.stringify({type: 'track', event: 'X', anonymousId: id, messageId: 'm'.repeat(100)}), where: 'messageId'},
  'no id at all': {text: () => '{"type":"track","event":"X","messageId":"m-bad"}', where: 'anonymousId'},
  'no event name': {text: (id) => `{"type":"track","anonymousId":"${id}","messageId":"m-bad"}`, where: 'event'},
  'an unknown type': {text: (id) => `{"type":"trick","anonymousId":"${id}","messageId":"m-bad"}`, where: 'type'},
  'an id of 257 bytes': {text: (id) => JSON.stringify({type: 'track', event: id, anonymousId: 'i'.repeat(257), messageId: 'm-bad'}), where: 'anonymousId'},
  'JSON 17 deep': {text: (id) => `{"type":"track","event":"X","anonymousId":"${id}","messageId":"m-bad","properties":{"a":${'['.repeat(15)}${']'.repeat(15)}}}`},
  'a raw control character': {text: (id) => `{"type":"track","event":"X","anonymousId":"${id}","messageId":"m-bad","properties":{"a":"\u0001"}}`},
  'a number and no object': {text: () => '17'},
  'a product with a price below zero': {text: (id) => `{"type":"track","event":"X","anonymousId":"${id}","messageId":"m-bad","properties":{"products":[{"product_id":"p"},{"product_id":"q","price":-1}]}}`, where: 'properties.products[1].price'},
};

test('a bad event rejects only itself and is listed with its index', async () => {
  const anonymousId = fresh();
  const good = (i: number): string => JSON.stringify({type: 'track', event: 'Good', anonymousId, messageId: fresh('m'), properties: {i}});
  const kinds = Object.entries(bad);
  const events = kinds.flatMap(([, one], i) => [good(i), one.text(anonymousId)]);
  const answer = await tact.post('/v1/batch', `{"batch":[${events.join(',')}]}`, bearer(tact.write));
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.success, true);
  const rejected = answer.json.rejected as {index: number; code: string; message: string; messageId?: string; where?: string}[];
  assert.deepEqual(rejected.map((one) => one.index), kinds.map((_, i) => 2 * i + 1), JSON.stringify(rejected));
  for (const [i, [name, one]] of kinds.entries()) {
    const said = rejected[i]!;
    assert.ok(said.message, name);
    assert.equal(said.code, one.code ?? 'invalid', name);
    if (one.where) assert.equal(said.where, one.where, name);
    if (one.text('x').includes('"m-bad"')) assert.equal(said.messageId, 'm-bad', name);
  }
  const stored = await tact.records(anonymousId);
  assert.deepEqual(stored.map((record) => record.properties?.['i']), kinds.map((_, i) => i));
});

for (const [name, one] of Object.entries(bad)) {
  if (name === 'an unknown type' || name === 'a number and no object') continue;
  test(`alone on its route: ${name} is rejected and listed`, async () => {
    const anonymousId = fresh();
    const answer = await tact.post('/v1/track', one.text(anonymousId), bearer(tact.write));
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.json.rejected?.map((each: {index: number}) => each.index), [0], answer.text);
    assert.deepEqual(await tact.records(anonymousId), []);
  });
}

test('the limits themselves are allowed', async () => {
  const anonymousId = fresh();
  const edge = {type: 'track', event: 'Edge', anonymousId, messageId: 'm'.repeat(99), properties: {a: ''}};
  edge.properties.a = 'x'.repeat(32 * 1024 - JSON.stringify(edge).length);
  const deep = `{"type":"track","event":"Deep","anonymousId":"${anonymousId}","properties":{"a":${'['.repeat(14)}${']'.repeat(14)}}}`;
  const wide = `{"type":"track","event":"Wide","anonymousId":"${anonymousId}","properties":{"a":18446744073709551615,"b":-9223372036854775808}}`;
  const answer = await tact.post('/v1/batch', `{"batch":[${JSON.stringify(edge)},${deep},${wide}]}`, bearer(tact.write));
  assert.deepEqual(answer.json, {success: true});
  const stored = await tact.recordsByHttp(anonymousId);
  assert.deepEqual(stored.map((record) => record.event), ['Edge', 'Deep', 'Wide']);
  assert.deepEqual(stored[0]?.properties, edge.properties);
});

test('an event as deep as is allowed does not keep `tact visitor export` from the rest', async () => {
  const anonymousId = fresh();
  await tact.send('/v1/track', {anonymousId, event: 'Before'});
  await tact.send('/v1/track', `{"event":"Deep","anonymousId":"${anonymousId}","properties":{"a":${'['.repeat(14)}${']'.repeat(14)}}}`);
  assert.deepEqual((await tact.records(anonymousId)).map((record) => record.event), ['Before', 'Deep']);
});

test('a batch that breaks off keeps the events before', async () => {
  const anonymousId = fresh();
  const body = `{"batch":[{"type":"track","event":"Whole","anonymousId":"${anonymousId}"},{"type":"track","event":"Ha`;
  const answer = await tact.post('/v1/batch', body, bearer(tact.write));
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json.rejected.map((one: {index: number}) => one.index), [1]);
  assert.deepEqual((await tact.records(anonymousId)).map((record) => record.event), ['Whole']);
});

test('what follows a batch or an event is not lost without a word', async () => {
  const one = (anonymousId: string): string => JSON.stringify({type: 'track', event: 'X', anonymousId});
  const cases: [string, (id: string, lost: string) => string, string][] = [
    ['/v1/batch', (id, lost) => `{"batch":[${one(id)}]}{"batch":[${one(lost)}]}`, 'the body cannot be read from here on'],
    ['/v1/batch', (id) => `{"batch":[${one(id)}]} trailing`, 'the body cannot be read from here on'],
    ['/v1/batch', (id) => `{"batch":[${one(id)}]`, 'the body cannot be read from here on'],
    ['/v1/batch', (id) => `{"batch":[${one(id)}],"x":nonsense}`, 'beside the events: not valid JSON'],
    ['/v1/track', (id, lost) => `${one(id)}${one(lost)}`, 'the body cannot be read from here on'],
    ['/v1/track', (id) => `${one(id)} trailing`, 'the body cannot be read from here on'],
  ];
  for (const [path, text, message] of cases) {
    const [id, lost] = [fresh(), fresh('lost')];
    const answer = await tact.post(path, text(id, lost), bearer(tact.write));
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.rejected?.length, 1, answer.text);
    assert.equal(answer.json.rejected[0].index, 1, answer.text);
    assert.ok(answer.json.rejected[0].message.startsWith(message), answer.text);
    assert.equal((await tact.records(id)).length, 1);
    assert.deepEqual(await tact.records(lost), []);
  }
});

test('4 MB are accepted, more is 413, and so are more than 10,000 events', async () => {
  const limit = 4 * 1024 * 1024;
  const anonymousId = fresh();
  const event = (i: number): Record<string, unknown> => ({type: 'track', event: 'Big', anonymousId, messageId: fresh('m'), properties: {i, a: 'x'.repeat(30_000)}});
  const batch = Array.from({length: 138}, (_, i) => event(i));
  const body = JSON.stringify({batch}).padEnd(limit, ' ');
  assert.equal(body.length, limit);
  assert.deepEqual((await tact.post('/v1/batch', body, bearer(tact.write))).json, {success: true});
  assert.equal((await tact.records(anonymousId)).length, batch.length);
  assertProblem(await tact.post('/v1/batch', `${body} `, bearer(tact.write)), 413);
  assertProblem(await tact.post('/v1/batch', gzipSync(`${body} `), {...bearer(tact.write), 'Content-Encoding': 'gzip'}), 413);
  const many = `{"batch":[${Array(10_001).fill('{}').join(',')}]}`;
  assertProblem(await tact.post('/v1/batch', many, bearer(tact.write)), 413, 'batch');
});

test('a body that is no batch: 400', async () => {
  for (const body of ['', ' ', 'null', '[]', '5', '"x"', '{', '{}', '{"batch":"x"}', '{"batch":5}', '{"batch":{}}', '{"batch":null}', 'garbage', '\u0000']) {
    assertProblem(await tact.post('/v1/batch', body, bearer(tact.write)), 400);
  }
  for (const context of ['5', '[]', '"x"', '{"a":1180591620717411303424}']) {
    const body = `{"context":${context},"batch":[{"type":"track","event":"X","anonymousId":"${fresh()}"}]}`;
    assertProblem(await tact.post('/v1/batch', body, bearer(tact.write)), 400, 'context');
  }
  assert.deepEqual((await tact.post('/v1/batch', '{"batch":[]}', bearer(tact.write))).json, {success: true});
});

test('unknown paths: 404; known paths with another method: 405', async () => {
  for (const path of ['/', '/v1', '/v1/', '/v1/nothing', '/v1/tracks', '/v1/track/', '/v2/track', '//v1/track', '/V1/track', '/v1/track%00', '/..%2fkeys', '/keys', '/v1/projects/wk_nobody/settings', '/demo/../keys', '/%2e%2e/keys']) {
    assertProblem(await tact.ask(path), path === '/v1/track' ? 405 : 404);
  }
  for (const path of ['/v1/track', '/v1/b', '/v1/decide']) {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) assertProblem(await tact.ask(path, {method}), 405);
  }
  const readOnly = ['/livez', '/readyz', '/healthz', '/metrics', '/.well-known/gpc.json', '/v1/live', '/v1/freshness', '/v1/reports', '/v1/reports/fit-help', '/v1/visitors/a', '/v1/visitors/a/export', '/v1/decisions/d_1', `/v1/projects/${tact.write}/settings`];
  for (const path of readOnly) {
    const answer = await tact.ask(path, {method: 'POST', body: '{}'});
    assertProblem(answer, 405);
    assert.equal(answer.headers.get('allow'), 'GET, HEAD');
    // Nor is it an address of nothing.
    assert.notEqual((await tact.ask(`${path}?token=wrong`)).json?.detail, 'there is nothing at this address', path);
  }
  for (const path of ['/', '/nothing', '/v1/nothing', '/v1/tracks', '/v1/reports/', '/v1/projects/x']) {
    for (const method of ['POST', 'PUT', 'DELETE']) assertProblem(await tact.ask(path, {method}), 404);
  }
});

test('a wrong token is called one; a wrong key beside it is called a key', async () => {
  for (const path of ['/v1/live?token=wrong', '/v1/reports?token=wrong', '/v1/freshness?token=']) {
    assertProblem(await tact.ask(path), 401);
    assert.equal((await tact.ask(path)).json.detail, 'this token is not known here');
    assert.equal((await tact.ask(path, {headers: bearer('sk_wrong')})).json.detail, 'this key is not known here');
  }
  assert.match((await tact.ask('/v1/live')).json.detail, /^no key/);
});

test('429 says when to come back, to pages of other origins too', async () => {
  const batch = Array.from({length: 4}, () => ({type: 'track', event: 'X', anonymousId: fresh()}));
  const send = () => tact.post('/v1/batch', {batch}, {...bearer(slowKey), Origin: 'https://shop.example'});
  await send();
  const refused = await send();
  assertProblem(refused, 429);
  assert.ok(Number(refused.headers.get('retry-after')) >= 1);
  assert.equal(refused.headers.get('access-control-allow-origin'), 'https://shop.example');
  assert.match(refused.headers.get('access-control-expose-headers') ?? '', /retry-after/i);
});

test('a preflight allows what the clients send', async () => {
  for (const path of ['/v1/t', '/v1/batch', '/v1/decide']) {
    const answer = await tact.ask(path, {
      method: 'OPTIONS',
      headers: {Origin: shopOrigin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization,content-type,x-retry-count'},
    });
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get('access-control-allow-origin'), shopOrigin);
    assert.match(answer.headers.get('access-control-allow-methods') ?? '', /POST/);
    const allowed = (answer.headers.get('access-control-allow-headers') ?? '').toLowerCase();
    // analytics-next adds X-Retry-Count to each repetition.
    for (const name of ['authorization', 'content-type', 'content-encoding', 'x-retry-count']) assert.ok(allowed.includes(name), `${path} does not allow ${name}: ${allowed}`);
  }
});

test('refusals can be read by pages of other origins', async () => {
  const origin = {Origin: shopOrigin};
  for (const answer of [
    await tact.post('/v1/track', {anonymousId: 'a', event: 'X'}, {...origin, ...bearer('wk_wrong_wrong_wrong')}),
    await tact.post('/v1/batch', '{}', {...origin, ...bearer(tact.write)}),
    await tact.post('/v1/decide', {slots: []}, {...origin, ...bearer(tact.write)}),
    await tact.post('/v1/batch', 'x'.repeat(4 * 1024 * 1024 + 1), {...origin, ...bearer(tact.write)}),
    await tact.post('/v1/batch', 'x'.repeat(5 * 1024 * 1024), {...origin, ...bearer(tact.write)}),
    await tact.post('/v1/batch', 'x', {...origin, ...bearer(tact.write), 'Content-Encoding': 'br'}),
    await tact.ask('/v1/t', {method: 'PUT', headers: {...origin}}),
  ]) {
    assertProblem(answer, answer.status);
    assert.ok(answer.status >= 400);
    assert.equal(answer.headers.get('access-control-allow-origin'), shopOrigin, `${answer.status} ${answer.text}`);
  }
});

test('GET /.well-known/gpc.json: Tact abides by Sec-GPC', async () => {
  const answer = await tact.ask('/.well-known/gpc.json');
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers.get('content-type'), 'application/json');
  assert.match(answer.headers.get('cache-control') ?? '', /max-age=\d+/);
  assert.deepEqual(answer.json, {gpc: true, lastUpdate: '2026-11-22'});
  assertProblem(await tact.post('/.well-known/gpc.json', ''), 405);
});

// What nobody well-meaning sends: bombs, smuggling, wrong types. Every answer is a problem or a rejection, the
// process stays small, and the next customer is served.
import assert from 'node:assert/strict';
import {connect} from 'node:net';
import {after, before, test} from 'node:test';
import {gzipSync} from 'node:zlib';
import {Installation, assertProblem, bearer, fresh, until, type Answer} from './installation.ts';

let tact: Installation;
before(async () => {
  tact = await Installation.start();
});
after(async () => {
  await tact?.tact.remove();
});

// After every attack the server still stores what an honest client sends.
async function assertServes(): Promise<void> {
  const anonymousId = fresh('honest');
  assert.deepEqual((await tact.post('/v1/track', {anonymousId, event: 'Honest'}, bearer(tact.write))).json, {success: true});
  assert.equal((await tact.records(anonymousId)).length, 1);
}

interface Wire {
  text: string;
  closed: boolean;  // by the server
}

// Sends exactly these bytes and reads until the server closes, or is silent for a while.
function exchange(bytes: string | Uint8Array, silenceMs = 400): Promise<Wire> {
  return new Promise((done) => {
    let text = '';
    let closed = false;
    const socket = connect(tact.port, '127.0.0.1', () => socket.write(bytes));
    const end = (): void => {
      socket.destroy();
      done({text, closed});
    };
    socket.setTimeout(silenceMs, end);
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('end', () => {
      closed = true;
      end();
    });
    socket.on('error', () => {
      closed = true;
      end();
    });
  });
}

const answers = (wire: Wire): number[] => [...wire.text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));

function assertRefused(wire: Wire, name: string, ...allowed: number[]): void {
  const said = `${name}: ${JSON.stringify(wire.text.slice(0, 400))}`;
  assert.equal(answers(wire).length, 1, said);
  assert.ok(allowed.includes(answers(wire)[0]!), said);
  assert.match(wire.text, /content-type: application\/problem\+json/i, said);
  const problem = JSON.parse(wire.text.slice(wire.text.indexOf('\r\n\r\n') + 4)) as Record<string, unknown>;
  assert.equal(problem['status'], answers(wire)[0], said);
  assert.ok(problem['type'] && problem['title'] && problem['detail'], said);
  assert.ok(wire.closed, `${name}: the connection stays open`);
}

const smuggled = (id: string): string => {
  const body = JSON.stringify({anonymousId: id, event: 'Smuggled', writeKey: tact.write});
  return `POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

test('request smuggling: one refusal, then the connection is closed', async (t) => {
  const heads: Record<string, string> = {
    'both lengths': 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'both lengths, other order': 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n',
    'two codings': 'Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    'coding twice': 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'coding unknown': 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
    'coding identity': 'Transfer-Encoding: identity\r\n\r\n',
    'coding with a vertical tab': 'Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n',
    'coding in quotes': 'Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n',
    'coding with a comma': 'Transfer-Encoding: chunked,\r\n\r\n0\r\n\r\n',
    'coding folded': 'Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n',
    'a blank before the colon': 'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n',
    'a blank before the name': ' Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'two lengths': 'Content-Length: 0\r\nContent-Length: 5\r\n\r\n',
    'two lengths in one': 'Content-Length: 0, 0\r\n\r\n',
    'a length with a sign': 'Content-Length: +0\r\n\r\n',
    'a length in hex': 'Content-Length: 0x0\r\n\r\n',
    'a length below zero': 'Content-Length: -1\r\n\r\n',
    'a length of 30 digits': `Content-Length: ${'9'.repeat(30)}\r\n\r\n`,
    'a bare LF': 'X: 1\nContent-Length: 0\r\n\r\n',
    'a bare CR': 'X: 1\rContent-Length: 0\r\n\r\n',
    'a NUL in a value': 'X: a\0b\r\nContent-Length: 0\r\n\r\n',
    'two hosts': 'Host: y\r\nContent-Length: 0\r\n\r\n',
  };
  await Promise.all(Object.entries(heads).map(([name, head]) => t.test(name, async () => {
    const id = fresh('smuggled');
    const wire = await exchange(`POST /v1/track HTTP/1.1\r\nHost: x\r\n${head}${smuggled(id)}`);
    assertRefused(wire, name, 400, 411, 413, 501);
    assert.deepEqual(await tact.recordsByHttp(id), []);
  })));
  await assertServes();
});

test('broken chunks are refused', async () => {
  const start = 'POST /v1/track HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
  for (const chunks of ['zz\r\nxx\r\n0\r\n\r\n', '-1\r\n\r\n', 'ffffffffffffffffff\r\nx\r\n', '2\r\nxxx\r\n0\r\n\r\n', '1;a="\r\n"\r\nx\r\n0\r\n\r\n']) {
    assertRefused(await exchange(start + chunks + smuggled(fresh())), JSON.stringify(chunks), 400, 413);
  }
  await assertServes();
});

test('heads out of measure', async () => {
  const get = (fields: string, target = '/livez'): string => `GET ${target} HTTP/1.1\r\nHost: x\r\n${fields}\r\n`;
  const fields = (count: number): string => Array.from({length: count}, (_, i) => `X-${i}: ${i}\r\n`).join('');
  assert.deepEqual(answers(await exchange(get(fields(63)))), [200]);
  assertRefused(await exchange(get(fields(64))), '65 fields', 431);
  assertRefused(await exchange(get(`X: ${'x'.repeat(20_000)}\r\n`)), '20 KB of head', 431);
  assertRefused(await exchange(get('', `/${'x'.repeat(5_000)}`)), 'a target of 5 KB', 414, 431);
  assertRefused(await exchange('GET /livez HTTP/1.1\r\n\r\n'), 'no host', 400);
  assertRefused(await exchange('GET http://elsewhere/livez HTTP/1.1\r\nHost: x\r\n\r\n'), 'two authorities', 400);
  assertRefused(await exchange(get('', '/live\u0000z')), 'a NUL in the target', 400);
  assertRefused(await exchange('BREW /livez HTTP/1.1\r\nHost: x\r\n\r\n'), 'an unknown method', 400, 501);
  assertRefused(await exchange('\0\0\0\0\r\n\r\n'), 'NULs', 400);
  assertRefused(await exchange('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), 'HTTP/2', 400, 505);
  assertRefused(await exchange('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'), 'TLS', 400);
  await assertServes();
});

test('pipelined requests are answered in order', async () => {
  const wire = await exchange('GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
  assert.deepEqual(answers(wire), [200, 404, 200]);
});

const zipped = (body: Uint8Array) => tact.post('/v1/batch', body, {...bearer(tact.write), 'Content-Encoding': 'gzip'});

test('a gzip bomb costs no memory', async () => {
  const bomb = gzipSync(Buffer.alloc(128 << 20));  // 128 KB that say 128 MB
  const event = `{"batch":[{"type":"track","event":"X","anonymousId":"b","properties":{"a":"`;
  const jsonBomb = gzipSync(Buffer.concat([Buffer.from(event), Buffer.alloc(64 << 20, 'x')]));
  assertProblem(await zipped(bomb), 413);  // what it holds at most for one request, it holds from now on
  const before = tact.resident();
  for (let round = 0; round < 5; round++) {
    const all = await Promise.all([bomb, jsonBomb, bomb, jsonBomb].map(zipped));
    for (const answer of all) assertProblem(answer, 413);
  }
  assert.ok(tact.residentMax() - before < 48 << 10, `from ${before} kB to ${tact.residentMax()} kB at most`);
  await until('its memory to be given back', () => tact.resident() - before < 24 << 10, 5_000);
  await assertServes();
});

test('a bomb of bombs, and a bomb for /v1/decide', async () => {
  assertProblem(await zipped(gzipSync(gzipSync(Buffer.alloc(32 << 20)))), 400);
  const bomb = gzipSync(Buffer.alloc(8 << 20, ' '));
  assertProblem(await tact.post('/v1/decide', bomb, {...bearer(tact.write), 'Content-Encoding': 'gzip'}), 413);
  await assertServes();
});

test('depth bombs', async () => {
  const deep = (open: string, close: string, levels: number): string => open.repeat(levels) + close.repeat(levels);
  const million = 1_000_000;
  const bodies = [
    '['.repeat(4 * million), '{"a":'.repeat(800_000), `{"batch":${deep('[', ']', million)}}`,
    `{"batch":[{"type":"track","event":"X","anonymousId":"d","properties":${deep('{"a":', '}', 200_000).replace('{"a":}', '{"a":1}')}}]}`,
    `{"context":${deep('[', ']', million)},"batch":[]}`, `{"writeKey":${deep('[', ']', million)},"batch":[]}`,
  ];
  const before = tact.resident();
  for (const body of bodies) {
    for (const path of ['/v1/batch', '/v1/track', '/v1/decide']) {
      const start = Date.now();
      const answer = await tact.post(path, body, bearer(tact.write));
      const said = `${path} ${body.slice(0, 40)}…: ${answer.status} ${answer.text.slice(0, 200)}`;
      if (answer.status === 200) assert.ok(answer.json.rejected?.length > 0 || body.endsWith('"batch":[]}'), said);
      else assertProblem(answer, answer.status === 413 ? 413 : 400);
      assert.ok(Date.now() - start < 5_000, `${said} took ${Date.now() - start} ms`);
    }
  }
  assert.ok(tact.resident() - before < 64 << 10, `from ${before} kB to ${tact.resident()} kB`);
  await assertServes();
});

const wrong: Record<string, string[]> = {
  type: ['5', 'true', '[]', '{}', '"unknown"', '""', '"Track"', 'null'],
  messageId: ['5', 'true', '[]', '{}'],
  anonymousId: ['1.5', 'true', '[]', '{}'],
  userId: ['1.5', 'true', '[]', '{}'],
  previousId: ['1.5', 'true', '[]', '{}'],
  groupId: ['1.5', 'true', '[]', '{}'],
  event: ['5', 'true', '[]', '{}', '""', 'null'],
  timestamp: ['"yesterday"', '"2026-13-45T99:99:99Z"', 'true', '[]', '{}', '""'],
  sentAt: ['"yesterday"', 'true', '[]', '{}'],
  originalTimestamp: ['"yesterday"', 'true', '[]', '{}'],
  properties: ['5', '"x"', 'true', '[]'],
  traits: ['5', '"x"', 'true', '[]'],
  context: ['5', '"x"', 'true', '[]'],
};

test('a wrong type of any member rejects its event and names the member', async () => {
  const anonymousId = fresh();
  const cases = Object.entries(wrong).flatMap(([member, values]) => values.map((value) => ({member, value})));
  const events = cases.map(({member, value}) => {
    const event: Record<string, string> = {type: '"track"', event: '"X"', anonymousId: `"${anonymousId}"`};
    event[member] = value;
    return `{${Object.entries(event).map(([key, text]) => `"${key}":${text}`).join(',')}}`;
  });
  events.push(`{"type":"track","event":"Good","anonymousId":"${anonymousId}"}`);
  const answer = await tact.post('/v1/batch', `{"batch":[${events.join(',')}]}`, bearer(tact.write));
  assert.equal(answer.status, 200, answer.text);
  const rejected = new Map((answer.json.rejected as {index: number; where?: string}[]).map((one) => [one.index, one.where]));
  const said = cases.map(({member, value}, i) => [`${member}: ${value}`, rejected.get(i)]);
  assert.deepEqual(said, cases.map(({member, value}) => [`${member}: ${value}`, member]));
  assert.deepEqual((await tact.records(anonymousId)).map((record) => record.event), ['Good']);
});

test('what is nested may be of any type: it is kept, or the event rejected, and never more', async () => {
  const values = ['5', '-1', '1e308', '"x"', 'true', 'null', '[]', '{}', '[[]]', '[null]', '[{"product_id":{}}]'];
  const members = ['products', 'price', 'quantity', 'total', 'revenue', 'value', 'product_id', 'category', 'query', 'order_id', 'seconds', 'scroll_percent', 'url', 'path', 'decision'];
  const contexts = ['page', 'campaign', 'consent', 'device', 'screen', 'userAgent', 'userAgentData', 'locale', 'timezone', 'ip', 'referrer'];
  const anonymousId = fresh();
  const events = [
    ...members.flatMap((member) => values.map((value) => `{"type":"track","event":"Order Completed","anonymousId":"${anonymousId}","properties":{"${member}":${value}}}`)),
    ...contexts.flatMap((member) => values.map((value) => `{"type":"page","anonymousId":"${fresh()}","context":{"${member}":${value}}}`)),
    ...values.map((value) => `{"type":"track","event":"X","anonymousId":"${fresh()}","context":{"consent":{"categoryPreferences":${value}}}}`),
  ];
  const answer = await tact.post('/v1/batch', `{"batch":[${events.join(',')}]}`, bearer(tact.write));
  assert.equal(answer.status, 200, answer.text.slice(0, 500));
  for (const one of (answer.json.rejected ?? []) as {where?: string; index: number}[]) {
    assert.ok(one.where?.startsWith('properties.'), `${events[one.index]}: ${JSON.stringify(one)}`);
  }
  await assertServes();
});

test('NULs: escaped in texts they are kept; raw they are no JSON', async () => {
  const event = {anonymousId: fresh(), event: 'N\u0000L', properties: {'k\u0000y': 'v\u0000l'}};
  const answer = await tact.post('/v1/track', event, bearer(tact.write));
  assert.deepEqual(answer.json, {success: true});
  const [stored] = await tact.records(event.anonymousId);
  assert.deepEqual({anonymousId: stored?.anonymousId, event: stored?.event, properties: stored?.properties}, event);
  const raw = await tact.post('/v1/track', `{"event":"X\u0000","anonymousId":"a"}`, bearer(tact.write));
  assert.equal(raw.json.rejected?.[0]?.index, 0, raw.text);
  assertProblem(await tact.post('/v1/batch', '\u0000'.repeat(1000), bearer(tact.write)), 400);
});

// Whoever is stored can ask for it: an id is either refused, or can be named when reading.
test('an id with any character is refused or can be exported', async () => {
  const ids = ['nul-\u0000-x', 'slash/../x', 'per%cent%00', 'a b+c&d=e?f#g', 'quote"\'<>', 'ümläut-😀', '/export', 'x/export', ' ', '\n', '%2e%2e'];
  const lost: string[] = [];
  for (const anonymousId of ids) {
    const answer = await tact.post('/v1/track', {anonymousId, event: 'Here'}, bearer(tact.write));
    assert.equal(answer.status, 200);
    if (answer.json.rejected) continue;
    if ((await tact.recordsByHttp(anonymousId)).length !== 1) lost.push(anonymousId);
  }
  assert.deepEqual(lost, []);
});

test('bytes that are no UTF-8 are rejected, in events and in keys', async () => {
  const anonymousId = fresh();
  for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]]) {
    const body = Buffer.concat([
      Buffer.from(`{"batch":[{"type":"track","event":"X","anonymousId":"${anonymousId}","properties":{"a":"`), Buffer.from(bytes),
      Buffer.from(`"}},{"type":"track","event":"Good","anonymousId":"${anonymousId}","messageId":"${fresh('m')}"}]}`),
    ]);
    const answer = await tact.post('/v1/batch', body, bearer(tact.write));
    assert.deepEqual(answer.json?.rejected?.map((one: {index: number}) => one.index), [0], answer.text);
  }
  assert.deepEqual((await tact.records(anonymousId)).map((record) => record.event), Array(5).fill('Good'));
});

test('a duplicate member: the last one counts, everywhere alike', async () => {
  const [first, last] = [fresh(), fresh()];
  await tact.post('/v1/track', `{"anonymousId":"${first}","anonymousId":"${last}","event":"Twice"}`, bearer(tact.write));
  assert.equal((await tact.records(first)).length, 0);
  assert.equal((await tact.records(last)).length, 1);
});

// A client's connections stay its own: slow ones hold nobody up.
test('a hundred half-sent requests keep nobody waiting', async () => {
  const sockets = Array.from({length: 100}, () => {
    const socket = connect(tact.port, '127.0.0.1', () => socket.write('POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{'));
    socket.on('error', () => undefined);
    return socket;
  });
  const anonymousId = fresh('honest');
  const start = Date.now();
  assert.deepEqual((await tact.post('/v1/track', {anonymousId, event: 'Honest'}, bearer(tact.write))).json, {success: true});
  assert.ok(Date.now() - start < 3_000, `${Date.now() - start} ms`);  // of a server's 10 s for heads and 30 s for bodies
  for (const socket of sockets) socket.destroy();
});

test('no error tells of the inside, or repeats what was sent', async () => {
  const secret = 'sk_not_a_key_but_looks_like_one';
  const all: Answer[] = [
    await tact.post('/v1/track', {event: 'X', anonymousId: 'a', writeKey: secret}),
    await tact.ask(`/v1/${secret}`), await tact.ask(`/v1/projects/${secret}/settings`),
    await tact.post('/v1/batch', `{"batch":"${secret}"}`, bearer(tact.write)),
  ];
  for (const answer of all) {
    assertProblem(answer, answer.status);
    assert.ok(!answer.text.includes(secret), answer.text);
    assert.ok(!/\.cpp|\/work|\/tmp|std::/.test(answer.text), answer.text);
  }
});

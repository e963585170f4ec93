// docs/http.md, read as a newcomer would: every example in it is sent or compared with what Tact really answers,
// every path it lists answers, every event it names is stored.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {idIn} from '../e2e/bucket.ts';
import {root} from '../e2e/tact.ts';
import {Installation, assertProblem, bearer, fresh, requiredKey, until} from './installation.ts';

const document = readFileSync(join(root, 'docs/http.md'), 'utf8');
const blocks = [...document.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({language: match[1]!, text: match[2]!}));
const examples = blocks.filter((block) => block.language === 'json').map((block) => JSON.parse(block.text) as Record<string, any>);
const question = (): Record<string, any> => structuredClone(examples.find((example) => 'slots' in example)!);
const answerInDocument = examples.find((example) => 'decisions' in example)!;

let tact: Installation;
before(async () => {
  tact = await Installation.start();
});
after(async () => {
  await tact?.tact.remove();
});

// The rows of the table whose heading row begins with this cell.
function table(heading: string): string[][] {
  const lines = document.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  assert.ok(start >= 0, `no table "${heading}"`);
  const rows: string[][] = [];
  for (let i = start + 2; lines[i]?.startsWith('|'); i++) rows.push(lines[i]!.split('|').slice(1, -1).map((cell) => cell.trim()));
  return rows;
}

const keysOf = (value: unknown): string[] => Object.keys(value as object).sort();
const guide = (anonymousId: string): object => ({type: 'track', event: 'Size Guide Opened', anonymousId, messageId: fresh('m'), properties: {product_id: 'p7'}});

test('all examples are JSON, and there are two', () => {
  assert.equal(examples.length, 2);
});

test('the request to decide, as it is printed, is answered as it is printed', async () => {
  const body = question();
  body['writeKey'] = requiredKey;
  body['requestId'] = fresh('r');
  body['visitor'] = {anonymousId: fresh()};
  const answer = await tact.post('/v1/decide', body, {'Content-Type': 'text/plain'});
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(keysOf(answer.json), keysOf(answerInDocument));
  assert.deepEqual(answer.json.visitor, body['visitor']);
  assert.deepEqual(answer.json.decisions.map((one: {slot: string}) => one.slot), body['slots']);
  assert.deepEqual(answer.json.consent, answerInDocument['consent'], `the example's consent was not heard: ${answer.text}`);
  for (const one of answer.json.decisions) assert.match(one.id, /^d_[0-9A-Z]+$/);
});

test('a shown message has the members that are printed', async () => {
  const anonymousId = idIn('shown', 'fit-help', fresh('doc'));
  const body = {...question(), writeKey: tact.write, requestId: fresh('r'), visitor: {anonymousId}, events: [guide(anonymousId), guide(anonymousId)]};
  const answer = await tact.post('/v1/decide', body);
  const [printed] = answerInDocument['decisions'];
  const [real, other] = answer.json.decisions;
  assert.deepEqual(keysOf(real), keysOf(printed), answer.text);
  assert.deepEqual(keysOf(real.show), keysOf(printed.show), answer.text);
  for (const member of ['kind', 'message']) assert.equal(real.show[member], printed.show[member]);
  assert.ok(keysOf(real.show.content).every((key) => ['title', 'body', 'link', 'image', 'items', 'options'].includes(key)), answer.text);
  assert.deepEqual(other, {slot: 'page.banner', id: other.id, show: null});
});

test('without visitor and events nothing is recorded, and there is no id', async () => {
  const body = {...question(), writeKey: requiredKey} as Record<string, any>;
  delete body['visitor'];
  delete body['events'];
  const before = await tact.counter('tact_decisions_total');
  const answer = await tact.post('/v1/decide', body);
  for (const one of answer.json.decisions) assert.ok(!('id' in one), answer.text);
  assert.equal(await tact.counter('tact_decisions_total'), before);
});

const withKey = (path: string): string => path.replace('KEY', tact.write).replace('NAME', 'fit-help');

test('every path of the table answers, to the keys that are named', async () => {
  const live = await token();
  for (const [cell, keys] of table('route')) {
    const post = cell!.includes('POST');
    const paths = [...cell!.matchAll(/(\/[\w./{},-]*)/g)].flatMap((match) => {
      const braces = /\{(.*)\}/.exec(match[1]!);
      return braces ? braces[1]!.split(',').map((one) => match[1]!.replace(braces[0], one)) : [match[1]!];
    });
    assert.ok(paths.length > 0, cell);
    for (const path of paths.map(withKey)) {
      if (post) {
        const body = path.endsWith('decide') ? {slots: ['page.banner']}
          : {anonymousId: fresh(), userId: fresh('u'), previousId: fresh('p'), groupId: fresh('g'), event: 'X', batch: [{type: 'page', anonymousId: fresh()}]};
        for (const key of [tact.write, tact.secret]) {
          const answer = await tact.post(path, body, bearer(key));
          assert.equal(answer.status, 200, `${path}: ${answer.text}`);
          assert.equal(answer.json.rejected, undefined, `${path}: ${answer.text}`);
        }
        assertProblem(await tact.post(path, body), 401);
        continue;
      }
      const headers: Record<string, string> = keys!.includes('secret') ? bearer(tact.secret) : {};
      const stop = new AbortController();
      const response = await fetch(tact.url + path, {headers, redirect: 'manual', signal: stop.signal});
      assert.ok(response.status < 400, `${path}: ${response.status}`);
      stop.abort();
      if (!keys!.includes('secret')) continue;
      assertProblem(await tact.ask(path), 401);
      if (!keys!.includes('token')) {
        assertProblem(await tact.ask(`${path}?token=${live}`), 401);
        continue;
      }
      const withToken = new AbortController();
      assert.equal((await fetch(`${tact.url}${path}?token=${live}`, {signal: withToken.signal})).status, 200, `${path} with the live token`);
      withToken.abort();
    }
  }
});

// The token the demo prints: derived from the install key, so it is asked for as an operator gets it.
async function token(): Promise<string> {
  const {spawn} = await import('node:child_process');
  const {binary} = await import('../e2e/tact.ts');
  const {cpSync, mkdtempSync, mkdirSync, rmSync} = await import('node:fs');
  const {tmpdir} = await import('node:os');
  const data = mkdtempSync(join(tmpdir(), 'tact-token-'));
  mkdirSync(data, {recursive: true});
  cpSync(join(tact.tact.data, 'keys'), join(data, 'keys'));
  const demo = spawn(binary, ['demo', '--data', data, '--playbook', join(root, 'playbooks/shop'), '--listen', '127.0.0.1:0'], {stdio: ['ignore', 'pipe', 'ignore']});
  let out = '';
  demo.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  try {
    return await until('the demo to print its link', () => /token=(\S+)/.exec(out)?.[1]);
  } finally {
    const ended = new Promise((done) => demo.once('exit', done));
    demo.kill('SIGTERM');
    await ended;
    rmSync(data, {recursive: true, force: true});
  }
}

test('the events of the SDK are stored with the properties that are named', async () => {
  const anonymousId = fresh();
  const batch = table('event').flatMap(([cell, properties]) => {
    const names = [...cell!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
    const named = [...properties!.matchAll(/`([a-z_]+)(?:\[\])?`/g)].map((match) => match[1]!);
    const inOthers = names.length === 0 ? [...properties!.matchAll(/`([A-Z][A-Za-z ]+)`/g)].map((match) => match[1]!) : names;
    const values: Record<string, unknown> = {seconds: 12, scroll_percent: 70, products: [{product_id: 'p7', category: 'shoes', price: 129, quantity: 1, name: 'Fjell'}], total: 129};
    const filled = Object.fromEntries(named.map((key) => [key, values[key] ?? `${key}-value`]));
    return inOthers.map((name) => ({
      type: name === 'page' ? 'page' : 'track', messageId: fresh('m'), anonymousId, timestamp: new Date().toISOString(),
      ...(name === 'page' ? {name: 'product'} : {event: name}), properties: filled,
      context: {page: {url: 'https://shop.example/p/x', path: '/p/x', title: 'X', referrer: ''}, locale: 'de-DE', timezone: 'Europe/Berlin',
        consent: {categoryPreferences: {personalization: true, analytics: true}}},
    }));
  });
  const names = batch.map((event) => ('event' in event ? event.event : event.type));
  for (const name of ['page', 'Page Left', 'Message Seen', 'Message Dismissed', 'Segment Consent Preference Updated', 'Order Completed', 'Size Guide Opened']) assert.ok(names.includes(name), `${name} is not in ${names}`);
  const answer = await tact.post('/v1/batch', JSON.stringify({writeKey: requiredKey, sentAt: new Date(), batch}), {'Content-Type': 'text/plain'});
  assert.deepEqual(answer.json, {success: true});
  const stored = await tact.records(anonymousId);
  assert.deepEqual(stored.map((record) => record.event ?? record.type), names);
  for (const [i, event] of batch.entries()) {
    if (names[i] !== 'Segment Consent Preference Updated') assert.deepEqual(stored[i]?.properties ?? {}, event.properties, names[i]);
  }
});

interface Live {
  event: string;
  data: any;
}

// The stream in the document: alternatives "a"|"b" reduced to the first, lines joined.
function printedEvents(): Live[] {
  const text = blocks.find((block) => block.text.startsWith('event: visitor'))!.text;
  return text.trim().split(/\n\n/).map((part) => {
    const [, event, data] = /^event: (\w+)\ndata: ([\s\S]*)$/.exec(part)!;
    return {event: event!, data: JSON.parse(data!.replaceAll('\n', ' ').replace(/("[^"]*"|null)(\|("[^"]*"|null))+/g, '$1'))};
  });
}

// Every member that is printed is there, and no other; `loose`: members that depend on the case.
function assertShape(real: any, printed: any, path: string, loose: readonly string[]): void {
  if (Array.isArray(printed)) {
    assert.ok(Array.isArray(real), path);
    for (const item of real) if (typeof printed[0] === 'object') assertMembers(item, printed, `${path}[]`, loose);
    return;
  }
  if (printed === null || typeof printed !== 'object') return;
  assertMembers(real, [printed], path, loose);
}
function assertMembers(real: any, printed: any[], path: string, loose: readonly string[]): void {
  if (real === null) return;
  const known = new Set(printed.flatMap(keysOf));
  const everywhere = keysOf(printed[0]).filter((key) => printed.every((one) => key in one));
  for (const key of keysOf(real)) assert.ok(known.has(key), `${path}.${key} is not in docs/http.md`);
  for (const key of everywhere) {
    if (!loose.includes(`${path}.${key}`)) assert.ok(key in real, `${path}.${key} is in docs/http.md, and not sent`);
    if (key in real) assertShape(real[key], printed[0][key], `${path}.${key}`, loose);
  }
}

test('the live stream sends what is printed', async () => {
  const anonymousId = idIn('shown', 'fit-help', fresh('live'));
  const stop = new AbortController();
  const response = await fetch(`${tact.url}/v1/live?anonymousId=${anonymousId}`, {headers: bearer(tact.secret), signal: stop.signal});
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  const seen: Live[] = [];
  void (async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, {stream: true});
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const field = (name: string): string => lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2)).join('\n');
        if (field('event')) seen.push({event: field('event'), data: JSON.parse(field('data'))});
      }
    }
  })().catch(() => undefined);
  const pageCall = {type: 'page', anonymousId, name: 'product', properties: {type: 'product', product_id: 'p7', path: '/p/fjell'}, messageId: fresh('m')};
  const body = {...question(), requestId: fresh('r'), visitor: {anonymousId}, events: [pageCall, guide(anonymousId), guide(anonymousId)]} as Record<string, any>;
  delete body['writeKey'];
  await tact.post('/v1/decide', body, bearer(tact.write));
  await tact.post('/v1/decide', {...body, requestId: fresh('r'), visitor: {anonymousId: fresh('other')}}, bearer(tact.write));
  const decision = await until('a decision', () => seen.find((one) => one.event === 'decision' && one.data.slot === 'product.reassurance'));
  const picture = await until('a picture with an intent', () => seen.find((one) => one.event === 'visitor' && one.data.intents.length > 0));
  stop.abort();
  assert.ok(seen.every((one) => one.data.anonymousId === anonymousId), 'somebody else was in the stream');
  const [visitor, decided] = printedEvents();
  assertShape(decision.data, decided!.data, 'decision', []);
  assertShape(picture.data, visitor!.data, 'visitor', ['visitor.happened[].says', 'visitor.signals[].about', 'visitor.intents[].about', 'visitor.visit.source']);
  for (const one of decision.data.why.not_shown) {
    assert.equal(['guard', 'condition', 'lost'].filter((key) => key in one).length, 1, JSON.stringify(one));
  }
});

test('errors are problems, as the first line says', async () => {
  assert.match(document, /problem\+json \(RFC 9457\)/);
  assertProblem(await tact.ask('/v1/nothing-of-this-name'), 404);
  assertProblem(await tact.post('/v1/batch', '{}', bearer(tact.write)), 400);
});

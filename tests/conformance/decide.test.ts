// POST /v1/decide as servers and pages use it, and what a write key must not learn.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {idIn} from '../e2e/bucket.ts';
import {Installation, assertProblem, assertStored, basic, bearer, fresh, requiredKey, until, type Answer} from './installation.ts';

let tact: Installation;
before(async () => {
  tact = await Installation.start();
});
after(async () => {
  await tact?.tact.remove();
});

const page = {url: 'https://shop.example/p/trail-shoe', type: 'product', product: {id: 'p7', category: ['shoes', 'trail'], price: 129}};
const slots = ['product.reassurance', 'page.banner'];
const granted = {consent: {categoryPreferences: {personalization: true, analytics: true}}};
const guide = (): Record<string, unknown> => ({type: 'track', event: 'Size Guide Opened', messageId: fresh('m'), properties: {product_id: 'p7'}});
const ask = (body: object, headers: Record<string, string> = bearer(tact.write)): Promise<Answer> =>
  tact.post('/v1/decide', {page, slots, ...body}, headers);
const counters = async (): Promise<number[]> =>
  Promise.all(['tact_events_stored_total', 'tact_decisions_total'].map((name) => tact.counter(name)));

test('events and the decision in one request: help appears, and its events are stored', async () => {
  const anonymousId = idIn('shown', 'fit-help', fresh('fit'));
  const events = [guide(), guide()];
  const answer = await ask({visitor: {anonymousId}, events, context: {locale: 'de-DE'}});
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.deepEqual(answer.json.visitor, {anonymousId});
  assert.deepEqual(answer.json.consent, {personalization: true});
  assert.deepEqual(answer.json.decisions.map((one: {slot: string}) => one.slot), slots);
  assert.equal(answer.json.decisions[0].show?.message, 'fit-guide', answer.text);
  assert.equal(answer.json.decisions[1].show, null);
  const stored = await tact.records(anonymousId);
  assert.deepEqual(stored.map((record) => record.type), ['track', 'track', 'decision', 'decision']);
  for (const [i, event] of events.entries()) assertStored(stored[i], {...event, anonymousId, context: {locale: 'de-DE'}});
});

test('the same requestId: the same decisions, recorded once, also after a restart', async () => {
  const anonymousId = idIn('shown', 'fit-help', fresh('again'));
  const events = [guide(), guide()];
  const body = {visitor: {anonymousId}, requestId: fresh('r'), events};
  const first = await ask(body);
  assert.ok(first.json.decisions[0].show);
  assert.deepEqual((await ask(body)).json, first.json);
  const [third, fourth] = await Promise.all([ask({...body, events: []}), ask({...body, events: []})]);
  assert.deepEqual(third.json, first.json);
  assert.deepEqual(fourth.json, first.json);
  const other = await ask({...body, requestId: fresh('r')});
  assert.notEqual(other.json.decisions[0].id, first.json.decisions[0].id);
  await tact.restart();
  assert.deepEqual((await ask(body)).json, first.json);
  const decisions = (await tact.records(anonymousId)).filter((record) => record.type === 'decision');
  assert.equal(decisions.length, 2 * slots.length);
  assert.equal((await tact.records(anonymousId)).length, decisions.length + events.length);
});

test('the same requestId of somebody else is another request', async () => {
  const requestId = fresh('r');
  const [one, two] = await Promise.all([ask({visitor: {anonymousId: fresh()}, requestId}), ask({visitor: {anonymousId: fresh()}, requestId})]);
  assert.notEqual(one.json.decisions[0].id, two.json.decisions[0].id);
});

test('the same requestId at the same instant, ten times: decided once', async () => {
  const anonymousId = fresh();
  const body = {visitor: {anonymousId}, requestId: fresh('r')};
  const all = await Promise.all(Array.from({length: 10}, () => ask(body)));
  assert.equal(new Set(all.map((answer) => answer.text)).size, 1);
  assert.equal((await tact.records(anonymousId)).length, slots.length);
});

test('without a visitor nothing is stored, whatever the events say', async () => {
  const strangers = [fresh(), fresh('u')] as const;
  const before = await counters();
  const events = [{...guide(), anonymousId: strangers[0]}, {...guide(), userId: strangers[1]}, guide()];
  for (const body of [{}, {visitor: {}}, {visitor: null}, {visitor: {anonymousId: null, userId: null}}, {visitor: {anonymousId: ''}}, {requestId: fresh('r')}]) {
    for (const headers of [bearer(tact.write), bearer(tact.secret), basic(requiredKey)]) {
      const answer = await ask({...body, events}, headers);
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(answer.json.consent, {personalization: false});
      assert.deepEqual(answer.json.visitor, {});
      assert.deepEqual(answer.json.decisions.map((one: object) => Object.keys(one).sort()), slots.map(() => ['show', 'slot']));
    }
  }
  assert.deepEqual(await counters(), before);
  assert.deepEqual(await tact.records(strangers[0]), []);
  assert.deepEqual(await tact.records(strangers[1], 'user'), []);
});

test('events of somebody else in the request are not stored', async () => {
  const [anonymousId, other] = [fresh(), fresh()];
  const answer = await ask({visitor: {anonymousId}, events: [{...guide(), anonymousId: other}, {...guide(), userId: fresh('u')}]});
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json.rejected.map((one: {index: number; where: string}) => [one.index, one.where]), [[0, 'anonymousId'], [1, 'anonymousId']]);
  assert.ok(!answer.text.includes(other), answer.text);
  assert.deepEqual(await tact.records(other), []);
  assert.ok((await tact.records(anonymousId)).every((record) => record.type === 'decision'));
});

test('a bad event costs only itself, and is listed', async () => {
  const anonymousId = fresh();
  const texts = [
    JSON.stringify(guide()), '{"type":"track","messageId":"m-nameless"}', JSON.stringify({...guide(), messageId: 'm'.repeat(100)}),
    '{"type":"track","event":"X","messageId":"m-lone","properties":{"a":"\\ud800"}}', JSON.stringify(guide()),
    '{"type":"track","event":"X","messageId":"m-70","properties":{"n":1180591620717411303424}}',
    JSON.stringify({type: 'track', event: 'X', messageId: 'm-large', properties: {a: 'x'.repeat(33 * 1024)}}),
    '{"type":"track","event":"Order Completed","messageId":"m-price","properties":{"total":-1}}', JSON.stringify(guide()),
  ];
  const answer = await tact.post('/v1/decide', `{"visitor":{"anonymousId":"${anonymousId}"},"slots":["page.banner"],"events":[${texts.join(',')}]}`, bearer(tact.write));
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json.rejected, [
    {index: 1, code: 'invalid', messageId: 'm-nameless', where: 'event', message: "a track call needs the event's name"},
    {index: 2, code: 'invalid', where: 'messageId', message: 'must be shorter than 100 characters'},
    {index: 3, code: 'invalid', messageId: 'm-lone', message: 'a lone surrogate in a string'},
    {index: 5, code: 'invalid', messageId: 'm-70', message: 'an integer that needs more than 64 bits'},
    {index: 6, code: 'too_large', messageId: 'm-large', message: 'over 32 KB of JSON'},
    {index: 7, code: 'invalid', messageId: 'm-price', where: 'properties.total', message: answer.json.rejected[5]?.message},
  ]);
  assert.equal((await tact.records(anonymousId)).filter((record) => record.type === 'track').length, 3);
  assert.ok(!('rejected' in (await ask({visitor: {anonymousId}, events: [guide()]})).json));
});

// What is asked, and consent, may stand in what cannot be read: no decision is made of a part.
test('a body that cannot be read to its end is refused whole', async () => {
  const anonymousId = fresh();
  const body = JSON.stringify({visitor: {anonymousId}, slots, events: [guide()]});
  for (const text of [body + body, `${body} trailing`, body.slice(0, -1), body.replace('{', '{"x":nonsense,')]) {
    assertProblem(await tact.post('/v1/decide', text, bearer(tact.write)), 400);
  }
  assert.deepEqual(await tact.records(anonymousId), []);
});

const told = {
  personalization: false, gpc: true,
  says: 'Your browser sends Global Privacy Control, so nothing here is personalized or shared until you allow it.',
};

test('Sec-GPC: 1 denies, and the visitor is told; a later explicit grant allows again', async () => {
  const gpc = {...bearer(tact.write), 'Sec-GPC': '1'};
  const anonymousId = fresh();
  const refused = await ask({visitor: {anonymousId}, events: [guide()]}, gpc);
  assert.equal(refused.status, 200, refused.text);
  assert.deepEqual(refused.json.consent, told);
  assert.ok(refused.json.decisions.every((one: {id?: string}) => one.id === undefined), refused.text);
  assert.ok(!(await tact.records(anonymousId)).some((record) => record.type === 'decision'));
  // Only exactly "1" is the signal.
  assert.deepEqual((await ask({visitor: {anonymousId: fresh()}}, {...gpc, 'Sec-GPC': '0'})).json.consent, {personalization: true});

  const known = fresh();
  assert.deepEqual((await ask({visitor: {anonymousId: known}})).json.consent, {personalization: true});
  assert.deepEqual((await ask({visitor: {anonymousId: known}}, gpc)).json.consent, told);
  const chosen = {type: 'track', event: 'Segment Consent Preference Updated', anonymousId: known, context: granted, messageId: fresh('m')};
  assert.equal((await tact.post('/v1/batch', {batch: [chosen]}, gpc)).status, 200);
  assert.deepEqual((await ask({visitor: {anonymousId: known}}, gpc)).json.consent, {personalization: true});
});

test('a key that asks first: nothing without consent, everything with it, nothing after a refusal', async () => {
  const key = basic(requiredKey);
  const anonymousId = fresh();
  assert.deepEqual((await ask({visitor: {anonymousId}, events: [guide()]}, key)).json.consent, {personalization: false});
  assert.deepEqual(await tact.records(anonymousId), []);
  const yes = await ask({visitor: {anonymousId}, events: [guide()], context: granted}, key);
  assert.deepEqual(yes.json.consent, {personalization: true});
  assert.ok(yes.json.decisions[0].id);
  const refusal = {consent: {categoryPreferences: {personalization: false, analytics: false}}};
  const no = await ask({visitor: {anonymousId}, events: [guide()], context: refusal}, key);
  assert.deepEqual(no.json.consent, {personalization: false}, no.text);
  assert.equal(no.json.decisions[0].id, undefined);
});

test('consent in the context counts without any event', async () => {
  const anonymousId = fresh();
  const yes = await ask({visitor: {anonymousId}, events: [], context: granted}, basic(requiredKey));
  assert.deepEqual(yes.json.consent, {personalization: true}, yes.text);
  const refusal = {consent: {categoryPreferences: {personalization: false, analytics: false}}};
  const no = await ask({visitor: {anonymousId: fresh()}, events: [], context: refusal});
  assert.deepEqual(no.json.consent, {personalization: false}, no.text);
});

const mistakes: [string, unknown, string, number?][] = [
  ['slots', undefined, 'slots'], ['slots', [], 'slots'], ['slots', 'page.banner', 'slots'], ['slots', {}, 'slots'], ['slots', null, 'slots'],
  ['slots', ['page.banner', 5], 'slots[1]'], ['slots', ['Page Banner'], 'slots[0]'], ['slots', [''], 'slots[0]'], ['slots', ['x'.repeat(65)], 'slots[0]'],
  ['slots', Array.from({length: 33}, (_, i) => `s${i}`), 'slots'],
  ['visitor', 5, 'visitor'], ['visitor', 'a-1', 'visitor'], ['visitor', [], 'visitor'],
  ['visitor', {anonymousId: true}, 'visitor.anonymousId'], ['visitor', {anonymousId: {}}, 'visitor.anonymousId'], ['visitor', {anonymousId: 'x'.repeat(257)}, 'visitor.anonymousId'],
  ['visitor', {userId: []}, 'visitor.userId'], ['visitor', {anonymousId: 'a', token: 5.5}, 'visitor.token'],
  ['requestId', {}, 'requestId'], ['requestId', 'x'.repeat(257), 'requestId'], ['explain', 'yes', 'explain'], ['explain', 1, 'explain'],
  ['page', [], 'page'], ['page', 'https://shop.example/', 'page'], ['page', {product: {id: 'p7', price: -1}}, 'page.product.price'],
  ['context', 5, 'context'], ['events', 5, 'events'], ['events', {}, 'events'], ['writeKey', [], 'writeKey'],
  ['page', {title: 'x'.repeat(33 * 1024)}, 'page', 413],
];
test('errors name the member', async () => {
  const said = await Promise.all(mistakes.map(async ([member, value]) => {
    const answer = await ask({visitor: {anonymousId: fresh()}, [member]: value});
    return [member, JSON.stringify(value)?.slice(0, 60), answer.status, answer.json.where, answer.headers.get('content-type')];
  }));
  assert.deepEqual(said, mistakes.map(([member, value, where, status]) =>
    [member, JSON.stringify(value)?.slice(0, 60), status ?? 400, where, 'application/problem+json']));
  const surrogate = await tact.post('/v1/decide', `{"slots":["a"],"page":{"title":"\\ud800"}}`, bearer(tact.write));
  assertProblem(surrogate, 400, 'page');
  const wide = await tact.post('/v1/decide', `{"slots":["a"],"context":{"n":1180591620717411303424}}`, bearer(tact.write));
  assertProblem(wide, 400, 'context');
  for (const body of ['', '[]', 'null', '{"slots":["a"]', '{"slots":["a"]}x']) assertProblem(await tact.post('/v1/decide', body, bearer(tact.write)), 400);
});

test('keys: none, wrong, in the body, in the header', async () => {
  assertProblem(await ask({}, {}), 401);
  assertProblem(await ask({}, bearer('wk_wrong_wrong_wrong')), 401);
  assert.equal((await ask({writeKey: tact.write}, {})).status, 200);
  assert.equal((await ask({writeKey: tact.write}, {'Content-Type': 'text/plain'})).status, 200);
  assert.equal((await ask({}, basic(tact.secret))).status, 200);
});

const reading = ['/v1/reports', '/v1/reports/fit-help', '/v1/reports/universal', '/v1/live', '/v1/live?anonymousId=a'];
const about = (id: string, decision: string): string[] =>
  [`/v1/visitors/${id}`, `/v1/visitors/${id}/export`, `/v1/visitors/${id}?kind=user`, `/v1/visitors/${id}/export?kind=user`, `/v1/decisions/${decision}`];

test('a write key reads nothing; nor does no key, or a wrong one', async () => {
  const anonymousId = fresh();
  const decided = await ask({visitor: {anonymousId}});
  const paths = [...reading, ...about(anonymousId, decided.json.decisions[0].id)];
  for (const path of paths) {
    assertProblem(await tact.ask(path), 401);
    assertProblem(await tact.ask(path, {headers: bearer('sk_wrong_wrong_wrong')}), 401);
    for (const headers of [bearer(tact.write), basic(tact.write), bearer(requiredKey)]) assertProblem(await tact.ask(path, {headers}), 403);
    const query = path.includes('?') ? '&' : '?';
    assertProblem(await tact.ask(`${path}${query}token=${tact.write}`), 401);
    assertProblem(await tact.ask(`${path}${query}token=`), 401);
    assertProblem(await tact.ask(`${path}${query}token=${tact.secret}`), 401);
    assertProblem(await tact.ask(`${path}${query}writeKey=${tact.secret}`), 401);
  }
  for (const path of paths.filter((one) => !one.includes('/live') && !one.includes('kind=user'))) {
    assert.equal((await tact.ask(path, {headers: bearer(tact.secret)})).status, 200, path);
  }
});

// Everything of an answer but the date.
const whole = (answer: Answer): unknown => [answer.status, [...answer.headers].filter(([name]) => name !== 'date'), answer.text];

test('to a write key, visitors and decisions that exist look like those that do not', async () => {
  const anonymousId = fresh();
  const userId = fresh('u');
  await tact.send('/v1/track', {userId, event: 'Known'});
  const decided = await ask({visitor: {anonymousId}});
  const missing = `d_${'0'.repeat(decided.json.decisions[0].id.length - 2)}`;
  const there = [...about(anonymousId, decided.json.decisions[0].id), ...about(userId, decided.json.decisions[1].id)];
  const nowhere = [...about(fresh('nobody'), missing), ...about(fresh('nobody'), 'nonsense')];
  for (const [i, path] of there.entries()) {
    assert.deepEqual(whole(await tact.ask(path, {headers: bearer(tact.write)})), whole(await tact.ask(nowhere[i]!, {headers: bearer(tact.write)})), path);
  }
});

test('a write key that claims a userId learns nothing of that person, nor writes to them', async () => {
  // Refused personalization and opened the size guide: what is known would show in both answers.
  const [known, refuser] = [fresh('u'), fresh('u')];
  const no = {consent: {categoryPreferences: {personalization: false, analytics: false}}};
  for (const one of [guide(), guide()]) await tact.send('/v1/track', {...one, userId: known});
  await tact.send('/v1/track', {event: 'Segment Consent Preference Updated', userId: refuser, context: no});
  const before = JSON.stringify(await tact.records(known, 'user'));
  const answerFor = async (visitor: object): Promise<unknown> => {
    const answer = await ask({visitor});
    return [answer.status, answer.json.consent, answer.json.decisions.map((one: {show: unknown}) => one.show)];
  };
  for (const userId of [known, refuser]) {
    assert.deepEqual(await answerFor({userId}), await answerFor({userId: fresh('nobody')}));
    assert.deepEqual(await answerFor({anonymousId: fresh(), userId}), await answerFor({anonymousId: fresh(), userId: fresh('nobody')}));
  }
  await tact.post('/v1/batch', {batch: [
    {type: 'identify', anonymousId: fresh(), userId: known}, {type: 'track', event: 'Forged', userId: known},
    {type: 'alias', previousId: fresh(), userId: known}, {type: 'group', groupId: 'g', userId: known},
  ]}, bearer(tact.write));
  assert.equal(JSON.stringify(await tact.records(known, 'user')), before);
});

test('explain is for secret keys', async () => {
  const anonymousId = fresh();
  const body = {visitor: {anonymousId}, explain: true};
  for (const one of (await ask(body)).json.decisions) assert.equal(one.why, undefined);
  for (const one of (await ask(body, bearer(tact.secret))).json.decisions) assert.ok(one.why);
});

test('settings tell a write key nothing but how to send; a secret key has none', async () => {
  const settings = await tact.ask(`/v1/projects/${tact.write}/settings`);
  assert.equal(settings.status, 200);
  assert.equal(settings.json.integrations['Segment.io'].apiKey, tact.write);
  assert.ok(!settings.text.includes(tact.secret));
  assertProblem(await tact.ask(`/v1/projects/${tact.secret}/settings`), 404);
});

test('a decision is the same to the one who asked and to the one who explains', async () => {
  const anonymousId = idIn('shown', 'fit-help', fresh('explained'));
  const {json} = await ask({visitor: {anonymousId}, events: [guide(), guide()]});
  await until('the explanation', async () => (await tact.ask(`/v1/decisions/${json.decisions[0].id}`, {headers: bearer(tact.secret)})).status === 200);
  const explained = await tact.ask(`/v1/decisions/${json.decisions[0].id}`, {headers: bearer(tact.secret)});
  assert.equal(explained.json.agrees, true, explained.text);
});

// What a browser's key is answered for ids that exist and ids that do not, whatever it offers as a proof: the same bytes.
import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import {after, before, test} from 'node:test';
import {Installation, bearer, fresh, tokenKey, tokenSecret} from './installation.ts';

let tact: Installation;
let known: string;
before(async () => {
  tact = await Installation.start();
  known = fresh('u');
  // A history, and a refusal: both would show in an answer.
  for (let i = 0; i < 2; i++) await tact.send('/v1/track', {event: 'Size Guide Opened', messageId: fresh('m'), properties: {product_id: 'p7'}, userId: known});
  const no = {consent: {categoryPreferences: {personalization: false, analytics: false}}};
  await tact.send('/v1/track', {event: 'Segment Consent Preference Updated', messageId: fresh('m'), userId: known, context: no});
});
after(async () => {
  await tact?.tact.remove();
});

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
function token(sub: string, {exp = inSeconds(3600), alg = 'HS256', secret = tokenSecret} = {}): string {
  const signed = `${part({alg, typ: 'JWT'})}.${part({sub, exp})}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

// Each makes of a user id what is offered as its proof; none is one.
const offered: Record<string, (userId: string) => unknown> = {
  'no token': () => undefined,
  'an empty one': () => '',
  'null': () => null,
  'a number': () => 7,
  'an object': () => ({sub: 'u'}),
  'words': () => 'let me in',
  'dots alone': () => '..',
  'a megabyte': () => 'a'.repeat(1_000_000),
  'another secret': (userId) => token(userId, {secret: 'a secret that somebody else thought of'}),
  'no signature': (userId) => token(userId).replace(/[^.]*$/, ''),
  'half a signature': (userId) => token(userId).slice(0, -20),
  'alg none': (userId) => `${part({alg: 'none', typ: 'JWT'})}.${part({sub: userId, exp: inSeconds(3600)})}.`,
  'another algorithm': (userId) => token(userId, {alg: 'HS512'}),
  'expired': (userId) => token(userId, {exp: inSeconds(-600)}),
  'for too long': (userId) => token(userId, {exp: inSeconds(90 * 86_400)}),
  "somebody else's": () => token('somebody else'),
};

const page = {url: 'https://shop.example/p/trail-shoe', type: 'product', product: {id: 'p7', category: ['shoes', 'trail'], price: 129}};

// All of an answer but the date, and the ids of decisions, which are never twice the same.
async function answers(userId: string, proof: unknown): Promise<unknown[]> {
  const visitor = {userId, token: proof};
  const context = {token: proof};
  const given = [
    await tact.post('/v1/decide', {visitor, page, slots: ['product.reassurance', 'page.banner']}, bearer(tokenKey)),
    await tact.post('/v1/identify', {userId, anonymousId: fresh(), traits: {plan: 'pro'}, context}, bearer(tokenKey)),
    await tact.post('/v1/track', {userId, event: 'Forged', context}, bearer(tokenKey)),
    await tact.post('/v1/batch', {batch: [{type: 'alias', previousId: fresh(), userId, context}]}, bearer(tokenKey)),
  ];
  return given.map((answer) => [answer.status, [...answer.headers].filter(([name]) => name !== 'date'), answer.text.replace(/"d_\w+"/g, '"d_"')]);
}

test('a token that proves nothing is answered alike for ids that exist and ids that do not', async (t) => {
  const before = JSON.stringify(await tact.records(known, 'user'));
  for (const [name, proof] of Object.entries(offered)) {
    await t.test(name, async () => {
      const nobody = fresh('u');
      assert.deepEqual(await answers(known, proof(known)), await answers(nobody, proof(nobody)));
    });
  }
  assert.equal(JSON.stringify(await tact.records(known, 'user')), before, 'nothing of it is theirs');
});

test('a token that proves it is believed, or the test above could not fail', async () => {
  const nobody = fresh('u');
  assert.notDeepEqual(await answers(known, token(known)), await answers(nobody, token(nobody)));
});

// The consent matrix of docs/consent.md: every row is told to the real server, and what it then stores, decides and
// answers is compared with the row.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {idIn} from '../e2e/bucket.ts';
import {root} from '../e2e/tact.ts';
import {Installation, bearer, fresh, requiredKey} from './installation.ts';

let tact: Installation;
before(async () => {
  tact = await Installation.start();
});
after(async () => {
  await tact?.tact.remove();
});

interface Told {
  gpc: boolean;
  carried: boolean;
  consent?: Record<string, unknown>;
}
interface Row {
  line: number;
  key: string;
  told: Told[];
  state: Record<string, string>;
  stored: string;
  decided: string;
  answered: unknown;
}

const code = (cell: string): string => {
  const match = /^`(.*)`$/.exec(cell);
  assert.ok(match, `not in backticks: ${cell}`);
  return match[1]!;
};

function readTold(cell: string): Told[] {
  if (cell === 'nothing') return [];
  return cell.split(', then ').map((part) => {
    if (part === '`Sec-GPC: 1`') return {gpc: true, carried: false};
    const carried = part.startsWith('carried ');
    return {gpc: false, carried, consent: JSON.parse(code(carried ? part.slice('carried '.length) : part)) as Record<string, unknown>};
  });
}

const readState = (cell: string): Record<string, string> =>
  cell === '–' ? {} : Object.fromEntries(cell.split(', ').map((one) => one.split(' ')));

function readMatrix(): Row[] {
  const lines = readFileSync(join(root, 'docs/consent.md'), 'utf8').split('\n');
  const heading = lines.findIndex((line) => line.startsWith('| key | told |'));
  assert.ok(heading > 0, 'docs/consent.md has no matrix');
  const rows: Row[] = [];
  for (let i = heading + 2; lines[i]?.startsWith('|'); i++) {
    const [key, told, state, stored, decided, answered] = lines[i]!.split('|').slice(1, -1).map((cell) => cell.trim());
    rows.push({line: i + 1, key: key!, told: readTold(told!), state: readState(state!), stored: stored!, decided: decided!, answered: JSON.parse(code(answered!))});
  }
  return rows;
}

const choice = 'Segment Consent Preference Updated';

async function run(row: Row): Promise<void> {
  const anonymousId = idIn('shown', 'fit-help', fresh('matrix'));
  const headers: Record<string, string> = bearer(row.key === 'asks' ? requiredKey : tact.write);
  const send = async (event: object): Promise<void> => {
    const answer = await tact.post('/v1/track', {anonymousId, messageId: fresh('m'), ...event}, headers);
    assert.equal(answer.status, 200, answer.text);
  };
  const choices: string[] = [];
  for (const {gpc, carried, consent} of row.told) {
    if (gpc) headers['Sec-GPC'] = '1';
    const context = consent ? {context: {consent}} : {};
    if (gpc || carried) {
      await send({event: 'Something Else', ...context});
    } else {
      const messageId = fresh('choice');
      choices.push(messageId);
      await send({event: choice, messageId, ...context});
    }
  }
  for (let i = 0; i < 2; i++) await send({event: 'Size Guide Opened', properties: {product_id: 'p7'}});

  const records = await tact.recordsByHttp(anonymousId);
  const told = records.filter((record) => choices.includes(record.messageId ?? ''));
  assert.equal(told.length, choices.length, 'each choice is stored');
  for (const record of told) assert.ok(!(record['consent'] as {carried?: boolean} | undefined)?.carried, 'as a choice');
  const guides = records.filter((record) => record.event === 'Size Guide Opened');
  const stored = guides.length === 0 ? 'nothing' : guides.every((record) => record['reportOnly']) ? 'for reports' : 'all';
  assert.equal(stored, row.stored);

  const shown = await tact.ask(`/v1/visitors/${anonymousId}`, {headers: bearer(tact.secret)});
  const ledger = shown.status === 404 ? {} : (shown.json.ledger as Record<string, {state: string}>);
  const states = Object.entries(ledger).filter(([purpose]) => purpose !== 'gpcSince').map(([purpose, {state}]) => [purpose, state]);
  assert.deepEqual(Object.fromEntries(states), row.state);

  const page = {url: 'https://shop.example/p/fjell', type: 'product', product: {id: 'p7', category: ['shoes', 'trail'], price: 129}};
  const {json} = await tact.post('/v1/decide', {visitor: {anonymousId}, page, slots: ['product.reassurance']}, headers);
  const [decision] = json.decisions;
  assert.equal(decision.id ? 'what they did' : 'the page', row.decided, JSON.stringify(json));
  assert.equal(decision.show?.message ?? null, row.decided === 'what they did' ? 'fit-guide' : null, JSON.stringify(json));
  const {says, ...consent} = json.consent as {says?: string; gpc?: boolean; personalization: boolean};
  assert.deepEqual(consent, row.answered);
  if (consent.gpc) assert.match(says ?? '', /Global Privacy Control/);
}

test('the consent matrix of docs/consent.md, row by row', async (t) => {
  const rows = readMatrix();
  assert.ok(rows.length > 30, `${rows.length} rows`);
  for (const source of ['categoryPreferences', 'tcString', 'gpp', 'google', 'email', 'directMarketing']) {
    assert.ok(rows.some((row) => row.told.some((one) => one.consent && source in one.consent)), `no row about ${source}`);
  }
  for (const row of rows) await t.test(`line ${row.line}`, () => run(row));
});

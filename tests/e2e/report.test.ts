// The HTML report on imported tables, and of a shop that nobody has visited, in a real browser.
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {browserMissing} from './browser.ts';
import {hasWordsForCharts, looksRight, printsWhole, withPage} from './report_page.ts';
import {Tact, run} from './tact.ts';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'tact-report-'));
});
after(() => rmSync(folder, {recursive: true, force: true}));

// A mailing with two letters and a control; names long enough to be in the way. Seeded (Park & Miller).
function mailing(rows: number): string {
  let state = 42;
  const uniform = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const arms = ['no letter', 'the letter about everything that is new this season', 'short'];
  const chance = [0.1, 0.19, 0.13];
  const lines = ['customer,arm,visit,spend,device'];
  for (let i = 0; i < rows; i++) {
    const arm = i % 3;
    const visit = uniform() < (chance[arm] ?? 0);
    const spend = visit && uniform() < 0.4 ? (20 + 80 * uniform()).toFixed(2) : '0';
    const device = uniform() < 0.6 ? 'phone' : 'desktop with an unusually long name of its own';
    lines.push(`c${i},${arms[arm]},${visit ? 1 : 0},${spend},${device}`);
  }
  return lines.join('\n') + '\n';
}

test('a report on a table of three arms', {skip: browserMissing}, async () => {
  const table = join(folder, 'mailing.csv');
  const file = join(folder, 'mailing.html');
  writeFileSync(table, mailing(12_000));
  const made = await run('experiment', 'import', '--csv', table, '--unit', 'customer', '--arm', 'arm', '--control', 'no letter',
    '--metrics', 'visit,spend', '--segments', 'device', '--html', file);
  assert.equal(made.code, 0, made.err);
  await looksRight(file);
  await printsWhole(file);
  await withPage(file, async (page) => {
    assert.ok((await page.locator('svg[role=img]').count()) >= 2, 'arms, and by device');
    await hasWordsForCharts(page);
  });
});

// Four letters that cost something, and a property of twelve numbers.
function letters(rows: number): string {
  let state = 7;
  const uniform = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const arms = ['no letter', 'short', 'with a discount', 'the letter about everything that is new this season', 'warm'];
  const chance = [0.1, 0.16, 0.18, 0.12, 0.1];
  const lines = ['customer,arm,visit,spend,months'];
  for (let i = 0; i < rows; i++) {
    const arm = i % arms.length;
    const visit = uniform() < (chance[arm] ?? 0);
    const spend = visit ? (20 + 20 * uniform()).toFixed(2) : '0';
    lines.push(`c${i},${arms[arm]},${visit ? 1 : 0},${spend},${1 + Math.floor(12 * uniform())}`);
  }
  return lines.join('\n') + '\n';
}

test('a report on a table of five arms', {skip: browserMissing}, async () => {
  const table = join(folder, 'letters.csv');
  const file = join(folder, 'letters.html');
  writeFileSync(table, letters(30_000));
  const made = await run('experiment', 'import', '--csv', table, '--unit', 'customer', '--arm', 'arm', '--control', 'no letter',
    '--metrics', 'visit,spend', '--money', 'spend', '--segments', 'months', '--cost', '0.5', '--html', file);
  assert.equal(made.code, 0, made.err);
  await looksRight(file);
  await printsWhole(file);
  await withPage(file, async (page) => {
    assert.match(await page.locator('p.verdict').innerText(), /^\d of 4 arms help\.$/);
    const arms = await page.locator('ul.arms li').allInnerTexts();
    assert.equal(arms.length, 4);
    for (const arm of arms) {
      const [name = '', , why = ''] = arm.split('\n').filter((line) => line.trim());
      assert.ok(why && !why.startsWith(name), `the name stands beside it: ${arm}`);
    }
    const cost = page.locator('.part', {has: page.getByRole('heading', {name: 'Is it worth its cost?'})});
    assert.equal(await cost.locator('table.stacked tbody tr').count(), 4, 'a line for each arm');
    assert.equal(await cost.locator('.names').count(), 1);
    const months = await page.locator('.segment .names span').allInnerTexts();
    const numbers = months.map((name) => name.trim()).filter((name) => /^\d+$/.test(name));
    assert.deepEqual(numbers, Array.from({length: 12}, (_, i) => String(i + 1)), 'by value, not as texts');
  });
});

// A letter that persuades those with a phone, and later in the year.
function persuaded(rows: number): string {
  let state = 11;
  const uniform = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const lines = ['customer,arm,visit,device,months'];
  for (let i = 0; i < rows; i++) {
    const device = ['phone', 'desktop', 'tablet'][Math.floor(3 * uniform())];
    const months = 1 + Math.floor(12 * uniform());
    const gain = (device === 'phone' ? 0.25 : 0) + (months > 8 ? 0.1 : 0);
    const visit = uniform() < 0.2 + (i % 2 ? gain : 0);
    lines.push(`c${i},${i % 2 ? 'letter' : 'no letter'},${visit ? 1 : 0},${device},${months}`);
  }
  return lines.join('\n') + '\n';
}

test('a report on whom a letter persuades', {skip: browserMissing}, async () => {
  const table = join(folder, 'persuaded.csv');
  const file = join(folder, 'persuaded.html');
  writeFileSync(table, persuaded(6_000));
  const made = await run('experiment', 'import', '--csv', table, '--unit', 'customer', '--arm', 'arm', '--control', 'no letter',
    '--metrics', 'visit', '--segments', 'device', '--covariate', 'months', '--uplift', 'letter', '--html', file);
  assert.equal(made.code, 0, made.err);
  await looksRight(file);
  await withPage(file, async (page) => {
    await hasWordsForCharts(page);
    const whom = page.locator('.part', {has: page.getByRole('heading', {name: 'Who can be persuaded?'})});
    assert.equal(await whom.locator('figure.qini svg[role=img] desc').count(), 1);
    assert.match(await whom.locator('p.says').innerText(), /better than random/);
  });
});

test('a report of a shop that nobody has visited yet', {skip: browserMissing}, async () => {
  const tact = await Tact.start();
  try {
    await tact.stop();
    const file = join(folder, 'empty.html');
    const made = await run('report', '--data', tact.data, '--html', file);
    assert.equal(made.code, 0, made.err);
    await looksRight(file);
    await withPage(file, async (page) => {
      assert.match(await page.locator('main').innerText(), /No moment has been met by a visitor yet\./);
    });
  } finally {
    await tact.remove();
  }
});

// The HTML reports of a shop in which two moments help simulated visitors: all that a report can hold, with data in it.
import assert from 'node:assert/strict';
import {cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import type {Locator, Page} from 'playwright-core';
import {browserMissing} from './browser.ts';
import {hasWordsForCharts, looksRight, openAll, printsWhole, withPage} from './report_page.ts';
import {root, run} from './tact.ts';

let folder = '';

function rewrite(file: string, pattern: RegExp, text: string): void {
  const before = readFileSync(file, 'utf8');
  const after = before.replace(pattern, text);
  assert.notEqual(after, before, `${file} has ${pattern}`);
  writeFileSync(file, after);
}

// The demo shop with a margin, a message that costs something, and so many held back that a few thousand visitors
// are enough to compare.
function playbook(): string {
  const copy = join(folder, 'playbook');
  cpSync(join(root, 'playbooks/shop'), copy, {recursive: true});
  rewrite(join(copy, 'playbook.yaml'), /^hold_back: .*$/m, 'hold_back: 20%\nmargin: 40%');
  rewrite(join(copy, 'messages/delivery.yaml'), /^  reveals: .*$/m, '$&\n  costs: 0.10 per visitor');
  const moments = join(copy, 'moments');
  for (const name of readdirSync(moments)) rewrite(join(moments, name), /^  hold_back: .*$/m, '  hold_back: 30%');
  return copy;
}

// Everybody has come and been followed for half a year, which is as long as a report looks.
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tact-report-shop-'));
  if (browserMissing) return;
  const made = await run('simulate', '--data', join(folder, 'data'), '--playbook', playbook(), '--visitors', '6000', '--days', '225',
    '--settle', '190', '--consent', '100', '--base', '30', '--wish', 'unsure_of_size', 'checking_delivery',
    '--effect', 'fit-help=+80%', 'delivery-promise=+60%');
  assert.equal(made.code, 0, made.err);
});
after(() => rmSync(folder, {recursive: true, force: true}));

async function report(name: string, ...what: string[]): Promise<string> {
  const file = join(folder, `${name}.html`);
  const made = await run('report', ...what, '--data', join(folder, 'data'), '--html', file);
  assert.equal(made.code, 0, made.err);
  return file;
}

const part = (card: Locator, question: string): Locator =>
  card.locator('.part', {has: card.page().locator('h3', {hasText: question})});

const names = (chart: Locator): Promise<string[]> =>
  chart.locator('.names > div').evaluateAll((all) => all.map((one) => one.textContent?.replace(/\s+/g, ' ').trim() ?? ''));

// Names that do not fit into their rows.
const cutShort = (page: Page): Promise<string[]> =>
  page.locator('.names span').evaluateAll((all) =>
    all.filter((one) => one.scrollHeight > one.clientHeight + 1).map((one) => one.textContent ?? ''));

// What the report of a moment and that of the universal holdout both hold.
async function holdsAll(page: Page, card: Locator): Promise<void> {
  await openAll(page);
  const first = await card.evaluate((all) => [...all.querySelectorAll('p, figure, table, dl')][0]?.className);
  assert.equal(first, 'verdict', 'the verdict is read first, in words');

  const effect = part(card, 'How large is the effect, and how sure is it?');
  assert.equal(await effect.locator('.tiles > div').count(), 3);
  assert.equal(await effect.locator('figure.over-time').count(), 1);

  const credit = await names(part(card, 'What would have come anyway?').locator('figure.bars').first());
  assert.equal(credit[0], 'last touch credits');
  assert.deepEqual(credit.slice(-2), ['came because of it created', 'would have come anyway captured']);
  // By how likely it was anyway, or why not.
  const strata = await card.locator('[id$="-strata-t"]').count();
  const method = part(card, 'How was it measured?');
  assert.equal(await method.getByText('No model tells yet how likely it was anyway').count(), 1 - strata);

  const segments = part(card, 'For whom?');
  assert.ok((await segments.locator('figure.forest').count()) >= 2);
  for (const chart of await segments.locator('figure.forest').all()) assert.equal((await names(chart)).at(-1), 'everybody');
  assert.match(await segments.innerText(), /by stage\s+Not enough data yet to compare by stage\./);

  // Who came back; nobody in this shop buys again.
  assert.ok((await part(card, 'Does it last?').locator('figure.retention').count()) >= 1, 'came back');
  assert.match(await part(card, 'What is it worth in the long run?').locator('p').first().innerText(),
    /^(Lifetime value: not enough data yet|Within (180|365) days a visitor)/);
  assert.match(await part(card, 'At what cost?').innerText(), /visitors who .*(unsubscribed|complained)/s);
  assert.match(await part(card, 'Can the numbers be trusted?').innerText(), /novelty\s+The effect/);
  const outcomes = await part(card, 'Every outcome, arm by arm').locator('caption').allInnerTexts();
  for (const wanted of ['orders', 'orders value', 'value less refunds']) {
    assert.ok(outcomes.some((outcome) => outcome.startsWith(`${wanted} `)), wanted);
  }
}

test('the report of one moment of a visited shop', {skip: browserMissing}, async () => {
  const file = await report('moment', 'fit-help', '--uplift');
  await looksRight(file);
  await printsWhole(file);
  await withPage(file, async (page) => {
    const card = page.locator('section.card');
    assert.equal(await card.count(), 1);
    assert.match(await card.locator('p.verdict').innerText(), /^It helps.*: about \d+ more orders per 1,000 visitors/);
    await holdsAll(page, card);
    await hasWordsForCharts(page);
    assert.equal(await part(card, 'At what cost?').getByRole('rowheader', {name: /^returns / }).count(), 1, 'what the author named');
    const worth = await names(part(card, 'Is it worth its cost?').locator('figure.forest'));
    assert.deepEqual(worth, ['value', 'kept of it', 'left over']);
    const whom = part(card, 'Who can be persuaded?');
    assert.match(await whom.locator('p.says').innerText(), /^Whom it persuades can.* than random \(Qini .* per 1,000\)\./s);
    assert.equal(await whom.locator('figure.qini').count(), 1);
    assert.match(await whom.locator('dl').innerText(), /area under the uplift curve \(AUUC\)\s+[+−].* per 1,000 visitors/);
  });
});

test('the report of the universal holdout of a visited shop', {skip: browserMissing}, async () => {
  const file = await report('universal', '--universal');
  await looksRight(file);
  await printsWhole(file);
  await withPage(file, async (page) => {
    const card = page.locator('section.card');
    assert.match(await card.locator('p.verdict').innerText(), /^Everything together helps: about \d+ more orders/);
    await holdsAll(page, card);
    await hasWordsForCharts(page);
    assert.match(await part(card, 'Is it worth its cost?').innerText(), /No return is reckoned: some messages cost money/);
    assert.deepEqual(await names(part(card, 'Do the moments add up?').locator('figure.forest')),
      ['delivery-promise', 'fit-help', 'sum of the moments', 'everything together', 'sum less everything']);
    assert.deepEqual(await names(part(card, 'Which tier creates, which captures?').locator('figure.forest')),
      ['conversion created', 'conversion captured', 'without a tier created', 'without a tier captured']);
  });
});

test('the report of everything in a visited shop', {skip: browserMissing}, async () => {
  const file = await report('all');
  await looksRight(file);
  await printsWhole(file);
  await withPage(file, async (page) => {
    await hasWordsForCharts(page);
    for (const width of [360, 390]) {
      await page.setViewportSize({width, height: 900});
      assert.deepEqual(await cutShort(page), [], `${width} px`);
    }
    const top = page.locator('#top');
    assert.match(await top.locator('p.lead').innerText(), /^Of \d moments, /);
    assert.deepEqual(await names(top.locator('figure.forest')), ['delivery-promise', 'fit-help', 'Everything together']);
    for (const link of await top.locator('ul.arms a').all()) {
      const card = page.locator(`section.card${await link.getAttribute('href')}`);
      assert.ok((await card.locator('h2').innerText()).startsWith(await link.innerText()));
      assert.ok((await card.locator('p.verdict').innerText()).length > 10);
    }
    const delivery = page.locator('section.card', {has: page.locator('h2', {hasText: 'delivery-promise'})});
    assert.deepEqual(await names(part(delivery, 'Is it worth its cost?').locator('figure.forest')),
      ['value', 'kept of it', 'cost', 'left over']);
  });
});

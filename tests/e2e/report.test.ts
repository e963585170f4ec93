// The HTML report in a real browser: from a phone to a wide screen, light, dark and on paper; it loads
// nothing, nothing sticks out, and axe-core finds nothing to object to.
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {AxeBuilder} from '@axe-core/playwright';
import type {Page} from 'playwright-core';
import {browserMissing, openBrowser} from './browser.ts';
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

// One page for all looks at a file; what it asks for and what it complains about is looked at in the end.
async function withPage(file: string, visit: (page: Page, load: () => Promise<void>) => Promise<void>): Promise<void> {
  const browser = await openBrowser();
  const url = pathToFileURL(file).href;
  try {
    const page = await browser.context.newPage();
    const requests = new Set<string>();
    const problems: string[] = [];
    page.on('request', (request) => requests.add(request.url()));
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    const load = async (): Promise<void> => void (await page.goto(url));
    await load();
    await visit(page, load);
    assert.deepEqual([...requests], [url], 'it asks for nothing but itself');
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
  }
}

const openAll = (page: Page): Promise<void> =>
  page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));

// What is wider than the window, by its words; the marks of a chart may touch the edge.
const sticksOut = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    if (document.documentElement.scrollWidth <= window.innerWidth) return [];
    return [...document.querySelectorAll('main *')]
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
      .map((element) => `${element.tagName} ${element.textContent?.slice(0, 40)}`);
  });

// Words of one chart that lie over each other: names and figures share a row.
const collisions = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    for (const rows of document.querySelectorAll('.rows')) {
      const names = [...rows.querySelectorAll('.names span')];
      const figures = [...rows.querySelectorAll('.figures span')];
      names.forEach((name, i) => {
        const figure = figures[i];
        if (!figure?.textContent) return;
        const a = name.getBoundingClientRect();
        const b = figure.getBoundingClientRect();
        if (a.right > b.left + 0.5 && a.bottom > b.top + 0.5 && b.bottom > a.top + 0.5) {
          found.push(`${name.textContent} / ${figure.textContent}`);
        }
      });
    }
    return found;
  });

async function looksRight(file: string): Promise<void> {
  await withPage(file, async (page, load) => {
    for (const width of [360, 390, 768, 1280, 1600]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize({width, height: 900});
        await page.emulateMedia({colorScheme});
        await load();
        for (const open of [false, true]) {
          if (open) await openAll(page);
          const where = `${width} px, ${colorScheme}, ${open ? 'all open' : 'as it comes'}`;
          assert.deepEqual(await sticksOut(page), [], where);
          assert.deepEqual(await collisions(page), [], where);
          // Every look at one narrow and one wide page; the sizes between differ only in their layout.
          if (!open || (width !== 390 && width !== 1280)) continue;
          const {violations} = await new AxeBuilder({page}).analyze();
          assert.deepEqual(violations.map(({id, nodes}) => `${id}: ${nodes[0]?.html}`), [], where);
        }
      }
    }
  });
}

// On paper the background is white in a dark room too, and what is one click below is open.
async function printsWhole(file: string): Promise<void> {
  await withPage(file, async (page) => {
    await page.setViewportSize({width: 794, height: 1123});
    await page.emulateMedia({media: 'print', colorScheme: 'dark'});
    assert.deepEqual(await sticksOut(page), []);
    const hash = page.locator('details.more dd').last();
    assert.ok((await hash.boundingBox())?.height, 'the hash of the data is printed');
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
    assert.ok((await page.pdf({format: 'A4'})).length > 10_000);
  });
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
    const charts = page.locator('svg[role=img]');
    assert.ok((await charts.count()) >= 2, 'arms, and by device');
    for (const chart of await charts.all()) {
      const ids = (await chart.getAttribute('aria-labelledby'))?.split(' ') ?? [];
      assert.equal(ids.length, 2);
      for (const id of ids) assert.ok((await page.locator(`[id="${id}"]`).textContent())?.trim(), id);
    }
    assert.equal(await page.locator('figure.chart').count(), await page.locator('figure.chart details table').count());
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

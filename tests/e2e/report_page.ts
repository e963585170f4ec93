// A written report in a real browser, from a phone to a wide screen, light, dark and on paper: it loads nothing,
// nothing sticks out or lies over another, and axe-core finds nothing to object to.
import assert from 'node:assert/strict';
import {pathToFileURL} from 'node:url';
import {AxeBuilder} from '@axe-core/playwright';
import type {Page} from 'playwright-core';
import {openBrowser} from './browser.ts';

// One page for all looks at a file; what it asks for and what it complains about is looked at in the end.
export async function withPage(file: string, visit: (page: Page, load: () => Promise<void>) => Promise<void>): Promise<void> {
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

export const openAll = (page: Page): Promise<void> =>
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

export async function looksRight(file: string): Promise<void> {
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
export async function printsWhole(file: string): Promise<void> {
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

// Each chart has a name and words beside it, and its numbers again as a table.
export async function hasWordsForCharts(page: Page): Promise<void> {
  for (const chart of await page.locator('svg[role=img]').all()) {
    const ids = (await chart.getAttribute('aria-labelledby'))?.split(' ') ?? [];
    assert.equal(ids.length, 2);
    for (const id of ids) assert.ok((await page.locator(`[id="${id}"]`).textContent())?.trim(), id);
  }
  const figures = await page.locator('figure.chart').count();
  assert.equal(await page.locator('svg[role=img]').count(), figures);
  assert.equal(await page.locator('figure.chart:has(details table tbody tr)').count(), figures);
}

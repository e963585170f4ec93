// The shop's other moments in a real browser: what the page tells of itself is what they hang on.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import type {Page} from 'playwright-core';
import {armOf} from './bucket.ts';
import {browserMissing, openBrowser} from './browser.ts';
import {Tact} from './tact.ts';

let tact: Tact;
before(async () => {
  if (!browserMissing) tact = await Tact.start();
});
after(async () => {
  await tact?.remove();
});

const heldBack = ['compare-help', 'gift-note', 'delivery-promise'];

// Somebody who agreed, held back from nothing.
async function visit(name: string, walk: (page: Page) => Promise<void>): Promise<void> {
  let id = '';
  for (let i = 0; id === '' || heldBack.some((moment) => armOf(id, moment) !== 'shown'); i++) id = `${name}-${i}`;
  const browser = await openBrowser();
  const page = await browser.context.newPage();
  try {
    await page.addInitScript((anonymousId) => {
      if (!localStorage.getItem('tact.id')) localStorage.setItem('tact.id', anonymousId);
    }, id);
    await page.goto(`${tact.url}/demo/`);
    await page.locator('[data-consent=yes]').first().click();
    await walk(page);
  } finally {
    await browser.close();
  }
}

async function helpIn(page: Page, slot: string): Promise<string> {
  const help = page.locator(`[data-tact-slot="${slot}"] .tact-message`);
  await help.waitFor({timeout: 10_000});
  return help.innerText();
}

test('comparing twice, and back at the list: what differs is said there', {skip: browserMissing}, async () => {
  await visit('comparing', async (page) => {
    await page.goto(`${tact.url}/demo/c/tents`);
    for (const box of (await page.locator('main [data-compare]').all()).slice(0, 2)) await box.check();
    await page.locator('.tray a.button').click();
    await page.waitForURL(/compare\?ids=/);
    await page.reload();
    await page.waitForSelector('.compare-table');
    await page.goto(`${tact.url}/demo/c/tents`);
    assert.match(await helpIn(page, 'category.help'), /Because you put products side by side/);
  });
});

test('a gift: the checkout says that it can be exchanged', {skip: browserMissing}, async () => {
  await visit('gift', async (page) => {
    await page.goto(`${tact.url}/demo/p/kopp-enamel-mug`);
    for (let i = 0; i < 2; i++) {
      await page.locator('main [data-open=gift]').first().click();
      await page.locator('.dialog-close').first().click();
    }
    await page.locator('[data-add=p29]').first().click();
    await page.goto(`${tact.url}/demo/cart`);
    await page.locator('[data-checkout]').first().click();
    await page.waitForURL(/checkout/);
    assert.match(await helpIn(page, 'checkout.note'), /gift/i);
  });
});

// The live view in a real browser. Wide with the shop beside it, and on a phone with one tab for each.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import type {Page} from 'playwright-core';
import {assertAccessible} from './axe.ts';
import {idIn, type Arm} from './bucket.ts';
import {browserMissing, openBrowser} from './browser.ts';
import {desktop, fit, phone, sit} from './seat.ts';
import {Tact} from './tact.ts';

let tact: Tact;
let link = '';
before(async () => {
  if (!browserMissing) ({tact, link} = await Tact.greeted());
});
after(async () => {
  await tact?.remove();
});

for (const [width, arm] of [[desktop, 'shown'], [phone, 'moment']] as [number, Arm][]) {
  test(`unsure of size, ${width} px wide, ${arm === 'shown' ? 'held back from nothing' : 'inside the hold-back'}`, {skip: browserMissing}, async () => {
    await sit(link, width, idIn(arm, 'fit-help', `live-${width}`), async ({page, mind, play, look}) => {
      const moved = await play('Unsure of size', fit);
      await look('What Tact thinks');
      assert.ok(moved[0]! < 30 && moved.at(-1)! >= 50, `the intent moved as ${moved.join(' → ')} %`);
      assert.deepEqual(moved, [...moved].sort((a, b) => a - b), 'with each sign it is more likely');
      assert.match(await mind.pane.locator('.sentence').innerText(), /is (probably|almost certainly) unsure whether it will fit/);
      const [proof, ...more] = await mind.text('.evidence li');
      assert.match(proof ?? '', /^opened the size guide repeatedly, 2 times.*(strong|decisive)$/);
      assert.match(more.at(-1) ?? '', /^usually true for 20 % · about: Fjell Trail Shoestarting point$/);

      const made = mind.decision('Fit guide');
      await made.waitFor();
      const why = (await made.innerText()).replace(/\s+/g, ' ');
      const help = page.frameLocator('.shop iframe').locator('[data-tact-slot="product.reassurance"] .tact-message');
      if (arm === 'shown') {
        assert.match(why, /^Fit guide shown beside the cart button moment “fit-help”: be sure about the size before deciding The visitor reads: “Because you opened the size guide/);
        assert.match(await help.innerText(), /Because you opened the size guide/);
      } else {
        assert.equal(why, 'Fit guide withheld on purpose moment “fit-help”: be sure about the size before deciding This visitor is in the group that shows what would have happened anyway');
        assert.equal(await help.count(), 0);
      }
      const silent = await mind.silent();
      assert.ok(silent.some((one) => /^Delivery promise: not the moment \S+/.test(one)), silent.join('\n'));
      assert.ok(!silent.some((one) => one.startsWith('Fit guide')), silent.join('\n'));
      assert.match((await mind.text('.events li')).join('\n'), /opened the size guide[^]*opened the size guide/);
      await accessible(page, look);
    });
  });
}

test('the demo leads from its bare address to the shop', {skip: browserMissing}, async () => {
  const answer = await fetch(tact.url, {redirect: 'manual'});
  assert.deepEqual([answer.status, answer.headers.get('location')], [302, '/demo/']);
});

test('a headless browser is taken for a program, and the live view says so', {skip: browserMissing}, async () => {
  const userAgent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.0.0 Safari/537.36';
  const browser = await openBrowser({userAgent});
  try {
    const page = await browser.context.newPage();
    await page.goto(link);
    await page.frameLocator('.shop iframe').locator('[data-consent=yes]').first().click();
    const row = page.locator('#mind .facts > div', {hasText: 'Taken for'});
    await row.waitFor();
    assert.match(await row.innerText(), /a program, by its name or network\s+Sees what everybody sees/);
  } finally {
    await browser.close();
  }
});

// Light and dark, each part that a phone shows by itself, and what opens over it.
async function accessible(page: Page, look: (tab: string) => Promise<void>): Promise<void> {
  await assertAccessible(page, 'what Tact thinks');
  await page.getByRole('button', {name: 'Theme: Dark'}).click();
  await assertAccessible(page, 'what Tact thinks, dark');
  await look('Does it help?');
  await assertAccessible(page, 'the reports, dark');
  await look('Shop');
  await page.getByRole('button', {name: 'Theme: Light'}).click();
  await assertAccessible(page, 'the shop');
  await page.getByRole('button', {name: 'Help'}).click();
  await page.getByRole('dialog').waitFor();
  await assertAccessible(page, 'the help');
}

for (const width of [phone, desktop]) {
  test(`without its token it asks for it, ${width} px wide`, {skip: browserMissing}, async () => {
    const browser = await openBrowser({width});
    try {
      const page = await browser.context.newPage();
      await page.goto(`${tact.url}/live/`);
      if (width === phone) await page.getByRole('tab', {name: 'What Tact thinks'}).click();
      await page.getByLabel('Link or token').waitFor();
      await assertAccessible(page, 'without a token');
    } finally {
      await browser.close();
    }
  });
}

test('just browsing: nothing is assumed, nothing is shown, and each that stayed silent says why', {skip: browserMissing}, async () => {
  await sit(link, desktop, idIn('shown', 'fit-help', 'browsing'), async ({page, mind, play}) => {
    const moved = await play('Just browsing', fit);
    assert.ok(Math.max(...moved) < 50, moved.join(' → '));
    assert.match(await mind.pane.locator('.sentence').innerText(), /Nothing stands out\. This visitor is left in peace\.|Not clear enough to act on\./);
    assert.equal(await mind.pane.locator('.intent.on').count(), 0, 'no intent is acted on');
    await mind.decision('Everything is what everybody sees').waitFor();
    assert.equal(await mind.pane.locator('.dot-acted, .dot-held').count(), 0);
    assert.equal(await page.frameLocator('.shop iframe').locator('.tact-message').count(), 0);
    const silent = await mind.silent();
    assert.ok(silent.every((one) => /: not the moment \S+|(blocked|gave way) \S+/.test(one)), silent.join('\n'));
    assert.ok((await mind.text('.events li')).length >= 6);
  });
});

// axe-core on the shop, on a phone and wide; live.test.ts looks at the live view in the same way.
import {after, before, test} from 'node:test';
import {assertAccessible} from './axe.ts';
import {browserMissing, openBrowser} from './browser.ts';
import {desktop, phone} from './seat.ts';
import {Tact} from './tact.ts';

let tact: Tact;
before(async () => {
  if (!browserMissing) tact = await Tact.start();
});
after(async () => {
  await tact?.remove();
});

for (const width of [phone, desktop]) {
  test(`axe-core finds nothing in the shop, ${width} px wide`, {skip: browserMissing}, async () => {
    const browser = await openBrowser({width});
    const page = await browser.context.newPage();
    try {
      const visit = async (path: string, ready = 'main h1'): Promise<void> => {
        await page.goto(`${tact.url}/demo/${path}`);
        await page.locator(ready).first().waitFor();
        await assertAccessible(page, `/demo/${path}`);
      };
      await visit('', '[data-consent=yes]');
      await page.locator('[data-consent=yes]').first().click();
      for (const path of ['c/shoes', 'size-guide', 'cart']) await visit(path);
      await visit('p/fjell-trail-shoe');
      for (let i = 0; i < 2; i++) {
        await page.locator('[data-open=size-guide]').first().click();
        await page.locator('dialog[open]').waitFor();
        if (i === 0) await assertAccessible(page, 'the size guide');
        await page.locator('.dialog-close').first().click();
      }
      await assertAccessible(page, 'the shoe after the size guide');
      await page.goto(`${tact.url}/demo/p/kopp-enamel-mug`);
      await page.locator('[data-add=p29]').first().click();
      await visit('cart', '[data-checkout]');
      await page.locator('[data-checkout]').first().click();
      await page.waitForURL(/checkout/);
      await page.locator('main form button[type=submit]').click();
      await assertAccessible(page, 'the checkout, with nothing filled in');
    } finally {
      await browser.close();
    }
  });
}

// What axe-core objects to on a page and in its frames, once what moves has come to rest; what comes
// meanwhile does not move.
import assert from 'node:assert/strict';
import {AxeBuilder} from '@axe-core/playwright';
import type {Page} from 'playwright-core';

export async function assertAccessible(page: Page, where: string): Promise<void> {
  await page.emulateMedia({reducedMotion: 'reduce'});
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))));
  const {violations} = await new AxeBuilder({page}).analyze();
  const found = violations.flatMap(({id, nodes}) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.html.slice(0, 160)}`));
  assert.deepEqual(found, [], where);
}

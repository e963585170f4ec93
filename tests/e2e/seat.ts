// A seat before the live view, from the printed link: the one-click visitors are clicked, and what the page then
// says beside the shop is read as a person would.
import assert from 'node:assert/strict';
import type {Locator, Page} from 'playwright-core';
import {openBrowser} from './browser.ts';

export const phone = 390;
export const desktop = 1360;
export const fit = 'Unsure whether it will fit';
const visitMs = 120_000;  // a one-click visitor takes its time, 25 s on an idle machine

// What the page tells beside the shop.
export class Mind {
  readonly pane: Locator;
  constructor(page: Page) {
    this.pane = page.locator('#mind');
  }
  text(selector: string): Promise<string[]> {
    return this.pane.locator(selector).evaluateAll((all) => all.map((one) => (one as HTMLElement).textContent ?? ''));
  }
  // In percent; null while nothing is known of the visitor.
  async intent(name: string): Promise<number | null> {
    const [said] = await this.pane.locator('.intent', {hasText: name}).locator('.intent-say').allTextContents();
    return said === undefined ? null : Number.parseInt(said, 10);
  }
  decision(name: string): Locator {
    return this.pane.locator('.rows > .row', {hasText: new RegExp(`^${name}`)});
  }
  // The others' names and reasons, opened by a click as a person opens them.
  async silent(): Promise<string[]> {
    await this.pane.locator('details.why > summary').click();
    const rows = this.pane.locator('details.why .row');
    await rows.first().waitFor();
    const said = await rows.allInnerTexts();
    assert.equal(await this.pane.locator('details.why .row small').count(), said.length, 'each has a reason');
    assert.match(await this.pane.locator('details.why > summary').innerText(), new RegExp(`Why ${said.length} others? stayed silent`));
    return said.map((one) => one.replace(/\s+/g, ' '));
  }
}

export interface Seat {
  page: Page;
  mind: Mind;
  // Clicks the visitor and waits until it is through; the intent named, as it moved meanwhile.
  play(visitor: string, intent: string): Promise<number[]>;
  look(tab: string): Promise<void>;
}

// `id`: of the next person who agrees. The shop draws one by itself, and so an arm that no test could know.
export async function sit(link: string, width: number, id: string, use: (seat: Seat) => Promise<void>): Promise<void> {
  const browser = await openBrowser({width, height: width === phone ? 844 : 1000});
  const page = await browser.context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  await page.addInitScript((next) => {
    const draw = crypto.randomUUID.bind(crypto);
    crypto.randomUUID = () => (localStorage.getItem('tact.id') ? draw() : (next as ReturnType<typeof draw>));
  }, id);
  const mind = new Mind(page);
  const look = async (tab: string): Promise<void> => {
    if (width === phone) await page.getByRole('tab', {name: tab}).click();
  };
  const play = async (visitor: string, intent: string): Promise<number[]> => {
    await page.getByRole('button', {name: visitor, exact: true}).click();
    const said = page.locator('.run [role=status]');
    const moved: number[] = [];
    for (const end = Date.now() + visitMs; ; await page.waitForTimeout(100)) {
      const now = await mind.intent(intent);
      if (now !== null && now !== moved.at(-1)) moved.push(now);
      const state = await said.innerText();
      assert.doesNotMatch(state, /could not go on/);
      if (state.startsWith(`${visitor}: done.`)) return moved;
      assert.ok(Date.now() < end, `${state}; ${moved.join(' ')}`);
    }
  };
  try {
    await page.goto(link);
    await page.locator('.link-open').waitFor();
    assert.ok(!page.url().includes('token'), 'the token is not left in the address');
    await use({page, mind, play, look});
    assert.deepEqual(problems, [], 'in the console');
  } finally {
    await browser.close();
  }
}

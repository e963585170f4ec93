// A person's path in a real browser: browse → size guide twice → help appears → why in the live view → buy →
// silence about it → the visit in the report. Once outside both hold-backs and once inside each.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import type {Page} from 'playwright-core';
import {idIn, type Arm} from './bucket.ts';
import {browserMissing, openBrowser} from './browser.ts';
import {Tact, run} from './tact.ts';

let tact: Tact;
before(async () => {
  if (!browserMissing) tact = await Tact.start();
});
after(async () => {
  await tact?.remove();
});

interface Decided {
  id: string;
  slot: string;
  outcome: string;
  message: string | null;
  why: {moment: string | null; holdout: {universal: boolean; moment: boolean}; not_shown: {moment: string; guard?: string; says: string}[]};
}

// Everything the live stream says of one visitor, as it comes.
function listen(anonymousId: string): {decisions: Decided[]; stop(): void} {
  const decisions: Decided[] = [];
  const controller = new AbortController();
  void (async () => {
    const response = await fetch(`${tact.url}/v1/live?anonymousId=${anonymousId}`, {
      headers: {Authorization: `Bearer ${tact.keys.secretKey}`},
      signal: controller.signal,
    });
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, {stream: true});
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        const data = block.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5)).join('\n');
        if (block.includes('event: decision')) decisions.push(JSON.parse(data) as Decided);
      }
    }
  })().catch(() => undefined);
  return {decisions, stop: () => controller.abort()};
}

const forProduct = (d: Decided): boolean => d.slot === 'product.reassurance';

async function until<T>(what: string, find: () => T | undefined | false): Promise<T> {
  for (let i = 0; i < 100; i++) {
    const found = find();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`waited 10 s for: ${what}`);
}

async function openSizeGuideTwice(page: Page): Promise<void> {
  for (let i = 0; i < 2; i++) {
    await page.locator('[data-open=size-guide]').first().click();
    await page.locator('.dialog-close').first().click();
  }
}

async function buy(page: Page): Promise<void> {
  const size = await page.locator('[data-size]:not([disabled])').nth(2).getAttribute('id');
  await page.locator(`label[for="${size}"]`).click();
  await page.locator('[data-add=p7]').first().click();
  await page.goto(`${tact.url}/demo/cart`);
  await page.locator('[data-checkout]').first().click();
  await page.waitForURL(/checkout/);
  const address = {name: 'A. Person', email: 'a@example.org', street: 'Way 1', postcode: '10115', city: 'Berlin', country: 'Germany'};
  for (const [name, value] of Object.entries(address)) await page.fill(`main input[name=${name}]`, value);
  await page.click('main form button[type=submit]');
  await page.waitForSelector('main input[name=card]');
  for (const [name, value] of Object.entries({card: '4242 4242 4242 4242', expiry: '12/29', code: '123'})) {
    await page.fill(`main input[name=${name}]`, value);
  }
  await page.click('main form button[type=submit]');
  await page.waitForURL(/thank/);
}

async function walk(arm: Arm): Promise<void> {
  const id = idIn(arm, 'fit-help');
  const live = listen(id);
  const browser = await openBrowser();  // one browser profile is one person
  const page = await browser.context.newPage();
  try {
    await page.addInitScript((anonymousId) => {
      if (!localStorage.getItem('tact.id')) localStorage.setItem('tact.id', anonymousId);
    }, id);
    await page.goto(`${tact.url}/demo/`);
    await page.locator('[data-consent=yes]').first().click();
    await page.goto(`${tact.url}/demo/p/fjell-trail-shoe`);
    await openSizeGuideTwice(page);
    const won = await until(`fit-help to win for ${id}`, () => live.decisions.find((d) => forProduct(d) && d.why.moment === 'fit-help'));
    assert.equal(won.outcome, arm === 'shown' ? 'shown' : 'withheld');
    assert.deepEqual({universal: won.why.holdout.universal}, {universal: arm === 'universal'});
    const help = page.locator('[data-tact-slot="product.reassurance"] .tact-message');
    if (arm === 'shown') {
      await help.waitFor({timeout: 10_000});
      assert.match(await help.innerText(), /Because you opened the size guide/i);
    } else {
      await page.waitForTimeout(500);
      assert.equal(await help.count(), 0);
    }
    const explained = await run('explain', won.id, '--data', tact.data, '--json');
    assert.equal(explained.code, 0, explained.err);
    assert.equal(JSON.parse(explained.out).agrees, true);

    await buy(page);
    const before = live.decisions.length;
    await page.goto(`${tact.url}/demo/p/fjell-trail-shoe`);
    const silent = await until('a decision after the purchase', () => live.decisions.slice(before).find(forProduct));
    assert.equal(silent.outcome, 'default');
    const blocked = silent.why.not_shown.find((other) => other.moment === 'fit-help');
    assert.match(blocked?.says ?? '', /bought this product/);
  } finally {
    live.stop();
    await browser.close();
  }
}

for (const arm of ['shown', 'moment', 'universal'] as const) {
  test(`a person's path, ${arm === 'shown' ? 'outside both hold-backs' : `inside the ${arm} hold-back`}`, {skip: browserMissing}, async () => {
    await walk(arm);
  });
}

interface ArmCount {
  arm: string;
  exposed: number;
  provisional: {visitors: number; outcomes: number};
}
interface Report {
  moment: string;
  verdict: string;
  difference: unknown;
  arms: ArmCount[];
  waiting: boolean;
}

// Three people bought: one was shown the help, one was held back from it, one from everything. The
// report knows of them, and as three are fewer than 50 tells nothing of them.
test('the visits are in the report', {skip: browserMissing}, async () => {
  const report = (await tact.get('/v1/reports')) as {moments: Report[]; universal: Report};
  const fit = report.moments.find((moment) => moment.moment === 'fit-help');
  assert.ok(fit, JSON.stringify(report));
  assert.equal(fit.verdict, 'not enough data');
  assert.equal(fit.difference, null);
  const counted = (of: Report): unknown =>
    of.arms.map(({arm, exposed, provisional}) => ({arm, exposed, visitors: provisional.visitors, orders: provisional.outcomes}));
  const nothing = (arm: string): unknown => ({arm, exposed: 0, visitors: 0, orders: 0});
  for (const one of [fit, report.universal]) {
    assert.equal(one.waiting, true);
    assert.deepEqual(counted(one), [nothing('shown'), nothing('held back')]);
  }
});

test('verify finds state equal to the log afterwards', {skip: browserMissing}, async () => {
  await tact.stop();
  const verified = await run('verify', '--data', tact.data);
  assert.equal(verified.code, 0, verified.out + verified.err);
});

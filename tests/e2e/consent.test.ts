// What a real browser keeps and sends: nothing of a person without consent, what is needed with it, nothing left of it
// after a withdrawal; and what it says under Global Privacy Control.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import type {Page, Request} from 'playwright-core';
import {browserMissing, openBrowser, type Browser} from './browser.ts';
import {Tact} from './tact.ts';

let tact: Tact;
before(async () => {
  if (!browserMissing) tact = await Tact.start();
});
after(async () => {
  await tact?.remove();
});

const no = '{"personalization":false,"analytics":false}';
const yes = '{"personalization":true,"analytics":true}';
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

// Everything a site can leave in a browser.
interface Kept {
  local: Record<string, string>;
  session: Record<string, string>;
  cookies: unknown[];
  databases: unknown[];
  caches: string[];
  workers: number;
}

async function kept(browser: Browser, page: Page): Promise<Kept> {
  const inPage = await page.evaluate(async () => ({
    local: {...localStorage} as Record<string, string>,
    session: {...sessionStorage} as Record<string, string>,
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  return {...inPage, cookies: await browser.context.cookies()};
}

const only = (local: Record<string, string>): Kept => ({local, session: {}, cookies: [], databases: [], caches: [], workers: 0});

interface Sent {
  path: string;
  body: Record<string, any> | null;
  text: string;
}

// Every request of every page, with all it carries.
function listen(browser: Browser): Sent[] {
  const sent: Sent[] = [];
  browser.context.on('request', (request: Request) => {
    const post = request.postData();
    const text = [request.url(), JSON.stringify(request.headers()), post ?? ''].join('\n');
    sent.push({path: new URL(request.url()).pathname, body: post === null ? null : JSON.parse(post), text});
  });
  return sent;
}

function assertNobody(sent: Sent[]): void {
  assert.ok(sent.length > 0);
  for (const {path, body, text} of sent) {
    assert.doesNotMatch(text, uuid, `an id in a request to ${path}`);
    assert.doesNotMatch(text, /cookie/i, path);
    if (body === null) continue;
    assert.equal(path, '/v1/decide', 'only a question is asked');
    assert.deepEqual(Object.keys(body).sort(), ['context', 'page', 'slots', 'writeKey']);
    for (const key of Object.keys(body['page'])) assert.ok(['url', 'type', 'title', 'category', 'product'].includes(key), `page.${key}`);
    assert.deepEqual(body['context'], {locale: 'en-GB', consent: {categoryPreferences: JSON.parse(no)}});
  }
}

async function until<T>(what: string, find: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (let i = 0; i < 100; i++) {
    const found = await find();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`waited 10 s for: ${what}`);
}

async function openSizeGuide(page: Page): Promise<void> {
  await page.locator('[data-open=size-guide]').first().click();
  await page.locator('.dialog-close').first().click();
}

const flushed = 1_500;  // longer than events wait to be sent

// Looks around as a person does, by links and by addresses, and leaves for another page.
async function lookAround(page: Page): Promise<void> {
  await page.goto(`${tact.url}/demo/`);
  await page.locator('[data-nav=shoes]').first().click();
  await page.goto(`${tact.url}/demo/p/fjell-trail-shoe`);
  await openSizeGuide(page);
  await openSizeGuide(page);
  await page.waitForTimeout(flushed);
}

test('without consent the device keeps the choice alone, and no request carries an id or what they did', {skip: browserMissing}, async () => {
  const browser = await openBrowser();
  const sent = listen(browser);
  const page = await browser.context.newPage();
  try {
    await lookAround(page);
    assert.deepEqual(await kept(browser, page), only({}), 'before any choice');
    await page.locator('[data-consent=no]').first().click();
    await lookAround(page);
    assert.deepEqual(await kept(browser, page), only({'tact.consent': no, 'northfold.consent': 'false'}), 'after a no');
    await page.goto('about:blank');
    await page.waitForTimeout(flushed);
    assert.ok(sent.filter((one) => one.path === '/v1/decide').length >= 6, 'each page was decided');
    assertNobody(sent);
    assert.deepEqual(sent.filter((one) => one.path === '/v1/batch'), []);
  } finally {
    await browser.close();
  }
});

interface Export {
  records: {type: string; event?: string; name?: string; consent?: Record<string, unknown>}[];
}

test('a grant makes an id; what was done before is not told; a withdrawal takes the id from the device', {skip: browserMissing}, async () => {
  const browser = await openBrowser();
  const sent = listen(browser);
  const page = await browser.context.newPage();
  try {
    await lookAround(page);
    assertNobody(sent);
    await page.locator('[data-consent=yes]').first().click();
    await page.waitForTimeout(flushed);
    const granted = await kept(browser, page);
    const id = granted.local['tact.id']!;
    assert.match(id, uuid);
    assert.deepEqual({...granted, session: {}}, only({'tact.consent': yes, 'tact.id': id, 'northfold.consent': 'true'}));
    const asked = await until('a question with the id', () => sent.find((one) => one.body?.['visitor']));
    assert.deepEqual(asked.body!['visitor'], {anonymousId: id});
    const told = (await tact.get(`/v1/visitors/${id}/export`)) as Export;
    const names = told.records.filter((one) => one.type !== 'decision').map((one) => one.event ?? one.type);
    assert.deepEqual(names.slice(0, 2), ['Segment Consent Preference Updated', 'page']);
    assert.ok(!names.includes('Size Guide Opened'), 'what was done before the grant is not told');
    assert.match(String(told.records[0]!.consent?.['textHash']), /^[0-9a-f]{16}$/, 'what they were shown is known by its hash');
    await openSizeGuide(page);
    await page.waitForTimeout(flushed);

    await page.locator('[data-consent-switch]').first().click();
    await until('the withdrawal to arrive', async () => {
      const {ledger} = (await tact.get(`/v1/visitors/${id}`)) as {ledger: Record<string, {state: string}>};
      return ledger['personalization']?.state === 'refused' && ledger['analytics']?.state === 'refused';
    });
    const left = only({'tact.consent': no, 'northfold.consent': 'false'});
    assert.deepEqual(await kept(browser, page), left, 'right after the withdrawal');
    sent.length = 0;
    await lookAround(page);
    assert.deepEqual(await kept(browser, page), left);
    await page.goto('about:blank');
    await page.waitForTimeout(flushed);
    assertNobody(sent);
    const after = (await tact.get(`/v1/visitors/${id}/export`)) as Export;
    assert.equal(after.records.at(-1)!.event, 'Segment Consent Preference Updated', 'the withdrawal is the last that is known');
  } finally {
    await browser.close();
  }
});

// Some browsers tell scripts and servers, some the server alone.
for (const scripts of [true, false]) {
  test(`Global Privacy Control ${scripts ? 'in header and script' : 'in the header alone'}: they are told, and may allow it`, {skip: browserMissing}, async () => {
    const browser = await openBrowser();
    const sent = listen(browser);
    await browser.context.setExtraHTTPHeaders({'Sec-GPC': '1'});
    const page = await browser.context.newPage();
    try {
      if (scripts) await page.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', {value: true}));
      await page.goto(`${tact.url}/demo/p/fjell-trail-shoe`);
      const state = page.locator('.switch-state').first();
      await until('the words beside the switch', async () => /Global Privacy Control/.test(await state.innerText()));
      assert.equal(await page.locator('[data-consent-switch]').first().getAttribute('aria-checked'), 'false');
      assertNobody(sent);
      await page.locator('[data-consent-switch]').first().click();
      const id = await until('an id', () => page.evaluate(() => localStorage.getItem('tact.id')));
      assert.doesNotMatch(await state.innerText(), /Global Privacy Control/);
      await until('a question with it', () => sent.some((one) => one.body?.['visitor']?.anonymousId === id));
      await page.waitForTimeout(flushed);
      await page.goto(`${tact.url}/demo/`);
      await until('a question on the next page', () => sent.filter((one) => one.body?.['visitor']?.anonymousId === id).length >= 2);
      // Asked here and not in the page, which waits 300 ms and no longer.
      const question = {...sent.filter((one) => one.body?.['visitor']).at(-1)!.body, requestId: 'asked-by-the-test'};
      const answer = await fetch(`${tact.url}/v1/decide`, {method: 'POST', headers: {'Sec-GPC': '1'}, body: JSON.stringify(question)});
      assert.deepEqual(((await answer.json()) as {consent: unknown}).consent, {personalization: true});
      assert.equal(await page.locator('[data-consent-switch]').first().getAttribute('aria-checked'), 'true');
    } finally {
      await browser.close();
    }
  });
}

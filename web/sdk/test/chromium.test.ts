/** The built SDK in a real Chromium, under the strictest policy a site may have. */
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type BrowserContext, chromium} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {message, reply, sleep, Tactless, until} from './server';

const BINARY = '/usr/bin/chromium';
const present = existsSync(BINARY);
if (!present) console.warn(`SKIPPED: no ${BINARY}, nothing here was tried in a real browser`);

const CSP = "default-src 'self'; require-trusted-types-for 'script'; base-uri 'none'; object-src 'none'; form-action 'none'";
const page = (title: string): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="tact:page" content='{"type":"product","product":{"id":"p7","category":["shoes"],"price":129}}'>
<script src="/tact.js" data-write-key="wk_test" async></script></head>
<body><main><h1>${title}</h1><div data-tact-slot="product.reassurance"><p>default content</p></div><p><a id="next" href="/two">next</a></p></main></body></html>`;
const EVIL = '<img src=x onerror="document.title=1">';

describe.skipIf(!present)('in Chromium, under a strict CSP', () => {
  const dir = present ? mkdtempSync(join(tmpdir(), 'tact-sdk-')) : '';
  let server: Tactless;
  let browser: BrowserContext;

  beforeAll(async () => {
    server = await new Tactless().start();
    const headers = {'Content-Security-Policy': CSP, 'Cache-Control': 'no-cache'};
    for (const path of ['/one', '/two']) server.files.set(path, {type: 'text/html', text: page(path.slice(1)), headers});
    server.files.set('/tact.js', {type: 'text/javascript', text: readFileSync(new URL('../dist/tact.js', import.meta.url), 'utf8')});
    browser = await chromium.launchPersistentContext(dir, {
      executablePath: BINARY,
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
             '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    if (dir) rmSync(dir, {recursive: true, force: true});
  });

  it('asks nothing of the policy, shows, is seen, and leaves nothing behind', async () => {
    server.decide = (b, res) => reply(res, 200, {decisions: [message(b.slots![0]!, {id: b.visitor ? 'd_1' : undefined}, {
      content: {title: 'Between sizes?', body: EVIL, link: {text: 'Size guide', to: 'javascript:document.title=1'}, image: {src: 'javascript:1'}}})]});
    const tab = await browser.newPage();
    const complaints: string[] = [];
    tab.on('pageerror', (e) => complaints.push(String(e)));
    tab.on('console', (m) => ['error', 'warning'].includes(m.type()) && !/favicon/.test(m.location().url) && complaints.push(m.text()));
    await tab.addInitScript(() => addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.violatedDirective} ${e.blockedURI}`)));

    // Before a choice: the page request alone.
    await tab.goto(`${server.origin}/one`);
    await tab.waitForSelector('.tact-message');
    expect(server.to('/v1/decide').at(-1)!.body.visitor).toBe(undefined);
    expect(await tab.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, '']);

    // After it: an id, the default look through adoptedStyleSheets, and a real IntersectionObserver.
    await tab.evaluate(() => (window as any).tact.consent({personalization: true, analytics: true}));
    await until(() => server.once('Message Seen').length === 1);
    expect(await tab.textContent('.tact-body')).toBe(EVIL);
    expect(await tab.locator('.tact-message img, .tact-message a').count()).toBe(0);
    expect(await tab.title()).toBe('one');
    expect(await tab.evaluate(() => getComputedStyle(document.querySelector('.tact-message')!).borderRadius)).toBe('10px');
    expect(await tab.evaluate(() => getComputedStyle(document.querySelector('.tact-message')!).backgroundColor)).toBe('rgb(251, 250, 247)');
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await tab.evaluate(axe);
    const found = await tab.evaluate(() => (window as any).axe.run('.tact-message', {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}));
    expect(found.violations.map((v: any) => `${v.id}: ${v.nodes[0].failureSummary}`)).toEqual([]);
    expect(found.passes.map((v: any) => v.id)).toContain('color-contrast');

    // A real navigation: the beacon or the next page brings what was unsent, and each event once.
    await tab.evaluate(() => (window as any).tact.track('Product Added', {product_id: 'p7'}));
    await tab.click('#next');
    await tab.waitForURL('**/two');
    await until(() => ['Page Left', 'Product Added'].every((n) => server.once(n).length === 1) && server.once('page').length === 2);
    await until(() => server.to('/v1/decide').at(-1)!.body.events!.some((e) => e.event === 'Page Left'));
    await tab.focus('[data-tact-reason=not_me]');
    await tab.keyboard.press('Enter');
    await tab.waitForSelector('text=default content');
    await until(() => server.once('Message Dismissed').length === 1);
    await tab.close();
    // No favicon, no violation, no exception.
    expect(complaints.filter((c) => !/404/.test(c))).toEqual([]);
  });

  it('keeps the default when Tact hangs', async () => {
    server.decide = () => undefined;
    const tab = await browser.newPage();
    await tab.goto(`${server.origin}/one`);
    const start = performance.now();
    const decisions = await tab.evaluate(() => (window as any).tact.decide(['x']));
    expect(performance.now() - start).toBeLessThan(600);
    expect(decisions).toEqual([{slot: 'x', show: null}]);
    await sleep(300);
    expect(await tab.textContent('[data-tact-slot]')).toBe('default content');
    await tab.close();
  });
});

// Debian's Chromium, driven by playwright-core.
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {chromium, type BrowserContext} from 'playwright-core';

export const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
export const browserMissing = existsSync(executablePath) ? false : `${executablePath} is not installed`;

// A person's browser: what calls itself HeadlessChrome is taken for a bot, which sees defaults. Given to
// the program and not to the page: what a page sends while it is left would name the program's own.
const person = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';

export interface Browser {
  context: BrowserContext;
  close(): Promise<void>;
}

export async function openBrowser(options: {width?: number; height?: number; userAgent?: string} = {}): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'tact-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: {width: options.width ?? 1360, height: options.height ?? 900},
    locale: 'en-GB',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', `--user-agent=${options.userAgent ?? person}`],
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, {recursive: true, force: true});
    },
  };
}

import {afterEach, beforeEach} from 'vitest';
import {open, type Page, type PageOptions} from './browser';
import {Tactless} from './server';

/** A server and pages for each test; `ctx.open()` opens a page against the server. */
export function harness(): {server: Tactless; open: (o?: PageOptions) => Promise<Page>} {
  const pages: Page[] = [];
  const ctx = {
    server: undefined as unknown as Tactless,
    open: async (o?: PageOptions): Promise<Page> => {
      const p = await open(ctx.server.origin, o);
      pages.push(p);
      return p;
    },
  };
  beforeEach(async () => { ctx.server = await new Tactless().start(); });
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((p) => p.close()));
    await ctx.server.stop();
  });
  return ctx;
}

import {expect, it} from 'vitest';

it('the ESM build can be imported and called where there is no browser', async () => {
  // @ts-ignore: built file, its types are those of src/index.ts
  const {tact} = await import('../dist/index.mjs') as typeof import('../src/index');
  const errors: string[] = [];
  tact.on('error', (e) => errors.push(e.message));
  tact.load({writeKey: 'wk'});
  tact.track('x');
  expect(tact.consentState()).toMatchObject({personalization: false, chosen: false});
  expect(tact.anonymousId()).toBe(null);
  expect(errors).toEqual(['tact.load: not in a browser']);
});

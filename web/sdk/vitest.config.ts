import {defineConfig} from 'vitest/config';

// The tests run the built dist/tact.js inside their own happy-dom windows (test/browser.ts), against
// a real HTTP server, in real time: most of a test is waiting, so files and tests may overlap.
export default defineConfig({
  test: {environment: 'node', include: ['test/**/*.test.ts'], testTimeout: 20_000, hookTimeout: 30_000, maxWorkers: 2},
});

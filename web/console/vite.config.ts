import {defineConfig} from 'vitest/config';

// Tact serves the result under /live/; nothing may be inlined, because the CSP allows no inline code.
export default defineConfig({
  base: '/live/',
  build: {
    target: 'es2022', assetsInlineLimit: 0, modulePreload: {polyfill: false}, sourcemap: false,
    // Radix marks its files for React Server Components, which there are none of here.
    rolldownOptions: {onwarn: (warning, show) => { if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') show(warning); }},
  },
  server: {host: '127.0.0.1'},
  test: {include: ['test/**/*.test.ts']},
});

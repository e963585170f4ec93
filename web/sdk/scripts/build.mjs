// Builds dist/tact.js (one IIFE file, served by Tact as /tact.js) and dist/index.mjs (ESM, for npm).
import {build} from 'esbuild';
import {readFileSync} from 'node:fs';

const root = new URL('..', import.meta.url).pathname;
const {version} = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  target: ['es2020', 'safari15'],
  legalComments: 'none',
  charset: 'utf8',
  define: {__VERSION__: JSON.stringify(version)},
  logLevel: 'warning',
};
await build({...common, entryPoints: ['src/main.ts'], format: 'iife', outfile: 'dist/tact.js',
             banner: {js: `/*! Tact ${version} | Apache-2.0 */`}});
await build({...common, entryPoints: ['src/index.ts'], format: 'esm', outfile: 'dist/index.mjs'});

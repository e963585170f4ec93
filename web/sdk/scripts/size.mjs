// Fails when the SDK outgrows its budget. A page loads one of the two builds and nothing else: the
// build makes no further chunks, and this checks that too.
import {readFileSync, readdirSync} from 'node:fs';
import {gzipSync} from 'node:zlib';

const BUDGET = 12 * 1024;  // bytes of gzip, everything a visitor ever downloads
const dist = new URL('../dist/', import.meta.url).pathname;
const known = ['tact.js', 'index.mjs'];
const extra = readdirSync(dist).filter((f) => /\.m?js$/.test(f) && !known.includes(f));
let failed = extra.length > 0;
if (failed) console.error(`size: unexpected chunks in dist/: ${extra.join(', ')}`);
for (const file of known) {
  const raw = readFileSync(dist + file);
  const zip = gzipSync(raw, {level: 9}).length;
  const verdict = zip > BUDGET ? 'OVER BUDGET' : 'ok';
  console.log(`size: ${file.padEnd(10)} ${String(raw.length).padStart(6)} B, gzip ${String(zip).padStart(6)} B of ${BUDGET} B  ${verdict}`);
  if (zip > BUDGET) failed = true;
}
process.exit(failed ? 1 : 0);

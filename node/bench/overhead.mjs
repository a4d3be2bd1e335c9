// What the object costs: `parse` in JavaScript beside the same call in Rust, mail by mail. Both run in this process in
// turns, and of each the best of many calls counts. An object is made of every record: mails with several are shown apart.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { mails, mean, quantile } from './mails.mjs';

const PASSES = 25;
/** Calls of each kind on one mail in a pass: something else that the machine does falls on few of them. */
const CALLS = 8;

// The addon as it is published, and a clock in it.
const built = resolve(import.meta.dirname, '../../target/node-bench');
const build = ['--no-install', 'napi', 'build', '--platform', '--release', '--features', 'bench', '--js', 'native.js'];
const args = [...build, '--dts', 'native.d.ts', '--output-dir', built];
execFileSync('npx', args, { cwd: join(import.meta.dirname, '..'), stdio: ['ignore', 'ignore', 'inherit'] });
const require = createRequire(import.meta.url);
const { NativeAnalyzer } = require(join(built, 'native.js'));
// One addon for both: the package loads this one instead of its own.
require.cache[require.resolve('../dist/native.js')] = require.cache[require.resolve(join(built, 'native.js'))];
const { parse } = require('komainu');
const rust = new NativeAnalyzer({});

const all = mails();
const best = { rust: all.map(() => Infinity), javascript: all.map(() => Infinity) };
function compare(n, calls) {
  const { raw } = all[n];
  for (let call = 0; call < calls; call += 1) {
    best.rust[n] = Math.min(best.rust[n], rust.rustMicros(raw));
    const start = performance.now();
    parse(raw);
    best.javascript[n] = Math.min(best.javascript[n], (performance.now() - start) * 1000);
  }
  return best.javascript[n] - best.rust[n];
}

for (let pass = 0; pass < PASSES; pass += 1) {
  for (const n of all.keys()) compare(n, CALLS);
}
// The clock's own interrupts fall into every call that is long enough: such a mail needs more calls to find a quiet one.
for (const n of all.keys()) if (compare(n, 0) > 10) compare(n, 2000);

const records = all.map(({ raw }) => parse(raw).records.length);
const more = all.map((_, n) => compare(n, 0));
const row = (values) => {
  const [average, ...rest] = [mean(values), ...[0.5, 0.95, 0.99, 1].map((share) => quantile(values, share))].map((micros) => micros.toFixed(1));
  return { mails: values.length, mean: average, median: rest[0], p95: rest[1], p99: rest[2], max: rest[3] };
};
const where = (values, wanted) => values.filter((_, n) => wanted(records[n]));
console.log(`best of ${PASSES * CALLS} calls each, in µs`);
console.table({
  Rust: row(best.rust),
  JavaScript: row(best.javascript),
  more: row(more),
  'more, no record': row(where(more, (count) => count === 0)),
  'more, one record': row(where(more, (count) => count === 1)),
  'more, several': row(where(more, (count) => count > 1)),
  'more, several, each record': row(more.map((micros, n) => micros / records[n]).filter((_, n) => records[n] > 1)),
});
const slow = all.map((_, n) => n).filter((n) => more[n] > 10);
console.log(`mails that cost more than 10 µs more: ${slow.length} of ${all.length}`);
for (const n of slow) console.log(`  ${records[n]} records: ${more[n].toFixed(1)} µs more`);

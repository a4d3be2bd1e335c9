// What the object costs: `parse` in JavaScript beside the same call in Rust, mail by mail, the best of many passes.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parse } from 'komainu';
import { mails, mean, quantile } from './mails.mjs';

const PASSES = 60;

const all = mails();
const best = all.map(() => Infinity);
for (let pass = 0; pass < PASSES; pass += 1) {
  all.forEach(({ raw }, n) => {
    const start = process.hrtime.bigint();
    parse(raw);
    best[n] = Math.min(best[n], Number(process.hrtime.bigint() - start) / 1000);
  });
}

// The target's name makes cargo use what `npm run build` compiled.
const host = /^host: (.+)$/m.exec(execFileSync('rustc', ['-vV'], { encoding: 'utf8' }))[1];
const build = ['build', '--quiet', '--release', '--target', host, '-p', 'komainu-node', '--example', 'parse_times'];
execFileSync('cargo', build, { stdio: 'inherit', cwd: import.meta.dirname });
const program = join(import.meta.dirname, `../../target/${host}/release/examples/parse_times`);
const input = all.map(({ path }) => `${path}\n`).join('');
const rust = execFileSync(program, [String(PASSES)], { input, encoding: 'utf8', maxBuffer: 1 << 26 }).trim().split('\n').map(Number);

const more = best.map((micros, n) => micros - rust[n]);
const show = (values) => [mean(values), quantile(values, 0.5), quantile(values, 0.95), quantile(values, 0.99)].map((micros) => micros.toFixed(1));
console.log(`${all.length} mails, best of ${PASSES}, in µs`);
console.table(
  Object.fromEntries(
    [['Rust', rust], ['JavaScript', best], ['more', more]].map(([name, values]) => {
      const [average, median, p95, p99] = show(values);
      return [name, { mean: average, median, p95, p99 }];
    }),
  ),
);
console.log(`mails that cost more than 10 µs more: ${more.filter((micros) => micros > 10).length}`);

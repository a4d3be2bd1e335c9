// Beside `email-bounce-parser`, on the same mails in the same run. It reads the text of a mail, not the mail: the time of
// `mailparser`, which its manual names for that, is shown apart.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { simpleParser } from 'mailparser';
import { parse } from 'komainu';
import { mails, mean } from './mails.mjs';

const EmailBounceParser = createRequire(import.meta.url)('email-bounce-parser');
const PASSES = 15;

const all = mails();
const other = new EmailBounceParser();
/** The best time of each mail: the machine has other things to do meanwhile. */
const best = { komainu: [], mailparser: [], 'email-bounce-parser': [] };
/** Failing recipients that were found, and other mails that were taken for failures. */
const found = { komainu: 0, 'email-bounce-parser': 0 };
const wrong = { komainu: 0, 'email-bounce-parser': 0 };
let [wanted, quiet] = [0, 0];
const failed = { komainu: 0, mailparser: 0, 'email-bounce-parser': 0 };

async function timed(name, mail, work) {
  const start = process.hrtime.bigint();
  try {
    return await work();
  } catch {
    failed[name] += 1;
    return undefined;
  } finally {
    const micros = Number(process.hrtime.bigint() - start) / 1000;
    best[name][mail] = Math.min(best[name][mail] ?? Infinity, micros);
  }
}

const texts = [];
/** Each reads all mails in a row, as its users let it, with the caches to itself. */
const WORK = {
  komainu: (n) => parse(all[n].raw),
  mailparser: async (n) => (texts[n] = (await simpleParser(all[n].raw)).text ?? ''),
  'email-bounce-parser': (n) => other.read(texts[n] ?? ''),
};
const results = {};
for (let pass = 0; pass < PASSES; pass += 1) {
  for (const [name, work] of Object.entries(WORK)) {
    results[name] = [];
    for (const n of all.keys()) results[name].push(await timed(name, n, () => work(n)));
  }
}
for (const [n, { path }] of all.entries()) {
  const right = answer(path);
  if (right === undefined) continue;
  wanted += right.size;
  quiet += right.size === 0;
  compare('komainu', right, failing(results.komainu[n]?.records ?? []));
  const named = results['email-bounce-parser'][n]?.data?.recipient?.toLowerCase();
  compare('email-bounce-parser', right, new Set([named].filter(Boolean)));
}

/** The answer beside a mail of the shared cases. */
function answer(path) {
  const file = path.replace(/\.eml$/, '.json');
  return existsSync(file) && file !== path ? failing(JSON.parse(readFileSync(file, 'utf8')).records) : undefined;
}

function failing(records) {
  const named = records.filter(({ kind, recipient }) => (kind === 'bounce' || kind === 'delay') && recipient !== null);
  return new Set(named.map(({ recipient }) => recipient.toLowerCase()));
}

function compare(name, right, got) {
  found[name] += [...right].filter((recipient) => got.has(recipient)).length;
  wrong[name] += right.size === 0 && got.size > 0;
}

console.log(`${all.length} mails, best of ${PASSES} passes each`);
const base = mean(best.komainu);
console.table(
  Object.fromEntries(
    Object.entries(best).map(([name, times]) => {
      const average = mean(times);
      const row = { 'µs a mail': average.toFixed(1), 'times komainu': (average / base).toFixed(2) };
      const finds = name in found ? `${found[name]} of ${wanted}` : '-';
      const taken = name in wrong ? `${wrong[name]} of ${quiet}` : '-';
      return [name, { ...row, 'recipients found': finds, 'others taken for failures': taken, threw: failed[name] / PASSES }];
    }),
  ),
);

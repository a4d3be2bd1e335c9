// Beside `email-bounce-parser`, on the same mails in the same run. It reads the text of a mail, not the mail: the time of
// `mailparser`, which its manual names for that, is shown apart.
import { createRequire } from 'node:module';
import { simpleParser } from 'mailparser';
import { parse } from 'komainu';
import { mails, mean } from './mails.mjs';

const EmailBounceParser = createRequire(import.meta.url)('email-bounce-parser');
const PASSES = 5;

const all = mails();
const other = new EmailBounceParser();
/** The best time of each mail: the machine has other things to do meanwhile. */
const best = { komainu: [], mailparser: [], 'email-bounce-parser': [] };
const found = { komainu: 0, 'email-bounce-parser': 0 };
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

for (let pass = 0; pass < PASSES; pass += 1) {
  for (const [n, { raw }] of all.entries()) {
    const report = await timed('komainu', n, () => parse(raw));
    const mail = await timed('mailparser', n, () => simpleParser(raw));
    const result = await timed('email-bounce-parser', n, () => other.read(mail?.text ?? ''));
    if (pass > 0) continue;
    if (report?.records.some(({ recipient }) => recipient !== null)) found.komainu += 1;
    if (result?.data?.recipient) found['email-bounce-parser'] += 1;
  }
}

console.log(`${all.length} mails, best of ${PASSES} passes each`);
const base = mean(best.komainu);
console.table(
  Object.fromEntries(
    Object.entries(best).map(([name, times]) => {
      const average = mean(times);
      const row = { 'µs a mail': average.toFixed(1), 'times komainu': (average / base).toFixed(2) };
      return [name, { ...row, 'mails with a recipient': found[name] ?? '-', threw: failed[name] / PASSES }];
    }),
  ),
);

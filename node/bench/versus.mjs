// Beside `email-bounce-parser`, on the same mails in the same run. It reads the text of a mail, not the mail: the time of
// `mailparser`, which its manual names for that, is shown apart.
import { createRequire } from 'node:module';
import { simpleParser } from 'mailparser';
import { parse } from 'komainu';
import { mails } from './mails.mjs';

const EmailBounceParser = createRequire(import.meta.url)('email-bounce-parser');
const PASSES = 5;

const all = mails();
const other = new EmailBounceParser();
const micros = { komainu: 0, mailparser: 0, 'email-bounce-parser': 0 };
const found = { komainu: 0, 'email-bounce-parser': 0 };
const failed = { komainu: 0, mailparser: 0, 'email-bounce-parser': 0 };

async function timed(name, work) {
  const start = process.hrtime.bigint();
  try {
    return await work();
  } catch {
    failed[name] += 1;
    return undefined;
  } finally {
    micros[name] += Number(process.hrtime.bigint() - start) / 1000;
  }
}

for (let pass = 0; pass < PASSES; pass += 1) {
  for (const { raw } of all) {
    const report = await timed('komainu', () => parse(raw));
    const mail = await timed('mailparser', () => simpleParser(raw));
    const result = await timed('email-bounce-parser', () => other.read(mail?.text ?? ''));
    if (pass > 0) continue;
    if (report?.records.some(({ recipient }) => recipient !== null)) found.komainu += 1;
    if (result?.data?.recipient) found['email-bounce-parser'] += 1;
  }
}

const calls = PASSES * all.length;
console.log(`${all.length} mails, ${PASSES} passes`);
console.table(
  Object.fromEntries(
    Object.entries(micros).map(([name, total]) => [
      name,
      { 'µs a mail': (total / calls).toFixed(1), 'times komainu': (total / micros.komainu).toFixed(2), 'mails with a recipient': found[name] ?? '-', threw: failed[name] / PASSES },
    ]),
  ),
);

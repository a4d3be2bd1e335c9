// How long the event loop was held: a timer's lateness while `parseMany` runs, beside a loop with nothing to do. Once over
// the mails of the folder, and once with a mail of 10,000 recipients and one of 16 MiB among every hundred of them.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseMany } from 'komainu';
import { mails } from './mails.mjs';

const SECONDS = Number(process.argv[3] ?? 10);
const ROUNDS = 2;

const all = mails().map(({ raw }) => raw);
const report = (recipients, text) => {
  const fields = Array.from({ length: recipients }, (_, n) => `\nFinal-Recipient: rfc822; user${n}@example.jp\nAction: failed\nStatus: 5.1.1\n`);
  const head = 'From: mailer-daemon@example.net\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=b\n\n';
  return Buffer.from(`${head}--b\n\n${text}\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n${fields.join('')}\n--b--\n`);
};
const large = [report(10_000, 'Failed.'), report(1, 'Lorem ipsum dolor sit amet\n'.repeat((16 << 20) / 27))];
const mixed = Array.from({ length: 200 }, (_, n) => (n % 100 === 0 ? large[n / 100] : all[n % all.length]));

let parsed = 0;
const over = (source) => async () => {
  const end = performance.now() + SECONDS * 1000;
  function* endless() {
    for (let n = 0; performance.now() < end; n += 1) yield source[n % source.length];
  }
  for await (const _ of parseMany(endless())) parsed += 1;
};

const WORK = { idle: () => sleep(SECONDS * 1000), 'parseMany, these mails': over(all), 'parseMany, large ones too': over(mixed) };
const delays = Object.fromEntries(Object.keys(WORK).map((name) => [name, { count: 0, rounds: [] }]));

await over(all)();
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, work] of Object.entries(WORK)) {
    parsed = 0;
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await work();
    delay.disable();
    delays[name].count += parsed;
    delays[name].rounds.push([50, 99, 99.9, 100].map((share) => delay.percentile(share) / 1e6));
  }
}

console.log(`${ROUNDS} × ${SECONDS} s each; the timer is one of 1 ms, and its lateness begins at about 1: the idle loop tells`);
const worst = (rounds, n) => Math.max(...rounds.map((shares) => shares[n])).toFixed(2);
console.table(
  Object.fromEntries(
    Object.entries(delays).map(([name, { count, rounds }]) => [
      name,
      { mails: count, 'p50 ms': worst(rounds, 0), 'p99 ms': worst(rounds, 1), 'p99.9 ms': worst(rounds, 2), 'max ms': worst(rounds, 3) },
    ]),
  ),
);

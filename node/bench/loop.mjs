// How long the event loop was held: a timer's lateness while `parseMany` runs, beside a loop with nothing to do.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseMany } from 'komainu';
import { mails } from './mails.mjs';

const SECONDS = 10;
const all = mails().map(({ raw }) => raw);

async function measured(work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  const millis = (nanos) => (nanos / 1e6).toFixed(2);
  return { 'p50 ms': millis(delay.percentile(50)), 'p99 ms': millis(delay.percentile(99)), 'p99.9 ms': millis(delay.percentile(99.9)), 'max ms': millis(delay.max) };
}

function* endless(end) {
  for (let n = 0; performance.now() < end; n += 1) yield all[n % all.length];
}

let parsed = 0;
async function busy() {
  for await (const _ of parseMany(endless(performance.now() + SECONDS * 1000))) parsed += 1;
}

await busy();
parsed = 0;
const idle = await measured(() => sleep(SECONDS * 1000));
const many = await measured(busy);
console.log(`${SECONDS} s each; parseMany read ${parsed} mails (a timer of 1 ms: its lateness begins at about 1)`);
console.table({ idle, parseMany: many });

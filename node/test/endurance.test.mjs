// Memory over many calls, and calls from several workers at once. KOMAINU_CALLS sets how many calls.
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { classify, parse, parseAsync, parseJson } from 'komainu';
import { mails, withNewlines } from './cases.mjs';

const CALLS = Number(process.env.KOMAINU_CALLS ?? 10_000);
// What the engine keeps for itself moves by some MiB; a leak of one record a call is more over any number of calls.
const MOST = 16 << 20;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const raws = mails().map((mail) => withNewlines(mail, '\n'));

/** The bytes that are in use, ours and the engine's. */
async function used() {
  // Twice, with a turn of the event loop between: finalizers of the first give back memory outside of the heap.
  for (let turn = 0; turn < 2; turn += 1) {
    collect();
    await new Promise(setImmediate);
  }
  // Room that the engine holds ready for young objects comes and goes in steps of 16 MiB.
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return rss - heapTotal + heapUsed;
}

const WORK = {
  parse: (raw) => parse(raw),
  parseAsync: (raw) => parseAsync(raw),
  classify: (raw) => classify(raw.toString('latin1', 0, 200)),
  'a wrong argument': () => assert.throws(() => parse(7), TypeError),
};

for (const [name, work] of Object.entries(WORK)) {
  test(`memory does not grow over many calls: ${name}`, async (t) => {
    const after = [];
    // The first round fills what is kept for good.
    for (const calls of [CALLS / 2, CALLS / 2, CALLS / 2]) {
      for (let n = 0; n < calls; n += 1) await work(raws[n % raws.length]);
      after.push(await used());
    }
    t.diagnostic(`${CALLS} calls, ${Math.round((after.at(-1) - after[0]) / 1024)} KiB`);
    assert.ok(after.at(-1) - after[0] < MOST, String(after));
  });
}

test('workers give what one thread gives', async () => {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.komainu).then(async ({ parseJson, parseJsonAsync }) => {
      const texts = [];
      for (const raw of workerData.raws) texts.push(parseJson(raw), await parseJsonAsync(raw));
      parentPort.postMessage(texts);
    });
  `;
  const komainu = import.meta.resolve('komainu');
  const one = () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(code, { eval: true, workerData: { komainu, raws } });
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  const want = raws.map((raw) => parseJson(raw)).flatMap((text) => [text, text]);
  for (const got of await Promise.all([one(), one(), one(), one()])) assert.deepEqual(got, want);
});

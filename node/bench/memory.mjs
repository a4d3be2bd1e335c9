// Memory over many mails: resident set and heap after each tenth.
import { parseMany } from 'komainu';
import { mails } from './mails.mjs';

const wanted = Number(process.argv[3] ?? 1_000_000);
const all = mails().map(({ raw }) => raw);

async function* source() {
  for (let n = 0; n < wanted; n += 1) yield all[n % all.length];
}

const mib = (bytes) => Math.round(bytes / (1 << 20));
const start = performance.now();
let done = 0;
let records = 0;
const after = [];
for await (const report of parseMany(source())) {
  done += 1;
  records += report.records.length;
  if (done % (wanted / 10) === 0) {
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    after.push({ mails: done, 'rss MiB': mib(rss), 'heap MiB': mib(heapUsed), 'external MiB': mib(external) });
  }
}
const seconds = (performance.now() - start) / 1000;
console.table(after);
console.log(`${done} mails, ${records} records, ${seconds.toFixed(0)} s, ${Math.round(done / seconds)} mails/s`);

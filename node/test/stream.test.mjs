// The Transform stream.
import assert from 'node:assert/strict';
import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { classify, parse, parseStream } from 'komainu';
import { mails, withNewlines } from './cases.mjs';

const raw = mails().map((mail) => withNewlines(mail, '\n'));

test('messages in, reports out, in order', async () => {
  const stream = parseStream();
  assert.ok(stream instanceof Transform);
  const seen = [];
  await pipeline(Readable.from(raw), stream, async function (reports) {
    for await (const report of reports) seen.push(report);
  });
  assert.deepEqual(seen, raw.map(parse));
});

test('a slow reader holds the writer back', async () => {
  let taken = 0;
  let given = 0;
  let ahead = 0;
  const source = Readable.from(
    (function* () {
      for (let n = 0; n < 400; n += 1) {
        taken += 1;
        yield raw[n % raw.length];
      }
    })(),
    { highWaterMark: 1 },
  );
  const sink = new Writable({
    objectMode: true,
    highWaterMark: 1,
    async write(_report, _encoding, done) {
      given += 1;
      ahead = Math.max(ahead, taken - given);
      await sleep(1);
      done();
    },
  });
  await pipeline(source, parseStream({ concurrency: 4 }), sink);
  assert.equal(given, 400);
  assert.ok(ahead < 60, `${ahead} ahead`);
});

test('a chunk of a wrong type destroys the stream with TypeError', async () => {
  await assert.rejects(pipeline(Readable.from([raw[0], 42]), parseStream(), async (reports) => {
    for await (const _ of reports);
  }), TypeError);
});

test('an abort destroys the stream', async () => {
  const controller = new AbortController();
  const stream = parseStream({ signal: controller.signal });
  stream.write(raw[0]);
  const ended = assert.rejects(async () => {
    for await (const _ of stream);
  }, { name: 'AbortError' });
  controller.abort();
  await ended;
});

test('a stream that is never read does not keep the process', () => {
  const stream = parseStream();
  stream.write(raw[0]);
  assert.equal(classify('550 5.1.1 user unknown').hard !== undefined, true);
});

test('a stream of bytes that is piped in is refused', async () => {
  const bytes = new Readable({ read() {} });
  bytes.push(raw[0]);
  await assert.rejects(pipeline(bytes, parseStream(), new Writable({ objectMode: true, write: (_report, _encoding, done) => done() })), {
    name: 'TypeError',
    message: /pieces of bytes: scan\(path\)/,
  });
});

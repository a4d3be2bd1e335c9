// Many messages at a time: order, back-pressure, aborting, errors.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { parse, parseAsync, parseJson, parseMany } from 'komainu';

/** A bounce whose record can be told from the others. */
const bounce = (n) => `From: mailer-daemon@example.net
Subject: failed
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; user${n}@example.jp
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--b--
`;
const recipients = (reports) => reports.map((report) => report.records[0].recipient);
const numbers = (from, to) => Array.from({ length: to - from }, (_, n) => from + n);

test('reports come in the order of the messages, from an iterable', async () => {
  const seen = [];
  for await (const report of parseMany(numbers(0, 300).map(bounce), { concurrency: 7 })) seen.push(report);
  assert.deepEqual(recipients(seen), numbers(0, 300).map((n) => `user${n}@example.jp`));
});

test('an async iterable is read no further ahead than concurrency', async () => {
  let taken = 0;
  let given = 0;
  let ahead = 0;
  async function* source() {
    for (const n of numbers(0, 100)) {
      taken += 1;
      yield bounce(n);
    }
  }
  for await (const report of parseMany(source(), { concurrency: 5 })) {
    assert.equal(report.records[0].recipient, `user${given}@example.jp`);
    ahead = Math.max(ahead, taken - given);
    given += 1;
    await sleep(1);
  }
  assert.equal(given, 100);
  assert.ok(ahead <= 6, `${ahead} taken ahead`);
});

test('a report is handed out while the source still waits', async () => {
  let release;
  async function* source() {
    yield bounce(1);
    await new Promise((resolve) => (release = resolve));
    yield bounce(2);
  }
  const reports = parseMany(source());
  assert.deepEqual(recipients([(await reports.next()).value]), ['user1@example.jp']);
  release();
  assert.deepEqual(recipients([(await reports.next()).value]), ['user2@example.jp']);
  assert.equal((await reports.next()).done, true);
});

test('leaving the loop closes the source', async () => {
  let closed = false;
  async function* source() {
    try {
      for (;;) yield bounce(1);
    } finally {
      closed = true;
    }
  }
  for await (const _ of parseMany(source())) break;
  assert.equal(closed, true);
});

test('an error of the source arrives after what came before it', async () => {
  async function* source() {
    yield bounce(1);
    yield bounce(2);
    throw new Error('the connection broke');
  }
  const seen = [];
  await assert.rejects(async () => {
    for await (const report of parseMany(source())) seen.push(report);
  }, /the connection broke/);
  assert.equal(seen.length, 2);
});

test('a message of a wrong type rejects in its place', async () => {
  const seen = [];
  await assert.rejects(async () => {
    for await (const report of parseMany([bounce(1), 42, bounce(3)])) seen.push(report);
  }, TypeError);
  assert.deepEqual(recipients(seen), ['user1@example.jp']);
});

test('an abort ends a loop that waits for its source', async () => {
  const controller = new AbortController();
  let closed = false;
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => ((closed = true), { done: true }),
    }),
  };
  setTimeout(() => controller.abort(new Error('enough')), 10);
  await assert.rejects(async () => {
    for await (const _ of parseMany(source, { signal: controller.signal })) assert.fail('there is nothing to read');
  }, /enough/);
  assert.equal(closed, true);
});

test('an aborted call rejects with the reason, before and while it waits', async () => {
  await assert.rejects(parseAsync(bounce(1), { signal: AbortSignal.abort(new Error('before')) }), /before/);
  const controller = new AbortController();
  const calls = numbers(0, 200).map((n) => parseAsync(bounce(n), { signal: controller.signal }));
  controller.abort(new Error('meanwhile'));
  for (const call of calls) await assert.rejects(call, /meanwhile/);
  assert.equal((await parseAsync(bounce(7))).records.length, 1);
});

test('a settled call leaves no listener on its signal', async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const [add, remove] = [signal.addEventListener, signal.removeEventListener];
  signal.addEventListener = (...args) => ((listeners += 1), add.apply(signal, args));
  signal.removeEventListener = (...args) => ((listeners -= 1), remove.apply(signal, args));
  await Promise.all(numbers(0, 20).map((n) => parseAsync(bounce(n), { signal })));
  for await (const _ of parseMany(numbers(0, 20).map(bounce), { signal }));
  assert.equal(listeners, 0);
});

test('the caller may reuse its buffer at once, whatever its size', async () => {
  for (const padding of [0, 3 << 20]) {
    const buffer = Buffer.from(bounce(1) + '\n'.repeat(padding));
    const call = parseAsync(buffer);
    if (padding === 0) buffer.fill(0);
    assert.deepEqual(recipients([await call]), ['user1@example.jp']);
  }
});

test('a report of thousands is whole and in order, though it is put together in pieces', async () => {
  const fields = numbers(0, 3000).map((n) => `Final-Recipient: rfc822; user${n}@example.jp\nAction: failed\nStatus: 5.1.1\n\n`);
  const mail = bounce(0).replace(/Final-Recipient[^]*(?=--b--)/, () => fields.join(''));
  const want = parseJson(mail);
  assert.equal(JSON.parse(want).records.length, 3000);
  assert.equal(JSON.stringify(parse(mail)), want);
  const seen = [];
  for await (const report of parseMany([bounce(1), mail, bounce(2)])) seen.push(report);
  assert.equal(JSON.stringify(seen[1]), want);
  assert.deepEqual([seen[0], seen[2]], [parse(bounce(1)), parse(bounce(2))]);
});

test('a large string is read as one: a letter on the border of two pieces stays whole', async () => {
  const mail = bounce(1).replace('user unknown', '\u{20bb7} unknown');
  // The letter has two units: the border falls before it, into it and behind it.
  for (const units of [0, 1, 2]) {
    const filling = '\n'.repeat((1 << 20) - mail.indexOf('\u{20bb7}') - units);
    const large = mail.replace('\n--b\n', () => `\n${filling}--b\n`);
    const { records } = await parseAsync(large + '\n'.repeat(100));
    assert.equal(records[0].diagnostic, '550 5.1.1 \u{20bb7} unknown');
  }
});

test('other callbacks have their turn while many messages are taken and handed out', async () => {
  const large = `${bounce(1)}${'\n'.repeat(500_000)}`;
  let ticks = 0;
  let last = 0;
  let most = 0;
  const timer = setInterval(() => (ticks += 1), 1);
  for await (const _ of parseMany(Array.from({ length: 400 }, () => large), { concurrency: 200 })) {
    most = Math.max(most, ++last);
    await Promise.resolve();
    if (ticks > 0) [ticks, last] = [0, 0];
  }
  clearInterval(timer);
  assert.ok(most < 400, 'no timer ran until everything was handed out');
});

test('a stream of bytes is no list of messages', () => {
  const bytes = new Readable({ read() {} });
  assert.throws(() => parseMany(bytes), { name: 'TypeError', message: /pieces of bytes: scan\(path\)/ });
});

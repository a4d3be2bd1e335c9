// Mail servers' logs.
import assert from 'node:assert/strict';
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { Analyzer, backend, LogReader } from 'komainu';
import { Driver, logs } from './cases.mjs';

test('without the addon, LogReader says that it is not there', { skip: backend === 'native' }, () => {
  assert.throws(() => new LogReader(), { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' });
});

const native = { skip: backend !== 'native' };

test('every log of the shared cases gives its blessed records', native, () => {
  const driver = new Driver('node-log');
  for (const { name, path, want } of logs()) {
    const reader = new LogReader({ year: 2026 });
    const lines = readFileSync(path, 'utf8').split('\n');
    if (lines.at(-1) === '') lines.pop();
    const got = [...lines.flatMap((line) => reader.pushJson(line)), ...reader.finishJson()];
    driver.compare(name, 'lines', got.map((json) => `${json}\n`).join(''), want);
    assert.equal(reader.lines, lines.length);
    assert.ok(reader.understood > 0 && reader.understood <= reader.lines);
    // One of the cases ends in half an object.
    assert.equal(reader.unreadable, name.includes('kumomta') ? 1 : 0);
  }
  driver.close();
  assert.deepEqual(driver.wrong, []);
  assert.ok(driver.passed > 0);
  assert.equal(driver.passed, logs().length);
});

test('read takes a stream of lines, and an analyzer', native, async () => {
  const { path, want } = logs().find(({ name }) => name === 'log/postfix');
  const analyzer = new Analyzer({ redact: 'mask' });
  const records = [];
  for await (const record of new LogReader({ year: 2026, analyzer, format: 'postfix' }).read(createInterface({ input: createReadStream(path) }))) {
    records.push(record);
  }
  const blessed = want.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(records.map(({ reason }) => reason), blessed.map(({ reason }) => reason));
  assert.equal(records[0].recipient, blessed[0].recipient.replace(/(?<=^.).*(?=@)/, '***'));
});

test('read cuts a stream of bytes into its lines, wherever its chunks end', native, async () => {
  const { path, want } = logs().find(({ name }) => name === 'log/postfix');
  for (const encoding of [undefined, 'utf8']) {
    const source = createReadStream(path, { highWaterMark: 7, encoding });
    const json = [];
    for await (const record of new LogReader({ year: 2026 }).read(source)) json.push(`${JSON.stringify(record)}\n`);
    assert.equal(json.join(''), want);
  }
  const missing = new LogReader().read(createReadStream(`${path}.missing`));
  await assert.rejects(missing.next(), { code: 'ENOENT' });
});

test('a line may be bytes of any charset', native, () => {
  const line = 'Nov 21 10:00:01 mail postfix/smtp[9]: 4C7D1: to=<taro@example.jp>, relay=mx.example.jp[192.0.2.1]:25, '
    + 'delay=1, dsn=5.1.1, status=bounced (host mx.example.jp[192.0.2.1] said: 550 5.1.1 User unknown \xe9 (in reply to RCPT TO command))';
  const [record] = new LogReader().push(Buffer.from(line, 'latin1'));
  assert.equal(record.recipient, 'taro@example.jp');
});

for (const [name, call] of [
  ['an unknown format', () => new LogReader({ format: 'qmail' })],
  ['a number as format', () => new LogReader({ format: 1 })],
  ['a year in words', () => new LogReader({ year: '2026' })],
  ['an unknown offset', () => new LogReader({ timezone: 'JST' })],
  ['options as analyzer', () => new LogReader({ analyzer: {} })],
  ['a misspelt option', () => new LogReader({ formats: 'postfix' })],
  ['a number as line', () => new LogReader().push(1)],
  ['a path as source', () => new LogReader().read('mail.log')],
  ['no source', () => new LogReader().read(null)],
]) {
  test(`${name} throws TypeError`, native, () => assert.throws(call, TypeError));
}

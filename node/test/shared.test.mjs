// Every shared case gives the blessed report, byte for byte, by every way in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Analyzer, backend, classifyJson, parse, parseJson, parseMany } from 'komainu';
import { Driver, mails, NEWLINES, replies, withNewlines } from './cases.mjs';

test('every shared case gives its blessed JSON', () => {
  assert.equal(backend, process.env.KOMAINU_EXPECTED ?? 'native');
  const driver = new Driver(backend === 'native' ? 'node' : 'node-without-addon');
  const [all, asked] = [mails(), replies()];
  for (const mail of all) {
    for (const [name, newline] of Object.entries(NEWLINES)) {
      driver.compare(mail.name, name, parseJson(withNewlines(mail, newline)), mail.want);
    }
  }
  for (const { name, text, hints, want } of asked) driver.compare(name, 'reply', classifyJson(text, hints), want);
  driver.close();
  assert.deepEqual(driver.wrong, []);
  assert.ok(all.length > 0 && asked.length > 0);
  assert.equal(driver.passed, 3 * all.length + asked.length);
});

test('the worker pool gives the same reports as the direct call', async () => {
  const raw = mails().map((mail) => withNewlines(mail, '\r\n'));
  const reports = [];
  for await (const report of parseMany(raw)) reports.push(report);
  assert.deepEqual(reports, raw.map(parse));
  const analyzer = new Analyzer();
  assert.deepEqual(await Promise.all(raw.map((one) => analyzer.parseAsync(one))), reports);
});

test('objects carry exactly what the JSON text says, keys in its order', () => {
  for (const mail of mails()) {
    const raw = withNewlines(mail, '\n');
    assert.equal(JSON.stringify(parse(raw)), parseJson(raw), mail.name);
  }
});

test('an object with further headers, what the addresses ask for and letters of all kinds says what its JSON says', async () => {
  const analyzer = new Analyzer({
    headers: ['X-Mailer', 'Subject', 'X-__proto__', '7'],
    addressBook: { 'taro@example.jp': 'whitelisted' },
    verifier: { domains: ['example.com'] },
  });
  for (const mail of mails()) {
    const raw = withNewlines(mail, '\r\n');
    const want = analyzer.parseJson(raw);
    assert.equal(JSON.stringify(analyzer.parse(raw)), want, mail.name);
    assert.equal(JSON.stringify(await analyzer.parseAsync(raw)), want, mail.name);
  }
});

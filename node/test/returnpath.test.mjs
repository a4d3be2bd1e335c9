// Return paths: what is made here is what the verifier and the parser read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Analyzer, backend, batvAddress, originalSender, verpAddress } from 'komainu';

const PATTERN = 'b-{id}-{token}-{local}={domain}@bounces.example.org';
const SECRET = 'a long random secret';
const NOW = 1_764_547_200;
const skip = backend === 'wasm' && 'the WebAssembly module makes no return paths';

const bounce = (to) =>
  `From: MAILER-DAEMON@mx.example.net\nTo: ${to}\nSubject: Undelivered\n\n` +
  'The mailbox of one of your recipients is unknown: 550 5.1.1 User unknown\n';

test('a VERP address names the recipient and proves it', { skip }, () => {
  const address = verpAddress(PATTERN, 'taro@example.jp', { ids: ['42'], secret: SECRET });
  assert.match(address, /^b-42-/);
  const analyzer = new Analyzer({ verp: [PATTERN], verifier: { verp: [{ pattern: PATTERN, secret: SECRET }] } });
  const [record] = analyzer.parse(bounce(address)).records;
  assert.deepEqual([record.recipient, record.recipient_source, record.authenticity], ['taro@example.jp', 'verp', 'genuine']);
  const other = verpAddress(PATTERN, 'taro@example.jp', { ids: ['42'], secret: 'another' });
  assert.equal(analyzer.parse(bounce(other)).records[0].authenticity, 'contradicted');
});

test('a BATV address proves that the mail was ours', { skip }, () => {
  const address = batvAddress('news@example.org', { number: 1, secret: SECRET, now: NOW });
  const verifier = { domains: ['example.org'], batv: [{ number: 1, secret: SECRET }], now: NOW };
  assert.equal(new Analyzer({ verifier }).parse(bounce(address)).records[0].authenticity, 'genuine');
  assert.equal(originalSender(address), 'news@example.org');
  assert.notEqual(batvAddress('news@example.org', { number: 1, secret: SECRET }), address);
});

test('what others have put around an address is undone', { skip }, () => {
  assert.equal(originalSender('SRS0=x9Lm=7B=example.org=news@forwarder.example'), 'news@example.org');
});

for (const [name, call, message] of [
  ['no token secret', () => verpAddress(PATTERN, 'taro@example.jp', { ids: ['1'] }), /needs a secret/],
  ['no address', () => verpAddress('news@example.org', 'nobody'), /no address/],
  ['no text', () => verpAddress('news@example.org', 7), /recipient must be a string/],
  ['ids that are no list', () => verpAddress(PATTERN, 'taro@example.jp', { ids: '42' }), /ids must be an array/],
  ['a wrong number', () => batvAddress('news@example.org', { number: 10, secret: 'x' }), /0 to 9/],
  ['an empty secret', () => batvAddress('news@example.org', { number: 1, secret: '' }), /empty/],
  ['no key', () => batvAddress('news@example.org'), /secret must be a string/],
]) {
  test(`a mistake throws TypeError: ${name}`, { skip }, () => assert.throws(call, (error) => error instanceof TypeError && message.test(error.message)));
}

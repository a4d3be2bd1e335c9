// What callers pass and get.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import * as komainu from 'komainu';
import { mails, withNewlines } from './cases.mjs';

const { Analyzer, backend, classify, nameIn, parse, parseAsync, parseJson, parseJsonAsync, parseMany, parseStream, reasons, systems, verpAddress } =
  komainu;
const mail = withNewlines(mails().find(({ name }) => name === 'bounce/postfix-two-recipients'), '\n');

const ownRules = `
  [[rule]]
  id = "suspend.gate"
  phrases = ["the gate is shut"]
  source = "our own server"
  examples = ["550 5.7.1 The gate is shut"]
`;

test('require and import give the same functions', () => {
  const required = createRequire(import.meta.url)('komainu');
  for (const name of Object.keys(required)) assert.equal(komainu[name], required[name], name);
  assert.deepEqual(Object.keys(required).sort(), Object.keys(komainu).filter((name) => name !== 'default').sort());
});

test('a message is a Buffer, a Uint8Array, an ArrayBuffer, a view of shared memory or a string', async () => {
  const want = parseJson(mail);
  const shared = new Uint8Array(new SharedArrayBuffer(mail.length));
  shared.set(mail);
  const within = new Uint8Array(mail.length + 8);
  within.set(mail, 4);
  for (const raw of [new Uint8Array(mail), shared, within.subarray(4, -4), mail.toString('utf8')]) {
    assert.equal(parseJson(raw), want);
  }
  const { buffer } = new Uint8Array(mail);
  assert.equal(parseJson(buffer), want);
  assert.equal(await parseJsonAsync(buffer), want);
  assert.deepEqual(await all(parseMany([buffer])), [JSON.parse(want)]);
});

test('ordinary mail is other and has no records', () => {
  assert.deepEqual(parse('Subject: lunch\n\nAt noon?'), { kind: 'other', subject_tag: null, records: [], limits: [] });
  assert.deepEqual(parse(''), { kind: 'other', subject_tag: null, records: [], limits: [] });
});

const wrong = [
  ['a number as message', () => parse(42)],
  ['null as message', () => parse(null)],
  ['an array as message', () => parse([1, 2])],
  ['a DataView as message', () => parse(new DataView(new ArrayBuffer(2)))],
  ['Uint16Array as message', () => parse(new Uint16Array(2))],
  ['no message', () => parse()],
  ['bytes as reply', () => classify(mail)],
  ['an unknown command', () => classify('550', { command: 'FOO' })],
  ['a misspelt hint', () => classify('550', { comand: 'RCPT' })],
  ['a number as hint', () => classify('550', { provider: 1 })],
  ['an invalid date', () => classify('550', { date: new Date(NaN) })],
  ['a string as options', () => classify('550', 'RCPT')],
  ['a number as headers', () => new Analyzer({ headers: 5 })],
  ['a string as headers', () => new Analyzer({ headers: 'X-Campaign' })],
  ['a misspelt option', () => new Analyzer({ header: ['X-Campaign'] })],
  ['a misspelt limit', () => new Analyzer({ limits: { bytes: 1 } })],
  ['a limit in words', () => new Analyzer({ limits: { maxBytes: '1' } })],
  ['a negative limit', () => new Analyzer({ limits: { maxBytes: -1 } })],
  ['a limit of zero', () => new Analyzer({ limits: { maxParts: 0 } })],
  ['half a limit', () => new Analyzer({ limits: { maxDepth: 0.5 } })],
  ['null as options', () => new Analyzer(null)],
  ['an unknown way to redact', () => new Analyzer({ redact: 'all' })],
  ['bytes as rules', () => new Analyzer({ rules: Buffer.from('') })],
  ['a VERP pattern that names nobody', () => new Analyzer({ verp: ['bounce@example.com'] })],
  ['an address book with an unknown status', () => new Analyzer({ addressBook: { 'taro@example.jp': 'good' } })],
  ['a misspelt option of the verifier', () => new Analyzer({ verifier: { domain: ['example.org'] } })],
  ['a string as source', () => parseMany('mail')],
  ['bytes as source', () => parseMany(mail)],
  ['no concurrency', () => parseMany([], { concurrency: 0 })],
  ['no signal', () => parseMany([], { signal: {} })],
  ['a stream with half a concurrency', () => parseStream({ concurrency: 1.5 })],
  ['an unknown reason', () => nameIn('toString', 'ses')],
  ['an unknown system', () => nameIn('userunknown', 'exim')],
];

for (const [name, call] of wrong) {
  test(`${name} throws TypeError`, () => {
    assert.throws(call, (error) => error instanceof TypeError && /^ERR_INVALID_ARG_(TYPE|VALUE)$/.test(error.code));
  });
}

test('asynchronous calls reject with TypeError', async () => {
  await assert.rejects(parseAsync(42), TypeError);
  await assert.rejects(parseAsync(mail, { signal: 1 }), TypeError);
  await assert.rejects(Array.fromAsync ? Array.fromAsync(parseMany([42])) : all(parseMany([42])), TypeError);
});

test('what is wrong in a list is named', () => {
  assert.throws(() => new Analyzer({ headers: ['X-Campaign', 7] }), { message: 'headers[1] must be a string; got number' });
  const ids = { ids: [42] };
  assert.throws(() => verpAddress('b-{id}-{local}={domain}@example.com', 'taro@example.jp', ids), /ids\[0\] must be a string; got number/);
  assert.throws(() => classify('550', { date: new Date(NaN) }), /date must be a string or a valid Date/);
});

test('an address book may be a Map', () => {
  const recipient = parse(mail).records[0].recipient;
  const [record] = new Analyzer({ addressBook: new Map([[recipient, 'whitelisted']]) }).parse(mail).records;
  assert.equal(record.address_status, 'whitelisted');
  assert.throws(() => new Analyzer({ addressBook: new Map([[recipient, 'good']]) }), /"good" is no AddressStatus/);
});

test('a wrong argument does not print the message', () => {
  assert.throws(() => parse({ to: 'taro@example.jp' }), (error) => !error.message.includes('taro'));
});

test('limits are obeyed and named', () => {
  const analyzer = new Analyzer({ limits: { maxBytes: 16 } });
  assert.deepEqual(analyzer.parse(mail).limits, ['bytes']);
});

const noRules = { skip: backend === 'wasm' && 'the WebAssembly module takes no rules' };

test('own rules decide', noRules, () => {
  const reply = '550 5.7.1 The gate is shut';
  const verdict = new Analyzer({ rules: ownRules }).classify(reply);
  assert.equal(verdict.reason, 'suspend');
  assert.equal(verdict.evidence[0].rule, 'suspend.gate');
  assert.notEqual(classify(reply).reason, 'suspend');
  const unproven = ownRules.replace('550 5.7.1 The gate', '550 5.7.1 The door');
  for (const rules of ['[[rule]]', unproven]) {
    assert.throws(() => new Analyzer({ rules }), { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
  }
});

test('the WebAssembly module says that it takes no rules', { skip: backend === 'native' }, () => {
  assert.throws(() => new Analyzer({ rules: ownRules }), { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' });
});

test('options about addresses arrive', () => {
  const plain = parse(mail).records;
  const { recipient, sender } = plain[0];
  const analyzer = new Analyzer({
    addressBook: [{ address: recipient, status: 'whitelisted' }],
    verifier: { domains: ['elsewhere.example'], maxAge: 60, now: 0 },
    redact: 'mask',
  });
  const [record, other] = analyzer.parse(mail).records;
  assert.equal(record.address_status, 'whitelisted');
  assert.equal(other.address_status, null);
  assert.equal(record.authenticity, 'contradicted');
  assert.equal(record.recipient, recipient.replace(/(?<=^.).*(?=@)/, '***'));
  assert.ok(!JSON.stringify(record).includes(recipient) && !JSON.stringify(record).includes(sender));
  const header = new Analyzer({ headers: ['Subject'] }).parse(mail).records[0].headers;
  assert.deepEqual(Object.keys(header), ['subject']);
});

test('a date may be a Date', () => {
  const date = new Date('2014-01-01T00:00:00Z');
  const hints = { provider: 'docomo', command: 'DATA' };
  // Evidence quotes the date as it was given, so that only the decision is the same.
  const decision = ({ reason, decided_by, hard }) => ({ reason, decided_by, hard });
  const wanted = classify('550 Unknown user', { ...hints, date: '2014-01-01' });
  assert.deepEqual(decision(classify('550 Unknown user', { ...hints, date })), decision(wanted));
  assert.notEqual(classify('550 Unknown user', hints).reason, wanted.reason, 'the date decides here');
});

test('reasons carry what the taxonomy says', () => {
  assert.equal(reasons.userunknown.hard, true);
  assert.equal(reasons.mailboxfull.advice, 'retry');
  assert.equal(nameIn('userunknown', 'ses'), 'Permanent/NoEmail');
  assert.equal(nameIn('greylisted', 'sisimai'), null);
  assert.ok(systems.includes('sparkpost'));
  for (const [name, reason] of Object.entries(reasons)) assert.equal(reason.name, name);
});

async function all(source) {
  const values = [];
  for await (const value of source) values.push(value);
  return values;
}

// Files, folders and mailboxes.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Analyzer, backend, parse, parseJson, scan, ScanError } from 'komainu';
import { mails, withNewlines } from './cases.mjs';

const folder = mkdtempSync(join(tmpdir(), 'komainu-scan-'));
after(() => rmSync(folder, { recursive: true }));

const bounces = mails().filter(({ name }) => name.startsWith('bounce/postfix')).map((mail) => withNewlines(mail, '\n'));
const mbox = Buffer.concat(
  bounces.flatMap((raw) => [
    Buffer.from('From MAILER-DAEMON Tue May 14 09:12:35 2024\n'),
    Buffer.from(raw.toString('latin1').replaceAll(/^(>*From )/gm, '>$1'), 'latin1'),
    Buffer.from('\n'),
  ]),
);
mkdirSync(join(folder, 'many'));
bounces.forEach((raw, n) => writeFileSync(join(folder, 'many', `${String(n).padStart(3, '0')}.eml`), raw));
writeFileSync(join(folder, 'bounces.mbox'), mbox);
writeFileSync(join(folder, 'bounces.mbox.gz'), gzipSync(mbox));

const collect = async (reports) => {
  const all = [];
  for await (const report of reports) all.push(report);
  return all;
};

test('without the addon, scan says what to do instead', { skip: backend === 'native' }, () => {
  assert.throws(() => scan(folder), { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', message: /parseMany/ });
});

const native = { skip: backend !== 'native' };

test('a folder gives its messages in the order of their names', native, async () => {
  const reports = await collect(scan(join(folder, 'many')));
  assert.ok(bounces.length > 0);
  assert.equal(reports.length, bounces.length);
  reports.forEach(({ source, index, offset, ...report }, n) => {
    assert.equal(source, join(folder, 'many', `${String(n).padStart(3, '0')}.eml`));
    assert.deepEqual([index, offset], [0, 0]);
    assert.equal(JSON.stringify(report), parseJson(bounces[n]));
  });
});

test('an mbox gives its messages with their places, compressed or not', native, async () => {
  const [plain, packed] = [await collect(scan(join(folder, 'bounces.mbox'))), await collect(scan(join(folder, 'bounces.mbox.gz')))];
  assert.deepEqual(plain.map(({ records }) => records), bounces.map((raw) => parse(raw).records));
  assert.deepEqual(plain.map(({ index }) => index), bounces.map((_, n) => n));
  for (const { offset } of plain) assert.equal(mbox.subarray(offset, offset + 5).toString(), 'From ');
  assert.deepEqual(packed.map(({ records, offset }) => [records, offset]), plain.map(({ records, offset }) => [records, offset]));
});

test('paths may be many, and file URLs', native, async () => {
  const path = join(folder, 'many', '000.eml');
  const sources = (await collect(scan([path, pathToFileURL(path)], { jobs: 1 }))).map(({ source }) => source);
  assert.deepEqual(sources, [path, path]);
});

test('a path that does not exist is thrown, or given to onProblem while the scan goes on', native, async () => {
  const paths = [join(folder, 'missing'), join(folder, 'many')];
  await assert.rejects(collect(scan(paths)), (error) => {
    assert.ok(error instanceof ScanError && error.message.includes('missing'));
    assert.deepEqual([error.code, error.kind, error.source, error.offset], ['ENOENT', 'missing', paths[0], null]);
    return true;
  });
  const problems = [];
  const reports = await collect(scan(paths, { onProblem: (problem) => problems.push(problem.kind) }));
  assert.deepEqual(problems, ['missing']);
  assert.equal(reports.length, bounces.length);
});

test('an abort and a break end the scan', native, async () => {
  await assert.rejects(collect(scan(folder, { signal: AbortSignal.abort(new Error('enough')) })), /enough/);
  const controller = new AbortController();
  await assert.rejects(async () => {
    for await (const _ of scan(folder, { signal: controller.signal })) controller.abort(new Error('seen enough'));
  }, /seen enough/);
  for await (const _ of scan(folder)) break;
});

test('the analyzer’s limits hold for a scan', native, async () => {
  const analyzer = new Analyzer({ limits: { maxBytes: 64 } });
  const [report] = await collect(analyzer.scan(join(folder, 'many')));
  assert.deepEqual(report.limits, ['bytes']);
});

for (const [name, call] of [
  ['a number as path', () => scan(5)],
  ['an empty path', () => scan('')],
  ['an http URL as path', () => scan(new URL('http://example.com/'))],
  ['an unknown layout', () => scan(folder, { layout: 'maildir' })],
  ['half a job', () => scan(folder, { jobs: 0.5 })],
  ['no job', () => scan(folder, { jobs: 0 })],
  ['a string as onProblem', () => scan(folder, { onProblem: 'log' })],
  ['a misspelt option', () => scan(folder, { job: 1 })],
]) {
  test(`${name} throws TypeError`, native, () => assert.throws(call, TypeError));
}

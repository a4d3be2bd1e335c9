// The worker as a process: real bounces of a real Postfix, back-pressure, and a clean end.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { createTransport } from 'nodemailer';
import sqlite from 'node-sqlite3-wasm';
import { dovecot, noDovecot } from '../../loopback/dovecot.mjs';
import { noPostfix, postfix } from '../../loopback/postfix.mjs';
import { until } from '../../loopback/process.mjs';
import { sink } from '../sink.mjs';

const folders = [];
const children = [];
after(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function worker(settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'node-smtp-'));
  folders.push(folder);
  const env = { ...process.env, BOUNCE_DOMAIN: 'bounces.example.com', PORT: '0', DATA: folder, ...settings };
  const child = spawn(process.execPath, [join(import.meta.dirname, '../worker.mjs')], { env });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [, port] = await until('the worker listens', () => /listening on .*:(\d+)/.exec(output));
  const records = () => readFileSync(join(folder, 'records.ndjson'), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const stop = async () => {
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    return { code, output };
  };
  return { port: Number(port), folder, records, stop };
}

const transport = (port) => createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
const verp = (to) => `bounce+${to.replace('@', '=')}@bounces.example.com`;

test('real bounces of a real Postfix become records and rows', { skip: noPostfix() ?? noDovecot() }, async () => {
  const { port, folder, records, stop } = await worker();
  const mailboxes = await dovecot({ users: { 'hanako@example.org': { quota: '1K' } } });
  const mta = await postfix({
    routes: { 'bounces.example.com': `smtp:[127.0.0.1]:${port}`, 'example.org': `lmtp:inet:127.0.0.1:${mailboxes.lmtp}` },
    domain: 'example.net',
  });
  try {
    const sender = transport(mta.port);
    for (const to of ['taro@example.net', 'hanako@example.org', 'jiro@example.org']) {
      const message = { from: 'News <news@example.com>', to, subject: 'Spring sale', text: 'x'.repeat(4000), messageId: `<${to}>` };
      await sender.sendMail({ ...message, envelope: { from: verp(to), to } });
    }
    await until('three bounces are stored', () => records().length >= 3);
    const found = Object.fromEntries(records().map((record) => [record.recipient, record]));
    assert.deepEqual(Object.keys(found).sort(), ['hanako@example.org', 'jiro@example.org', 'taro@example.net']);
    for (const [recipient, reason, hard, status, command] of [
      ['taro@example.net', 'userunknown', true, '5.1.1', 'RCPT'],
      ['jiro@example.org', 'userunknown', true, '5.1.1', 'RCPT'],
      ['hanako@example.org', 'mailboxfull', false, '5.2.2', 'DATA'],
    ]) {
      const record = found[recipient];
      assert.deepEqual([record.kind, record.reason, record.hard, record.status], ['bounce', reason, hard, status], recipient);
      if (command) assert.equal(record.command, command);
      assert.equal(record.message_id, recipient);
      assert.equal(record.subject, 'Spring sale');
    }
    const { code, output } = await stop();
    assert.equal(code, 0, output);
    assert.match(output, /stopped/);
    const database = new sqlite.Database(join(folder, 'bounces.sqlite'), { readOnly: true });
    assert.deepEqual(database.all('SELECT recipient FROM to_suppress ORDER BY 1').map(({ recipient }) => recipient), [
      'jiro@example.org',
      'taro@example.net',
    ]);
    assert.equal(database.get('SELECT reason FROM failures WHERE recipient = ?', ['hanako@example.org']).reason, 'mailboxfull');
    database.close();
  } finally {
    await mta.stop();
    await mailboxes.stop();
  }
});

const bounce = `From: mailer-daemon@example.net
To: bounce@bounces.example.com
Subject: Returned mail
Auto-Submitted: auto-replied

Your message could not be delivered.

550 5.1.1 User unknown
`;

test('the recipient comes from the VERP address where the bounce names nobody, and a second copy is no second row', async () => {
  const { port, folder, records, stop } = await worker();
  const envelope = { from: '', to: verp('saburo@example.jp') };
  for (let n = 0; n < 2; n += 1) await transport(port).sendMail({ envelope, raw: bounce });
  const [first, second] = records();
  assert.deepEqual([first.recipient, first.recipient_source], ['saburo@example.jp', 'verp']);
  assert.equal(first.reason, 'userunknown');
  assert.equal(second.id, first.id);
  await stop();
  const database = new sqlite.Database(join(folder, 'bounces.sqlite'), { readOnly: true });
  assert.deepEqual(database.all('SELECT recipient, seen FROM failures'), [{ recipient: 'saburo@example.jp', seen: 2 }]);
  database.close();
});

test('mail from people is kept, and mail for other domains refused', async () => {
  const { port, folder, records, stop } = await worker();
  const raw = 'From: taro@example.jp\nSubject: lunch\n\nAt noon?\n';
  await transport(port).sendMail({ envelope: { from: 'taro@example.jp', to: 'bounce@bounces.example.com' }, raw });
  assert.equal(records().length, 0);
  const [kept] = readdirSync(join(folder, 'other'));
  assert.match(readFileSync(join(folder, 'other', kept), 'utf8'), /^Return-Path: <taro@example.jp>\r\nDelivered-To: .*At noon\?/s);
  const elsewhere = { envelope: { from: '', to: 'taro@example.jp' }, raw };
  await assert.rejects(transport(port).sendMail(elsewhere), { responseCode: 550 });
  await stop();
});

test('a message under way is stored before the worker ends', async () => {
  const { port, records, stop } = await worker();
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let heard = '';
  socket.on('data', (text) => (heard += text));
  const say = async (line, answer) => {
    heard = '';
    socket.write(line);
    await until(`the server answers ${answer}`, () => heard.includes(answer));
  };
  await until('the server greets', () => heard.startsWith('220'));
  await say('EHLO mail.example.net\r\n', '250');
  await say('MAIL FROM:<>\r\n', '250');
  await say(`RCPT TO:<${verp('saburo@example.jp')}>\r\n`, '250');
  await say('DATA\r\n', '354');
  const ended = stop();
  await say(`${bounce.replaceAll('\n', '\r\n')}.\r\n`, '250');
  socket.end('QUIT\r\n');
  assert.equal((await ended).code, 0);
  assert.equal(records()[0].recipient, 'saburo@example.jp');
});

test('senders wait while the store is slow, and none is lost; what cannot be stored is asked for again', async () => {
  let storing = 0;
  let most = 0;
  let stored = 0;
  const store = {
    async add(report) {
      storing += 1;
      most = Math.max(most, storing);
      await new Promise((resolve) => setTimeout(resolve, 5));
      storing -= 1;
      stored += 1;
      if (report.records[0].recipient === 'broken@example.jp') throw new Error('the disk is full');
    },
  };
  const server = sink({ domain: 'bounces.example.com', store, atATime: 2 });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address();
  const send = (to) => transport(port).sendMail({ envelope: { from: '', to: verp(to) }, raw: bounce });
  await Promise.all(Array.from({ length: 40 }, (_, n) => send(`user${n}@example.jp`)));
  assert.deepEqual([stored, most], [40, 2]);
  await assert.rejects(send('broken@example.jp'), { responseCode: 451 });
  await new Promise((resolve) => server.close(resolve));
});

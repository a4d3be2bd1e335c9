// A real Haraka with the plugin, between a real Postfix that bounces and a server that keeps what Haraka passes on.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { noPostfix, postfix } from '../../loopback/postfix.mjs';
import { freePort, scratch, start, until } from '../../loopback/process.mjs';

const home = join(import.meta.dirname, '..');
const haraka = dirname(createRequire(import.meta.url).resolve('Haraka/package.json'));
const kept = [];
let sink;
let port;
let stop;

before(async () => {
  sink = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData(stream, { envelope }, done) {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        kept.push({ to: envelope.rcptTo[0].address, headers: text.split(/\r?\n\r?\n/)[0].replaceAll(/\r?\n\s+/g, ' ') });
        done();
      });
    },
  });
  await new Promise((resolve) => sink.listen(0, '127.0.0.1', resolve));

  const folder = scratch('haraka');
  port = await freePort();
  const files = {
    'smtp.ini': `listen=127.0.0.1:${port}\n`,
    'host_list': 'bounces.example.com\n',
    'plugins': 'rcpt_to.in_host_list\nkomainu\nqueue/smtp_forward\n',
    'smtp_forward.ini': `host=127.0.0.1\nport=${sink.server.address().port}\n`,
    'me': 'mail.example.com\n',
  };
  cpSync(join(haraka, 'config'), join(folder, 'config'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'config', name), text);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(home, join(folder, 'node_modules/haraka-plugin-komainu'));
  const args = [join(haraka, 'bin/haraka'), '-c', folder];
  stop = await start({ name: 'haraka', folder, program: process.execPath, args, ports: [port] });
});

after(async () => {
  await stop?.();
  await new Promise((resolve) => sink.close(resolve));
});

const marks = ({ headers }) => headers.split(/\r?\n/).filter((line) => line.startsWith('X-Komainu-'));
const send = (raw, to = 'bounce@bounces.example.com') =>
  createTransport({ host: '127.0.0.1', port, ignoreTLS: true }).sendMail({ envelope: { from: '', to }, raw });
const arrived = (to) => until(`mail for ${to} arrives`, () => kept.find((mail) => mail.to === to));

test('a real bounce is marked with what it says', { skip: noPostfix() }, async () => {
  const mta = await postfix({ routes: { 'bounces.example.com': `smtp:[127.0.0.1]:${port}` }, domain: 'example.net' });
  try {
    const from = 'bounce+taro=example.net@bounces.example.com';
    const envelope = { from, to: 'taro@example.net' };
    await createTransport({ host: '127.0.0.1', port: mta.port, ignoreTLS: true }).sendMail({ envelope, subject: 'News', text: 'x' });
    assert.deepEqual(marks(await arrived(from)), [
      'X-Komainu-Kind: bounce',
      'X-Komainu-Record: taro@example.net userunknown hard suppress',
    ]);
  } finally {
    await mta.stop();
  }
});

test('a bounce that names nobody is marked with the recipient of its VERP address', async () => {
  const to = 'bounce+hanako=example.jp@bounces.example.com';
  await send('From: mailer-daemon@example.net\nSubject: Returned mail\nAuto-Submitted: auto-replied\n\n550 5.1.1 User unknown\n', to);
  assert.deepEqual(marks(await arrived(to)), [
    'X-Komainu-Kind: bounce',
    'X-Komainu-Record: hanako@example.jp userunknown hard suppress',
  ]);
});

test('ordinary mail is not marked, and marks that came with it are taken off', async () => {
  const to = 'people@bounces.example.com';
  await send('From: taro@example.jp\nSubject: lunch\nX-Komainu-Kind: bounce\nX-Komainu-Record: forged\n\nAt noon?\n', to);
  assert.deepEqual(marks(await arrived(to)), []);
});

// The worker as a process, on a real Dovecot that a real Postfix delivers its bounces to.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import { dovecot, noDovecot } from '../../loopback/dovecot.mjs';
import { noPostfix, postfix } from '../../loopback/postfix.mjs';
import { until } from '../../loopback/process.mjs';
import { DONE } from '../drain.mjs';

const user = 'bounces@example.com';
const folder = mkdtempSync(join(tmpdir(), 'node-imap-'));
const out = join(folder, 'records.ndjson');
const records = () => readFileSync(out, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));

describe('a mailbox of bounces', { skip: noPostfix() ?? noDovecot() }, () => {
  let mailboxes;
  let mta;
  const children = [];

  before(async () => {
    mailboxes = await dovecot({ users: { [user]: {}, 'hanako@example.org': { quota: '1K' } } });
    const lmtp = `lmtp:inet:127.0.0.1:${mailboxes.lmtp}`;
    mta = await postfix({ routes: { 'example.com': lmtp, 'example.org': lmtp }, domain: 'example.net' });
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await mta?.stop();
    await mailboxes?.stop();
    rmSync(folder, { recursive: true });
  });

  const send = (to, from = user) =>
    createTransport({ host: '127.0.0.1', port: mta.port, ignoreTLS: true }).sendMail({
      from: 'News <news@example.com>',
      to,
      subject: 'Spring sale',
      text: 'x'.repeat(4000),
      envelope: { from, to },
    });

  async function imap(use) {
    const server = { host: '127.0.0.1', port: mailboxes.imap, secure: false, auth: { user, pass: mailboxes.password } };
    const client = new ImapFlow({ ...server, logger: false });
    await client.connect();
    await client.mailboxOpen('INBOX');
    const value = await use(client);
    await client.logout();
    return value;
  }

  function worker() {
    const settings = { IMAP_HOST: '127.0.0.1', IMAP_PORT: String(mailboxes.imap), IMAP_TLS: 'no', IMAP_USER: user, OUT: out };
    const env = { ...process.env, ...settings, IMAP_PASS: mailboxes.password };
    const child = spawn(process.execPath, [join(import.meta.dirname, '../worker.mjs')], { env });
    children.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    const stop = async () => {
      child.kill('SIGTERM');
      const [code] = await once(child, 'exit');
      return code;
    };
    return { says: (words) => until(`the worker says ${words}`, () => output.includes(words)), stop };
  }

  test('what is there is read, what comes is read at once by IDLE, and all of it is marked', async () => {
    await send('taro@example.net');
    await until('the bounce is delivered', () => imap((client) => client.mailbox.exists === 1));
    const { says, stop } = worker();
    await says('watching INBOX');
    await until('the first bounce is read', () => records().length === 1);

    await send('hanako@example.org');
    await until('the second bounce is read', () => records().length === 2);
    const [first, second] = records();
    assert.deepEqual([first.recipient, first.reason, first.hard], ['taro@example.net', 'userunknown', true]);
    assert.deepEqual([second.recipient, second.reason, second.hard], ['hanako@example.org', 'mailboxfull', false]);
    assert.ok(first.uid < second.uid);
    assert.equal(second.subject, 'Spring sale');

    // Ordinary mail gives no record, and is marked as well: it is not read again for ever.
    await send(user, 'taro@example.net');
    await until('three are marked', () => imap(async (client) => (await client.search({ keyword: DONE })).length === 3));
    assert.equal(records().length, 2);
    assert.equal(await stop(), 0);
  });

  test('what came while no worker ran is read by the next one, and nothing twice', async () => {
    const before = records().length;
    await send('jiro@example.org');
    await until('the bounce is delivered', () => imap((client) => client.mailbox.exists === 4));
    const { stop } = worker();
    await until('it is read', () => records().length > before);
    assert.equal(await stop(), 0);
    assert.deepEqual(records().slice(before).map(({ recipient }) => recipient), ['jiro@example.org']);
  });

  test('a worker that cannot connect says so, tries again, and still ends at once', async () => {
    const wrong = { ...mailboxes };
    mailboxes.imap = 1;
    const { says, stop } = worker();
    await says('again in 1 s');
    assert.equal(await stop(), 0);
    mailboxes = wrong;
  });
});

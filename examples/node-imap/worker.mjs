// node worker.mjs: IMAP_HOST, IMAP_USER, IMAP_PASS [IMAP_PORT=993] [IMAP_TLS=yes] [MAILBOX=INBOX] [OUT=records.ndjson]
import { open } from 'node:fs/promises';
import { watch } from './watch.mjs';

const { IMAP_HOST: host, IMAP_USER: user, IMAP_PASS: pass, IMAP_PORT = '993', IMAP_TLS = 'yes' } = process.env;
const { MAILBOX: mailbox = 'INBOX', OUT = 'records.ndjson' } = process.env;
if (!host || !user || !pass) {
  console.error('set IMAP_HOST, IMAP_USER and IMAP_PASS');
  process.exit(2);
}

const out = await open(OUT, 'a');
const controller = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => controller.abort());

await watch({
  server: { host, port: Number(IMAP_PORT), secure: IMAP_TLS === 'yes', auth: { user, pass } },
  mailbox,
  signal: controller.signal,
  log: (line) => console.error(line),
  async take(report, uid) {
    if (report.records.length === 0) return;
    await out.appendFile(report.records.map((record) => `${JSON.stringify({ uid, ...record })}\n`).join(''));
    await out.datasync();
  },
});
await out.close();

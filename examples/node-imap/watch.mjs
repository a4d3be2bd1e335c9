// Keeps a connection to the mailbox: IDLE tells of new mail, and a lost connection is made again.
import { setTimeout as sleep } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import { drain } from './drain.mjs';

/** Seconds before the first and the longest wait between two connections. */
const [FIRST, LONGEST] = [1, 60];

/**
 * Runs until `signal` aborts.
 *
 * @param {object} options
 * @param {import('imapflow').ImapFlowOptions} options.server
 * @param {string} options.mailbox
 * @param {(report: import('komainu').Report, uid: number) => Promise<void>} options.take
 * @param {AbortSignal} options.signal
 * @param {(line: string) => void} [options.log]
 */
export async function watch({ server, mailbox, take, signal, log = () => {} }) {
  let wait = FIRST;
  while (!signal.aborted) {
    const client = new ImapFlow({ ...server, logger: false });
    // Without a listener, an error of the socket would end the process. It shows as a closed connection as well.
    client.on('error', (error) => log(`IMAP: ${error.message}`));
    try {
      await client.connect();
      await client.mailboxOpen(mailbox);
      wait = FIRST;
      log(`watching ${mailbox}`);
      await follow(client, take, signal);
      await client.logout();
    } catch (error) {
      client.close();
      if (signal.aborted) return;
      log(`${error.message}; again in ${wait} s`);
      await sleep(wait * 1000, undefined, { signal }).catch(() => {});
      wait = Math.min(wait * 2, LONGEST);
    }
  }
}

/** Reads what is there, then whatever IDLE announces. */
async function follow(client, take, signal) {
  let news = true;
  let wake = () => {};
  const tell = () => {
    news = true;
    wake();
  };
  client.on('exists', tell);
  client.on('close', tell);
  signal.addEventListener('abort', tell);
  try {
    while (!signal.aborted) {
      if (!client.usable) throw new Error('the connection was lost');
      if (news) {
        news = false;
        await drain(client, take, signal);
      } else {
        // Left alone, ImapFlow begins to idle after some seconds only. The next command ends this.
        client.idle().catch(() => {});
        await new Promise((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal.removeEventListener('abort', tell);
  }
}

// Reads every message of the open mailbox that was not read before, and marks it when its records are stored.
import { parseMany } from 'komainu';

/** The keyword that marks what is done. The message stays: whoever looks into the mailbox still finds it. */
export const DONE = '$Komainu';
/** Messages between two marks: so many are read again at most, should the worker break off. */
const BATCH = 100;
const MAX_BYTES = 32 << 20;

/**
 * @param {import('imapflow').ImapFlow} client with an open mailbox
 * @param {(report: import('komainu').Report, uid: number) => Promise<void>} take
 * @param {AbortSignal} [signal] stops behind the batch that is under way
 * @returns {Promise<number>} how many messages were read
 */
export async function drain(client, take, signal) {
  const uids = (await client.search({ unKeyword: DONE }, { uid: true })) || [];
  let read = 0;
  for (let start = 0; start < uids.length && !signal?.aborted; start += BATCH) {
    const batch = uids.slice(start, start + BATCH);
    const fetched = [];
    // The next message is asked for only when there is room for it: memory does not grow with the mailbox.
    async function* sources() {
      for await (const { uid, source } of client.fetch(batch, { source: { maxLength: MAX_BYTES } }, { uid: true })) {
        fetched.push(uid);
        yield source;
      }
    }
    let place = 0;
    for await (const report of parseMany(sources(), { concurrency: 16 })) {
      await take(report, fetched[place]);
      place += 1;
    }
    // One that disappeared meanwhile was not fetched: there is nothing to mark then.
    if (fetched.length > 0) await client.messageFlagsAdd(fetched, [DONE], { uid: true });
    read += fetched.length;
  }
  return read;
}

// An SMTP server that takes mail for the return path, and answers 250 only when its records are stored.
import { Analyzer } from 'komainu';
import { SMTPServer } from 'smtp-server';

/** Messages that are read, parsed and stored at a time. Further senders wait: their data stays in their sockets. */
const AT_A_TIME = 16;
const MAX_BYTES = 32 << 20;

/**
 * @param {object} options
 * @param {string} options.domain the domain of the return path; mail for others is refused
 * @param {{ add(report: import('komainu').Report, raw: Buffer): Promise<void> }} options.store
 * @param {string[]} [options.verp] patterns of the return path, such as `bounce-{id}-{local}={domain}@bounces.example.com`
 * @param {number} [options.atATime]
 */
export function sink({ domain, store, verp = [], atATime = AT_A_TIME }) {
  const analyzer = new Analyzer({ verp });
  const turns = new Turns(atATime);

  async function take(stream, { envelope }) {
    // The stream is not read before there is room, so that back-pressure reaches the sender through TCP.
    await turns.enter();
    try {
      const chunks = [trace(envelope)];
      for await (const chunk of stream) chunks.push(chunk);
      if (stream.sizeExceeded) throw reply(552, '5.3.4 Message too big');
      const raw = Buffer.concat(chunks);
      await store.add(await analyzer.parseAsync(raw), raw);
    } finally {
      turns.leave();
    }
  }

  const server = new SMTPServer({
    name: domain,
    banner: 'komainu example sink',
    size: MAX_BYTES,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onRcptTo({ address }, _session, done) {
      const known = address.toLowerCase().endsWith(`@${domain}`);
      done(known ? null : reply(550, '5.7.1 This server takes mail for the return path only'));
    },
    onData(stream, session, done) {
      take(stream, session).then(
        () => done(null, '2.0.0 Stored'),
        (error) => {
          stream.resume();
          // Whatever went wrong here, the sender keeps the message and tries again.
          done(error.responseCode ? error : reply(451, '4.3.0 Not stored, try again later'));
        },
      );
    },
  });
  return server;
}

/** What a server adds at final delivery (RFC 5321, section 4.4): the envelope's recipient carries the VERP address. */
function trace({ mailFrom, rcptTo }) {
  const delivered = rcptTo.map(({ address }) => `Delivered-To: ${address}\r\n`);
  return Buffer.from(`Return-Path: <${mailFrom?.address ?? ''}>\r\n${delivered.join('')}`);
}

const reply = (responseCode, message) => Object.assign(new Error(message), { responseCode });

/** Lets so many in at a time; the others wait in order. */
class Turns {
  #waiting = [];

  constructor(free) {
    this.free = free;
  }

  async enter() {
    if (this.free > 0) this.free -= 1;
    else await new Promise((resolve) => this.#waiting.push(resolve));
  }

  leave() {
    const next = this.#waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}

// Hands messages to the worker pool, several at a time: a round trip costs more than a small mail.

import type { BackendAnalyzer } from './backend.js';
import { bytesOf, type Raw } from './options.js';

/** Jobs in the pool at a time: libuv's default number of threads. Further messages wait and travel together. */
const JOBS = 4;
/** Messages that travel in one job, and bytes after which a job is full. */
const JOB_MESSAGES = 16;
const JOB_BYTES = 256 * 1024;
/** Larger messages are copied in pieces of this size, with a turn of the event loop between two. */
const PIECE = 1024 * 1024;

interface Waiting {
  raw: Uint8Array;
  resolve(json: string): void;
  reject(error: unknown): void;
  settled?(): void;
}

/** Gives the other callbacks of the event loop their turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * A copy that only we hold. The caller may reuse or change its buffer as soon as the call returns (a string has no
 * such problem), and bytes that change while another thread reads them are not safe in any language.
 */
function copyOf(raw: Raw): Uint8Array | Promise<Uint8Array> {
  const bytes = bytesOf(raw);
  if (typeof raw === 'string') return bytes;
  return bytes.length <= PIECE ? Uint8Array.prototype.slice.call(bytes) : copyInPieces(bytes);
}

async function copyInPieces(bytes: Uint8Array): Promise<Uint8Array> {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  for (let start = 0; start < copy.length; start += PIECE) {
    copy.set(bytes.subarray(start, start + PIECE), start);
    await turn();
  }
  return copy;
}

/** The queue before the worker pool, one for each analyzer. */
export class Pool {
  readonly #analyzer: BackendAnalyzer;
  readonly #waiting: Waiting[] = [];
  readonly #signals = new Map<AbortSignal, Set<Waiting>>();
  #jobs = 0;
  #scheduled = false;

  constructor(analyzer: BackendAnalyzer) {
    this.#analyzer = analyzer;
  }

  /** Parses one message on the pool. An aborted call rejects at once; a message still waiting is then not parsed. */
  async parseJson(raw: Raw, signal: AbortSignal | undefined): Promise<string> {
    signal?.throwIfAborted();
    const copy = copyOf(raw);
    const bytes = copy instanceof Uint8Array ? copy : await copy;
    signal?.throwIfAborted();
    return new Promise<string>((resolve, reject) => {
      const waiting: Waiting = { raw: bytes, resolve, reject };
      if (signal) this.#listen(waiting, signal);
      this.#waiting.push(waiting);
      this.#schedule();
    });
  }

  /** One listener for each signal, however many calls share it. */
  #listen(waiting: Waiting, signal: AbortSignal): void {
    let calls = this.#signals.get(signal);
    if (!calls) {
      calls = new Set();
      this.#signals.set(signal, calls);
      signal.addEventListener('abort', this.#abort, { once: true });
    }
    calls.add(waiting);
    waiting.settled = () => {
      calls.delete(waiting);
      if (calls.size > 0 || signal.aborted) return;
      this.#signals.delete(signal);
      signal.removeEventListener('abort', this.#abort);
    };
  }

  readonly #abort = ({ target }: Event): void => {
    const signal = target as AbortSignal;
    const calls = this.#signals.get(signal) ?? [];
    this.#signals.delete(signal);
    for (const call of calls) {
      const place = this.#waiting.indexOf(call);
      if (place >= 0) this.#waiting.splice(place, 1);
      call.reject(signal.reason);
    }
  };

  /** Starts jobs after the running code has had its say, so that calls made in one go travel together. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      while (this.#jobs < JOBS && this.#waiting.length > 0) void this.#run(this.#load());
    });
  }

  #load(): Waiting[] {
    // All jobs get a fair share before one of them is filled up.
    const share = Math.min(JOB_MESSAGES, Math.ceil(this.#waiting.length / (JOBS - this.#jobs)));
    let bytes = 0;
    let count = 0;
    for (const { raw } of this.#waiting) {
      bytes += raw.length;
      if (count > 0 && (count >= share || bytes > JOB_BYTES)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #run(job: Waiting[]): Promise<void> {
    this.#jobs += 1;
    try {
      const answers = await this.#analyzer.parseJsonAsync(job.map(({ raw }) => raw));
      job.forEach((call, index) => {
        const json = answers[index];
        if (typeof json === 'string') call.resolve(json);
        else call.reject(new Error('the parser failed on this message; please report it as a defect'));
      });
    } catch (error) {
      for (const call of job) call.reject(error);
    } finally {
      for (const call of job) call.settled?.();
      this.#jobs -= 1;
      this.#schedule();
    }
  }
}

// Hands messages to the worker pool, several at a time: a round trip costs more than a small mail.

import { availableParallelism } from 'node:os';
import { copyOf } from './copies.js';
import type { Raw } from './options.js';
import { Portion } from './turns.js';

/**
 * Jobs in the pool at a time: no more than libuv has threads by default, and one core is left to the event loop, which
 * would otherwise wait for its turn behind our own threads. Further messages wait and travel together.
 */
const JOBS = Math.max(1, Math.min(4, availableParallelism() - 1));
/** Messages that travel in one job, and bytes after which a job is full. */
const JOB_MESSAGES = 16;
const JOB_BYTES = 256 * 1024;

/** Fetches the answer to one message of a job; `null` stands for one that broke the parser. */
type Fetch<T> = (index: number) => T | null | Promise<T | null>;

/** Parses a job's messages. */
type Parse<T> = (raw: Uint8Array[]) => Promise<Fetch<T>>;

interface Waiting<T> {
  raw: Uint8Array;
  resolve(answer: T): void;
  reject(error: unknown): void;
  settled?(): void;
}

/** The queue before the worker pool, one for each analyzer. */
export class Pool<T> {
  readonly #parse: Parse<T>;
  readonly #waiting: Waiting<T>[] = [];
  readonly #signals = new Map<AbortSignal, Set<Waiting<T>>>();
  #jobs = 0;
  #scheduled = false;

  constructor(parse: Parse<T>) {
    this.#parse = parse;
  }

  /** Parses one message on the pool. An aborted call rejects at once; a message still waiting is then not parsed. */
  async parse(raw: Raw, signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted();
    const copy = copyOf(raw);
    const bytes = copy instanceof Uint8Array ? copy : await copy;
    signal?.throwIfAborted();
    return new Promise<T>((resolve, reject) => {
      const waiting: Waiting<T> = { raw: bytes, resolve, reject };
      if (signal) this.#listen(waiting, signal);
      this.#waiting.push(waiting);
      this.#schedule();
    });
  }

  /** One listener for each signal, however many calls share it. */
  #listen(waiting: Waiting<T>, signal: AbortSignal): void {
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
      this.#start();
    });
  }

  #start(): void {
    while (this.#jobs < JOBS && this.#waiting.length > 0) void this.#run(this.#load());
  }

  #load(): Waiting<T>[] {
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

  async #run(job: Waiting<T>[]): Promise<void> {
    try {
      const answer = await this.#inThePool(job);
      const portion = new Portion();
      for (const [index, call] of job.entries()) {
        if (portion.over) await portion.pause();
        const fetched = answer(index);
        const value = fetched instanceof Promise ? await fetched : fetched;
        if (value !== null) call.resolve(value);
        else call.reject(new Error('the parser failed on this message; please report it as a defect'));
      }
    } catch (error) {
      for (const call of job) call.reject(error);
    } finally {
      for (const call of job) call.settled?.();
    }
  }

  /** The pool has its next job before the answers of this one are put together. */
  async #inThePool(job: Waiting<T>[]): Promise<Fetch<T>> {
    this.#jobs += 1;
    try {
      return await this.#parse(job.map(({ raw }) => raw));
    } finally {
      this.#jobs -= 1;
      this.#start();
    }
  }
}

// A Transform stream: messages in, reports out.

import { Transform, type TransformCallback } from 'node:stream';
import { manyOptionsOf, wrongArgument, type ManyOptions, type Raw } from './options.js';
import type { Report } from './types.js';

/** Whether this is a stream of bytes, whose chunks are cut wherever a read ended. */
export function bytesFlow(source: unknown): source is NodeJS.ReadableStream {
  return (source as { readableObjectMode?: unknown } | null | undefined)?.readableObjectMode === false;
}

/**
 * A `Transform` in object mode. Each chunk written is one whole message; each chunk read is its report, in the same
 * order. Back-pressure works as in every stream: at most `concurrency` messages are under way.
 */
export class ParseStream extends Transform {
  readonly #parse: (raw: Raw) => Promise<Report>;
  readonly #concurrency: number;
  #underWay = 0;
  /** Settles when everything written so far has been pushed. */
  #tail: Promise<void> = Promise.resolve();
  #resume: (() => void) | undefined;

  constructor(parse: (raw: Raw) => Promise<Report>, options?: ManyOptions) {
    const { concurrency, signal } = manyOptionsOf(options);
    super({ objectMode: true, highWaterMark: 16, decodeStrings: false, ...(signal && { signal }) });
    this.#parse = parse;
    this.#concurrency = concurrency;
    this.once('pipe', (source) => {
      if (!bytesFlow(source)) return;
      const message = 'a ParseStream takes whole messages, and the stream piped to it gives pieces of bytes: scan(path) reads a mailbox';
      this.destroy(wrongArgument(message));
    });
  }

  override _transform(raw: Raw, _encoding: BufferEncoding, done: TransformCallback): void {
    const report = this.#parse(raw);
    this.#underWay += 1;
    // Handled below, when its turn comes; a rejection before that is not an unhandled one.
    report.catch(() => {});
    this.#tail = this.#tail.then(async () => {
      const value = await report;
      this.#underWay -= 1;
      if (!this.destroyed) this.push(value);
      const resume = this.#resume;
      this.#resume = undefined;
      resume?.();
    });
    this.#tail.catch((error: unknown) => this.destroy(error as Error));
    if (this.#underWay < this.#concurrency) done();
    else this.#resume = done;
  }

  override _flush(done: TransformCallback): void {
    this.#tail.then(
      () => done(),
      () => {},
    );
  }
}

// Many messages at a time, handed out in the order they came in.

import { kindOf, manyOptionsOf, wrongArgument, type ManyOptions, type Raw } from './options.js';
import { bytesFlow } from './stream.js';
import { Portion } from './turns.js';

/** Where messages come from. */
export type Source = Iterable<Raw> | AsyncIterable<Raw>;

/** Bytes that are taken from a source in one go, and what a message costs beside its bytes. */
const TAKEN_AT_ONCE = 1024 * 1024;
const MESSAGE = 4096;

/** Bytes, or about as many; what is no message is refused later. */
function sizeOf(raw: Raw): number {
  return (typeof raw === 'string' ? raw.length : raw?.byteLength) || 0;
}

type Cursor<T> = Iterator<T> | AsyncIterator<T>;

interface Slot<T> {
  answer?: { value: T } | { error: unknown };
}

function cursorOf(source: Source): Cursor<Raw> {
  // A string is iterable too, letter by letter; bytes are, number by number. Neither is a list of messages.
  if (bytesFlow(source)) {
    throw wrongArgument('parseMany takes whole messages, and this stream gives pieces of bytes: scan(path) reads a mailbox');
  }
  if (source !== null && typeof source === 'object' && !(source instanceof Uint8Array)) {
    if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
    if (Symbol.iterator in source) return source[Symbol.iterator]();
  }
  throw wrongArgument(`parseMany takes an iterable of messages; got ${kindOf(source)}`);
}

/** Checks the arguments at once, and not first when the result is read. */
export function many<T>(
  source: Source,
  options: ManyOptions | undefined,
  parse: (raw: Raw) => Promise<T>,
): AsyncGenerator<T, void, undefined> {
  const { concurrency, signal } = manyOptionsOf(options);
  return new Window(cursorOf(source), concurrency, signal, parse).run();
}

/** A window that moves over the source: what is inside is being parsed, what leaves it leaves in order. */
class Window<T> {
  readonly #slots: Slot<T>[] = [];
  #reading = false;
  #ended = false;
  #failure: { error: unknown } | undefined;
  #wake: (() => void) | undefined;
  #taken = 0;
  #pausing = false;

  constructor(
    private readonly cursor: Cursor<Raw>,
    private readonly size: number,
    private readonly signal: AbortSignal | undefined,
    private readonly parse: (raw: Raw) => Promise<T>,
  ) {}

  async *run(): AsyncGenerator<T, void, undefined> {
    const wake = (): void => this.#notify();
    this.signal?.addEventListener('abort', wake);
    const portion = new Portion();
    try {
      for (;;) {
        if (portion.over) await portion.pause();
        this.signal?.throwIfAborted();
        this.#fill();
        const answer = this.#slots[0]?.answer;
        if (answer) {
          this.#slots.shift();
          if ('error' in answer) throw answer.error;
          yield answer.value;
        } else if (this.#slots.length === 0 && this.#failure) {
          throw this.#failure.error;
        } else if (this.#slots.length === 0 && this.#ended) {
          return;
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve));
          portion.begin();
        }
      }
    } finally {
      this.signal?.removeEventListener('abort', wake);
      await this.#close();
    }
  }

  /** Takes messages as long as there is room and they come at once, and goes on after a pause where they are many. */
  #fill(): void {
    while (!this.#ended && !this.#reading && !this.#pausing && this.#slots.length < this.size) {
      if (this.#taken >= TAKEN_AT_ONCE) {
        this.#pausing = true;
        setImmediate(() => this.#goOn());
        return;
      }
      try {
        const next = this.cursor.next();
        if (next instanceof Promise) {
          this.#reading = true;
          next.then(
            (result) => this.#took(result),
            (error: unknown) => this.#failed(error),
          );
        } else {
          this.#add(next as IteratorResult<Raw>);
        }
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  #goOn(): void {
    this.#taken = 0;
    this.#pausing = false;
    this.#fill();
    this.#notify();
  }

  #took(result: IteratorResult<Raw>): void {
    this.#reading = false;
    this.#add(result);
    this.#fill();
    this.#notify();
  }

  /** The source broke: what it gave before is still handed out. */
  #failed(error: unknown): void {
    this.#reading = false;
    this.#ended = true;
    this.#failure = { error };
    this.#notify();
  }

  #add(result: IteratorResult<Raw>): void {
    if (result.done) {
      this.#ended = true;
      return;
    }
    this.#taken += MESSAGE + sizeOf(result.value);
    const slot: Slot<T> = {};
    this.#slots.push(slot);
    this.parse(result.value).then(
      (value) => this.#settled(slot, { value }),
      (error: unknown) => this.#settled(slot, { error }),
    );
  }

  #settled(slot: Slot<T>, answer: NonNullable<Slot<T>['answer']>): void {
    slot.answer = answer;
    if (slot === this.#slots[0]) this.#notify();
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  /** Tells a source that was not read to its end that nobody reads on. */
  async #close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const closed = this.cursor.return?.();
    // A source that is still waiting for its next message ends when that comes: nobody should wait for it.
    if (this.#reading) void Promise.resolve(closed).catch(() => {});
    else await closed;
  }
}

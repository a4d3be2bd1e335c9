// Mail servers' logs: the lines of one message, joined into the record that a bounce mail gives.

import { Analyzer, nativeOf, refusable, standard } from './analyzer.js';
import type { BackendLogReader } from './backend.js';
import { kindOf, optionsOf, wrongArgument } from './options.js';
import { bytesFlow } from './stream.js';
import type { LogFormat, Record as BounceRecord } from './types.js';

/** What a log's lines lack. */
export interface LogOptions {
  /** Whose log it is; found by each line itself by default. */
  format?: LogFormat | undefined;
  /** The year of the first line, for stamps without one; it goes on by itself at New Year. */
  year?: number | undefined;
  /** The time zone of stamps that name none, such as `+09:00` or `Europe/Berlin`; UTC by default. */
  timezone?: string | undefined;
  /** Decides with its options; one with the defaults otherwise. */
  analyzer?: Analyzer | undefined;
}

/** Where the lines of a log come from. */
export type Lines = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

const decoder = new TextDecoder();

/** A stream of bytes cut into its lines; its errors reach the reader, which readline keeps to itself. */
async function* cut(stream: NodeJS.ReadableStream): AsyncGenerator<string, void, undefined> {
  const text = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const parts = (rest + (typeof chunk === 'string' ? chunk : text.decode(chunk, { stream: true }))).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  rest += text.decode();
  if (rest !== '') yield rest;
}

function linesOf(source: Lines): Lines {
  if (bytesFlow(source)) return cut(source);
  const iterable = source !== null && typeof source === 'object' && !(source instanceof Uint8Array);
  if (iterable && (Symbol.asyncIterator in source || Symbol.iterator in source)) return source;
  throw wrongArgument(`read takes an iterable of lines or a stream; got ${kindOf(source)}`);
}

function start(options: LogOptions | undefined): BackendLogReader {
  const { analyzer = standard, ...given } = optionsOf(options, ['format', 'year', 'timezone', 'analyzer']) ?? {};
  const { format, year, timezone } = given;
  if (!(analyzer instanceof Analyzer)) throw wrongArgument(`analyzer must be an Analyzer; got ${kindOf(analyzer)}`);
  for (const [name, value] of Object.entries({ format, timezone })) {
    if (value !== undefined && typeof value !== 'string') {
      throw wrongArgument(`${name} must be a string; got ${kindOf(value)}`);
    }
  }
  if (year !== undefined && !(Number.isInteger(year) && year >= 1970 && year <= 9999)) {
    throw wrongArgument(`year must be a whole number such as 2026; got ${String(year)}`, 'ERR_INVALID_ARG_VALUE');
  }
  const settings = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return refusable(() => nativeOf(analyzer).logReader(settings));
}

/**
 * Reads a mail server's log line by line, and gives a record for each recipient whose delivery came to an end.
 *
 * ```js
 * const reader = new LogReader({ year: 2026 });
 * const log = createReadStream('/var/log/mail.log');
 * for await (const record of reader.read(log)) console.log(record.recipient, record.reason);
 * ```
 */
export class LogReader {
  readonly #native: BackendLogReader;

  constructor(options?: LogOptions) {
    this.#native = start(options);
  }

  /** Takes one line (text or bytes), with or without its line end, and gives the records that it completes. */
  push(line: string | Uint8Array): BounceRecord[] {
    return this.pushJson(line).map((json) => JSON.parse(json) as BounceRecord);
  }

  /** Like `push`, as the compact JSON text of each record. */
  pushJson(line: string | Uint8Array): string[] {
    const text: unknown = line instanceof Uint8Array ? decoder.decode(line) : line;
    if (typeof text !== 'string') throw wrongArgument(`a line must be a string or a Uint8Array; got ${kindOf(text)}`);
    return this.#native.push(text);
  }

  /** Gives the records of messages that were still queued at the end of the log: their last status. */
  finish(): BounceRecord[] {
    return this.finishJson().map((json) => JSON.parse(json) as BounceRecord);
  }

  /** Like `finish`, as the compact JSON text of each record. */
  finishJson(): string[] {
    return this.#native.finish();
  }

  /** Reads every line of a source, then finishes. A source gives lines, or is a stream of bytes, such as an open file. */
  read(source: Lines): AsyncGenerator<BounceRecord, void, undefined> {
    return this.#read(linesOf(source));
  }

  async *#read(lines: Lines): AsyncGenerator<BounceRecord, void, undefined> {
    for await (const line of lines) yield* this.push(line);
    yield* this.finish();
  }

  /** How many lines were pushed. */
  get lines(): number {
    return this.#native.lines;
  }

  /** How many of them said something about a delivery. */
  get understood(): number {
    return this.#native.understood;
  }

  /** How many of them should have said something and could not be read, such as half an object. */
  get unreadable(): number {
    return this.#native.unreadable;
  }
}

// What callers pass, and the checks that answer a wrong argument with a TypeError.

import type { Command } from './types.js';

/** One message as it came: bytes, or a string that is encoded as UTF-8. */
export type Raw = Uint8Array | string;

/** Upper bounds for one message; what was cut shows in `Report.limits`. */
export interface Limits {
  /** Bytes of one message that are looked at (64 MiB). */
  maxBytes?: number | undefined;
  /** Nesting of multiparts and messages (20). */
  maxDepth?: number | undefined;
  /** MIME parts in all (1,000). */
  maxParts?: number | undefined;
  /** Bytes of one header block (1 MiB). */
  maxHeaderBytes?: number | undefined;
  /** Recipients of one report (10,000). */
  maxRecipients?: number | undefined;
  /** Bytes of decoded text that are searched (1 MiB). */
  maxTextBytes?: number | undefined;
}

/** Options of an `Analyzer`. */
export interface AnalyzerOptions {
  /** How much of a message is read. */
  limits?: Limits | undefined;
  /** Headers of the returned mail that records shall carry in `headers`. Case does not matter. */
  headers?: readonly string[] | undefined;
}

/** What the caller knows beside a reply. */
export interface ClassifyOptions {
  /** Who runs the mailbox, such as `google`. */
  provider?: string | undefined;
  /** The stage that the reply answered. */
  command?: Command | undefined;
  /** An enhanced status code from elsewhere, such as a Status field. One in the text goes before it. */
  status?: string | undefined;
  /** When the reply was given. Rules that have ended need a date to apply. */
  date?: string | Date | undefined;
  /** The report format, such as `postfix`. */
  format?: string | undefined;
}

/** Options of one asynchronous call. */
export interface AsyncOptions {
  /** Gives up waiting when it aborts; the call rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Options of `parseMany` and `ParseStream`. */
export interface ManyOptions extends AsyncOptions {
  /** How many messages may be under way at a time: taken from the source and not handed out yet (64). */
  concurrency?: number | undefined;
}

/** An error in the style of Node's own: `code` says what kind of mistake it was. */
export function wrongArgument(message: string, code = 'ERR_INVALID_ARG_TYPE'): TypeError {
  return Object.assign(new TypeError(message), { code });
}

/** Names a value in an error message without printing what may be an address. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  return `an instance of ${value.constructor?.name ?? 'Object'}`;
}

const encoder = new TextEncoder();

/** The bytes of a message for a synchronous call, without a copy wherever nobody else can write to them meanwhile. */
export function bytesOf(raw: Raw): Uint8Array {
  if (typeof raw === 'string') return encoder.encode(raw);
  if (!(raw instanceof Uint8Array)) {
    throw wrongArgument(`a message must be a Buffer, Uint8Array or string; got ${kindOf(raw)}`);
  }
  return raw.buffer instanceof ArrayBuffer ? raw : Uint8Array.from(raw);
}

/** Checks that an options argument is an object, or absent. */
export function optionsOf<T extends object>(options: T | undefined): T | undefined {
  if (options === undefined) return undefined;
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw wrongArgument(`options must be an object; got ${Array.isArray(options) ? 'an array' : kindOf(options)}`);
  }
  return options;
}

/** Checks the numbers of an analyzer's options; the rest is for the parser itself to check. */
export function analyzerOptionsOf(options: AnalyzerOptions | undefined): AnalyzerOptions | undefined {
  for (const [name, value] of Object.entries<unknown>(optionsOf(optionsOf(options)?.limits) ?? {})) {
    if (value === undefined) continue;
    if (typeof value !== 'number') throw wrongArgument(`limits.${name} must be a number; got ${kindOf(value)}`);
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
      const message = `limits.${name} must be a whole number up to 4294967295; got ${value}`;
      throw wrongArgument(message, 'ERR_INVALID_ARG_VALUE');
    }
  }
  return options;
}

/** Checks an `AbortSignal`, or its absence. */
export function signalOf(options: AsyncOptions | undefined): AbortSignal | undefined {
  const signal = optionsOf(options)?.signal;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw wrongArgument(`signal must be an AbortSignal; got ${kindOf(signal)}`);
  }
  return signal;
}

/** Checks `concurrency`, or gives its default. */
export function concurrencyOf(options: ManyOptions | undefined): number {
  const concurrency: unknown = optionsOf(options)?.concurrency ?? 64;
  if (typeof concurrency !== 'number') {
    throw wrongArgument(`concurrency must be a number; got ${kindOf(concurrency)}`);
  }
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw wrongArgument(`concurrency must be a whole number from 1; got ${concurrency}`, 'ERR_INVALID_ARG_VALUE');
  }
  return concurrency;
}

// What callers pass, and the checks that answer a wrong argument with a TypeError.

import type { AddressStatus, Command } from './types.js';

/** One message as it came: bytes, or its text, which is encoded as UTF-8. A path is no message: `scan(path)` reads files. */
export type Raw = Uint8Array | ArrayBuffer | string;

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
  /** Rules of one's own beside the built-in ones: the text of a rule file (TOML), in which every rule proves itself. */
  rules?: string | undefined;
  /** Patterns of the addresses that reports come to, such as `b-{id}-{local}={domain}@example.com`. */
  verp?: readonly string[] | undefined;
  /** The two characters that stand for `+` and `=` in the usual patterns. */
  verpDelimiters?: string | undefined;
  /** Whether the usual patterns are tried too (true). */
  verpUsual?: boolean | undefined;
  /** Addresses that people have judged: an object, a `Map`, a list, or the text of a TSV, CSV or JSON file. */
  addressBook?:
    | string
    | ReadonlyMap<string, AddressStatus>
    | { readonly [address: string]: AddressStatus }
    | readonly { readonly address: string; readonly status: AddressStatus }[]
    | undefined;
  /** Replaces the local parts of addresses in everything that is returned: masked, or by a keyed hash. */
  redact?: 'mask' | { readonly hash: string } | undefined;
  /** What the caller knows about its own mail, so that forged reports show in `authenticity`. */
  verifier?: VerifierOptions | undefined;
}

/** What the caller knows about its own mail. */
export interface VerifierOptions {
  /** Domains that the caller sends from; their subdomains count as well. */
  domains?: readonly string[] | undefined;
  /** The Message-IDs of all mail that reports may still answer. */
  messageIds?: readonly string[] | undefined;
  /** Patterns with a `{token}`, and the secrets that their addresses were made with. */
  verp?: readonly { readonly pattern: string; readonly secret: string }[] | undefined;
  /** Keys of BATV return addresses. */
  batv?: readonly { readonly number: number; readonly secret: string }[] | undefined;
  /** Seconds after which a proof counts no more. */
  maxAge?: number | undefined;
  /** Whether a report that shows none of it is contradicted, because all our mail carries some. */
  strict?: boolean | undefined;
  /** The time to compare with, in seconds since 1970; the system's clock by default. */
  now?: number | undefined;
}

/** What the caller knows beside a reply. */
export interface ClassifyOptions {
  /** Who runs the mailbox, as records name it (`google`, not `gmail`), or a domain or mail server of theirs. It goes before what the words say; another name is passed over. */
  provider?: string | undefined;
  /** The stage that the reply answered. */
  command?: Command | undefined;
  /** An enhanced status code from elsewhere, such as a Status field. One in the text goes before it. */
  status?: string | undefined;
  /** When the reply was given: a `Date`, `YYYY-MM-DD`, RFC 3339 or as in a Date field. Rules that have ended need a date to apply. */
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
  if (Array.isArray(value)) return 'an array';
  return `an instance of ${value.constructor?.name ?? 'Object'}`;
}

const encoder = new TextEncoder();

/** The bytes of a message for a synchronous call, without a copy wherever nobody else can write to them meanwhile. */
export function bytesOf(raw: Raw): Uint8Array {
  if (typeof raw === 'string') return encoder.encode(raw);
  if (raw instanceof ArrayBuffer) return new Uint8Array(raw);
  if (!(raw instanceof Uint8Array)) {
    throw wrongArgument(`a message must be a Buffer, Uint8Array, ArrayBuffer or string; got ${kindOf(raw)}`);
  }
  return raw.buffer instanceof ArrayBuffer ? raw : Uint8Array.from(raw);
}

/** Checks that an options argument is an object, or absent. A misspelt name would otherwise be ignored in silence. */
export function optionsOf<T extends object>(options: T | undefined, names: readonly (keyof T & string)[]): T | undefined {
  if (options === undefined) return undefined;
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw wrongArgument(`options must be an object; got ${kindOf(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name as keyof T & string)) {
      throw wrongArgument(`there is no option ${name}; use one of ${names.join(', ')}`, 'ERR_INVALID_ARG_VALUE');
    }
  }
  return options;
}

const LIMITS = ['maxBytes', 'maxDepth', 'maxParts', 'maxHeaderBytes', 'maxRecipients', 'maxTextBytes'] as const;

/** The options about addresses, as JavaScript and as the core spells them. */
const ADDRESSES = {
  verp: 'verp',
  verpDelimiters: 'verp_delimiters',
  verpUsual: 'verp_usual',
  addressBook: 'address_book',
  redact: 'redact',
  verifier: 'verifier',
} as const;

const VERIFIER = {
  domains: 'domains',
  messageIds: 'message_ids',
  verp: 'verp',
  batv: 'batv',
  maxAge: 'max_age',
  strict: 'strict',
  now: 'now',
} as const;

const keys = <T extends object>(object: T): (keyof T & string)[] => Object.keys(object) as (keyof T & string)[];

/** Those options that were given, in the core's spelling. */
function respelt<T extends object>(given: T, spelling: { readonly [name: string]: string }): { [name: string]: unknown } {
  const named = Object.entries(spelling).map(([name, written]) => [written, given[name as keyof T]] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== undefined));
}

/** The JSON text of the options about addresses; the core checks what it says. */
export function addressesOf(options: AnalyzerOptions): string | undefined {
  const given = respelt(options, ADDRESSES);
  if (options.verifier) given['verifier'] = respelt(options.verifier, VERIFIER);
  // JSON has no maps: an address book would be empty without a word.
  if (options.addressBook instanceof Map) given['address_book'] = Object.fromEntries(options.addressBook);
  return keys(given).length > 0 ? JSON.stringify(given) : undefined;
}

/** Checks a list of strings. */
export function textsOf(name: string, texts: unknown): void {
  if (!Array.isArray(texts)) throw wrongArgument(`${name} must be an array of strings; got ${kindOf(texts)}`);
  const other = texts.findIndex((text) => typeof text !== 'string');
  if (other >= 0) throw wrongArgument(`${name}[${other}] must be a string; got ${kindOf(texts[other])}`);
}

/** Checks an analyzer's options as far as the core does not. */
export function analyzerOptionsOf(options: AnalyzerOptions | undefined): AnalyzerOptions | undefined {
  const given = optionsOf(options, ['limits', 'headers', 'rules', ...keys(ADDRESSES)]);
  textsOf('headers', given?.headers ?? []);
  const rules: unknown = given?.rules;
  if (rules !== undefined && typeof rules !== 'string') {
    throw wrongArgument(`rules must be the text of a rule file (TOML); got ${kindOf(rules)}`);
  }
  optionsOf(given?.verifier, keys(VERIFIER));
  const limits = optionsOf(given?.limits, LIMITS);
  for (const name of LIMITS) {
    const value: unknown = limits?.[name];
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
  return checkedSignal(optionsOf(options, ['signal'])?.signal);
}

/** Checks a value that should be an `AbortSignal`. */
export function checkedSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  throw wrongArgument(`signal must be an AbortSignal; got ${kindOf(signal)}`);
}

/** Checks the options of a call that takes many messages, and fills in the defaults. */
export function manyOptionsOf(options: ManyOptions | undefined): {
  concurrency: number;
  signal: AbortSignal | undefined;
} {
  const given = optionsOf(options, ['concurrency', 'signal']);
  const signal = checkedSignal(given?.signal);
  const concurrency: unknown = given?.concurrency ?? 64;
  if (typeof concurrency !== 'number') {
    throw wrongArgument(`concurrency must be a number; got ${kindOf(concurrency)}`);
  }
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw wrongArgument(`concurrency must be a whole number from 1; got ${concurrency}`, 'ERR_INVALID_ARG_VALUE');
  }
  return { concurrency, signal };
}

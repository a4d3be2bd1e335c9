// The parser with options, and the plain functions that use one with the defaults.

import { backend, type BackendAnalyzer, type BackendReports } from './backend.js';
import { many, type Source } from './many.js';
import {
  analyzerOptionsOf,
  bytesOf,
  kindOf,
  optionsOf,
  signalOf,
  wrongArgument,
  type AnalyzerOptions,
  type AsyncOptions,
  type ClassifyOptions,
  type ManyOptions,
  type Raw,
} from './options.js';
import { Pool } from './pool.js';
import { scanned, type ScannedReport, type ScanOptions } from './scan.js';
import { ParseStream } from './stream.js';
import { Portion } from './turns.js';
import type { Report, Verdict } from './types.js';

const HINTS = ['provider', 'command', 'status', 'date', 'format'] as const;

/** What the parser refuses is the caller's mistake: it reads any mail. */
export function refusable<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    const code = error instanceof Error ? String((error as { code?: unknown }).code) : '';
    if (code === 'InvalidArg') throw wrongArgument((error as Error).message, 'ERR_INVALID_ARG_VALUE');
    if (code.endsWith('Expected')) throw wrongArgument((error as Error).message);
    throw error;
  }
}

/** A report as one object. One with thousands of records is put together in portions. */
function whole(reports: BackendReports, index: number): Report | null | Promise<Report> {
  const report = reports.next(index, null);
  return report !== null && reports.more(index) ? completed(reports, index, report) : report;
}

async function completed(reports: BackendReports, index: number, report: Report): Promise<Report> {
  const portion = new Portion();
  while (reports.more(index)) {
    if (portion.over) await portion.pause();
    reports.next(index, report);
  }
  return report;
}

/** What stands behind an analyzer, for the other modules here. */
export let nativeOf: (analyzer: Analyzer) => BackendAnalyzer;

/**
 * A parser with options: limits, further headers of the returned mail, VERP patterns, address book, verifier, redaction.
 *
 * Making one costs a little; make it once and use it for every message.
 */
export class Analyzer {
  readonly #native: BackendAnalyzer;
  readonly #pool: Pool<Report>;
  readonly #textPool: Pool<string>;

  static {
    nativeOf = (analyzer) => analyzer.#native;
  }

  constructor(options?: AnalyzerOptions) {
    const checked = analyzerOptionsOf(options);
    const native = refusable(() => backend.create(checked));
    this.#native = native;
    this.#pool = new Pool(async (raw) => {
      const reports = await native.parseAsync(raw);
      return (index) => whole(reports, index);
    });
    this.#textPool = new Pool(async (raw) => {
      const texts = await native.parseJsonAsync(raw);
      return (index) => texts[index] ?? null;
    });
  }

  /** Reads one message as it came. Ordinary mail gives `kind: 'other'` and no records; no mail is an error. */
  parse(raw: Raw): Report {
    return this.#native.parse(bytesOf(raw));
  }

  /** Like `parse`, as the compact JSON text that is the same byte for byte on every surface. */
  parseJson(raw: Raw): string {
    return this.#native.parseJson(bytesOf(raw));
  }

  /** Like `parse`, on the worker pool: the event loop stays free, whatever the message is. */
  async parseAsync(raw: Raw, options?: AsyncOptions): Promise<Report> {
    return this.#pool.parse(raw, signalOf(options));
  }

  /** Like `parseJson`, on the worker pool. */
  async parseJsonAsync(raw: Raw, options?: AsyncOptions): Promise<string> {
    return this.#textPool.parse(raw, signalOf(options));
  }

  /** Reads many messages on the worker pool; the reports come in the order of the messages. */
  parseMany(source: Source, options?: ManyOptions): AsyncGenerator<Report, void, undefined> {
    return many(source, options, (raw) => this.parseAsync(raw));
  }

  /** A `Transform` stream: whole messages in, their reports out. */
  parseStream(options?: ManyOptions): ParseStream {
    return new ParseStream((raw) => this.parseAsync(raw), options);
  }

  /** Reads every message of files, folders, Maildirs, mailboxes and archives, away from the event loop. */
  scan(path: string | URL | readonly (string | URL)[], options?: ScanOptions): AsyncGenerator<ScannedReport, void, undefined> {
    return refusable(() => scanned(this.#native, path, options));
  }

  /** Decides one SMTP reply; the lines of one reply belong together. */
  classify(text: string, options?: ClassifyOptions): Verdict {
    return JSON.parse(this.classifyJson(text, options)) as Verdict;
  }

  /** Like `classify`, as the compact JSON text that is the same byte for byte on every surface. */
  classifyJson(text: string, options?: ClassifyOptions): string {
    if (typeof text !== 'string') throw wrongArgument(`a reply must be a string; got ${kindOf(text)}`);
    return refusable(() => this.#native.classifyJson(text, hintsOf(optionsOf(options, HINTS))));
  }
}

function hintsOf(options: ClassifyOptions | undefined): { [hint: string]: string } {
  const hints: { [hint: string]: string } = {};
  for (const name of HINTS) {
    const value: unknown = options?.[name];
    if (value === undefined || value === null) continue;
    if (typeof value === 'string') hints[name] = value;
    else if (name === 'date' && value instanceof Date && !Number.isNaN(value.getTime())) hints[name] = value.toISOString();
    else throw wrongArgument(`${name} must be a string${name === 'date' ? ' or a valid Date' : ''}; got ${kindOf(value)}`);
  }
  return hints;
}

/** The one behind the plain functions. */
export const standard = new Analyzer();

/** Reads one message as it came. Ordinary mail gives `kind: 'other'` and no records; no mail is an error. */
export const parse = (raw: Raw): Report => standard.parse(raw);

/** Like `parse`, as the compact JSON text that is the same byte for byte on every surface. */
export const parseJson = (raw: Raw): string => standard.parseJson(raw);

/** Like `parse`, on the worker pool: the event loop stays free, whatever the message is. */
export const parseAsync = (raw: Raw, options?: AsyncOptions): Promise<Report> => standard.parseAsync(raw, options);

/** Like `parseJson`, on the worker pool. */
export const parseJsonAsync = (raw: Raw, options?: AsyncOptions): Promise<string> =>
  standard.parseJsonAsync(raw, options);

/** Reads many messages on the worker pool; the reports come in the order of the messages. */
export const parseMany = (source: Source, options?: ManyOptions): AsyncGenerator<Report, void, undefined> =>
  standard.parseMany(source, options);

/** A `Transform` stream: whole messages in, their reports out. */
export const parseStream = (options?: ManyOptions): ParseStream => standard.parseStream(options);

/** Reads every message of files, folders, Maildirs, mailboxes and archives, away from the event loop. */
export const scan = (
  path: string | URL | readonly (string | URL)[],
  options?: ScanOptions,
): AsyncGenerator<ScannedReport, void, undefined> => standard.scan(path, options);

/** Decides one SMTP reply; the lines of one reply belong together. */
export const classify = (text: string, options?: ClassifyOptions): Verdict => standard.classify(text, options);

/** Like `classify`, as the compact JSON text that is the same byte for byte on every surface. */
export const classifyJson = (text: string, options?: ClassifyOptions): string => standard.classifyJson(text, options);

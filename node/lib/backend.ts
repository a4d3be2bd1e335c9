// Loads what does the parsing: the addon built for this platform, else the WebAssembly module.

import { addressesOf, type AnalyzerOptions, type ClassifyOptions } from './options.js';
import { turn } from './turns.js';
import type { Report } from './types.js';
import { read } from './values.js';

/** An analyzer of either kind. What is called JSON is the text that all surfaces share. */
export interface BackendAnalyzer {
  parse(raw: Uint8Array): Report;
  parseJson(raw: Uint8Array): string;
  /** The bytes must not change until the promise settles. */
  parseAsync(raw: Uint8Array[]): Promise<BackendReports>;
  /** The same as text. `null` stands for a message that broke the parser. */
  parseJsonAsync(raw: Uint8Array[]): Promise<(string | null)[]>;
  classifyJson(text: string, hints?: ClassifyOptions): string;
  scan(paths: string[], settings: { jobs: number; layout: string }): BackendScan;
  logReader(settings: { format?: string; year?: number; timezone?: string }): BackendLogReader;
}

/** The reports of some messages, which become objects when they are asked for: a long one piece by piece. */
export interface BackendReports {
  /** The next piece of a report, put onto what there is of it. `null` stands for a message that broke the parser. */
  next(index: number, begun: Report | null): Report | null;
  /** Whether there is a further piece. */
  more(index: number): boolean;
}

/** A log being read. */
export interface BackendLogReader {
  push(line: string): string[];
  finish(): string[];
  readonly lines: number;
  readonly understood: number;
  readonly unreadable: number;
}

/** A scan under way. */
export interface BackendScan {
  /** The next messages; none at the end. */
  next(): Promise<{ json?: string; problem?: ScanProblem }[]>;
  close(): void;
}

/** What a scan could not read. */
export interface ScanProblem {
  kind: 'missing' | 'unreadable' | 'damaged';
  source: string;
  offset?: number;
  message: string;
}

export interface Backend {
  name: 'native' | 'wasm';
  schemaVersion: string;
  create(options?: AnalyzerOptions): BackendAnalyzer;
  returnPaths: ReturnPaths;
}

type Reader = typeof read;

/** The addon's analyzer: it makes objects by calling the reader that it is given. */
interface AddonAnalyzer extends Pick<BackendAnalyzer, 'parseJson' | 'parseJsonAsync' | 'classifyJson' | 'scan' | 'logReader'> {
  parse(raw: Uint8Array, read: Reader): Report;
  parseAsync(raw: Uint8Array[]): Promise<AddonReports>;
}

interface AddonReports {
  next(index: number, read: Reader, begun: Report | null): Report | null;
  more(index: number): boolean;
}

/** Makes and undoes return paths. */
export interface ReturnPaths {
  verpAddress(path: string, recipient: string, ids: readonly string[], secret: string): string;
  batvAddress(address: string, number: number, secret: string, now: number): string;
  originalSender(address: string): string;
}

interface Addon extends ReturnPaths {
  NativeAnalyzer: new (
    options: Pick<AnalyzerOptions, 'limits' | 'headers' | 'rules'> & { addresses?: string },
  ) => AddonAnalyzer;
  schemaVersion(): string;
}

function native(): Backend {
  const addon = require('./native.js') as Addon;
  return {
    name: 'native',
    schemaVersion: addon.schemaVersion(),
    returnPaths: addon,
    create(options = {}) {
      const { limits, headers, rules } = options;
      const addresses = addressesOf(options);
      const analyzer = new addon.NativeAnalyzer({ limits, headers, rules, ...(addresses !== undefined && { addresses }) });
      return {
        parse: (raw) => analyzer.parse(raw, read),
        parseJson: (raw) => analyzer.parseJson(raw),
        async parseAsync(raw) {
          const reports = await analyzer.parseAsync(raw);
          return {
            next: (index, begun) => reports.next(index, read, begun),
            more: (index) => reports.more(index),
          };
        },
        parseJsonAsync: (raw) => analyzer.parseJsonAsync(raw),
        classifyJson: (text, hints) => analyzer.classifyJson(text, hints),
        scan: (paths, settings) => analyzer.scan(paths, settings),
        logReader: (settings) => analyzer.logReader(settings),
      };
    },
  };
}

/** The part of `komainu-wasm` that stands in for the addon. */
interface WasmModule {
  Analyzer: new (options?: AnalyzerOptions) => Pick<BackendAnalyzer, 'parseJson' | 'classifyJson'>;
  KomainuError: new () => Error;
  versions(): { schema: string };
}

function wasm(): Backend {
  const module = require('komainu-wasm') as WasmModule;
  /** The module's refusals look like the addon's. */
  const refusing = <T>(call: () => T): T => {
    try {
      return call();
    } catch (error) {
      if (error instanceof module.KomainuError) Object.assign(error, { code: 'InvalidArg' });
      throw error;
    }
  };
  const noReturnPaths = (): never => unavailable('the WebAssembly module makes and undoes no return paths');
  return {
    name: 'wasm',
    schemaVersion: module.versions().schema,
    returnPaths: { verpAddress: noReturnPaths, batvAddress: noReturnPaths, originalSender: noReturnPaths },
    create(options) {
      if (options?.rules !== undefined) unavailable('the WebAssembly module takes no rules of one\'s own');
      const analyzer = refusing(() => new module.Analyzer(options));
      const parse = (raw: Uint8Array): Report => JSON.parse(analyzer.parseJson(raw)) as Report;
      return {
        parse,
        parseJson: (raw) => analyzer.parseJson(raw),
        async parseAsync(raw) {
          const reports = await inTurns(raw, parse);
          return { next: (index) => reports[index] ?? null, more: () => false };
        },
        parseJsonAsync: (raw) => inTurns(raw, (one) => analyzer.parseJson(one)),
        classifyJson: (text, hints) => refusing(() => analyzer.classifyJson(text, hints)),
        scan: () => unavailable('scan reads files, which the WebAssembly module cannot: read them and use parseMany'),
        logReader: () => unavailable('the WebAssembly module has no LogReader'),
      };
    },
  };
}

function unavailable(message: string): never {
  throw Object.assign(new Error(message), { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' });
}

/** Without threads the messages are parsed here, with a turn of the event loop before each. */
async function inTurns<T>(raw: Uint8Array[], parse: (raw: Uint8Array) => T): Promise<(T | null)[]> {
  const answers: (T | null)[] = [];
  for (const one of raw) {
    await turn();
    try {
      answers.push(parse(one));
    } catch {
      answers.push(null);
    }
  }
  return answers;
}

const LOADERS = { native, wasm };

/** The environment variable `KOMAINU_BACKEND` forces one of both. */
function load(): Backend {
  const wanted = process.env['KOMAINU_BACKEND'];
  if (wanted === 'native' || wanted === 'wasm') return LOADERS[wanted]();
  if (wanted) throw new RangeError(`KOMAINU_BACKEND must be native or wasm, not ${JSON.stringify(wanted)}`);
  try {
    return native();
  } catch (error) {
    try {
      return wasm();
    } catch {
      const platform = `${process.platform} on ${process.arch}`;
      const message = `komainu has no addon for ${platform}, and its stand-in komainu-wasm is not installed either`;
      throw new Error(message, { cause: error });
    }
  }
}

export const backend: Backend = load();

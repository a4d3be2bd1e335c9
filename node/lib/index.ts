/**
 * Reads what comes back when mail could not be delivered, and says for every recipient who failed, why, whose fault it
 * is and what to do now.
 *
 * @packageDocumentation
 */

import { backend as loaded } from './backend.js';

export {
  Analyzer,
  classify,
  classifyJson,
  parse,
  parseAsync,
  parseJson,
  parseJsonAsync,
  parseMany,
  parseStream,
  scan,
} from './analyzer.js';
export { LogReader, type Lines, type LogOptions } from './log.js';
export type { Source } from './many.js';
export { nameIn } from './names.js';
export type { AnalyzerOptions, AsyncOptions, ClassifyOptions, Limits, ManyOptions, Raw, VerifierOptions } from './options.js';
export { reasons, systems, type ReasonInfo, type System } from './reasons.js';
export { batvAddress, originalSender, verpAddress, type BatvAddressOptions, type VerpAddressOptions } from './returnpath.js';
export { ScanError, type ScannedReport, type ScanOptions } from './scan.js';
export type { ParseStream } from './stream.js';
export type * from './types.js';

/** What does the parsing: the addon built for this platform, or the WebAssembly module where there is none. */
export const backend: 'native' | 'wasm' = loaded.name;

/** The version of the record's schema. Adding a key raises the minor number, anything else the major one. */
export const schemaVersion: string = loaded.schemaVersion;

// Files, folders, Maildirs, mailboxes and archives as one stream of reports.

import { fileURLToPath } from 'node:url';
import type { BackendAnalyzer, BackendScan, ScanProblem } from './backend.js';
import { checkedSignal, kindOf, optionsOf, wrongArgument, type AsyncOptions } from './options.js';
import type { Report } from './types.js';

/** A report with the place of its message before the report's own keys. */
export interface ScannedReport extends Report {
  /** The file it is in, as found under the path that was given; `archive.zip/member` in an archive. */
  source: string;
  /** Its number in the source, from 0. */
  index: number;
  /** Where it begins in the (decompressed) source, in bytes. */
  offset: number;
}

/** Something that could not be read. */
export class ScanError extends Error {
  override readonly name = 'ScanError';
  /** `ENOENT` where a path that was given does not exist. */
  readonly code: 'ENOENT' | 'ERR_SCAN_UNREADABLE' | 'ERR_SCAN_DAMAGED';
  /** A path that does not exist, a file that could not be opened, or one that was read in part. */
  readonly kind: 'missing' | 'unreadable' | 'damaged';
  /** The file or folder. */
  readonly source: string;
  /** Where in the source, in bytes, if it was read that far. */
  readonly offset: number | null;

  /** @internal */
  constructor({ kind, source, offset, message }: ScanProblem) {
    super(message);
    this.kind = kind;
    this.source = source;
    this.offset = offset ?? null;
    this.code = ({ missing: 'ENOENT', unreadable: 'ERR_SCAN_UNREADABLE', damaged: 'ERR_SCAN_DAMAGED' } as const)[kind];
  }
}

/** Options of `scan`. */
export interface ScanOptions extends AsyncOptions {
  /** Threads that parse; by default one for each core. */
  jobs?: number | undefined;
  /** How the messages of a file are told apart: by what the file looks like, as one message, or as an mbox. */
  layout?: 'auto' | 'message' | 'mbox' | undefined;
  /** Takes what could not be read, and the scan goes on. Without it, the first problem is thrown. */
  onProblem?: ((problem: ScanError) => void) | undefined;
}

type Path = string | URL;

function pathsOf(paths: Path | readonly Path[]): string[] {
  return (Array.isArray(paths) ? paths : [paths]).map((path: unknown) => {
    if (path instanceof URL) return fileURLToPath(path);
    if (typeof path === 'string' && path !== '' && !path.includes('\0')) return path;
    throw wrongArgument(`a path must be a string or a file: URL; got ${path === '' ? 'an empty string' : kindOf(path)}`);
  });
}

/** Checks the arguments at once, and not first when the result is read. */
export function scanned(
  analyzer: BackendAnalyzer,
  paths: Path | readonly Path[],
  options: ScanOptions | undefined,
): AsyncGenerator<ScannedReport, void, undefined> {
  const given = optionsOf(options, ['jobs', 'layout', 'onProblem', 'signal']);
  const signal = checkedSignal(given?.signal);
  const { jobs, layout = 'auto', onProblem } = given ?? {};
  if (jobs !== undefined && !(Number.isInteger(jobs) && jobs >= 1 && jobs <= 1024)) {
    throw wrongArgument(`jobs must be a whole number from 1 to 1024; got ${String(jobs)}`, 'ERR_INVALID_ARG_VALUE');
  }
  if (typeof layout !== 'string') throw wrongArgument(`layout must be a string; got ${kindOf(layout)}`);
  if (onProblem !== undefined && typeof onProblem !== 'function') {
    throw wrongArgument(`onProblem must be a function; got ${kindOf(onProblem)}`);
  }
  return run(analyzer.scan(pathsOf(paths), { jobs: jobs ?? 0, layout }), signal, onProblem);
}

async function* run(
  scan: BackendScan,
  signal: AbortSignal | undefined,
  onProblem: ScanOptions['onProblem'],
): AsyncGenerator<ScannedReport, void, undefined> {
  try {
    for (;;) {
      signal?.throwIfAborted();
      const batch = await scan.next();
      if (batch.length === 0) return;
      for (const { json, problem } of batch) {
        signal?.throwIfAborted();
        if (typeof json === 'string') yield JSON.parse(json) as ScannedReport;
        else if (problem && onProblem) onProblem(new ScanError(problem));
        else if (problem) throw new ScanError(problem);
      }
    }
  } finally {
    scan.close();
  }
}

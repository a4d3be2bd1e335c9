// Reads mail away from the page: files stream through here, and only rows go back.

import { Analyzer, initSync, reasons, versions, type Record as BounceRecord, type Report } from "komainu-wasm";
import { MboxSplitter, withoutPostmark } from "./mbox.js";
import type { Answer, Book, Opened, Place, Progress, Request, Row } from "./protocol.js";
import { sourcesOf, type Source } from "./sources.js";

const CHUNK = 4 << 20;
/** How long rows are gathered before they are sent. */
const GATHER_MS = 120;

let analyzer: Analyzer;
let sources: Source[] = [];
let parts = 0;
let running: { cancelled: boolean } | undefined;

const tell = (answer: Answer) => postMessage(answer);

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  const id = "id" in data ? data.id : undefined;
  handle(data).catch((error: unknown) => {
    tell({ tell: "failed", id, message: error instanceof Error ? error.message : String(error) });
  });
});

async function handle(request: Request): Promise<void> {
  switch (request.ask) {
    case "start":
      initSync(await inflate(request.wasm));
      analyzer = new Analyzer();
      return tell({ tell: "ready", reasons: reasons(), versions: versions() });
    case "load":
      if (request.clear) [sources, parts] = [[], 0];
      return load(request.inputs);
    case "cancel":
      if (running) running.cancelled = true;
      return;
    case "open":
      return tell({ tell: "answer", id: request.id, value: await open(request.place) });
    case "classify":
      return tell({ tell: "answer", id: request.id, value: analyzer.classify(request.text, request.hints) });
    case "readBook":
      return tell({ tell: "answer", id: request.id, value: readBook(request.text) });
    case "mark":
      return mark(request.id, request.book, request.places);
  }
}

async function inflate(packed: ArrayBuffer): Promise<ArrayBuffer> {
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** Gathers rows and their NDJSON lines, and sends them a few times a second. */
class Gatherer {
  #rows: Row[] = [];
  #lines: string[] = [];
  #at = 0;
  #part = (parts += 1);
  #sent = performance.now();
  readonly #encoder = new TextEncoder();

  add(record: BounceRecord, row: Omit<Row, "line">, path: string): void {
    const line = JSON.stringify({ source: path, index: row.message, offset: row.place.offset, ...record });
    const bytes = utf8Length(line);
    this.#rows.push({ ...row, line: [this.#part, this.#at, this.#at + bytes] });
    this.#lines.push(line, "\n");
    this.#at += bytes + 1;
  }

  isDue(): boolean {
    return performance.now() - this.#sent > GATHER_MS;
  }

  /** The rows and the part of NDJSON that they point into. */
  take(): { rows: Row[]; part: Blob } {
    const part = new Blob([this.#encoder.encode(this.#lines.join(""))]);
    const rows = this.#rows;
    [this.#rows, this.#lines, this.#at] = [[], [], 0];
    this.#part = parts += 1;
    this.#sent = performance.now();
    return { rows, part };
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80) continue;
    if (code < 0x800) bytes += 1;
    else if (code >= 0xd800 && code < 0xdc00) (bytes += 2), (at += 1);
    else bytes += 2;
  }
  return bytes;
}

async function load(inputs: { file: Blob; path: string; sure: boolean }[]): Promise<void> {
  const state = { cancelled: false };
  running = state;
  const started = performance.now();
  const total = inputs.reduce((sum, { file }) => sum + file.size, 0);
  const progress: Progress = { bytes: 0, total, messages: 0, records: 0, others: 0, skipped: 0 };
  const gatherer = new Gatherer();
  let only: Place | undefined;

  const read = (source: number, message: number, place: Place, bytes: Uint8Array): void => {
    const { records } = analyzer.parse(bytes);
    progress.messages += 1;
    if (records.length === 0) progress.others += 1;
    progress.records += records.length;
    only = progress.messages === 1 ? place : undefined;
    records.forEach((record, index) => gatherer.add(record, rowOf(record, place, message, index), sources[source]!.path));
  };
  const flush = async (): Promise<void> => {
    if (gatherer.isEmpty) tell({ tell: "progress", progress: { ...progress } });
    else tell({ tell: "rows", ...gatherer.take(), progress: { ...progress } });
    // Lets a request to cancel come in.
    await new Promise((resume) => setTimeout(resume));
  };

  for (const input of inputs) {
    if (state.cancelled) break;
    const before = progress.bytes;
    const found = sourcesOf(input, () => (progress.skipped += 1));
    try {
      for await (const source of found) {
        const index = sources.push(source) - 1;
        tell({ tell: "sources", paths: [source.path] });
        // Inside an archive the sizes are other ones: there the bar moves by archives.
        const advance = source.blob === input.file ? (bytes: number) => (progress.bytes = before + bytes) : () => {};
        await readSource(source, index, read, advance, gatherer, flush, state);
        if (state.cancelled) break;
      }
    } catch (error) {
      progress.skipped += 1;
      tell({ tell: "failed", message: `${input.path}: ${error instanceof Error ? error.message : String(error)}` });
    }
    progress.bytes = before + input.file.size;
    if (gatherer.isDue()) await flush();
  }
  await flush();
  running = undefined;
  const seconds = (performance.now() - started) / 1000;
  tell({ tell: "done", progress, cancelled: state.cancelled, seconds, only: progress.messages === 1 ? only : undefined });
}

async function readSource(
  source: Source,
  index: number,
  read: (source: number, message: number, place: Place, bytes: Uint8Array) => void,
  advance: (bytes: number) => void,
  gatherer: Gatherer,
  flush: () => Promise<void>,
  state: { cancelled: boolean },
): Promise<void> {
  const { blob, form } = source;
  if (form === "message") {
    const { body } = withoutPostmark(new Uint8Array(await blob.arrayBuffer()));
    read(index, 0, { source: index, offset: 0, length: blob.size }, body);
    return;
  }
  const splitter = new MboxSplitter();
  let message = 0;
  for (let at = 0; at < blob.size || at === 0; at += CHUNK) {
    const chunk = new Uint8Array(await blob.slice(at, at + CHUNK).arrayBuffer());
    const pieces = splitter.push(chunk);
    if (at + CHUNK >= blob.size) pieces.push(...splitter.finish());
    for (const { offset, length, bytes } of pieces) {
      read(index, message, { source: index, offset, length }, bytes);
      message += 1;
      if (gatherer.isDue()) {
        advance(offset);
        await flush();
        if (state.cancelled) return;
      }
    }
    advance(at + chunk.length);
  }
}

function rowOf(record: BounceRecord, place: Place, message: number, index: number): Omit<Row, "line"> {
  return {
    place,
    message,
    index,
    kind: record.kind,
    recipient: record.recipient ?? "",
    original: record.original_recipient ?? "",
    reason: record.reason,
    hard: record.hard,
    blame: record.blame,
    advice: record.advice,
    provider: record.provider ?? "",
    timestamp: record.timestamp ?? "",
    status: record.status ?? "",
    diagnostic: record.diagnostic ?? "",
    marked: record.address_status ?? "",
  };
}

async function bytesAt({ source, offset, length }: Place): Promise<Uint8Array<ArrayBuffer>> {
  const { blob } = sources[source]!;
  return withoutPostmark(new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer())).body;
}

async function open(place: Place): Promise<Opened> {
  const raw = (await bytesAt(place)).slice();
  const json = analyzer.parseJson(raw);
  return { report: JSON.parse(json) as Report, json, raw, path: sources[place.source]!.path };
}

/** Reads an address book with the parser's own reader, so that a wrong line is named; gives its entries. */
function readBook(text: string): Book {
  new Analyzer({ addressBook: text }).free();
  const trimmed = text.trimStart();
  if (trimmed.startsWith("{")) return JSON.parse(text) as Book;
  if (trimmed.startsWith("[")) {
    const list = JSON.parse(text) as { address: string; status: Book[string] }[];
    return Object.fromEntries(list.map(({ address, status }) => [address, status]));
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const entries = lines.filter((line) => line && !line.startsWith("#") && !/^address[,\t]status$/i.test(line));
  return Object.fromEntries(entries.map((line) => line.split(/[,\t]/).map((cell) => cell.trim())) as [string, Book[string]][]);
}

/** Takes a new address book, and reads again the messages that it may change. */
async function mark(id: number, book: Book, places: { place: Place; message: number }[]): Promise<void> {
  analyzer.free();
  analyzer = new Analyzer({ addressBook: book });
  const gatherer = new Gatherer();
  for (const { place, message } of places) {
    const { records } = analyzer.parse(await bytesAt(place));
    const { path } = sources[place.source]!;
    records.forEach((record, index) => gatherer.add(record, rowOf(record, place, message, index), path));
  }
  const { rows, part } = gatherer.take();
  tell({ tell: "answer", id, value: rows, part });
}

// Files to take away: what the table shows, as CSV or NDJSON, and the list of addresses not to mail again.

import type { Store } from "./store.js";
import type { Row } from "./worker/protocol.js";

const COLUMNS = [
  "recipient", "original", "kind", "reason", "hard", "blame", "advice", "provider", "status", "timestamp", "marked", "diagnostic",
] as const satisfies readonly (keyof Row)[];
/** The record's own names, where a row's are shorter. */
const HEADINGS: { [column: string]: string } = { original: "original_recipient", marked: "address_status" };

/** Rows that are written between two frames. */
const BATCH = 5000;

export async function toCsv(store: Store): Promise<Blob> {
  // The mark in front lets spreadsheets know that it is UTF-8.
  const parts = [`\uFEFF${COLUMNS.map((column) => HEADINGS[column] ?? column).join(",")}\r\n`];
  const { shown } = store;
  for (let first = 0; first < shown.length; first += BATCH) {
    const rows = Array.from(shown.subarray(first, first + BATCH), (number) => store.rows[number]!);
    parts.push(rows.map((row) => `${COLUMNS.map((column) => cell(String(row[column]))).join(",")}\r\n`).join(""));
    await new Promise((resume) => setTimeout(resume));
  }
  return new Blob(parts, { type: "text/csv" });
}

function cell(value: string): string {
  // A reply that begins like a formula must not run as one in a spreadsheet.
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Above so many pieces, putting them together in memory is much quicker than asking the browser to. */
const MANY_PIECES = 500;
/** Bytes that are put together at a time. */
const CHUNK = 4 << 20;

interface Piece {
  part: number;
  from: number;
  to: number;
}

/** The complete records, as the worker wrote them, in the order of the table. */
export async function toNdjson(store: Store): Promise<Blob> {
  const pieces = piecesOf(store);
  const type = "application/x-ndjson";
  if (pieces.length <= MANY_PIECES) {
    return new Blob(pieces.map(({ part, from, to }) => store.parts[part]!.slice(from, to)), { type });
  }
  const used = [...new Set(pieces.map(({ part }) => part))];
  const loaded = new Map<number, Uint8Array<ArrayBuffer>>();
  for (const part of used) loaded.set(part, new Uint8Array(await store.parts[part]!.arrayBuffer()));
  const chunks: Blob[] = [];
  let chunk: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (const { part, from, to } of pieces) {
    chunk.push(loaded.get(part)!.subarray(from, to));
    length += to - from;
    if (length < CHUNK) continue;
    chunks.push(new Blob([joined(chunk, length)]));
    [chunk, length] = [[], 0];
  }
  chunks.push(new Blob([joined(chunk, length)]));
  return new Blob(chunks, { type });
}

/** Lines that lie side by side are one piece, newlines and all. */
function piecesOf(store: Store): Piece[] {
  const pieces: Piece[] = [];
  for (const number of store.shown) {
    const [part, from, to] = store.rows[number]!.line;
    const last = pieces.at(-1);
    if (last && last.part === part && last.to === from) last.to = to + 1;
    else pieces.push({ part, from, to: to + 1 });
  }
  return pieces;
}

function joined(pieces: Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/**
 * Addresses whose advice is `suppress`, each once: hard bounces, complaints, opt-outs. Of everything that was loaded and
 * not only what the table shows, because a filter must not make a list incomplete in silence.
 */
export function suppressed(store: Store): string[] {
  const addresses = new Set<string>();
  for (const row of store.rows) {
    const address = row.recipient || row.original;
    if (row.advice === "suppress" && address !== "") addresses.add(address);
  }
  return [...addresses].sort();
}

export function toSuppressionList(store: Store): Blob {
  return new Blob([suppressed(store).map((address) => `${address}\n`).join("")], { type: "text/plain" });
}

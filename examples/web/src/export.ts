// Files to take away: what the table shows, as CSV or NDJSON, and the list of addresses not to mail again.

import type { Store } from "./store.js";
import type { Row } from "./worker/protocol.js";

const COLUMNS = [
  "recipient", "original", "kind", "reason", "hard", "blame", "advice", "provider", "status", "timestamp", "marked", "diagnostic",
] as const satisfies readonly (keyof Row)[];
/** The record's own names, where a row's are shorter. */
const HEADINGS: { [column: string]: string } = { original: "original_recipient", marked: "address_status" };

export function toCsv(store: Store): Blob {
  const lines = [COLUMNS.map((column) => HEADINGS[column] ?? column).join(",")];
  for (const number of store.shown) {
    const row = store.rows[number]!;
    lines.push(COLUMNS.map((column) => cell(String(row[column]))).join(","));
  }
  // The mark in front lets spreadsheets know that it is UTF-8.
  return new Blob(["\uFEFF", lines.join("\r\n"), "\r\n"], { type: "text/csv" });
}

function cell(value: string): string {
  // A reply that begins like a formula must not run as one in a spreadsheet.
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The complete records: slices of what the worker wrote, so that nothing is copied through the page's memory. */
export function toNdjson(store: Store): Blob {
  const slices: BlobPart[] = [];
  let pending: { part: number; from: number; to: number } | undefined;
  const put = () => {
    if (pending) slices.push(store.parts[pending.part]!.slice(pending.from, pending.to));
  };
  for (const number of store.shown) {
    const [part, from, to] = store.rows[number]!.line;
    // Lines that lie side by side become one slice, newlines and all.
    if (pending && pending.part === part && pending.to === from) pending.to = to + 1;
    else {
      put();
      pending = { part, from, to: to + 1 };
    }
  }
  put();
  return new Blob(slices, { type: "application/x-ndjson" });
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

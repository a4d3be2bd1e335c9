// What the page and its worker say to each other.

import type { AddressStatus, Hints, ReasonInfo, Report, Verdict } from "komainu-wasm";

/** Where one message lies: its source, and the bytes in it. */
export interface Place {
  source: number;
  offset: number;
  length: number;
}

/** One record as the table needs it; the rest is read from the message again when somebody looks at it. */
export interface Row {
  place: Place;
  /** Which message of its source, and which record of that message. */
  message: number;
  index: number;
  kind: string;
  recipient: string;
  original: string;
  reason: string;
  hard: boolean;
  blame: string;
  advice: string;
  provider: string;
  timestamp: string;
  status: string;
  diagnostic: string;
  marked: AddressStatus | "";
  /** Where the record's NDJSON line lies: which part, from, to (without the newline). */
  line: [part: number, from: number, to: number];
}

export interface Progress {
  bytes: number;
  total: number;
  messages: number;
  records: number;
  /** Messages that are no report about delivery. */
  others: number;
  /** Files that are no mail. */
  skipped: number;
}

/** A file with the path that the user knows it by. */
export interface Input {
  file: Blob;
  path: string;
  /** Picked or pasted by itself, so it is read even where it does not look like mail. */
  sure: boolean;
}

export type Book = { [address: string]: AddressStatus };

export type Request =
  | { ask: "start"; wasm: ArrayBuffer }
  | { ask: "load"; inputs: Input[]; clear: boolean }
  | { ask: "cancel" }
  | { ask: "open"; id: number; place: Place }
  | { ask: "classify"; id: number; text: string; hints: Hints }
  | { ask: "readBook"; id: number; text: string }
  | { ask: "mark"; id: number; book: Book; places: { place: Place; message: number }[] };

/** One message, opened: its report and its bytes. */
export interface Opened {
  report: Report;
  json: string;
  raw: Uint8Array<ArrayBuffer>;
  path: string;
}

export type Answer =
  | { tell: "ready"; reasons: ReasonInfo[]; versions: { komainu: string; schema: string } }
  | { tell: "sources"; paths: string[] }
  | { tell: "rows"; rows: Row[]; part: Blob; progress: Progress }
  | { tell: "progress"; progress: Progress }
  | { tell: "done"; progress: Progress; cancelled: boolean; seconds: number; only?: Place }
  | { tell: "failed"; id?: number; message: string }
  | { tell: "answer"; id: number; value: Opened | Verdict | Book | Row[]; part?: Blob };

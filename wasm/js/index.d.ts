// The public types. Records are written in the same snake_case keys on every surface of komainu.

import type { AddressStatus, Advice, Blame, Command, Reason, Report, Verdict } from "./types.js";

export type * from "./types.js";

/** The module's source: where it lies, or what it is. */
export type InitSource = string | URL | Request | Response | BufferSource | WebAssembly.Module;

/** Loads the module once. In Node it is loaded on import, and this returns at once. */
export function init(source?: InitSource | Promise<InitSource>): Promise<void>;
/** Starts the module from its bytes or from a compiled module. */
export function initSync(source: BufferSource | WebAssembly.Module): void;

/** Reads one message as it came. Ordinary mail gives `kind: "other"` and no records. */
export function parse(message: Uint8Array | ArrayBuffer): Report;
/** Like `parse`: the JSON text, the same bytes on every surface. */
export function parseJson(message: Uint8Array | ArrayBuffer): string;
/** Decides one SMTP reply; the lines of one reply belong together. */
export function classify(reply: string, hints?: Hints): Verdict;
/** Like `classify`: the JSON text. */
export function classifyJson(reply: string, hints?: Hints): string;
/** Every reason of the taxonomy, the telling ones before the vague ones. */
export function reasons(): ReasonInfo[];
/** The systems whose names for a reason are known. */
export const systems: readonly System[];
/** What another system calls this reason, or `null` where it has no such class. A word that is neither is a `TypeError`. */
export function nameIn(reason: Reason, system: System): string | null;
/** The versions of the package and of the record's schema. */
export function versions(): { komainu: string; schema: string };

/** A parser with options. Build it once and use it for every message. */
export class Analyzer {
  constructor(options?: Options);
  parse(message: Uint8Array | ArrayBuffer): Report;
  parseJson(message: Uint8Array | ArrayBuffer): string;
  classify(reply: string, hints?: Hints): Verdict;
  classifyJson(reply: string, hints?: Hints): string;
  /** Gives the memory back at once; without it, the garbage collector does so later. */
  free(): void;
}

/** An option or hint that cannot be used, or a module that is not loaded yet or had to be started afresh. Mail never causes one. */
export class KomainuError extends Error {}

export interface Options {
  /** Headers of the returned mail that records shall carry in `headers`. */
  headers?: readonly string[];
  /** How much of one message is read; every limit that was hit is named in `Report.limits`. */
  limits?: Limits;
  /** Patterns of the addresses that reports come to, such as `b-{id}-{local}={domain}@example.com`. */
  verp?: readonly string[];
  /** The two characters that stand for `+` and `=` in the usual patterns. */
  verpDelimiters?: string;
  /** Whether the usual patterns are tried too (true). */
  verpUsual?: boolean;
  /** Addresses that people have judged: an object, a `Map`, a list, or the text of a TSV, CSV or JSON file. */
  addressBook?:
    | string
    | ReadonlyMap<string, AddressStatus>
    | { [address: string]: AddressStatus }
    | readonly { address: string; status: AddressStatus }[];
  /** Replaces addresses in everything that is returned. */
  redact?: "mask" | { hash: string };
  /** What the caller knows about its own mail, so that forged reports show in `authenticity`. */
  verifier?: Verifier;
}

export interface Verifier {
  /** Domains that the caller sends from. */
  domains?: readonly string[];
  /** Message-IDs that the caller has sent. */
  messageIds?: readonly string[];
  /** Signed return addresses. */
  verp?: readonly { pattern: string; secret: string }[];
  /** Keys of BATV return addresses. */
  batv?: readonly { number: number; secret: string }[];
  /** Seconds after which a report is too old to be believed. */
  maxAge?: number;
  /** Whether a report that carries no mark of ours is contradicted, because all our mail carries one. */
  strict?: boolean;
  /** The time to compare with, in seconds since 1970. */
  now?: number;
}

export interface Limits {
  /** Bytes of one message that are looked at (64 MiB). */
  maxBytes?: number;
  /** Nesting of multiparts and messages (20). */
  maxDepth?: number;
  /** MIME parts in all (1,000). */
  maxParts?: number;
  /** Bytes of one header block (1 MiB). */
  maxHeaderBytes?: number;
  /** Recipients of one report (10,000). */
  maxRecipients?: number;
  /** Bytes of decoded text that are searched (1 MiB). */
  maxTextBytes?: number;
}

/** What the caller knows beside a reply. */
export interface Hints {
  /** Who runs the mailbox, as records name it (`google`, not `gmail`), or a domain or mail server of theirs. It goes before what the words say; another name is passed over. */
  provider?: string | null;
  /** The stage that the reply answered. */
  command?: Command | null;
  /** An enhanced status code from elsewhere; one in the text goes before it. */
  status?: string | null;
  /** The date of the reply, `YYYY-MM-DD`, RFC 3339 or as in a Date field. */
  date?: string | null;
  /** The report format, such as `postfix`. */
  format?: string | null;
}

export type System =
  | "bouncehammer" | "sisimai" | "sisimai-5.6" | "ses" | "sendgrid" | "postmark" | "sparkpost" | "mailgun" | "powermta"
  | "kumomta";

/** One reason of the taxonomy, with what holds where a reply does not say otherwise. */
export interface ReasonInfo {
  name: Reason;
  hard: boolean;
  blame: Blame;
  advice: Advice;
  definition: string;
  definition_ja: string;
}

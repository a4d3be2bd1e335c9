// The public types. Records are written in the same snake_case keys on every surface of komainu.

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

/** An option or hint that cannot be used, or a module that had to be started afresh. Mail never causes one. */
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
  /** Addresses that people have judged: an object, a list, or the text of a TSV, CSV or JSON file. */
  addressBook?:
    | string
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
  /** Who runs the mailbox, such as `google`. */
  provider?: string | null;
  /** The stage that the reply answered. */
  command?: Command | null;
  /** An enhanced status code from elsewhere; one in the text goes before it. */
  status?: string | null;
  /** The date of the reply, `YYYY-MM-DD` or RFC 3339. */
  date?: string | null;
  /** The report format, such as `postfix`. */
  format?: string | null;
}

export type Kind = "bounce" | "delay" | "feedback" | "auto_reply" | "delivery" | "other";
export type Blame = "recipient" | "sender" | "receiver" | "path" | "nobody" | "unknown";
export type Advice =
  | "none" | "suppress" | "retry" | "slow_down" | "fix_content" | "contact_recipient" | "fix_sender" | "review";
export type Action = "failed" | "delayed" | "delivered" | "relayed" | "expanded";
export type Command = "CONN" | "EHLO" | "STARTTLS" | "AUTH" | "MAIL" | "RCPT" | "DATA" | "QUIT";
export type DecidedBy = "provider" | "phrase" | "provider_code" | "status" | "stage" | "none" | "format";
export type RecipientSource =
  | "final_recipient" | "original_recipient" | "header" | "text" | "diagnostic" | "verp" | "returned_to" | "feedback"
  | "from" | "log";
export type AddressStatus = "whitelisted" | "unstable";
export type Authenticity = "genuine" | "unproven" | "contradicted";
export type Limit = "bytes" | "depth" | "parts" | "header_bytes" | "recipients" | "text";
export type System =
  | "bouncehammer" | "sisimai" | "sisimai-5.6" | "ses" | "sendgrid" | "postmark" | "sparkpost" | "mailgun" | "powermta"
  | "kumomta";
export type Reason =
  | "suppressed" | "greylisted" | "mailboxfull" | "virusdetected" | "exceedlimit" | "mesgtoobig" | "systemfull"
  | "toomanyconn" | "speeding" | "requireptr" | "authfailure" | "norelaying" | "failedstarttls" | "notcompliantrfc"
  | "badreputation" | "spamdetected" | "blocked" | "hasmoved" | "suspend" | "userunknown" | "filtered" | "hostunknown"
  | "notaccept" | "rejected" | "securityerror" | "contenterror" | "policyviolation" | "syntaxerror" | "mailererror"
  | "systemerror" | "networkerror" | "expired" | "onhold" | "undefined" | "feedback" | "vacation" | "delivered";

/** What one message said. */
export interface Report {
  kind: Kind;
  /** A tag that a gateway put before the Subject, such as `[SPAM]`. */
  subject_tag: string | null;
  records: Record[];
  /** Every limit that was hit; what lies beyond it was not read. */
  limits: Limit[];
}

/** What happened to one recipient. */
export interface Record {
  id: string;
  kind: Kind;
  recipient: string | null;
  recipient_source: RecipientSource | null;
  original_recipient: string | null;
  sender: string | null;
  reason: Reason;
  hard: boolean;
  blame: Blame;
  advice: Advice;
  action: Action | null;
  status: string | null;
  dsn_status: string | null;
  derived_status: string | null;
  reply_code: number | null;
  command: Command | null;
  diagnostic: string | null;
  diagnostic_type: string | null;
  reporting_mta: string | null;
  received_from_mta: string | null;
  remote_mta: string | null;
  source_ip: string | null;
  provider: string | null;
  format: string;
  new_address: string | null;
  retry_after: number | null;
  feedback: Feedback | null;
  subject: string | null;
  message_id: string | null;
  list_id: string | null;
  feedback_id: string | null;
  headers: { [name: string]: string } | null;
  original_envelope_id: string | null;
  queue_id: string | null;
  timestamp: string | null;
  arrival_date: string | null;
  last_attempt_date: string | null;
  will_retry_until: string | null;
  decided_by: DecidedBy;
  evidence: Evidence[];
  also: Reason[];
  address_status: AddressStatus | null;
  authenticity: Authenticity | null;
}

/** One piece of what a decision rests on: `text` is an exact substring of the record's key `field`. */
export interface Evidence {
  rule: string;
  field: string;
  text: string;
}

/** The fields of a feedback report (RFC 5965, RFC 6591). */
export interface Feedback {
  type: string | null;
  user_agent: string | null;
  source_ip: string | null;
  original_envelope_id: string | null;
  auth_failure: string | null;
  incidents: number | null;
}

/** One SMTP reply, decided. */
export interface Verdict {
  reason: Reason;
  hard: boolean;
  blame: Blame;
  advice: Advice;
  status: string | null;
  derived_status: string | null;
  reply_code: number | null;
  command: Command | null;
  provider: string | null;
  source_ip: string | null;
  new_address: string | null;
  retry_after: number | null;
  decided_by: DecidedBy;
  evidence: Evidence[];
  also: Reason[];
}

/** One reason of the taxonomy, with what holds where a reply does not say otherwise. */
export interface ReasonInfo {
  name: Reason;
  hard: boolean;
  blame: Blame;
  advice: Advice;
  definition: string;
  definition_ja: string;
}

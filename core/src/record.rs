//! The record: the flat value that every surface returns.
//!
//! The order of the fields is the order of the keys in JSON; every key is always present, and null is written. The
//! generated schema is `schema/record.json`.
//!
//! A new key is a minor version, so none of these types can be written as a literal elsewhere. Their defaults say nothing, for
//! programs that fill one by themselves: in tests, or from JSON that they kept.

use serde::Serialize;
use std::collections::BTreeMap;

use crate::reason::Reason;
use crate::vocabulary::{
    Action, AddressStatus, Advice, Authenticity, Blame, Command, DecidedBy, Kind, Limit, RecipientSource,
};

/// The version of the record's schema. Adding a key raises the minor number, anything else the major one.
pub const SCHEMA_VERSION: &str = "1.0";

/// What one message said: its kind, and one record for each recipient it reports on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The worst kind of its records (bounce, delay, feedback, auto_reply, delivery), or `other` without records.
    pub kind: Kind,
    /// A tag that a gateway put before the Subject, such as `[SPAM]`.
    pub subject_tag: Option<String>,
    /// One for each recipient, in the order of the report.
    pub records: Vec<Record>,
    /// Every limit that was hit; what lies beyond it was not read.
    pub limits: Vec<Limit>,
}

impl Report {
    /// The report as compact JSON, the same bytes on every surface.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(self)
    }
}

/// What happened to one recipient. See the crate's guide for the meaning of each key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Record {
    /// 128 bits in hex that are the same for the same failure seen again: SHA-256 over kind, recipient and Message-ID
    /// (without one: sender and timestamp).
    pub id: String,
    /// What this recipient's part of the report is.
    pub kind: Kind,
    /// The address that failed; the local part as written, the domain lower-cased. `None` when the mail names nobody.
    pub recipient: Option<String>,
    /// Where `recipient` was read.
    pub recipient_source: Option<RecipientSource>,
    /// The address that was mailed to, where it differs from `recipient` (alias, forward, ORCPT, VERP, SRS).
    pub original_recipient: Option<String>,
    /// The envelope sender of the returned mail, else its From.
    pub sender: Option<String>,
    /// Why it failed.
    pub reason: Reason,
    /// Whether the address will never work.
    pub hard: bool,
    /// Whose side the failure is on.
    pub blame: Blame,
    /// What to do now.
    pub advice: Advice,
    /// The Action of RFC 3464; `None` where neither field nor words say it.
    pub action: Option<Action>,
    /// The enhanced status code (RFC 3463) of the deciding reply, else the Status field.
    pub status: Option<String>,
    /// The Status field, untouched.
    pub dsn_status: Option<String>,
    /// The enhanced code that the decision would deserve.
    pub derived_status: Option<String>,
    /// The SMTP reply code (RFC 5321) of the deciding reply.
    pub reply_code: Option<u16>,
    /// The stage of the SMTP dialogue at which it was refused.
    pub command: Option<Command>,
    /// The words of the deciding reply, decoded to UTF-8, white space folded.
    pub diagnostic: Option<String>,
    /// The type before the words: `smtp`, `x-unix`, `lmtp` and others.
    pub diagnostic_type: Option<String>,
    /// Reporting-MTA: the host that wrote the report.
    pub reporting_mta: Option<String>,
    /// Received-From-MTA: the host that it had the message from.
    pub received_from_mta: Option<String>,
    /// Remote-MTA: the host that refused the message.
    pub remote_mta: Option<String>,
    /// The sending address, where a reply names it.
    pub source_ip: Option<String>,
    /// Who runs the mailbox: `google`, `microsoft365`, `docomo` and others.
    pub provider: Option<String>,
    /// Which report format was read: `postfix`, `exim`, `rfc3464`, `arf` and others.
    pub format: String,
    /// Where a reply says that the mailbox moved to.
    pub new_address: Option<String>,
    /// Seconds to wait before another try, where the reply states them.
    pub retry_after: Option<u64>,
    /// The fields of a feedback report.
    pub feedback: Option<Feedback>,
    /// Subject of the returned mail.
    pub subject: Option<String>,
    /// Message-ID of the returned mail, without angle brackets.
    pub message_id: Option<String>,
    /// List-Id of the returned mail (RFC 2919), without angle brackets.
    pub list_id: Option<String>,
    /// Feedback-ID header of the returned mail.
    pub feedback_id: Option<String>,
    /// Further headers of the returned mail that the caller asked for, by lower-case name.
    pub headers: Option<BTreeMap<String, String>>,
    /// Original-Envelope-Id (RFC 3461 ENVID).
    pub original_envelope_id: Option<String>,
    /// The reporting MTA's queue id.
    pub queue_id: Option<String>,
    /// RFC 3339 with the offset as written: Last-Attempt-Date, else the report's Date, else Arrival-Date.
    pub timestamp: Option<String>,
    /// Arrival-Date of RFC 3464, as RFC 3339.
    pub arrival_date: Option<String>,
    /// Last-Attempt-Date of RFC 3464, as RFC 3339.
    pub last_attempt_date: Option<String>,
    /// Will-Retry-Until of RFC 3464, as RFC 3339.
    pub will_retry_until: Option<String>,
    /// Which kind of knowledge decided the reason.
    pub decided_by: DecidedBy,
    /// What the decision rests on, the winner first.
    pub evidence: Vec<Evidence>,
    /// Reasons that matched too and lost, best first.
    pub also: Vec<Reason>,
    /// What the caller's address book says of the recipient.
    pub address_status: Option<AddressStatus>,
    /// Whether the report answers mail that the caller really sent, when a verifier was given.
    pub authenticity: Option<Authenticity>,
}

impl From<Record> for Report {
    /// A report of one record, such as one from a log.
    fn from(record: Record) -> Self {
        Self { kind: record.kind, subject_tag: None, records: vec![record], limits: Vec::new() }
    }
}

impl Record {
    /// The record as compact JSON, the same bytes on every surface.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(self)
    }
}

/// One reply, decided: what [`classify`](crate::classify) returns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Verdict {
    /// Why it failed.
    pub reason: Reason,
    /// Whether the address will never work.
    pub hard: bool,
    /// Whose side the failure is on.
    pub blame: Blame,
    /// What to do now.
    pub advice: Advice,
    /// The enhanced status code of the reply.
    pub status: Option<String>,
    /// The enhanced code that the decision would deserve.
    pub derived_status: Option<String>,
    /// The SMTP reply code.
    pub reply_code: Option<u16>,
    /// The stage of the SMTP dialogue, where the text tells it.
    pub command: Option<Command>,
    /// Who runs the mailbox, from the hint or the wording.
    pub provider: Option<String>,
    /// The sending address, where the reply names it.
    pub source_ip: Option<String>,
    /// Where the reply says that the mailbox moved to.
    pub new_address: Option<String>,
    /// Seconds to wait before another try, where the reply states them.
    pub retry_after: Option<u64>,
    /// Which kind of knowledge decided the reason.
    pub decided_by: DecidedBy,
    /// What the decision rests on, the winner first.
    pub evidence: Vec<Evidence>,
    /// Reasons that matched too and lost, best first.
    pub also: Vec<Reason>,
}

impl Verdict {
    /// The verdict as compact JSON, the same bytes on every surface.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(self)
    }
}

/// One piece of what a decision rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Evidence {
    /// The rule's id, as `komainu rules show` takes it.
    pub rule: String,
    /// The record key that the rule looked at.
    pub field: String,
    /// The words that matched: an exact substring of that key's value.
    pub text: String,
}

/// The fields of a feedback report (RFC 5965, RFC 6591).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Feedback {
    /// Feedback-Type: `abuse`, `fraud`, `opt-out`, `not-spam`, `auth-failure` and others, lower case.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// User-Agent of the report generator.
    pub user_agent: Option<String>,
    /// Source-IP.
    pub source_ip: Option<String>,
    /// Original-Envelope-Id.
    pub original_envelope_id: Option<String>,
    /// Auth-Failure (RFC 6591).
    pub auth_failure: Option<String>,
    /// Incidents: how many reports this one stands for.
    pub incidents: Option<u64>,
}

/// Records hold strings, numbers, lists and string-keyed maps only: serde_json has nothing to refuse in them.
fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

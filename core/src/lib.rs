//! Reads what comes back when mail could not be delivered, and says for every recipient *who* failed, *why*, *whose
//! fault* it is and *what to do now*.
//!
//! ```
//! let verdict = komainu::classify("550 5.1.1 <nobody@example.jp>: User unknown");
//! println!("{} {} {}", verdict.reason, verdict.hard, verdict.advice);
//! ```
#![forbid(unsafe_code)]

mod address_book;
mod analyzer;
#[cfg(feature = "arrow")]
pub mod arrow;
mod classify;
mod decide;
mod error;
mod explain;
mod facts;
mod finder;
mod flow;
#[cfg(feature = "io")]
pub mod io;
mod lanes;
mod letters;
mod limits;
pub mod log;
mod message;
mod numbers;
mod options;
mod packed;
mod printable;
mod reason;
mod record;
mod redact;
mod report;
pub mod returnpath;
pub mod rules;
mod syntax;
#[cfg(test)]
mod testing;
mod undefined;
mod verify;
mod vocabulary;
mod words;

/// What the README shows is run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use address_book::AddressBook;
pub use analyzer::{Analyzer, AnalyzerBuilder};
pub use classify::Hints;
pub use error::Error;
pub use limits::Limits;
pub use printable::printable;
pub use reason::Reason;
pub use record::{Evidence, Feedback, Record, Report, SCHEMA_VERSION, Verdict};
pub use redact::Redactor;
pub use undefined::template;
pub use verify::Verifier;
pub use vocabulary::{
    Action, AddressStatus, Advice, Authenticity, Blame, Command, DecidedBy, Kind, Limit, RecipientSource,
};

/// Reads one message as it came, with the default options.
///
/// Ordinary mail gives [`Kind::Other`] and no records. No input is an error, and none panics.
#[must_use]
pub fn parse(raw: &[u8]) -> Report {
    Analyzer::default().parse(raw)
}

/// Decides one SMTP reply; the lines of one reply belong together.
#[must_use]
pub fn classify(text: &str) -> Verdict {
    classify_with(text, &Hints::default())
}

/// Decides one SMTP reply with what the caller knows beside it.
#[must_use]
pub fn classify_with(text: &str, hints: &Hints) -> Verdict {
    classify::classify_by(rules::builtin(), text, hints)
}

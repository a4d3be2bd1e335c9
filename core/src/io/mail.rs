//! What a scan yields: messages, parsed messages, problems.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::analyzer::Analyzer;
use crate::record::{Record, Report};
use crate::vocabulary::Limit;

/// One message as it was stored, without what the mailbox put around it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mail {
    /// The file it is in, as found under the path that was given; `archive.zip/member` in an archive.
    pub source: Arc<str>,
    /// Its number in the source, from 0.
    pub index: u64,
    /// Where it begins in the (decompressed) source, in bytes. In an mbox that is its `From ` line.
    pub offset: u64,
    /// Where it ends in the source: the offset of what follows.
    pub end: u64,
    /// The message. An mbox's `From ` line is left out and its `>From ` quoting undone.
    pub raw: Vec<u8>,
    /// Whether it was longer than [`ScanOptions::max_message_bytes`](super::ScanOptions::max_message_bytes): `raw` then ends there.
    pub cut: bool,
}

impl Mail {
    /// Parses the message. A message that was cut shows in [`Report::limits`].
    #[must_use]
    pub fn parse(&self, analyzer: &Analyzer) -> ParsedMail {
        let mut report = analyzer.parse(&self.raw);
        if self.cut && !report.limits.contains(&Limit::Bytes) {
            report.limits.push(Limit::Bytes);
        }
        ParsedMail {
            source: Arc::clone(&self.source),
            index: self.index,
            offset: self.offset,
            end: self.end,
            report,
        }
    }
}

/// One message, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParsedMail {
    /// As in [`Mail::source`].
    pub source: Arc<str>,
    /// As in [`Mail::index`].
    pub index: u64,
    /// As in [`Mail::offset`].
    pub offset: u64,
    /// As in [`Mail::end`].
    pub end: u64,
    /// What the message said.
    pub report: Report,
}

impl ParsedMail {
    /// A report with its place, for what was not read by a [`Scan`](super::Scan).
    #[must_use]
    pub const fn new(source: Arc<str>, index: u64, offset: u64, end: u64, report: Report) -> Self {
        Self { source, index, offset, end, report }
    }

    /// A record of this message as compact JSON with `source`, `index` and `offset` before the record's keys: a line of
    /// the command's NDJSON.
    #[must_use]
    pub fn record_json(&self, record: &Record) -> String {
        self.placed(&record.to_json())
    }

    /// The report as compact JSON with `source`, `index` and `offset` before the report's keys.
    #[must_use]
    pub fn report_json(&self) -> String {
        self.placed(&self.report.to_json())
    }

    /// Splices the place in behind the brace of a JSON object that has keys.
    fn placed(&self, object: &str) -> String {
        let source = serde_json::to_string(&*self.source).unwrap_or_default();
        let keys = object.get(1..).unwrap_or("}");
        format!(r#"{{"source":{source},"index":{},"offset":{},{keys}"#, self.index, self.offset)
    }
}

/// What kind of problem a scan met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A path that was given does not exist.
    Missing,
    /// A file or folder could not be opened, or is of a kind that is not read.
    Unreadable,
    /// Part of a source was read, and the rest could not be.
    Damaged,
}

/// A part of a scan that could not be read. The scan goes on behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScanError {
    /// What happened.
    pub kind: ProblemKind,
    /// The file or folder.
    pub source: Arc<str>,
    /// Where in the source, in bytes, if it was read that far.
    pub offset: Option<u64>,
    /// For people.
    pub message: String,
}

impl ScanError {
    /// A problem with a source as a whole.
    pub fn new(kind: ProblemKind, source: impl Into<Arc<str>>, message: impl Into<String>) -> Self {
        Self { kind, source: source.into(), offset: None, message: message.into() }
    }

    pub(super) fn at(mut self, offset: u64) -> Self {
        self.offset = Some(offset);
        self
    }

    /// An operating system's error on a path; `given` when the caller named this very path.
    pub(super) fn os(path: &Path, error: &io::Error, given: bool) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::NotFound if given => ProblemKind::Missing,
            _ => ProblemKind::Unreadable,
        };
        let message = match error.kind() {
            io::ErrorKind::NotFound => "no such file or folder".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        Self::new(kind, path.to_string_lossy(), message)
    }
}

impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.source)?;
        if let Some(offset) = self.offset {
            write!(f, "at byte {offset}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ScanError {}

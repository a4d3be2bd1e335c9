//! Log and bounce mail joined: what each alone does not tell.

mod document;
mod ledger;
mod limits;
mod rates;
mod text;

pub(crate) use document::Document;
pub(crate) use ledger::Ledger;
pub(crate) use limits::{Above, Limit, above};
pub(crate) use rates::Row;
pub(crate) use text::print;

use komainu::Record;
use serde::Serialize;

/// Where a failure was told of. Each failure is in one group; copies are further mails about one of another group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Group {
    /// The log says that it was refused in the session or given up, and no mail does.
    Refused,
    /// Both say so.
    Both,
    /// The log says that it was delivered, and a bounce came later.
    AcceptedThenBounced,
    /// A bounce of what no log line speaks of.
    Unlogged,
    /// Mail about a failure that an earlier mail told of.
    Copies,
}

impl Group {
    pub(crate) const ALL: [Self; 5] =
        [Self::Refused, Self::Both, Self::AcceptedThenBounced, Self::Unlogged, Self::Copies];

    /// The key in JSON.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Both => "both",
            Self::AcceptedThenBounced => "accepted_then_bounced",
            Self::Unlogged => "unlogged",
            Self::Copies => "copies",
        }
    }

    /// For people.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Refused => "refused in the session or given up: the log alone tells",
            Self::Both => "refused or given up, and returned by mail",
            Self::AcceptedThenBounced => "accepted, and then bounced",
            Self::Unlogged => "bounced without a log line",
            Self::Copies => "postmaster's copies: told of above",
        }
    }
}

/// One failure of a group.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Example {
    pub(crate) source: String,
    pub(crate) index: u64,
    pub(crate) recipient: Option<String>,
    pub(crate) reason: &'static str,
    pub(crate) hard: bool,
    pub(crate) status: Option<String>,
    pub(crate) diagnostic: Option<String>,
    pub(crate) message_id: Option<String>,
    pub(crate) timestamp: Option<String>,
}

impl Example {
    fn of(source: &str, index: u64, record: &Record) -> Self {
        Self {
            source: source.to_owned(),
            index,
            recipient: record.recipient.clone(),
            reason: record.reason.as_str(),
            hard: record.hard,
            status: record.status.clone(),
            diagnostic: record.diagnostic.clone(),
            message_id: record.message_id.clone(),
            timestamp: record.timestamp.clone(),
        }
    }
}

/// A group's failures in numbers, and the first of them.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Told {
    pub(crate) count: u64,
    pub(crate) hard: u64,
    pub(crate) soft: u64,
    pub(crate) examples: Vec<Example>,
}

impl Told {
    fn add(&mut self, hard: bool) {
        self.count += 1;
        if hard {
            self.hard += 1;
        } else {
            self.soft += 1;
        }
    }
}

/// What a reconciliation found.
#[derive(Debug)]
pub(crate) struct Reconciled {
    /// In the order of [`Group::ALL`].
    pub(crate) groups: Vec<(Group, Told)>,
    /// Everything that was sent.
    pub(crate) all: Row,
    /// By provider, or domain where nobody is known to run it; the most mail first.
    pub(crate) providers: Vec<Row>,
    pub(crate) mail: Mail,
    /// Of the log: the first and last time.
    pub(crate) period: Option<(jiff::Timestamp, jiff::Timestamp)>,
    /// Deliveries into mailboxes of the server's own, which are not counted as sent.
    pub(crate) local: u64,
}

/// The mail's side in numbers.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Mail {
    pub(crate) messages: u64,
    pub(crate) bounces: u64,
    pub(crate) complaints: u64,
    /// Complaints about what no log line speaks of.
    pub(crate) unlogged_complaints: u64,
    /// Of both, those from outside the time that the logs cover: left out.
    pub(crate) outside: u64,
}

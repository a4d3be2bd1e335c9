//! One SMTP reply to a verdict.

use crate::decide::{Question, decide};
use crate::record::Verdict;
use crate::vocabulary::{Command, Kind};

/// What the caller knows beside the reply. All of it is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Who runs the mailbox, such as `google`.
    pub provider: Option<String>,
    /// The stage that the reply answered.
    pub command: Option<Command>,
    /// An enhanced status code from elsewhere, such as a Status field. One in the text goes before it.
    pub status: Option<String>,
    /// The date of the reply, `YYYY-MM-DD` or RFC 3339. Rules that have ended need one to apply.
    pub date: Option<String>,
    /// The report format, such as `postfix`.
    pub format: Option<String>,
}

pub(crate) fn classify(text: &str, hints: &Hints) -> Verdict {
    let decision = decide(&Question {
        kind: Kind::Bounce,
        action: None,
        diagnostic: Some(text),
        context: None,
        status: hints.status.as_deref(),
        dsn_status: None,
        reply_code: None,
        command: hints.command,
        provider: hints.provider.as_deref(),
        format: hints.format.as_deref().unwrap_or("smtp"),
        timestamp: hints.date.as_deref(),
        feedback_type: None,
    });
    Verdict {
        reason: decision.reason,
        hard: decision.hard,
        blame: decision.blame,
        advice: decision.advice,
        status: hints.status.clone(),
        derived_status: decision.derived_status,
        reply_code: None,
        command: hints.command,
        provider: hints.provider.clone(),
        source_ip: None,
        new_address: None,
        retry_after: None,
        decided_by: decision.decided_by,
        evidence: decision.evidence,
        also: decision.also,
    }
}

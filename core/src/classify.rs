//! One SMTP reply to a verdict.

use crate::decide::{Question, Searched, decide};
use crate::message::headers::folded;
use crate::record::Verdict;
use crate::rules::RuleSet;
use crate::syntax::{reply, stage};
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

pub(crate) fn classify_by(rules: &RuleSet, text: &str, hints: &Hints) -> Verdict {
    let line = folded(text);
    let reply = reply::read(&line);
    // A code in the words is the deciding reply's own; x.0.0 says less than a hint does.
    let own = reply.status.filter(|status| hints.status.is_none() || !reply::is_generic(status));
    let status = own.or_else(|| hints.status.clone());
    // As it was given, so that evidence is a piece of it, line breaks and all.
    let diagnostic = (!line.is_empty()).then_some(text);
    let searched = diagnostic.map(|text| Searched::new(rules, "diagnostic", text));
    let told = || searched.as_ref().and_then(Searched::stage).unwrap_or_else(|| stage::of(&line));
    let command = hints.command.or_else(told);
    let question = Question {
        kind: Kind::Bounce,
        action: None,
        diagnostic,
        context: None,
        status: status.as_deref(),
        dsn_status: hints.status.as_deref(),
        reply_code: reply.code,
        command,
        provider: hints.provider.as_deref(),
        recipient: None,
        format: hints.format.as_deref().unwrap_or("smtp"),
        timestamp: hints.date.as_deref(),
        feedback_type: None,
    };
    let decision = decide(rules, &question, searched);
    Verdict {
        reason: decision.reason,
        hard: decision.hard,
        blame: decision.blame,
        advice: decision.advice,
        status,
        derived_status: decision.derived_status,
        reply_code: reply.code,
        command,
        provider: decision.provider,
        source_ip: reply.source_ip,
        new_address: reply.new_address,
        retry_after: reply.retry_after,
        decided_by: decision.decided_by,
        evidence: decision.evidence,
        also: decision.also,
    }
}

//! Facts to reason: tiers, evidence, runners-up (TAXONOMY section 3).

use crate::reason::Reason;
use crate::record::Evidence;
use crate::vocabulary::{Action, Advice, Blame, Command, DecidedBy, Kind};

/// Everything a decision may look at. Texts are the record's own values, so that evidence can point into them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) kind: Kind,
    pub(crate) action: Option<Action>,
    /// The record's `diagnostic`: the deciding reply's words.
    pub(crate) diagnostic: Option<&'a str>,
    /// Further words of the report that are no reply: searched only when the diagnostic decides nothing.
    pub(crate) context: Option<&'a str>,
    /// The record's `status`: of the deciding reply, else the Status field.
    pub(crate) status: Option<&'a str>,
    /// The Status field, untouched.
    pub(crate) dsn_status: Option<&'a str>,
    pub(crate) reply_code: Option<u16>,
    pub(crate) command: Option<Command>,
    pub(crate) provider: Option<&'a str>,
    pub(crate) format: &'a str,
    /// The record's `timestamp` (RFC 3339); its first ten characters are the date that rules compare with.
    pub(crate) timestamp: Option<&'a str>,
    /// Feedback-Type, for the advice on feedback reports.
    pub(crate) feedback_type: Option<&'a str>,
}

/// What was decided, and on what.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    pub(crate) reason: Reason,
    pub(crate) hard: bool,
    pub(crate) blame: Blame,
    pub(crate) advice: Advice,
    pub(crate) derived_status: Option<String>,
    pub(crate) decided_by: DecidedBy,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) also: Vec<Reason>,
}

/// Decides one question.
pub(crate) fn decide(question: &Question<'_>) -> Decision {
    let reason = if question.diagnostic.is_some() { Reason::Undefined } else { Reason::OnHold };
    Decision {
        reason,
        hard: false,
        blame: Blame::Unknown,
        advice: Advice::Review,
        derived_status: None,
        decided_by: DecidedBy::None,
        evidence: Vec::new(),
        also: Vec::new(),
    }
}

//! What follows from a reason: hard, blame, advice and the code it would deserve.

use super::{Choice, Decision, Facts, Question};
use crate::reason::Reason;
use crate::vocabulary::{Action, Advice, Blame, DecidedBy, Kind};

pub(super) fn decision(facts: &Facts<'_>, choice: Choice) -> Decision {
    let q = facts.question;
    let class = class(q);
    let hard = is_hard(q, &choice, class);
    let blame = choice.answer.blame.unwrap_or_else(|| match choice.reason {
        // "Not now" is the receiver's doing, "never" the address's.
        Reason::NotAccept if choice.answer.hard == Some(false) => Blame::Receiver,
        reason => reason.blame(),
    });
    Decision {
        hard,
        blame,
        advice: advice(q, &choice, hard),
        derived_status: derived_status(q, choice.reason, class),
        provider: facts.provider.map(str::to_owned),
        reason: choice.reason,
        decided_by: choice.decided_by,
        evidence: choice.evidence,
        also: choice.also,
    }
}

/// Class 4 or 5: of the deciding reply's enhanced code, else of its reply code, else of the Status field.
fn class(q: &Question<'_>) -> Option<u8> {
    let digit = |status: Option<&str>| status?.bytes().next().map(|b| b.wrapping_sub(b'0'));
    // `status` is the Status field where the reply has no code of its own; then the reply code speaks first.
    let own = q.status.filter(|s| Some(*s) != q.dsn_status || q.diagnostic.is_some_and(|d| d.contains(*s)));
    digit(own).or_else(|| q.reply_code.and_then(|c| u8::try_from(c / 100).ok())).or_else(|| digit(q.status))
}

/// Only a bounce is hard, and class 4 makes it soft.
///
/// One exception: a domain that does not exist, or that wants no mail, will not come back because the reporter wrote 4.0.0
/// beside `Action: failed`.
fn is_hard(q: &Question<'_>, choice: &Choice, class: Option<u8>) -> bool {
    if q.kind != Kind::Bounce || !choice.answer.hard.unwrap_or(choice.reason.hard()) {
        return false;
    }
    let gone = matches!(choice.reason, Reason::HostUnknown | Reason::NotAccept)
        && matches!(choice.decided_by, DecidedBy::Provider | DecidedBy::Phrase)
        && q.action == Some(Action::Failed)
        && q.reply_code.is_none_or(|code| code / 100 != 4);
    gone || class != Some(4)
}

/// The advice of the first line that fits.
fn advice(q: &Question<'_>, choice: &Choice, hard: bool) -> Advice {
    match q.kind {
        Kind::Delay | Kind::AutoReply | Kind::Delivery | Kind::Other => return Advice::None,
        Kind::Feedback => return feedback(q.feedback_type),
        Kind::Bounce => {}
    }
    if let Some(advice) = choice.answer.advice {
        return advice;
    }
    if hard {
        return Advice::Suppress;
    }
    match choice.reason.advice() {
        // Unknown, but not for good: a lookup that failed, or a domain that is not there right now.
        Advice::Suppress if choice.reason != Reason::Suppressed => Advice::Retry,
        advice => advice,
    }
}

/// Complaints end a subscription; "not spam" asks for nothing; other reports are read by people.
fn feedback(kind: Option<&str>) -> Advice {
    match kind {
        Some("not-spam") => Advice::None,
        Some("abuse" | "fraud" | "opt-out" | "opt-out-list" | "complaint") => Advice::Suppress,
        _ => Advice::Review,
    }
}

fn derived_status(q: &Question<'_>, reason: Reason, class: Option<u8>) -> Option<String> {
    let status = reason.status()?;
    let class = if q.kind == Kind::Delay || class == Some(4) { "4" } else { "5" };
    // Most have it already.
    Some(if status.starts_with(class) { status.to_owned() } else { [class, &status[1..]].concat() })
}

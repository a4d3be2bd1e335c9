//! Without telling words: enhanced codes, then the stage, then the reply code.

use super::condition::{is_reply_code, is_status};
use super::{Choice, Facts};
use crate::reason::Reason;
use crate::rules::RuleSet;
use crate::rules::table::{Answer, Code};
use crate::vocabulary::{Command, DecidedBy, Kind};

/// Codes that say less than any words around them.
const VAGUE: [&str; 4] = ["x.0.0", "x.4.7", "x.5.0", "x.1.0"];

/// Whether the status is one that decides before words that are no reply are asked.
pub(super) fn is_telling(facts: &Facts<'_>) -> bool {
    facts.question.status.is_some_and(|status| !VAGUE.iter().any(|vague| is_status(vague, status)))
}

/// Codes that every refusal carries: general words beside them say as much.
const GENERAL: [&str; 4] = ["x.7.0", "x.7.1", "x.3.0", "x.2.0"];

/// Whether a reading of the code says more than general words do.
pub(super) fn outranks_weak(facts: &Facts<'_>, choice: &Choice) -> bool {
    let general = |status: &str| GENERAL.iter().any(|code| is_status(code, status));
    choice.decided_by == DecidedBy::ProviderCode || !facts.question.status.is_some_and(general)
}

/// A provider's reading of the code, else the registered one; of the reply's code first, then of the Status field.
pub(super) fn by_code(rules: &RuleSet, facts: &Facts<'_>) -> Option<Choice> {
    let q = facts.question;
    [("status", q.status), ("dsn_status", q.dsn_status)].into_iter().find_map(|(field, status)| {
        let status = status?;
        let fits = |code: &&Code| {
            begins_like(&code.code, status)
                && is_status(&code.code, status)
                && is_reply_code(&code.reply_code, q.reply_code)
        };
        let own = |code: &&Code| facts.provider.is_some_and(|p| code.provider.iter().any(|own| own == p));
        let mut all = rules.tables.codes.iter().filter(fits);
        let (code, by) = match all.clone().find(own) {
            Some(code) => (code, DecidedBy::ProviderCode),
            None => (all.find(|code| code.provider.is_empty())?, DecidedBy::Status),
        };
        let mut choice = Choice::new(code.reason, by).because(&code.id, field, status);
        choice.answer = code.answer;
        Some(choice)
    })
}

/// Whether a status may fit a pattern, as far as its first two numbers tell where the pattern has a digit or `x` for each:
/// most of hundreds end here.
fn begins_like(pattern: &str, status: &str) -> bool {
    match (pattern.as_bytes(), status.as_bytes()) {
        ([a, b'.', b, b'.', ..], [c, b'.', d, b'.', ..]) => (*a == b'x' || a == c) && (*b == b'x' || b == d),
        _ => true,
    }
}

/// The stage, then the reply code alone.
pub(super) fn by_stage(facts: &Facts<'_>) -> Option<Choice> {
    let q = facts.question;
    if q.kind == Kind::Delay {
        return None;
    }
    let by_command = |command: Command| {
        let reason = match command {
            Command::Mail => Reason::Rejected,
            Command::Rcpt => Reason::UserUnknown,
            Command::Data => Reason::Filtered,
            Command::StartTls => Reason::FailedStartTls,
            Command::Auth => Reason::SecurityError,
            Command::Conn | Command::Ehlo => Reason::Blocked,
            Command::Quit => return None,
        };
        Some((
            reason,
            format!("stage.{}", command.as_str().to_ascii_lowercase()),
            "command",
            command.to_string(),
        ))
    };
    // A stage decides only what was refused there: a class 4 reply may be about anything.
    let refused = q.reply_code.is_none_or(|code| code >= 500);
    let stage = if refused { q.command.and_then(by_command) } else { None };
    let (reason, rule, field, text) = stage.or_else(|| {
        let code = q.reply_code?;
        Some((by_reply_code(code)?, format!("reply_code.{code}"), "reply_code", code.to_string()))
    })?;
    let mut choice = Choice::new(reason, DecidedBy::Stage).because(&rule, field, &text);
    if field != "command" && reason == Reason::UserUnknown {
        // Only a refusal of RCPT makes a mailbox unknown for good.
        choice.answer = Answer { hard: Some(false), ..Answer::default() };
    }
    Some(choice)
}

/// What RFC 5321 and its extensions say of a bare reply code. 550 and 554 say nothing: every refusal uses them.
fn by_reply_code(code: u16) -> Option<Reason> {
    Some(match code {
        421 | 450 | 451 => Reason::SystemError,
        452 => Reason::SystemFull,
        454 | 530 | 534 | 535 | 538 => Reason::SecurityError,
        500..=504 | 555 => Reason::SyntaxError,
        517 => Reason::Rejected,
        521 | 556 => Reason::NotAccept,
        523 => Reason::FailedStartTls,
        511 | 551 | 553 => Reason::UserUnknown,
        552 => Reason::MailboxFull,
        _ => return None,
    })
}

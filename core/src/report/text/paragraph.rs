//! The words that say why, where a report sets them apart from the recipient.

use crate::message::headers::fold_white;
use crate::syntax::reply;
use crate::words::{Words, lines};

/// The first paragraph that holds a reply; else the first that a lead such as "Reason:" opens. White space folded.
pub(in crate::report) fn quoted_reason(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    reply_from(&lines).or_else(|| lead_from(&lines))
}

/// The same, in lines.
pub(super) fn reason(lines: &[&str]) -> Option<String> {
    reply_from(lines).or_else(|| lead_from(lines))
}

/// The lines from the first that carries a reply code or an enhanced status to the end of its paragraph.
pub(super) fn reply_from(lines: &[&str]) -> Option<String> {
    let start = lines.iter().position(|line| holds_reply(line))?;
    let end = lines[start..].iter().position(|line| ends_reply(line)).map_or(lines.len(), |n| start + n);
    // The words that introduce the reply ("host ... said:") stand on the line above.
    let introduced =
        start > 0 && lines[start - 1].trim_end().ends_with(':') && !lines[start - 1].trim().is_empty();
    let from = if introduced { start - 1 } else { start };
    Some(fold_white(&lines[from..end.min(from + 20)].join(" ")))
}

/// An empty line, a rule or the goodbye of a quoted dialogue.
fn ends_reply(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line == "QUIT" || line.starts_with("---")
}

pub(super) fn holds_reply(line: &str) -> bool {
    let trimmed = line.trim_start_matches([' ', '\t', '>', '<', '#', '*', '-', '"', '\'', '(']);
    let starts = trimmed.bytes().take(3).filter(u8::is_ascii_digit).count() == 3
        && matches!(trimmed.as_bytes()[0], b'4' | b'5')
        && trimmed.as_bytes().get(3).is_none_or(|b| matches!(b, b' ' | b'-' | b':' | b'_' | b';'));
    if !line.bytes().any(|b| matches!(b, b'4' | b'5')) || is_boilerplate(line) {
        return false;
    }
    let codes = reply::codes(line);
    starts || codes.status.is_some() || codes.code.is_some() && says_error(line)
}

static ERRORS: Words = Words::new(lines![
    "error", "said", "respon", "smtp", "refus", "reject", "reply", "replied", "code", "returned", ": 5",
    ": 4",
]);

fn says_error(line: &str) -> bool {
    ERRORS.any(line)
}

/// Header lines and dates hold numbers that look like codes.
fn is_boilerplate(line: &str) -> bool {
    let trimmed = line.trim_start();
    ["Date:", "Sent:", "Received:", "Message-ID:", "Message-Id:", "Queue-ID:", "X-"]
        .iter()
        .any(|name| trimmed.starts_with(name))
}

/// Leads that a reason follows, lower case.
static LEADS: Words = Words::new(lines![
    "reason:",
    "reason of",
    "reason for",
    "because:",
    "because",
    "diagnostic",
    "error message",
    "error:",
    "error was",
    "technical details",
    "technical report",
    "the error",
    "following error",
    "following reason",
    "server returned",
    "remote host said",
    "remote server",
    "said:",
    "failed due to",
    "transcript of session",
    "details:",
    "the response",
    "response was",
    "response:",
    "problem:",
    "cause:",
    "explanation",
    "status:",
    "原因",
    "理由",
    "エラー",
    "grund:",
    "motivo",
    "raison",
    "motif",
    "причина",
]);

fn lead_from(lines: &[&str]) -> Option<String> {
    for (n, line) in lines.iter().enumerate() {
        let Some(lead) = LEADS.first(line) else { continue };
        // "----- Transcript of session follows -----" is a heading.
        let heading = line.trim_start().starts_with("---");
        let rest = line[lead.end..].trim_start_matches([':', ' ', '-', '.']);
        // "for the following reason:" stands above it.
        let opens = rest.trim_end().ends_with([':', '：']) && rest.split_whitespace().count() < 4;
        if rest.chars().filter(|c| c.is_alphabetic()).count() > 3 && !heading && !opens {
            return Some(paragraph(&lines[n..]));
        }
        let next = lines[n + 1..].iter().position(|line| !line.trim().is_empty() && !is_rule(line))?;
        return Some(paragraph(&lines[n + 1 + next..]));
    }
    None
}

fn is_rule(line: &str) -> bool {
    line.trim().bytes().all(|b| matches!(b, b'-' | b'=' | b'_' | b'*' | b' '))
}

/// Lines up to the first empty one, white space folded.
pub(super) fn paragraph(lines: &[&str]) -> String {
    let end = lines.iter().position(|line| line.trim().is_empty()).unwrap_or(lines.len());
    fold_white(&lines[..end.min(20)].join(" "))
}

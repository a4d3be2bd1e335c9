//! The words that say why, where a report sets them apart from the recipient.

use std::cell::OnceCell;

use crate::message::headers::fold_white;
use crate::syntax::reply;
use crate::words::{Words, lines};

use super::line::is_remark;

/// The first paragraph that holds a reply; else the first that a lead such as "Reason:" opens. White space folded.
pub(in crate::report) fn quoted_reason(lines: &[&str]) -> Option<String> {
    reply_from(lines).or_else(|| lead_from(lines))
}

/// The lines from the first that carries a reply code or an enhanced status to the end of its paragraph.
pub(super) fn reply_from(lines: &[&str]) -> Option<String> {
    Some(reply_at(lines, reply_start(lines)?))
}

fn reply_start(lines: &[&str]) -> Option<usize> {
    lines.iter().position(|line| holds_reply(line))
}

fn reply_at(lines: &[&str], start: usize) -> String {
    let near = lines[start..].iter().take(LONGEST);
    let end = near.clone().position(|line| ends_reply(line)).map_or(lines.len(), |n| start + n);
    // The words that introduce the reply ("host ... said:") stand on the line above.
    let introduced =
        start > 0 && lines[start - 1].trim_end().ends_with(':') && !lines[start - 1].trim().is_empty();
    // Exchange signs its explanation on a line of its own: "<host #5.7.1>".
    let signs = lines[start].trim_start().starts_with('<') && lines[start].contains(" #");
    let from = if introduced || signs && start > 0 { start - 1 } else { start };
    fold_white(&lines[from..end.min(from + LONGEST)].join(" "))
}

/// Lines of a paragraph that are read.
const LONGEST: usize = 20;

/// The reasons that a text sets apart, for those that ask what stands above a line: looked for once, whoever asks.
pub(super) struct Reasons<'l, 't> {
    lines: &'l [&'t str],
    reply: OnceCell<Option<usize>>,
    lead: OnceCell<Option<usize>>,
}

impl<'l, 't> Reasons<'l, 't> {
    pub(super) const fn of(lines: &'l [&'t str]) -> Self {
        Self { lines, reply: OnceCell::new(), lead: OnceCell::new() }
    }

    /// What [`reply_from`] finds above this line.
    pub(super) fn reply_above(&self, line: usize) -> Option<String> {
        let start = self.reply.get_or_init(|| reply_start(self.lines)).filter(|start| *start < line)?;
        Some(reply_at(&self.lines[..line], start))
    }

    /// What a lead opens above this line.
    pub(super) fn led_above(&self, line: usize) -> Option<String> {
        let start = self.lead.get_or_init(|| lead_start(self.lines)).filter(|start| *start < line)?;
        Some(paragraph(&self.lines[start..line]))
    }
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
    "aufgrund",
    "motivo",
    "raison",
    "motif",
    "причина",
]);

fn lead_from(lines: &[&str]) -> Option<String> {
    Some(paragraph(&lines[lead_start(lines)?..]))
}

/// Where the words begin that a lead opens.
fn lead_start(lines: &[&str]) -> Option<usize> {
    let (n, lead) = lines.iter().enumerate().find_map(|(n, line)| Some((n, LEADS.first(line)?)))?;
    let line = lines[n];
    // "----- Transcript of session follows -----" is a heading.
    let heading = line.trim_start().starts_with("---");
    let rest = line[lead.end..].trim_start_matches([':', ' ', '-', '.']);
    // "for the following reason:" stands above it.
    let opens = rest.trim_end().ends_with([':', '：']) && rest.split_whitespace().count() < 4;
    if rest.chars().filter(|c| c.is_alphabetic()).nth(3).is_some() && !heading && !opens {
        return Some(n);
    }
    let next = lines[n + 1..].iter().position(|line| !line.trim().is_empty() && !is_rule(line))?;
    Some(n + 1 + next)
}

fn is_rule(line: &str) -> bool {
    line.trim().bytes().all(|b| matches!(b, b'-' | b'=' | b'_' | b'*' | b' '))
}

/// Lines up to the first empty one, white space folded.
pub(super) fn paragraph(lines: &[&str]) -> String {
    let near = &lines[..lines.len().min(LONGEST)];
    let ends = |line: &&str| line.trim().is_empty() || is_remark(line);
    let end = near.iter().skip(1).position(ends).map_or(near.len(), |n| n + 1);
    fold_white(&near[..end].join(" "))
}

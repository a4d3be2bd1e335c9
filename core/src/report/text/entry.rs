//! Which recipients a text names, and what it says of each.
//!
//! Reports print a recipient at the head of a line (`<user@example.org>: text`, or alone with the reason indented
//! below), after a lead ("Recipient:", "your mail to"), or somewhere in a sentence. The first of these that a text has
//! is the one its writer meant.

use crate::message::headers::fold_white;
use crate::report::formats::Format;
use crate::report::{ReturnedMail, Source, share};
use crate::syntax::known::Known;
use crate::syntax::{address, reply};

use crate::words::{Words, contains_ignore_case, lines};

use super::line::{is_label, is_remark, says_something};
use super::others::{Others, is_contact, is_place, is_sender_side};
use super::paragraph::{self, Reasons};
use super::pattern::{capture, matches};

/// What a text says of one recipient.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) address: Option<String>,
    /// The words, white space folded.
    pub(crate) text: String,
}

/// An address at a line, and where the words about it start.
pub(super) struct Head<'t> {
    pub(super) line: usize,
    pub(super) address: &'t str,
    /// What follows the address on its own line.
    pub(super) rest: &'t str,
}

pub(super) fn find(source: &Source<'_, '_>, returned: &ReturnedMail, format: Option<&Format>) -> Vec<Entry> {
    let all = source.lines();
    let others = Others::of(source, returned);
    let lines = zone(all, format);
    let found = heads(lines, format, &others);
    if found.is_empty() && lines.len() < all.len() {
        // The reporter changed its wording: the whole text is read instead.
        return entries(all, &heads(all, format, &others));
    }
    entries(lines, &found)
}

/// The recipients that these lines name, by the first way of naming them that has a hit.
fn heads<'t>(lines: &[&'t str], format: Option<&Format>, others: &Others<'_>) -> Vec<Head<'t>> {
    let mut heads = format.map_or_else(Vec::new, |format| by_pattern(lines, format));
    // Who else is named in the mail's own header matters only where somebody is named at all.
    let recipients = |heads: Vec<Head<'t>>| if heads.is_empty() { heads } else { others.drop_from(heads) };
    if heads.is_empty() {
        heads = recipients(at_head(lines));
    }
    if heads.is_empty() {
        heads = recipients(after_lead(lines));
    }
    if heads.is_empty() {
        heads = others.anywhere(lines);
    }
    heads
}

/// The lines between the format's start and stop.
fn zone<'l, 't>(lines: &'l [&'t str], format: Option<&Format>) -> &'l [&'t str] {
    let Some(format) = format else { return lines };
    let has = |line: &str, words: &[&str]| {
        words.iter().any(|word| contains_ignore_case(line.as_bytes(), word.as_bytes()))
    };
    let start = lines
        .iter()
        .position(|line| has(line, &format.start))
        .map_or(0, |n| n + usize::from(!format.start_holds));
    let stop =
        lines[start..].iter().position(|line| has(line, &format.stop)).map_or(lines.len(), |n| start + n);
    &lines[start..stop]
}

fn by_pattern<'t>(lines: &[&'t str], format: &Format) -> Vec<Head<'t>> {
    let mut heads: Vec<Head<'t>> = Vec::new();
    for (n, line) in lines.iter().enumerate().filter(|(_, line)| line.contains('@')) {
        for pattern in &format.recipient {
            let Some(found) = matches(pattern, line) else { continue };
            let Some(text) = capture(&found, "address") else { continue };
            let Some(range) = address::first(text) else { continue };
            heads.push(Head { line: n, address: &text[range], rest: capture(&found, "text").unwrap_or("") });
            break;
        }
    }
    heads
}

/// Addresses at the head of a line, with nothing or a separator after them.
///
/// Inside a paragraph a line that is indented deeper goes on with the recipient above it, whatever address it starts
/// with: `host ... said:` texts quote addresses at will.
fn at_head<'t>(lines: &[&'t str]) -> Vec<Head<'t>> {
    let mut heads = Vec::new();
    let mut open: Option<usize> = None;
    for (n, line) in lines.iter().enumerate() {
        let text = line.trim_start();
        if text.is_empty() {
            open = None;
            continue;
        }
        if !line.contains('@') {
            continue;
        }
        let indent = line.len() - text.len();
        if open.is_some_and(|above| indent > above) {
            continue;
        }
        // "For further assistance, please contact", and the address on the next line.
        let asked = || n > 0 && is_contact(lines[n - 1]);
        if let Some((address, rest)) = head(line).filter(|_| !asked()) {
            heads.push(Head { line: n, address, rest });
            open = Some(indent);
        }
    }
    heads
}

const MARKS: &[char] = &[' ', '\t', '*', '-', '\u{2022}', '\u{b7}', '|', '"', '\'', '(', '>', '\u{3000}'];

fn head(line: &str) -> Option<(&str, &str)> {
    let text = line.trim_start_matches(MARKS);
    let range = address::first(text)?;
    let before = &text[..range.start];
    if !before.is_empty() && !matches!(before, "<" | "[" | "RFC822;" | "rfc822;" | "mailto:" | "SMTP:") {
        return None;
    }
    let after = text[range.end..].trim_start_matches(['>', ']', ')', '"', '\'']);
    let separators =
        [":", ",", ";", "\t", "...", " (", " <", " -", "  ", " on ", " : ", " [", "<", "(", " ..."];
    let separated = after.trim().is_empty() || separators.iter().any(|s| after.starts_with(s));
    let refused = || {
        let codes = reply::codes(after);
        after.starts_with(' ') && (codes.code.is_some() || codes.status.is_some())
    };
    (separated || refused())
        .then(|| (&text[range], after.trim_start_matches([':', ',', ';', ' ', '\t', '.', '-'])))
}

/// Words before an address that make it the recipient, lower case.
static LEADS: Words = Words::new(lines![
    "recipient",
    "address",
    "deliver",
    "mail to",
    "message to",
    "rcpt to",
    "sent to",
    "send to",
    "to:",
    "for",
    "user",
    "mailbox",
    "account",
    "failed",
    "not found:",
    "unknown",
    "destinatario",
    "destinataire",
    "empfänger",
    "destinatário",
    "получател",
    "adres",
    "宛",
    "あて先",
    "メールアドレス",
    "収件人",
    "收件人",
    "받는",
    "mottagare",
]);

fn after_lead<'t>(lines: &[&'t str]) -> Vec<Head<'t>> {
    let mut heads = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        if !line.contains('@') || is_contact(line) {
            continue;
        }
        for range in address::find(line) {
            let before = &line[..range.start];
            let (near, _) = before.char_indices().rev().take(48).last().unwrap_or_default();
            let before = &before[near..];
            if LEADS.any(before) && !is_sender_side(before) && !is_place(before) {
                let rest =
                    line[range.end..].trim_start_matches(['>', ']', ')', '"', '\'', ':', '.', ',', ';', ' ']);
                heads.push(Head { line: n, address: &line[range], rest });
            }
        }
    }
    heads
}

/// Leaves out heads that repeat the address of the one above.
fn together<'t>(heads: &[Head<'t>]) -> Vec<Head<'t>> {
    let mut kept: Vec<Head<'t>> = Vec::new();
    for head in heads {
        if kept.last().is_none_or(|last| !address::same(last.address, head.address)) {
            kept.push(Head { line: head.line, address: head.address, rest: head.rest });
        }
    }
    kept
}

/// Heads of one address together; each with its words.
fn entries(lines: &[&str], heads: &[Head<'_>]) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    let mut known = Known::default();
    let reasons = Reasons::of(lines);
    // What follows an address that is printed again goes on about the same recipient.
    let heads = &together(heads);
    for (n, head) in heads.iter().enumerate() {
        let Some(address) = address::usable(head.address) else { continue };
        let end = heads.get(n + 1).map_or(lines.len(), |next| next.line.max(head.line + 1));
        let text = words(lines, head, end, &reasons);
        // Most reports name one recipient, who need not be remembered.
        if heads.len() > 1 && !known.add(&address, found.len()) {
            let first = known.get(&address).and_then(|at| found.get_mut(at));
            first
                .into_iter()
                .filter(|first| first.text.is_empty())
                .for_each(|first| first.text.clone_from(&text));
        } else {
            found.push(Entry { address: Some(address), text });
        }
    }
    // Heads that stand together share the words that follow the last of them.
    let shared = found.iter().rev().find(|entry| !entry.text.is_empty()).map(|entry| entry.text.clone());
    let consecutive = heads.windows(2).all(|pair| pair[1].line - pair[0].line <= 1);
    if let Some(shared) = shared.filter(|_| consecutive) {
        let shared = share(&shared, found.len());
        for entry in found.iter_mut().filter(|entry| entry.text.is_empty()) {
            entry.text = shared.to_owned();
        }
    }
    found
}

/// The words about one recipient.
///
/// The rest of its line and the lines below, up to an empty line, are its own. Where they hold no reply code, a reply
/// further below says more; a list of the returned mail's fields says nothing, and a reply above is meant.
fn words(lines: &[&str], head: &Head<'_>, end: usize, reasons: &Reasons<'_, '_>) -> String {
    let from = (head.line + 1).min(lines.len());
    let below = &lines[from..end.max(from)];
    let near = below.iter().position(|line| line.trim().is_empty()).unwrap_or(below.len());
    let own: Vec<&str> = std::iter::once(head.rest)
        .chain(below[..near].iter().copied())
        // "--- Below this line is a copy of the message."
        .take_while(|line| !is_remark(line) && !line.starts_with("---"))
        .take(40)
        .collect();
    let said = own.iter().filter(|line| !line.trim().is_empty()).count();
    let labels = own.iter().filter(|line| is_label(line)).count();
    let list = labels > 1 || labels == said;
    let own: Vec<&str> = own.into_iter().filter(|line| !list || !is_label(line)).collect();
    let own = fold_white(&own.join(" "));
    // Courier quotes what it was told even where nobody spoke: "<<< Network is unreachable".
    let own = own.strip_prefix("<<< ").map_or(own.clone(), str::to_owned);
    // "… was rejected for the following reason:"
    let opens = own.ends_with(':') && !below[..near].is_empty();
    let own = opens
        .then(|| first_paragraph(&below[near..]))
        .flatten()
        .filter(|next| says_something(next))
        .unwrap_or(own);
    let coded = |text: &String| reply::has_code(text);
    if coded(&own) {
        return own;
    }
    let further = paragraph::reply_from(&below[near..]);
    let above = || reasons.reply_above(head.line).filter(coded);
    if says_something(&own) {
        return match further {
            Some(reply) => format!("{own} {reply}"),
            None => own,
        };
    }
    further
        .or_else(above)
        .or_else(|| paragraph::quoted_reason(below))
        .or_else(|| first_paragraph(below))
        .or_else(|| reasons.reply_above(head.line).or_else(|| reasons.led_above(head.line)))
        .unwrap_or(own)
}

fn first_paragraph(lines: &[&str]) -> Option<String> {
    // A heading between rules ("----- Transcript of session follows -----") says nothing of the reason.
    let says = |line: &&str| {
        !line.trim_start().starts_with("---") && line.chars().filter(|c| c.is_alphabetic()).nth(3).is_some()
    };
    let start = lines.iter().position(says)?;
    Some(paragraph::paragraph(&lines[start..]))
}

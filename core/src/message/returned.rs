//! Finds the returned mail inside a report's text, where no MIME part sets it apart.

use std::borrow::Cow;

use super::headers::{Headers, name_length, trimmed};
use crate::lanes::line_end;
use crate::words::{Words, lines};

/// Words on the line above a returned mail, lower case. The line tells the reader, so its wording is stable.
static MARKERS: Words = Words::new(lines![
    "copy of the message",
    "copy of your message",
    "original message",
    "original mail",
    "message header",
    "headers of the message",
    "headers of the original",
    "header of the original",
    "header of your message",
    "unsent message",
    "undelivered message",
    "undeliverable message",
    "returned message",
    "returned mail",
    "rejected message",
    "failed message",
    "message follows",
    "text of your message",
    "text of message",
    "message contents",
    "message text follows",
    "first part of the message",
    "received message",
    "received header",
    "元のメッセージ",
    "オリジナルメッセージ",
]);

/// What stands above a line.
#[derive(Clone, Copy)]
enum Above<'t> {
    Nothing,
    /// A line that announces the returned mail starts here.
    Marker(usize),
    /// The same, if this line announces it: that matters only where a field follows.
    Perhaps(usize, &'t str),
}

impl Above<'_> {
    fn marker(self) -> Option<usize> {
        match self {
            Self::Nothing => None,
            Self::Marker(at) => Some(at),
            Self::Perhaps(at, line) => MARKERS.any(line).then_some(at),
        }
    }
}

/// Splits text into what the reporter wrote and the headers of the mail that it returned.
pub(crate) fn split_returned(text: &str) -> (&str, Option<Headers<'static>>) {
    let mut at = 0;
    // An empty line sets the returned mail apart; a line of dashes does as well.
    let mut after_gap = true;
    let mut above = Above::Nothing;
    let mut cut = None;
    while at < text.len() {
        let stop = line_end(&text.as_bytes()[at..]).map_or(text.len(), |n| at + n);
        let (line, end) = (&text[at..stop], stop + 1);
        let trimmed = trimmed(line);
        if trimmed.is_empty() {
            after_gap = true;
            at = end;
            continue;
        }
        let field = is_field(trimmed);
        if field {
            let marker = above.marker();
            above = marker.map_or(Above::Nothing, Above::Marker);
            if let Some(start) = marker
                && let Some(headers) = read_block(&text[at..], true)
            {
                return (&text[..start], Some(headers));
            }
            if (after_gap || marker.is_some())
                && at > 0
                && is_field(line)
                && let Some(headers) = read_block(&text[at..], false)
            {
                return (&text[..marker.unwrap_or(at)], Some(headers));
            }
        }
        after_gap = is_rule(trimmed);
        if !after_gap {
            let perhaps = if is_decorated(trimmed) { Above::Perhaps(at, trimmed) } else { Above::Nothing };
            let dashed = matches!(trimmed.as_bytes(), [b'-', b'-', b'-', ..]);
            if !field && !dashed {
                above = perhaps;
            } else if let Some(at) = perhaps.marker() {
                above = Above::Marker(at);
                cut = cut.or(dashed.then_some(at));
            } else if !field {
                above = Above::Nothing;
            }
        }
        at = end;
    }
    // The reporter's own words end at the line that announces the mail, even where the mail was left out.
    (&text[..cut.unwrap_or(text.len())], None)
}

fn is_field(line: &str) -> bool {
    let starts = |line: &str| line.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    let line = if starts(line) { line } else { line.trim_start_matches('>').trim_start() };
    starts(line) && name_length(line.as_bytes()).is_some_and(|length| length > 1)
}

fn is_rule(line: &str) -> bool {
    line.len() >= 3
        && line.bytes().all(|b| matches!(b, b'-' | b'=' | b'_' | b'*' | b'+' | b'#' | b'~' | b' ' | b'|'))
}

/// A short line set off as those that announce the returned mail are.
fn is_decorated(line: &str) -> bool {
    line.len() <= 120
        && (line.starts_with(['-', '=', '*', '_', '+', '|', '<', '['])
            || line.ends_with([':', '.', '-', '=', '*', ']']))
}

/// Reads header fields at the start of `text`. Without a marker above, they must include a trace or identity field.
fn read_block(text: &str, marked: bool) -> Option<Headers<'static>> {
    let window = &text[..text.floor_char_boundary(64 << 10)];
    let block = unquoted(window);
    let (mut headers, end) = Headers::read(Cow::Borrowed(block.as_bytes()), true);
    let count = |names: &[&str]| names.iter().filter(|name| headers.has(name)).count();
    let trace = count(&["received", "message-id", "return-path", "mime-version", "x-mailer", "delivered-to"]);
    let common = count(&["from", "to", "subject", "date"]);
    let enough = if marked { trace + common >= 1 } else { trace >= 1 && trace + common >= 3 };
    // A delivery-status block inside the text is no returned mail.
    let status = headers.has("final-recipient") || headers.has("reporting-mta") || headers.has("action");
    if !enough || status {
        return None;
    }
    // Some reporters fold long fields without an indent: the block goes on to the first empty line.
    headers.read_on(end);
    Some(headers.to_static())
}

/// Takes away a quote mark or an indent that every line carries.
fn unquoted(text: &str) -> Cow<'_, str> {
    let first = text.lines().next().unwrap_or("");
    let prefix_len = first.len() - first.trim_start_matches(['>', ' ', '\t', '|']).len();
    if prefix_len == 0 {
        return Cow::Borrowed(text);
    }
    let prefix = &first[..prefix_len];
    let mut block = String::with_capacity(text.len());
    for line in text.lines() {
        match line.strip_prefix(prefix) {
            Some(rest) => block.push_str(rest),
            None if line.trim().is_empty() => {}
            None => break,
        }
        block.push('\n');
    }
    Cow::Owned(block)
}

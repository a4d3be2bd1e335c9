//! Line patterns of format tables: literal text with named holes.
//!
//! `{address}` and other names capture; `{any}` matches anything. Literal text compares in any ASCII case, and the
//! pattern must start where the line's text starts.

use crate::message::headers::trimmed;
use crate::words::find_ignore_case;

/// What the holes of a pattern captured.
pub(in crate::report) type Captures<'l> = Vec<(&'static str, &'l str)>;

/// Matches a pattern against one line.
pub(in crate::report) fn matches<'l>(pattern: &'static str, line: &'l str) -> Option<Captures<'l>> {
    let mut rest = trimmed(line);
    // Most lines do not even begin as a pattern does.
    let begins =
        |start: &u8| *start == b'{' || rest.as_bytes().first().is_some_and(|b| b.eq_ignore_ascii_case(start));
    if !pattern.as_bytes().first().is_none_or(begins) {
        return None;
    }
    let mut captures = Vec::new();
    let mut pattern = pattern;
    let mut hole: Option<&'static str> = None;
    loop {
        let (literal, next_hole, tail) = next(pattern);
        let found = match hole {
            None => starts_with(rest, literal).then_some(0),
            Some(_) if literal.is_empty() => Some(rest.len()),
            Some(_) => find_ignore_case(rest.as_bytes(), literal.as_bytes()),
        }?;
        if let Some(name) = hole {
            captures.push((name, rest[..found].trim()));
        }
        rest = &rest[found + if hole.is_some() && literal.is_empty() { 0 } else { literal.len() }..];
        match next_hole {
            Some(name) => {
                hole = Some(name);
                pattern = tail;
            }
            None => return Some(captures),
        }
    }
}

/// The capture of this name.
pub(in crate::report) fn capture<'l>(captures: &Captures<'l>, name: &str) -> Option<&'l str> {
    captures.iter().find(|(n, _)| *n == name).map(|(_, value)| *value).filter(|value| !value.is_empty())
}

/// The literal text up to the next hole, the hole's name, and what follows it.
fn next(pattern: &'static str) -> (&'static str, Option<&'static str>, &'static str) {
    match (pattern.find('{'), pattern.find('}')) {
        (Some(open), Some(close)) if open < close => {
            (&pattern[..open], Some(&pattern[open + 1..close]), &pattern[close + 1..])
        }
        _ => (pattern, None, ""),
    }
}

fn starts_with(text: &str, literal: &str) -> bool {
    text.get(..literal.len()).is_some_and(|start| start.eq_ignore_ascii_case(literal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_what_stands_in_the_holes() {
        let found = matches("<{address}>: {text}", "<a@example.org>: no such user").unwrap_or_default();
        assert_eq!(capture(&found, "address"), Some("a@example.org"));
        assert_eq!(capture(&found, "text"), Some("no such user"));
        assert!(
            matches("{any} did not like our {stage}:", "mx.example [192.0.2.1] did not like our RCPT TO:")
                .is_some()
        );
        assert!(matches("Recipient: {address}", "Sender: a@example.org").is_none());
    }
}

//! Blocks of fields as RFC 3464 section 2.1 has them, in all the shapes that mail gives them.

use std::borrow::Cow;
use std::ops::Range;

use crate::lanes::line_end;
use crate::message::headers::{decode_value, folded, lower, trimmed};

/// Fields of RFC 3464 section 2.2 and 2.3, and what stands among them.
pub(crate) const NAMES: &[&str] = &[
    "original-envelope-id",
    "reporting-mta",
    "dsn-gateway",
    "received-from-mta",
    "arrival-date",
    "original-recipient",
    "final-recipient",
    "action",
    "status",
    "remote-mta",
    "diagnostic-code",
    "last-attempt-date",
    "will-retry-until",
    "final-log-id",
    "localized-diagnostic",
    "remote-recipient",
    "content-type",
    "content-transfer-encoding",
    "content-description",
    "retry-count",
];

/// One block: names lower case, values unfolded and decoded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block<'t> {
    fields: Vec<(Cow<'t, str>, Cow<'t, str>)>,
}

impl<'t> Block<'t> {
    /// The first value of this name that is not blank. Asked for in many places: the code of it stands in one.
    #[inline(never)]
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, value)| n == name && !value.is_empty()).map(|(_, value)| value.as_ref())
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_ref())
    }

    pub(crate) fn has_any(&self, names: &[&str]) -> bool {
        self.fields.iter().any(|(name, _)| names.contains(&name.as_ref()))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_ref())
    }

    /// Takes over the fields that this block lacks.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.fields.extend(other.fields);
    }

    fn close(&mut self, text: &'t str, open: Option<(Cow<'t, str>, Range<usize>)>) {
        let Some((name, value)) = open else { return };
        let value = &text[value];
        let encoded = memchr::memchr(b'?', value.as_bytes()).is_some() && value.contains("=?");
        let decoded = encoded && !name.ends_with("-recipient");
        let value = if decoded { Cow::Owned(decode_value(value.as_bytes())) } else { folded(value) };
        if self.fields.is_empty() {
            self.fields.reserve(8);
        }
        self.fields.push((name, value));
    }
}

/// Splits a text into blocks at empty lines. A line that is neither a field nor folded goes on with the value above:
/// several MTAs print the lines of a reply without an indent.
pub(crate) fn blocks<'t>(text: &'t str, known: fn(&str) -> bool) -> Vec<Block<'t>> {
    let mut blocks = Vec::new();
    let mut current = Block::default();
    // The name and the place of the value at hand.
    let mut open: Option<(Cow<'t, str>, Range<usize>)> = None;
    let mut at = 0;
    while at < text.len() {
        let end = line_end(&text.as_bytes()[at..]).map_or(text.len(), |n| at + n);
        let line = &text[at..end];
        if trimmed(line).is_empty() {
            current.close(text, open.take());
            if !current.fields.is_empty() {
                blocks.push(std::mem::take(&mut current));
            }
        } else if let Some((name, colon)) = field(line)
            && let name = lower_name(name)
            && (open.is_none() || known(&name) || name.starts_with("x-"))
        {
            current.close(text, open.replace((name, at + colon + 1..end)));
        } else if let Some((_, value)) = &mut open {
            value.end = end;
        }
        at = end + 1;
    }
    current.close(text, open);
    if !current.fields.is_empty() {
        blocks.push(current);
    }
    blocks
}

/// The name at the start of a line, and where its colon stands.
fn field(line: &str) -> Option<(&str, usize)> {
    let name = line.bytes().position(|b| !b.is_ascii_alphanumeric() && b != b'-')?;
    let (name, rest) = line.split_at(name);
    let white = if rest.starts_with(':') { 0 } else { rest.find(':')? };
    (rest[..white].trim().is_empty() && (1..64).contains(&name.len())).then(|| (name, name.len() + white))
}

/// A name in lower case.
fn lower_name(name: &str) -> Cow<'_, str> {
    let usual = NAMES.iter().find(|usual| usual.eq_ignore_ascii_case(name));
    usual.map_or_else(|| lower(name), |usual| Cow::Borrowed(usual))
}

/// `rfc822; user@example.org` to its type (lower case) and value. A value without a type has an empty one.
pub(crate) fn typed(value: &str) -> (Cow<'_, str>, &str) {
    if let Some((kind, rest)) = value.split_once(';')
        && kind.len() < 24
    {
        let kind = kind.trim();
        if kind.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            return (lower(kind), rest.trim());
        }
    }
    (Cow::Borrowed(""), value.trim())
}

/// The host of an MTA-name field (RFC 3464 section 2.1.2): the value without its type and brackets.
pub(crate) fn host(value: &str) -> Option<String> {
    let (kind, name) = typed(value);
    // "x400; mta HUB1 in /ADMD=NONE/C=GB/"
    let name = name.strip_prefix("mta ").filter(|_| kind == "x400").unwrap_or(name);
    let name = name.split_whitespace().next().unwrap_or("");
    let name = name.trim_matches(|c| matches!(c, '(' | ')' | '<' | '>' | ',' | ';')).trim_end_matches('.');
    let name = match name.strip_prefix('[') {
        Some(inner) => inner.trim_end_matches(']'),
        None => name,
    };
    (!name.is_empty()).then(|| name.to_owned())
}

//! Blocks of fields as RFC 3464 section 2.1 has them, in all the shapes that mail gives them.

use crate::message::headers::{decode_value, fold_white};

/// One block: names lower case, values unfolded and decoded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    fields: Vec<(String, String)>,
}

impl Block {
    /// The first value of this name that is not blank.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, value)| n == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn has_any(&self, names: &[&str]) -> bool {
        self.fields.iter().any(|(name, _)| names.contains(&name.as_str()))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_str())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Takes over the fields that this block lacks.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.fields.extend(other.fields);
    }
}

/// Splits a text into blocks at empty lines. A line that is neither a field nor folded goes on with the value above:
/// several MTAs print the lines of a reply without an indent.
pub(crate) fn blocks(text: &str, known: fn(&str) -> bool) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut current = Block::default();
    let mut raw: Option<(String, String)> = None;
    for line in text.lines() {
        if line.trim().is_empty() {
            close(&mut current, &mut raw);
            if !current.is_empty() {
                blocks.push(std::mem::take(&mut current));
            }
            continue;
        }
        let folded = line.starts_with([' ', '\t']);
        match field(line)
            .filter(|(name, _)| !folded && (raw.is_none() || known(name) || name.starts_with("x-")))
        {
            Some((name, value)) => {
                close(&mut current, &mut raw);
                raw = Some((name, value.to_owned()));
            }
            None => {
                if let Some((_, value)) = raw.as_mut() {
                    value.push('\n');
                    value.push_str(line);
                }
            }
        }
    }
    close(&mut current, &mut raw);
    if !current.is_empty() {
        blocks.push(current);
    }
    blocks
}

fn close(block: &mut Block, raw: &mut Option<(String, String)>) {
    if let Some((name, value)) = raw.take() {
        let value = if value.contains("=?") && !name.ends_with("-recipient") {
            decode_value(value.as_bytes())
        } else {
            fold_white(&value)
        };
        block.fields.push((name, value));
    }
}

fn field(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim_end();
    let plain =
        !name.is_empty() && name.len() < 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain.then(|| (name.to_ascii_lowercase(), value))
}

/// `rfc822; user@example.org` to its type (lower case) and value. A value without a type has an empty one.
pub(crate) fn typed(value: &str) -> (String, &str) {
    match value.split_once(';') {
        Some((kind, rest))
            if kind.len() < 24
                && kind.trim().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') =>
        {
            (kind.trim().to_ascii_lowercase(), rest.trim())
        }
        _ => (String::new(), value.trim()),
    }
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

//! Where addresses stand in a text, in one pass and without a regular expression.

use std::ops::Range;

/// A stretch of text to replace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) range: Range<usize>,
    /// What is hidden, as `local@domain`: the hash is the same however it was written.
    pub(super) address: String,
    /// What stands after the replaced local part: `@domain`, in the way of the text.
    pub(super) tail: String,
}

/// Every `local@domain` and `local%40domain`.
pub(super) fn addresses(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let (mut floor, mut begun) = (0, None);
    for (at, mark) in marks(text) {
        let behind = at + mark.len();
        let end = behind + domain_length(&text[behind..]);
        // The domain is looked at first: a text full of lone '@' must not be walked back from each of them.
        if at < floor || end == behind {
            continue;
        }
        let start = begun.take().unwrap_or_else(|| local_start(&text[floor..at], mark) + floor);
        if start == at {
            continue;
        }
        if is_local(&text[behind..end], &text[end..]) {
            begun = Some(start);
            continue;
        }
        let (local, domain) = (&text[start..at], &text[behind..end]);
        found.push(Span {
            range: start..end,
            address: format!("{local}@{domain}"),
            tail: format!("{mark}{domain}"),
        });
        floor = end;
    }
    found
}

/// Whether what stands behind an `@` is no domain but belongs to the local part: `taro` in `a@taro@example.jp`. With a dot in it,
/// it is the address, and what follows a relay.
fn is_local(word: &str, behind: &str) -> bool {
    !word.contains(['.', '[']) && behind.strip_prefix('@').is_some_and(|domain| domain_length(domain) > 0)
}

/// `local=domain` (VERP) and `local+40domain` (xtext) of addresses that are known.
pub(super) fn known_forms(text: &str, addresses: &[String]) -> Vec<Span> {
    let folded = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for address in addresses {
        let Some((local, domain)) = address.rsplit_once('@') else { continue };
        for mark in ["@", "=", "+40"] {
            let wanted = format!("{local}{mark}{domain}").to_ascii_lowercase();
            for at in memchr::memmem::find_iter(folded.as_bytes(), wanted.as_bytes()) {
                let end = at + wanted.len();
                // A byte search in UTF-8 for UTF-8 only ever hits whole characters.
                let tail = text[at + local.len()..end].to_owned();
                found.push(Span { range: at..end, address: address.clone(), tail });
            }
        }
    }
    found
}

/// The bare local part of known addresses, where it stands as a word.
pub(super) fn words(text: &str, addresses: &[String]) -> Vec<Span> {
    let folded = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for address in addresses {
        let Some((local, _)) = address.rsplit_once('@').filter(|(local, _)| local.len() >= 2) else {
            continue;
        };
        let wanted = local.to_ascii_lowercase();
        for at in memchr::memmem::find_iter(folded.as_bytes(), wanted.as_bytes()) {
            let end = at + wanted.len();
            let inside =
                |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
            let after = text[end..].chars().next().filter(|c| *c != '.');
            if !inside(text[..at].chars().next_back()) && !inside(after) {
                found.push(Span { range: at..end, address: address.clone(), tail: String::new() });
            }
        }
    }
    found
}

fn marks(text: &str) -> impl Iterator<Item = (usize, &'static str)> {
    memchr::memchr2_iter(b'@', b'%', text.as_bytes()).filter_map(|at| match text.as_bytes()[at] {
        b'@' => Some((at, "@")),
        _ => text[at..].starts_with("%40").then_some((at, "%40")),
    })
}

/// How much of the text a domain or an address literal takes.
fn domain_length(text: &str) -> usize {
    if let Some(literal) = text.strip_prefix('[') {
        let end =
            literal.find(|c: char| !(c.is_ascii_hexdigit() || matches!(c, '.' | ':' | 'I' | 'P' | 'v')));
        return end.filter(|end| literal[*end..].starts_with(']')).map_or(0, |end| end + 2);
    }
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(text.len());
    text[..end].trim_end_matches(['.', '-']).len()
}

/// Where the local part that ends this text starts.
fn local_start(text: &str, mark: &str) -> usize {
    if let Some(inner) = text.strip_suffix('"') {
        return inner.rfind('"').unwrap_or(text.len());
    }
    // Percent-encoding means a URL, where these separate the address from what is before it.
    let allowed = if mark == "@" { "!#$%&'*+-/=?^_`{|}~." } else { "!$%'*+-_`{|}~." };
    let local = |c: char| c.is_alphanumeric() || allowed.contains(c);
    text.char_indices().rev().take_while(|(_, c)| local(*c)).last().map_or(text.len(), |(at, _)| at)
}

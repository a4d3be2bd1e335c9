//! Mail addresses as reports write them (RFC 5321 section 4.1.2, and what carriers and gateways make of it).

use std::ops::Range;

use crate::letters::lowercase;
use crate::words::letters_and;

/// Characters of a dot-string local part, also those of addresses that break RFC 5321 (`a..b@`, `a.@`).
fn is_local(c: char) -> bool {
    u8::try_from(c).is_ok_and(is_local_byte) || is_international(c)
}

/// The same for ASCII.
const fn is_local_byte(byte: u8) -> bool {
    // One bit for each character: this is asked of every letter around an `@`.
    const LOCAL: u128 = letters_and(b"!#$%&'*+-/=?^_`{|}~.");
    byte < 128 && LOCAL >> byte & 1 != 0
}

fn is_domain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_') || !c.is_ascii() && c.is_alphanumeric()
}

/// Characters of RFC 6531 addresses: anything beyond ASCII but spaces, quotes and full-width punctuation.
fn is_international(c: char) -> bool {
    let punctuation = matches!(c, '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}');
    !c.is_ascii() && !punctuation && !c.is_whitespace() && !c.is_control() && c != char::REPLACEMENT_CHARACTER
}

/// Kana, Han and Hangul: written without spaces, so that a sentence may touch an address.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Every address in a text, as byte ranges.
pub(crate) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in memchr::memchr_iter(b'@', text.as_bytes()) {
        let floor = found.last().map_or(0, |last| last.end);
        if let Some(range) = around(text, at, floor) {
            found.push(range);
        }
    }
    found
}

/// The first address in a text.
pub(crate) fn first(text: &str) -> Option<Range<usize>> {
    memchr::memchr_iter(b'@', text.as_bytes()).find_map(|at| around(text, at, 0))
}

/// The address around the `@` at this offset, reaching no further back than `floor`.
fn around(text: &str, at: usize, floor: usize) -> Option<Range<usize>> {
    if at < floor {
        return None;
    }
    let before = &text[floor..at];
    let start = if before.ends_with('"') { quoted_start(before)? } else { dot_string_start(before) };
    let after = &text[at + 1..];
    let literal = after.starts_with('[');
    let mut end = if literal {
        after.find(']').filter(|n| *n < 64)? + 1
    } else {
        let ascii = after.starts_with(|c: char| c.is_ascii());
        after.find(|c| !is_domain(c) || ascii && is_unspaced(c)).unwrap_or(after.len())
    };
    while !literal && end > 0 && matches!(after.as_bytes()[end - 1], b'.' | b'-' | b'_') {
        end -= 1;
    }
    (start < before.len() && end > 0).then_some(floor + start..at + 1 + end)
}

fn quoted_start(before: &str) -> Option<usize> {
    let inner = &before[..before.len() - 1];
    let open = inner.rfind('"')?;
    (inner.len() - open < 128).then_some(open)
}

/// Text runs into addresses from the left: `<`, `:`, `=` of `to=` and quotes are no part of them.
fn dot_string_start(before: &str) -> usize {
    let mut start = before.len();
    let ascii = before.ends_with(|c: char| c.is_ascii());
    for (at, c) in before.char_indices().rev() {
        if !is_local(c) || ascii && is_unspaced(c) || before.len() - at > 256 {
            break;
        }
        start = at;
    }
    let run = &before[start..];
    // An RFC 2047 word inside an address is kept as it is written.
    if run.starts_with("=?") {
        return start;
    }
    // A file that is named after an address is none.
    if run.starts_with('/') && run[1..].contains('/') {
        return before.len();
    }
    // `SMTP=user@example.org` inside an X.400 name.
    let key = run.get(..5).filter(|key| key.eq_ignore_ascii_case("smtp=")).map_or(0, str::len);
    let (start, run) = (start + key, &run[key..]);
    start + run.len() - run.trim_start_matches(['\'', '`', '.', '*', '=', '/', '|', '{', '-']).len()
}

/// RFC 5321 section 4.5.3.1 allows 256 octets, and some that are in use are longer. What is much longer is an attack on
/// whoever keeps the record.
const LONGEST: usize = 2_000;

/// An address in the form records use: no angle brackets, no `mailto:`, the domain lower-cased.
///
/// `None` when this is no address that mail can go to: a pipe, a path, an X.400 name, a bare word.
pub(crate) fn usable(text: &str) -> Option<String> {
    let (local, domain) = plain(text).or_else(|| written(text))?;
    if local.len() + domain.len() > LONGEST {
        return None;
    }
    let domain = domain.trim_end_matches('.');
    let mut address = String::with_capacity(local.len() + 1 + domain.len());
    address.push_str(local);
    address.push('@');
    if domain.is_ascii() {
        address.push_str(domain);
        address[local.len()..].make_ascii_lowercase();
    } else {
        address.push_str(&lowercase(domain));
    }
    Some(address)
}

/// The halves of an address in the characters of most, by itself or in angle brackets.
fn plain(text: &str) -> Option<(&str, &str)> {
    let inner = match text.strip_prefix('<') {
        Some(rest) => rest.strip_suffix('>')?,
        None => text,
    };
    let at = memchr::memchr(b'@', inner.as_bytes())?;
    let (local, domain) = (&inner[..at], &inner[at + 1..]);
    let plain = !local.is_empty()
        && !local.starts_with(['|', '/'])
        && local.bytes().all(|byte| is_local_byte(byte) && byte != b'\'')
        && domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        && domain.bytes().any(|byte| byte.is_ascii_alphanumeric());
    plain.then_some((local, domain))
}

/// The halves of an address with whatever reports put around it.
fn written(text: &str) -> Option<(&str, &str)> {
    memchr::memchr(b'@', text.as_bytes())?;
    let text = source_route(strip(text));
    let (local, domain) = text.rsplit_once('@')?;
    let quoted = local.starts_with('"') && local.ends_with('"') && local.len() >= 2;
    let clean = !local.is_empty()
        && !domain.is_empty()
        && !local.starts_with(['|', '/'])
        && !local.starts_with("\"|")
        && !local.starts_with("\"/")
        && (quoted
            || !local
                .contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '@' | ':')))
        && domain_like(domain);
    clean.then_some((local, domain))
}

fn domain_like(domain: &str) -> bool {
    if domain.starts_with('[') {
        return domain.ends_with(']') && domain.len() > 3;
    }
    domain.chars().all(is_domain) && domain.chars().any(char::is_alphanumeric)
}

/// Takes away what reports put around an address.
pub(crate) fn strip(text: &str) -> &str {
    let mut text = text.trim();
    if let (Some(open), Some(close)) = (text.rfind('<'), text.rfind('>'))
        && open < close
    {
        text = &text[open + 1..close];
    }
    let text =
        text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '[' | ',' | ';' | '\''));
    let text = match text.get(..7) {
        Some(start) if start.eq_ignore_ascii_case("mailto:") => &text[7..],
        _ => text,
    };
    // A comment after the address: `user@example.com (expanded from: list)`.
    match text.find(" (") {
        Some(comment) => text[..comment].trim_end(),
        None => text,
    }
}

/// `@relay.example,@other.example:user@example.org` is mail for the last part (RFC 5321 appendix C).
fn source_route(text: &str) -> &str {
    match text.strip_prefix('@').and_then(|_| text.rsplit_once(':')) {
        Some((_, last)) if last.contains('@') => last,
        _ => text,
    }
}

/// The same mailbox, as far as text tells: domains in any case, local parts too, since reporters change it.
pub(crate) fn same(a: &str, b: &str) -> bool {
    let unusual = |address: &str| !address.is_ascii() || address.contains('"');
    a.eq_ignore_ascii_case(b) || (unusual(a) || unusual(b)) && bare(a) == bare(b)
}

/// Lower case without quotes: equal for what [`same`] calls the same.
pub(crate) fn bare(address: &str) -> String {
    lowercase(&address.replace('"', ""))
}

/// Lower case, with an internationalised domain in its ASCII form (RFC 5890), for comparing and hashing.
pub(crate) fn a_label(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) if !domain.is_ascii() => {
            format!("{}@{}", lowercase(local), a_domain(domain))
        }
        _ => lowercase(address),
    }
}

/// The same for a domain.
pub(crate) fn a_domain(domain: &str) -> String {
    let lower = lowercase(domain);
    if lower.is_ascii() {
        return lower;
    }
    let label = |label: &str| match idna::punycode::encode_str(label) {
        Some(code) if !label.is_ascii() => format!("xn--{code}"),
        _ => label.to_owned(),
    };
    lower.split('.').map(label).collect::<Vec<_>>().join(".")
}

/// Undoes xtext (RFC 3461 section 4): `+2B` is a plus sign.
pub(crate) fn from_xtext(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('+') {
        out.push_str(&rest[..at]);
        let code = rest
            .get(at + 1..at + 3)
            .filter(|hex| hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F')));
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(u8::is_ascii_graphic) {
            Some(byte) => {
                out.push(byte as char);
                rest = &rest[at + 3..];
            }
            None => {
                out.push('+');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Undoes utf-8-addr-xtext (RFC 6533 section 3): `\x{3042}` is a character.
pub(crate) fn from_utf8_xtext(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\\x{") {
        out.push_str(&rest[..at]);
        let hex_end = rest[at..].find('}').map(|n| at + n);
        let decoded = hex_end.and_then(|end| {
            u32::from_str_radix(&rest[at + 3..end], 16).ok().and_then(char::from_u32).map(|c| (c, end))
        });
        match decoded {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push_str("\\x{");
                rest = &rest[at + 3..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn finds_addresses_as_reports_write_them() {
        assert_eq!(all("<taro@example.jp>: no such user"), ["taro@example.jp"]);
        assert_eq!(all("to=<a..b.@example.ne.jp>, host x"), ["a..b.@example.ne.jp"]);
        assert_eq!(all("mail \"john doe\"@example.com failed"), ["\"john doe\"@example.com"]);
        assert_eq!(all("user@[192.0.2.1] and x@example.com."), ["user@[192.0.2.1]", "x@example.com"]);
        assert_eq!(all("@ alone, 'quoted@example.org'"), ["quoted@example.org"]);
    }

    #[test]
    fn keeps_the_local_part_and_lowers_the_domain() {
        assert_eq!(usable("<Taro@Example.JP>").as_deref(), Some("Taro@example.jp"));
        assert_eq!(usable("@a.example,@b.example:x@example.org").as_deref(), Some("x@example.org"));
        assert_eq!(usable("\"|/usr/bin/procmail\"@example.com"), None);
        assert_eq!(usable("|/bin/vacation"), None);
        assert_eq!(usable("/RFC-822=x(a)example.com"), None);
        assert_eq!(usable("x@example.com (expanded from: list)").as_deref(), Some("x@example.com"));
    }

    #[test]
    fn undoes_both_kinds_of_xtext() {
        assert_eq!(from_xtext("a+2Bb@example.com"), "a+b@example.com");
        assert_eq!(from_xtext("user+tag@example.com"), "user+tag@example.com");
        assert_eq!(from_utf8_xtext("\\x{3042}@example.jp"), "あ@example.jp");
    }
}

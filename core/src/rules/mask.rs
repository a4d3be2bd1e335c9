//! Where a folded text holds addresses, host names and URLs: words inside them say nothing about a failure.
//!
//! `mailboxfull@example.org`, `unknown.example.net` and `https://example.com/reason/#filtered` occur in real mail.

use crate::words::letters_and;
use std::borrow::Cow;
use std::ops::Range;

use crate::lanes::{bits, each_bit, each_block, within};

/// What is masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MaskKind {
    Address,
    Host,
    Url,
}

/// A masked range, in folded positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mask {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: MaskKind,
}

impl Mask {
    /// What stands for it in a template.
    pub(crate) fn placeholder(&self) -> &'static str {
        match self.kind {
            MaskKind::Address => "{address}",
            MaskKind::Host => "{host}",
            MaskKind::Url => "{url}",
        }
    }
}

/// Finds all masks, in order. `original` is the text as it was written, and `place` tells where in it a folded position
/// stands: its case tells a host name from two sentences without a space between them, and from the names of software
/// classes.
pub(crate) fn masks(text: &str, original: &str, place: impl Fn(usize) -> usize) -> Vec<Mask> {
    let mut masks =
        Masks { text: text.as_bytes(), original: original.as_bytes(), place, found: Vec::new(), at: 0 };
    // Every one of them has a dot, an `@` or, in a URL, a colon.
    let is_sign = |eight| within(eight, b'.', b'.') | within(eight, b'@', b'@') | within(eight, b':', b':');
    each_block(text.as_bytes(), |at, block| each_bit(bits(block, is_sign), |n| masks.look(at + n)));
    masks.found
}

struct Masks<'t, F> {
    text: &'t [u8],
    original: &'t [u8],
    place: F,
    found: Vec<Mask>,
    /// Up to where it has been looked.
    at: usize,
}

impl<F: Fn(usize) -> usize> Masks<'_, F> {
    /// Looks at the word around a sign.
    fn look(&mut self, sign: usize) {
        let bytes = self.text;
        if sign < self.at || bytes[sign] == b':' && !bytes[sign..].starts_with(b"://") {
            return;
        }
        // `5.1.1` and the like: a name has a dot or `@` elsewhere too.
        if let [before, b'.', behind, ..] = bytes[sign.saturating_sub(1)..]
            && before.is_ascii_digit()
            && behind.is_ascii_digit()
        {
            return;
        }
        let start = sign - bytes[self.at..sign].iter().rev().take_while(|b| is_word(**b)).count();
        let end = sign + bytes[sign..].iter().take_while(|b| is_word(**b)).count();
        self.at = end;
        if let Some(url) = url_end(bytes, start, end) {
            self.found.push(Mask { start, end: url, kind: MaskKind::Url });
            self.at = url;
            return;
        }
        let trimmed = end - bytes[start..end].iter().rev().take_while(|b| is_trailing(**b)).count();
        let kind = match bytes[sign..end].iter().position(|b| *b == b'@') {
            Some(behind) if sign + behind > start && sign + behind + 1 < trimmed => MaskKind::Address,
            Some(_) => return,
            // A path behind a host name belongs to it: `example.com/blocked`.
            None if start < trimmed && is_host(&bytes[start..trimmed]) => MaskKind::Host,
            None => return,
        };
        if kind == MaskKind::Address || !is_prose(&self.as_written(start..trimmed)) {
            self.found.push(Mask { start, end: trimmed, kind });
        }
    }

    /// A folded word with its capitals as they were written.
    fn as_written(&self, word: Range<usize>) -> Cow<'_, [u8]> {
        let (first, last) = ((self.place)(word.start), (self.place)(word.end - 1));
        if last - first == word.len() - 1 {
            return Cow::Borrowed(&self.original[first..=last]);
        }
        let capital = |at: usize| Some(self.original[(self.place)(at)]).filter(u8::is_ascii_uppercase);
        word.map(|at| capital(at).unwrap_or(self.text[at])).collect()
    }
}

/// What ends a sentence or a line, not a name.
const fn is_trailing(b: u8) -> bool {
    matches!(b, b'.' | b',' | b'-' | b'\'' | b'_' | b'/' | b'&' | b'*' | b'!' | b'?' | b'=' | b'#')
}

/// ASCII characters of a dot-atom (RFC 5322) and `@`; brackets, quotes, colons and other scripts end a word.
const fn is_word(b: u8) -> bool {
    // One bit for each character: this is asked of every letter around a dot.
    const WORD: u128 = letters_and(b"@.-_+=/~*&!#$%'?^`{|}");
    b < 128 && WORD >> b & 1 != 0
}

/// The end of a URL that starts with this word, if one does.
fn url_end(text: &[u8], start: usize, end: usize) -> Option<usize> {
    let word = &text[start..end];
    let scheme = (word == b"http" || word == b"https") && text[end..].starts_with(b"://");
    if !scheme && !word.starts_with(b"www.") {
        return None;
    }
    let rest = &text[start..];
    let ends = |b: &u8| matches!(b, b' ' | b'>' | b'"' | b'<' | b')' | b']');
    let url = &rest[..rest.iter().position(ends).unwrap_or(rest.len())];
    let trailing = url.iter().rev().take_while(|b| matches!(b, b'.' | b',' | b';' | b'\'')).count();
    Some(start + url.len() - trailing)
}

/// A name with dots whose last label is a known top-level domain, or any alphabetic one behind two labels.
fn is_host(word: &[u8]) -> bool {
    let name = &word[..word.iter().position(|b| *b == b'/').unwrap_or(word.len())];
    // Most are numbers, and end here.
    let (front, top) =
        name.split_at(name.len() - name.iter().rev().take_while(|b| b.is_ascii_alphabetic()).count());
    let [front @ .., b'.'] = front else { return false };
    let (mut labels, mut before) = (1, b'.');
    for &b in front {
        if b == b'.' {
            labels += 1;
        } else if !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
            return false;
        }
        if b == b'.' && before == b'.' {
            return false;
        }
        before = b;
    }
    before != b'.' && top.len() >= 2 && (labels > 1 && top.len() <= 8 || is_top_level(top))
}

/// `exist.Please` and `RESOLVER.ADR.RecipNotFound` are no hosts: a capital after a small letter or after a dot tells.
fn is_prose(word: &[u8]) -> bool {
    let (mut upper, mut lower, mut title) = (false, false, false);
    let mut after_dot = false;
    for byte in word {
        if byte.is_ascii_uppercase() {
            upper = true;
            title |= after_dot || lower;
        } else if byte.is_ascii_lowercase() {
            lower = true;
        }
        after_dot = *byte == b'.';
    }
    upper && lower && title
}

/// Top-level domains that stand behind a single label in server replies. Countries whose codes are English words (`is`,
/// `at`, `in`, `to`, `no`, `be`, `so`, `us`, `me`) are left to names of three labels.
#[rustfmt::skip]
const fn is_top_level(name: &[u8]) -> bool {
    matches!(
        name,
        b"com" | b"net" | b"org" | b"edu" | b"gov" | b"mil" | b"int" | b"info" | b"biz" | b"io"
            | b"jp" | b"de" | b"fr" | b"uk" | b"ru" | b"pl" | b"nl" | b"es" | b"cn" | b"kr" | b"br" | b"cz" | b"eu"
            | b"ch" | b"au" | b"ca" | b"se" | b"dk" | b"fi" | b"hu" | b"tr" | b"ua" | b"ro" | b"gr" | b"tw" | b"hk"
            | b"example" | b"test" | b"invalid" | b"local" | b"localdomain" | b"lan"
    )
}

#[cfg(test)]
mod tests {
    use super::super::fold::Folded;
    use super::MaskKind;

    fn masked(text: &str) -> Vec<(String, MaskKind)> {
        let folded = Folded::new(text);
        folded.masks.iter().map(|m| (folded.text[m.start..m.end].to_owned(), m.kind)).collect()
    }

    #[test]
    fn addresses_hosts_and_urls() {
        let kinds = masked(
            "<Mailbox-Full@Example.ORG>: see http://a.example/reason/#filtered. host unknown.example.net.",
        );
        assert_eq!(
            kinds,
            [
                ("mailbox-full@example.org".to_owned(), MaskKind::Address),
                ("http://a.example/reason/#filtered".to_owned(), MaskKind::Url),
                ("unknown.example.net".to_owned(), MaskKind::Host),
            ]
        );
        assert_eq!(
            masked("www.example.com/spam, b@c"),
            [("www.example.com/spam".to_owned(), MaskKind::Url), ("b@c".to_owned(), MaskKind::Address),]
        );
    }

    #[test]
    fn sentences_and_class_names_are_no_hosts() {
        for text in [
            "does not exist.Please check",
            "RESOLVER.ADR.RecipNotFound; not found",
            "5.1.1 x",
            "SendSizeLimit.Org",
        ] {
            assert_eq!(masked(text), [], "{text}");
        }
    }
}

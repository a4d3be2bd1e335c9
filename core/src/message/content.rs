//! Content-Type and Content-Disposition (RFC 2045 section 5, RFC 2183).

use std::borrow::Cow;

use mail_parser::parsers::MessageStream;
use mail_parser::{ContentType, HeaderValue};

use super::headers::{lower, terminated};

/// What such a field says.
pub(super) struct Content<'h> {
    /// `type/subtype`, or the one word that is there, lower case.
    pub(super) media: Cow<'h, str>,
    /// Names in lower case.
    parameters: Vec<(Cow<'h, str>, Cow<'h, str>)>,
}

impl<'h> Content<'h> {
    /// Reads a raw value. `None` where it says nothing.
    pub(super) fn read(value: &'h [u8]) -> Option<Self> {
        plain(value).or_else(|| match MessageStream::new(&terminated(value)).parse_content_type() {
            HeaderValue::ContentType(parsed) => Some(Self::of(parsed)),
            _ => None,
        })
    }

    fn of(parsed: ContentType<'_>) -> Self {
        let media = match parsed.subtype() {
            Some(subtype) => format!("{}/{}", parsed.ctype(), subtype).to_ascii_lowercase(),
            None => parsed.ctype().to_ascii_lowercase(),
        };
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let all = parsed.attributes.into_iter().flatten();
        let parameters = all.map(|attribute| (owned(attribute.name), owned(attribute.value))).collect();
        Self { media: Cow::Owned(media), parameters }
    }

    pub(super) fn parameter(&self, key: &str) -> Option<&str> {
        self.parameters.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_ref())
    }
}

/// Reads a value as nearly all are written. `None` where it has comments, escapes, encoded words or parameters in pieces,
/// which mail-parser reads.
fn plain(value: &[u8]) -> Option<Content<'_>> {
    let text = std::str::from_utf8(value).ok()?.trim_end_matches([' ', '\t', '\r', '\n']);
    let is_token = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.' | b'_');
    let (kind, mut rest) = take(behind_white(text)?, |b| is_token(b) || b == b'/')?;
    if kind.starts_with('/') || kind.ends_with('/') {
        return None;
    }
    let mut content = Content { media: lower(kind), parameters: Vec::new() };
    loop {
        rest = behind_white(rest)?;
        if rest.is_empty() {
            return Some(content);
        }
        rest = behind_white(rest.strip_prefix(';')?)?;
        if rest.is_empty() || rest.starts_with(';') {
            continue;
        }
        let (name, behind) = take(rest, is_token)?;
        let behind = behind.strip_prefix('=')?;
        let value = match behind.strip_prefix('"') {
            Some(quoted) => {
                let (value, behind) = take(quoted, |b| b != b'"' && b != b'\\' && b >= b' ')?;
                rest = behind.strip_prefix('"')?;
                value
            }
            None => {
                let (value, behind) = take(behind, |b| b > b' ' && !matches!(b, b'"' | b'\\' | b'(' | b';'))?;
                rest = behind;
                value
            }
        };
        if value.contains("=?") {
            return None;
        }
        content.parameters.push((lower(name), Cow::Borrowed(value)));
    }
}

/// The bytes at the beginning of a text that are of a kind, and what stands behind them. `None` where there are none.
fn take(text: &str, kind: impl Fn(u8) -> bool) -> Option<(&str, &str)> {
    let end = text.bytes().position(|b| !kind(b)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// What stands behind white space. `None` where a line starts without any: there the value ends.
fn behind_white(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(b' ' | b'\t' | b'\r' | b'\n') = bytes.get(at) {
        if bytes[at] == b'\n' && !matches!(bytes.get(at + 1), None | Some(b' ' | b'\t')) {
            return None;
        }
        at += 1;
    }
    Some(&text[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    type Said = (String, Vec<(String, String)>);

    fn said(content: Content<'_>) -> Said {
        let owned = |(name, value): (Cow<'_, str>, Cow<'_, str>)| (name.into_owned(), value.into_owned());
        (content.media.into_owned(), content.parameters.into_iter().map(owned).collect())
    }

    fn parsed(value: &[u8]) -> Option<Said> {
        match MessageStream::new(&terminated(value)).parse_content_type() {
            HeaderValue::ContentType(parsed) => Some(said(Content::of(parsed))),
            _ => None,
        }
    }

    #[test]
    fn usual_values_are_read_without_the_parser() {
        for value in [
            " text/plain\n",
            " Text/Plain; Charset=US-ASCII\r\n",
            " multipart/report; report-type=delivery-status;\r\n\tboundary=\"=_a b;c\"\r\n",
            " multipart/mixed; boundary=----=_Part_1\n",
            " attachment; filename=\"\u{e9}.txt\";\n",
            " inline",
        ] {
            let content = plain(value.as_bytes()).map(said);
            assert!(content.is_some(), "{value:?}");
            assert_eq!(content, parsed(value.as_bytes()), "{value:?}");
        }
    }

    /// Every sequence of a few pieces reads as mail-parser reads it.
    #[test]
    fn reads_what_the_parser_reads() {
        const PIECES: [&str; 16] =
            ["a/b", ";", "X=", "y", "\"", " ", "\n ", "\n", "=", "?", "/", "\\", "*", "'", "(", ")"];
        let mut value = String::new();
        for n in 0..PIECES.len().pow(4) {
            value.clear();
            value.push_str("a/b;c=");
            let mut rest = n;
            while rest > 0 {
                value.push_str(PIECES[rest % PIECES.len()]);
                rest /= PIECES.len();
            }
            for value in [&value[..], &value[6..]] {
                assert_eq!(Content::read(value.as_bytes()).map(said), parsed(value.as_bytes()), "{value:?}");
            }
        }
    }
}

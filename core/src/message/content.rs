//! Content-Type and Content-Disposition (RFC 2045 section 5, RFC 2183).

use std::borrow::Cow;
use std::cell::OnceCell;

use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;

use super::headers::{lower, terminated};

/// What such a field says.
pub(super) struct Content<'h> {
    /// `type/subtype`, or the one word that is there, lower case.
    pub(super) media: Cow<'h, str>,
    value: &'h [u8],
    /// What stands behind the media type.
    rest: &'h str,
    /// Read when the first of them is asked for.
    parameters: OnceCell<Parameters<'h>>,
}

/// Names in lower case, and values.
type Parameters<'h> = Vec<(Cow<'h, str>, Cow<'h, str>)>;

impl<'h> Content<'h> {
    /// Reads a raw value. `None` where it says nothing.
    pub(super) fn read(value: &'h [u8]) -> Option<Self> {
        if let Some((media, rest)) = plain_media(value) {
            return Some(Self { media: lower(media), value, rest, parameters: OnceCell::new() });
        }
        let (media, parameters) = parse(value)?;
        Some(Self { media: Cow::Owned(media), value, rest: "", parameters: OnceCell::from(parameters) })
    }

    pub(super) fn parameter(&self, key: &str) -> Option<&str> {
        let parameters = self.parameters.get_or_init(|| {
            let parsed = || parse(self.value).map(|(_, parameters)| parameters);
            plain_parameters(self.rest).or_else(parsed).unwrap_or_default()
        });
        parameters.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_ref())
    }
}

/// What mail-parser reads.
fn parse<'h>(value: &[u8]) -> Option<(String, Parameters<'h>)> {
    let value = terminated(value);
    let HeaderValue::ContentType(parsed) = MessageStream::new(&value).parse_content_type() else {
        return None;
    };
    let media = match parsed.subtype() {
        Some(subtype) => format!("{}/{}", parsed.ctype(), subtype).to_ascii_lowercase(),
        None => parsed.ctype().to_ascii_lowercase(),
    };
    let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
    let all = parsed.attributes.into_iter().flatten();
    Some((media, all.map(|attribute| (owned(attribute.name), owned(attribute.value))).collect()))
}

fn is_token(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.' | b'_')
}

/// The media type of a value as nearly all are written, and what stands behind it: parameters or nothing.
fn plain_media(value: &[u8]) -> Option<(&str, &str)> {
    let text = std::str::from_utf8(value).ok()?.trim_end_matches([' ', '\t', '\r', '\n']);
    let (media, rest) = take(behind_white(text)?, |b| is_token(b) || b == b'/')?;
    let rest = behind_white(rest)?;
    let whole = !media.starts_with('/') && !media.ends_with('/');
    (whole && (rest.is_empty() || rest.starts_with(';'))).then_some((media, rest))
}

/// The parameters of a value as nearly all are written. `None` where it has comments, escapes, encoded words or parameters
/// in pieces, which mail-parser reads.
fn plain_parameters(text: &str) -> Option<Parameters<'_>> {
    let mut rest = text;
    let mut parameters = Vec::new();
    while !rest.is_empty() {
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
        if memchr::memchr(b'?', value.as_bytes()).is_some() && value.contains("=?") {
            return None;
        }
        parameters.push((lower(name), Cow::Borrowed(value)));
        rest = behind_white(rest)?;
    }
    Some(parameters)
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

    fn owned(media: &str, parameters: &Parameters<'_>) -> Said {
        let owned = |(name, value): &(Cow<'_, str>, Cow<'_, str>)| (name.to_string(), value.to_string());
        (media.to_owned(), parameters.iter().map(owned).collect())
    }

    fn said(value: &str) -> Option<Said> {
        let content = Content::read(value.as_bytes())?;
        content.parameter("");
        Some(owned(&content.media, content.parameters.get()?))
    }

    fn parsed(value: &str) -> Option<Said> {
        parse(value.as_bytes()).map(|(media, parameters)| owned(&media, &parameters))
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
            let (_, rest) = plain_media(value.as_bytes()).unwrap();
            assert!(plain_parameters(rest).is_some(), "{value:?}");
            assert_eq!(said(value), parsed(value), "{value:?}");
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
                assert_eq!(said(value), parsed(value), "{value:?}");
            }
        }
    }
}

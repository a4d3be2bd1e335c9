//! Content-Transfer-Encoding of RFC 2045 section 6, read as mail really writes it.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;

/// How the bytes of a part are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transfer {
    Identity,
    Base64,
    QuotedPrintable,
}

impl Transfer {
    pub(crate) fn of(value: Option<&[u8]>) -> Self {
        let value = value.unwrap_or_default().trim_ascii();
        let starts =
            |name: &str| value.get(..name.len()).is_some_and(|v| v.eq_ignore_ascii_case(name.as_bytes()));
        if starts("base64") {
            Self::Base64
        } else if starts("quoted-printable") {
            Self::QuotedPrintable
        } else {
            Self::Identity
        }
    }

    /// Decodes; bytes that are not what they claim to be are kept as they are.
    pub(crate) fn decode(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::Identity => Cow::Borrowed(bytes),
            Self::Base64 => base64(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned),
            Self::QuotedPrintable => quoted_printable_decode(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned),
        }
    }
}

/// Whole groups of four, with what a footer or a cut left behind passed over.
fn base64(bytes: &[u8]) -> Option<Vec<u8>> {
    if let Some(decoded) = base64_decode(bytes).filter(|d| !d.is_empty()) {
        return Some(decoded);
    }
    let alphabet =
        |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=') || b.is_ascii_whitespace();
    let end = bytes.iter().position(|b| !alphabet(b)).unwrap_or(bytes.len());
    let mut symbols: Vec<u8> =
        bytes[..end].iter().copied().filter(|b| !b.is_ascii_whitespace() && *b != b'=').collect();
    symbols.truncate(symbols.len() / 4 * 4);
    if symbols.len() < 4 { None } else { base64_decode(&symbols) }
}

//! Content-Transfer-Encoding of RFC 2045 section 6, read as mail really writes it.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;

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
            Self::QuotedPrintable => quoted_printable(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned),
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
    // Pieces that were padded each for itself are whole before the footer.
    if end < bytes.len()
        && let Some(decoded) = base64_decode(&bytes[..end]).filter(|d| !d.is_empty())
    {
        return Some(decoded);
    }
    let mut symbols: Vec<u8> =
        bytes[..end].iter().copied().filter(|b| !b.is_ascii_whitespace() && *b != b'=').collect();
    symbols.truncate(symbols.len() / 4 * 4);
    if symbols.len() < 4 { None } else { base64_decode(&symbols) }
}

/// Quoted-printable of RFC 2045 section 6.7. `None` where an escape is none.
fn quoted_printable(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Decoded { text: Vec::with_capacity(bytes.len()), kept: 0, line_end: b"\n" };
    let mut rest = bytes;
    loop {
        let special = match rest.first() {
            Some(b'=') => Some(0),
            _ => memchr::memchr3(b'=', b'\n', b'\r', rest),
        };
        let Some(at) = special else {
            decoded.text.extend_from_slice(rest);
            return Some(decoded.text);
        };
        decoded.text.extend_from_slice(&rest[..at]);
        let behind = &rest[at + 1..];
        rest = match rest[at] {
            b'=' => decoded.escape(behind)?,
            b'\n' => {
                decoded.end_line();
                behind
            }
            _ => {
                decoded.line_end = b"\r\n";
                behind
            }
        };
    }
}

struct Decoded {
    text: Vec<u8>,
    /// White space before this is not the end of a line.
    kept: usize,
    line_end: &'static [u8],
}

impl Decoded {
    fn end_line(&mut self) {
        let white = self.text[self.kept..].iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
        self.text.truncate(self.text.len() - white);
        self.text.extend_from_slice(self.line_end);
        self.kept = self.text.len();
    }

    /// Reads what stands behind an equals sign: two digits, or white space and the end of the line. Gives what follows.
    fn escape<'b>(&mut self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
        let mut high = None;
        for (at, byte) in bytes.iter().enumerate() {
            match (*byte, high) {
                (b'\r', _) => self.line_end = b"\r\n",
                (b'\n', None) => {
                    self.kept = self.text.len();
                    return Some(&bytes[at + 1..]);
                }
                // A digit that the end of a line cuts off goes on in the next.
                (b'\n', Some(_)) => self.end_line(),
                (byte, None) => match digit(byte) {
                    Some(digit) => high = Some(digit),
                    None if byte.is_ascii_whitespace() => {}
                    None => return None,
                },
                (byte, Some(high)) => {
                    self.text.push(high << 4 | digit(byte)?);
                    self.kept = self.text.len();
                    return Some(&bytes[at + 1..]);
                }
            }
        }
        Some(&[])
    }
}

#[cfg(test)]
mod tests {
    use mail_parser::decoders::quoted_printable::quoted_printable_decode;

    use super::quoted_printable;

    #[test]
    fn a_footer_behind_base64_is_passed_over() {
        for (encoded, decoded) in [
            ("bm8gc3VjaCB1c2Vy\n-- \nlist footer", "no such user"),
            ("bm8gc3VjaCB1c2VyLg==\nYnll\n____\nfooter", "no such user.bye"),
            ("bm8gc3VjaCB1c2VyLg\n____\nfooter", "no such user."),
        ] {
            assert_eq!(super::base64(encoded.as_bytes()).as_deref(), Some(decoded.as_bytes()), "{encoded}");
        }
    }

    /// Every sequence of a few pieces decodes as mail-parser decodes it.
    #[test]
    fn decodes_what_mail_parser_decodes() {
        const PIECES: [&str; 9] = ["a", " ", "\t", "=", "3", "D", "\n", "\r\n", "z "];
        let mut encoded = String::new();
        for n in 0..PIECES.len().pow(5) {
            encoded.clear();
            let mut rest = n;
            while rest > 0 {
                encoded.push_str(PIECES[rest % PIECES.len()]);
                rest /= PIECES.len();
            }
            let bytes = encoded.as_bytes();
            assert_eq!(quoted_printable(bytes), quoted_printable_decode(bytes), "{encoded:?}");
        }
        let escapes = (0..=u16::MAX).map(|n| [b'=', (n >> 8) as u8, n as u8]);
        for escape in escapes {
            assert_eq!(quoted_printable(&escape), quoted_printable_decode(&escape), "{escape:?}");
        }
    }
}

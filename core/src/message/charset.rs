//! Bytes to text: the named charset where it holds, else the one the bytes look like.

use std::borrow::Cow;

use mail_parser::decoders::charsets::map::charset_decoder;

/// Names under which any bytes are found in practice; UTF-8 is among them because it is often only claimed.
const UNTRUSTED: &[&str] = &[
    "us-ascii",
    "ascii",
    "ansi_x3.4-1968",
    "unknown-8bit",
    "x-unknown",
    "8bit",
    "7bit",
    "unicode",
    "utf-8",
    "utf8",
];

/// The usual names of Windows-1252: who says ISO-8859-1 means it as well (WHATWG Encoding Standard).
const WESTERN: &[&str] = &["iso-8859-1", "windows-1252", "latin1"];

/// Decodes with the charset a part names. A name that is missing, unknown or plainly wrong is guessed.
pub(crate) fn decode<'x, 'c>(bytes: &'x [u8], charset: impl FnOnce() -> Option<&'c str>) -> Cow<'x, str> {
    if bytes.is_ascii() && !has_escape(bytes) {
        // ASCII is the same in every charset that mail uses, apart from those that shift by escapes.
        return utf8(bytes);
    }
    let Some(name) = charset().map(str::trim).filter(|name| !name.is_empty()) else {
        return guess(bytes);
    };
    if UNTRUSTED.iter().any(|known| name.eq_ignore_ascii_case(known)) {
        return guess(bytes);
    }
    if WESTERN.iter().any(|known| name.eq_ignore_ascii_case(known)) {
        return Cow::Owned(windows_1252(bytes));
    }
    match charset_decoder(&name.as_bytes()[..name.len().min(45)]) {
        Some(decode) if has_escape(bytes) => Cow::Owned(decode(&line_feeds(bytes))),
        Some(decode) => Cow::Owned(decode(bytes)),
        None => guess(bytes),
    }
}

/// A line that ends inside a shift (against RFC 1468) must not read otherwise for having one byte more there.
fn line_feeds(bytes: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => lines.extend(line.iter().chain(b"\n")),
            None => lines.extend_from_slice(line),
        }
    }
    lines
}

/// UTF-8 where valid, else ISO-2022-JP by its escapes, else the likeliest of the 8-bit charsets of Japan and Europe.
pub(crate) fn guess(bytes: &[u8]) -> Cow<'_, str> {
    if has_escape(bytes) {
        return Cow::Owned(named(&line_feeds(bytes), "iso-2022-jp").into_owned());
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Cow::Borrowed(text),
        Err(error) => error,
    };
    // Text that is valid for long is UTF-8 that was cut or damaged.
    let good = bytes[..error.valid_up_to()].iter().filter(|b| **b >= 0x80).count();
    if good >= 4 {
        String::from_utf8_lossy(bytes)
    } else if looks_like_shift_jis(bytes) {
        named(bytes, "shift_jis")
    } else if looks_like_euc_jp(bytes) {
        named(bytes, "euc-jp")
    } else if looks_like_utf8(bytes) {
        String::from_utf8_lossy(bytes)
    } else {
        Cow::Owned(windows_1252(bytes))
    }
}

/// Most of such a text is ASCII.
fn windows_1252(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut at = 0;
    while at < bytes.len() {
        let high = next_high(bytes, at);
        text.push_str(&utf8(&bytes[at..high]));
        at = high + bytes[high..].iter().take_while(|byte| !byte.is_ascii()).count();
        bytes[high..at].iter().for_each(|byte| text.push(western(*byte)));
    }
    text
}

/// Windows-1252 is Latin-1 with letters and signs in the place of control characters.
fn western(byte: u8) -> char {
    /// 80 to 9F; five are not assigned.
    const SIGNS: [char; 32] = [
        '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}',
        '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => SIGNS[usize::from(byte - 0x80)],
        byte => char::from(byte),
    }
}

/// Bytes that are UTF-8 but for damage.
pub(crate) fn utf8(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn named<'x>(bytes: &'x [u8], charset: &str) -> Cow<'x, str> {
    match charset_decoder(charset.as_bytes()) {
        Some(decode) => Cow::Owned(decode(bytes)),
        None => String::from_utf8_lossy(bytes),
    }
}

/// `ESC $` or `ESC ( J`: the shifts of ISO-2022-JP (RFC 1468).
fn has_escape(bytes: &[u8]) -> bool {
    memchr::memchr_iter(0x1b, bytes)
        .any(|at| matches!(bytes.get(at + 1..at + 3), Some([b'$', b'B' | b'@' | b'('] | [b'(', b'J' | b'I'])))
}

/// The first byte beyond ASCII from here on.
fn next_high(bytes: &[u8], from: usize) -> usize {
    let rest = &bytes[from..];
    let plain = rest.chunks(32).take_while(|chunk| chunk.is_ascii()).map(<[u8]>::len).sum::<usize>();
    let high = rest[plain..].iter().position(|byte| !byte.is_ascii());
    high.map_or(bytes.len(), |n| from + plain + n)
}

/// Shift_JIS: lead bytes 81–9F or E0–FC, each with a valid trail byte; many lead bytes that Latin text lacks.
fn looks_like_shift_jis(bytes: &[u8]) -> bool {
    let (mut at, mut pairs, mut low_lead) = (0, 0, 0);
    while at < bytes.len() {
        let byte = bytes[at];
        match byte {
            0x81..=0x9f | 0xe0..=0xfc => {
                let Some(trail) = bytes.get(at + 1) else { break };
                if !matches!(trail, 0x40..=0x7e | 0x80..=0xfc) {
                    return false;
                }
                pairs += 1;
                low_lead += usize::from(byte <= 0x9f);
                at += 2;
            }
            0x80 | 0xa0 | 0xfd..=0xff => return false,
            0x00..=0x7f => at = next_high(bytes, at),
            _ => at += 1,
        }
    }
    pairs >= 4 && low_lead * 2 >= pairs
}

/// EUC-JP: pairs of bytes A1–FE, many of them kana (A4, A5).
fn looks_like_euc_jp(bytes: &[u8]) -> bool {
    let (mut at, mut pairs, mut kana) = (0, 0, 0);
    while at < bytes.len() {
        let byte = bytes[at];
        match byte {
            0xa1..=0xfe | 0x8e => {
                let Some(trail) = bytes.get(at + 1) else { break };
                if !matches!(trail, 0xa1..=0xfe) {
                    return false;
                }
                pairs += 1;
                kana += usize::from(matches!(byte, 0xa4 | 0xa5));
                at += 2;
            }
            0x80..=0xff => return false,
            _ => at = next_high(bytes, at),
        }
    }
    pairs >= 4 && kana * 4 >= pairs
}

/// More complete UTF-8 sequences than broken ones. No sequence reaches over an ASCII character.
fn looks_like_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    let mut at = next_high(bytes, 0);
    while at < bytes.len() {
        let run = &bytes[at..];
        let run = &run[..run.iter().position(u8::is_ascii).unwrap_or(run.len())];
        for chunk in run.utf8_chunks() {
            good += chunk.valid().chars().count();
            bad += usize::from(!chunk.invalid().is_empty());
        }
        at = next_high(bytes, at + run.len());
    }
    good > bad
}

#[cfg(test)]
mod tests {
    use super::{WESTERN, decode, guess, named, windows_1252};

    #[test]
    fn a_line_that_ends_inside_a_shift_reads_alike_with_both_line_ends() {
        let lines = "\x1b$B08@h\x1b(B 550\n\x1b$B08\n@h\x1b(B x\n";
        let decoded = |text: &str| decode(text.as_bytes(), || Some("iso-2022-jp")).into_owned();
        assert!(decoded(lines).starts_with("宛先 550\n宛"));
        assert_eq!(decoded(&lines.replace('\n', "\r\n")), decoded(lines));
        assert_eq!(guess(lines.replace('\n', "\r\n").as_bytes()), guess(lines.as_bytes()));
    }

    #[test]
    fn windows_1252_is_what_its_table_says() {
        let bytes: Vec<u8> = (0..=255).chain(*b"plain").collect();
        for name in WESTERN {
            assert_eq!(windows_1252(&bytes), named(&bytes, name), "{name}");
        }
    }
}

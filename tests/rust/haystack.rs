//! A mail with everything in it decoded, crudely and without the parser under test: where addresses may come from.

/// All readings of a mail, in lower case and without white space.
pub struct Haystack {
    texts: Vec<String>,
}

/// What may stand between the halves of an address: as itself, in a URL, in xtext, in VERP.
const MARKS: [&str; 6] = ["@", "%40", "+40", "=40", "=", "#"];

/// AOL names a mailbox without its domain, which is its own: two halves of an address that stand apart.
const SCREEN_NAMES: &str = "aol.com";

impl Haystack {
    /// Decodes transfer encodings, encoded words, entities, tags and xtext, each on top of the other.
    #[must_use]
    pub fn of(raw: &[u8]) -> Self {
        let raw_text = String::from_utf8_lossy(raw).into_owned();
        let mut layers = vec![raw_text.clone(), base64_blocks(&raw_text)];
        layers.extend(layers.clone().iter().map(|text| quoted_printable(text)));
        layers.push(encoded_words(&raw_text));
        layers.push(without_pairs(raw));
        layers.push(without_shifts(&raw_text));
        layers.push(hexadecimal(&raw_text, "\\x{", "}"));
        layers.push(hexadecimal(&raw_text, "+", ""));
        let plain = |end: Option<&str>| layers.iter().map(|text| plain(text, end)).collect::<Vec<_>>();
        // A tag that nobody ends may stand in a header field, where it is none.
        let (tags, short) = (plain(None), plain(Some("\n\n")));
        layers.extend(tags.into_iter().chain(short));
        let texts = layers.iter().map(|text| squeeze(text)).collect();
        Self { texts }
    }

    /// Whether an address stands somewhere, in one of the usual ways of writing.
    #[must_use]
    pub fn holds(&self, address: &str) -> bool {
        // Which charset made a letter of which bytes is not our question: such an address is compared by what lies between.
        if !address.is_ascii() {
            let pieces = address.split(|c: char| !c.is_ascii() || c == '@').map(squeeze);
            return pieces.into_iter().all(|piece| self.has(&piece));
        }
        let Some((local, domain)) = address.rsplit_once('@') else { return self.has(&squeeze(address)) };
        let (local, domain) = (squeeze(local), squeeze(domain));
        // `domain=local` is SRS, `domain!local` UUCP.
        MARKS.iter().any(|mark| self.has(&format!("{local}{mark}{domain}")))
            || ["=", "!"].iter().any(|mark| self.has(&format!("{domain}{mark}{local}")))
            || (domain == SCREEN_NAMES && self.has(&local) && self.has(&domain))
    }

    fn has(&self, text: &str) -> bool {
        self.texts.iter().any(|haystack| haystack.contains(text))
    }
}

/// Lower case, ASCII, no white space, no quoting: what folding, wrapping and quoting change is the same afterwards.
fn squeeze(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\'));
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

/// Leaves out the letters of two bytes of Shift_JIS: the second byte may look like an ASCII letter.
fn without_pairs(raw: &[u8]) -> String {
    let (mut kept, mut at) = (String::new(), 0);
    while let Some(byte) = raw.get(at) {
        let pair = matches!(byte, 0x81..=0x9f | 0xe0..=0xfc);
        if byte.is_ascii() {
            kept.push(char::from(*byte));
        }
        at += if pair { 2 } else { 1 };
    }
    kept
}

/// Leaves out the escapes of ISO-2022-JP, and what stands behind `ESC $`: letters of two ASCII bytes.
fn without_shifts(text: &str) -> String {
    let mut pieces = text.split('\x1b');
    let plain = pieces.next().unwrap_or_default();
    let behind = pieces.map(|piece| match piece.as_bytes() {
        [b'$', ..] => "",
        // The letter behind the bracket names the character set.
        [b'(', ..] => piece.get(2..).unwrap_or_default(),
        _ => piece,
    });
    std::iter::once(plain).chain(behind).collect()
}

/// Decodes every run of base64, with whatever does not belong to it left out: block by block, and the bodies of parts as
/// wholes, because an empty line ends no body.
fn base64_blocks(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = Vec::new();
    for part in text.split("\n--") {
        let body = part.split_once("\n\n").map_or("", |(_, body)| body);
        for run in part.split("\n\n").chain([body]) {
            out.extend(base64(run));
            out.push(b'\n');
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn base64(text: &str) -> Vec<u8> {
    let (mut bits, mut count, mut out) = (0_u32, 0, Vec::new());
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                (bits, count) = (0, 0);
                continue;
            }
            _ => continue,
        };
        (bits, count) = (bits << 6 | u32::from(value), count + 6);
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xff) as u8);
        }
    }
    out
}

fn quoted_printable(text: &str) -> String {
    let joined = text.replace("=\r\n", "").replace("=\n", "").replace("=\r", "");
    hexadecimal(&joined, "=", "")
}

/// `=?charset?q?…?=` and `=?charset?b?…?=`.
fn encoded_words(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, word)) = rest.split_once("=?") {
        out.push_str(before);
        let mut parts = word.splitn(3, '?');
        let (_charset, encoding, tail) =
            (parts.next(), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let (body, after) = tail.split_once("?=").unwrap_or((tail, ""));
        match encoding {
            "b" | "B" => out.push_str(&String::from_utf8_lossy(&base64(body))),
            _ => out.push_str(&quoted_printable(&body.replace('_', " "))),
        }
        rest = after;
    }
    out + rest
}

/// Replaces an escape with hexadecimal digits by the character: `=40`, `+40`, `\x{5927}`.
fn hexadecimal(text: &str, open: &str, close: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once(open) {
        out.extend_from_slice(before.as_bytes());
        let digits =
            if close.is_empty() { tail.get(..2) } else { tail.split_once(close).map(|(digits, _)| digits) };
        match digits.and_then(|digits| Some((digits, u32::from_str_radix(digits, 16).ok()?))) {
            Some((digits, code)) if close.is_empty() => {
                out.push(code as u8);
                rest = &tail[digits.len()..];
            }
            Some((digits, code)) => {
                out.extend(char::from_u32(code).unwrap_or(' ').to_string().bytes());
                rest = &tail[digits.len() + close.len()..];
            }
            None => {
                out.extend_from_slice(open.as_bytes());
                rest = tail;
            }
        }
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

/// Without tags, and with the entities that mail software writes. No tag goes beyond `end`.
fn plain(text: &str, end: Option<&str>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        rest = match tag.find('>') {
            Some(at) if is_tag(&tag[..at]) && end.is_none_or(|end| !tag[..at].contains(end)) => {
                &tag[at + 1..]
            }
            Some(_) => tag,
            // Without an end there is none behind it either.
            None => {
                out.push_str(tag);
                ""
            }
        };
    }
    out.push_str(rest);
    [
        ("&#64;", "@"),
        ("&#x40;", "@"),
        ("&commat;", "@"),
        ("&#46;", "."),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(out, |text, (entity, character)| text.replace(entity, character))
}

/// Whether it begins like a tag; `<taro@example.jp>`, which reporters forget to encode, must stay.
fn is_tag(inside: &str) -> bool {
    let begins = inside.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    let address = inside.len() < 320 && inside.contains('@') && !inside.contains([' ', '=', '\n', '\r']);
    begins && !address
}

#[cfg(test)]
mod tests {
    use super::Haystack;

    #[test]
    fn addresses_are_found_however_they_are_written() {
        for mail in [
            "To: taro@example.jp",
            "To: Taro@\r\n Example.JP",
            "taro=40example.jp",
            "taro@exam=\nple.jp",
            "a\n\ndGFyb0BleGFtcGxlLmpw\n\n",
            "Subject: =?utf-8?b?dGFyb0BleGFtcGxlLmpw?=",
            "<b>taro</b>@example.jp",
            "ta<a b@\n<p>ro@example.jp",
            "X: <a\n\nta<a\n<p>ro@example.jp",
            "taro&#64;example.jp",
            "taro\x1b$B$3$N\x1b(B@\x1b(Jexample.jp",
            "bounce+taro=example.jp@example.org",
            "SRS0=AAAA=TT=example.jp=taro@example.org",
        ] {
            assert!(Haystack::of(mail.as_bytes()).holds("taro@example.jp"), "{mail}");
        }
        let other = Haystack::of(b"To: taro@example.org, jiro@example.jp, hanataro@example.jpx");
        assert!(!other.holds("taro@example.net"));
    }
}

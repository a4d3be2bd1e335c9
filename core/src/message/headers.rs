//! One header block: field names and raw values, decoded only when asked for (RFC 5322 section 2.2, RFC 2047).

use std::borrow::Cow;

use mail_parser::parsers::MessageStream;
use mail_parser::{DateTime, HeaderValue};

use super::{addresses, charset};
use crate::lanes::line_end;
use crate::syntax::address;
use crate::words::contains_ignore_case;

/// A header block that stays as bytes until a value is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Headers<'x> {
    block: Cow<'x, [u8]>,
    fields: Vec<Field>,
    /// One bit for each name, by [`name_key`]: most fields that are asked for are not there.
    names: u128,
}

/// Offsets into the block. The value holds its folded lines and their line ends.
#[derive(Clone, Copy, Debug)]
struct Field {
    name: u32,
    /// Names are short: see [`field_name`].
    length: u8,
    /// By [`name_key`]: few other names have the same.
    key: u8,
    value: (u32, u32),
}

impl<'x> Headers<'x> {
    /// Reads fields up to the first empty line, or up to the first line that cannot be one when `strict`.
    ///
    /// Returns the headers and the offset of the body. Broken lines among fields are passed over.
    pub(crate) fn read(bytes: Cow<'x, [u8]>, strict: bool) -> (Self, usize) {
        let mut headers = Self { block: bytes, fields: Vec::with_capacity(24), names: 0 };
        let body = headers.scan(0, strict);
        (headers, body)
    }

    /// Finds the fields from this offset on, and where the body starts.
    fn scan(&mut self, from: usize, strict: bool) -> usize {
        let bytes: &[u8] = &self.block;
        let mut at = from;
        while at < bytes.len() {
            let end = line_end(&bytes[at..]).map_or(bytes.len(), |n| at + n + 1);
            let line = &bytes[at..end];
            if matches!(line[0], b'\r' | b'\n') && line.iter().all(|b| matches!(b, b'\r' | b'\n')) {
                return end;
            }
            if matches!(line[0], b' ' | b'\t') {
                match self.fields.last_mut() {
                    Some(field) => field.value.1 = end as u32,
                    None if line.iter().all(u8::is_ascii_whitespace) => {}
                    None => return at,
                }
            } else if let Some((name, colon)) = field_name(line) {
                let key = name_key(&line[..name]);
                self.names |= 1 << key;
                self.fields.push(Field {
                    name: at as u32,
                    length: name as u8,
                    key,
                    value: ((at + colon + 1) as u32, end as u32),
                });
            } else if strict || self.fields.is_empty() {
                return at;
            }
            at = end;
        }
        bytes.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// The first field of this name, raw.
    pub(crate) fn raw<'a>(&'a self, name: &'a str) -> Option<&'a [u8]> {
        self.all_raw(name).next()
    }

    /// Every field of this name, raw, in order.
    pub(crate) fn all_raw<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        let key = name_key(name.as_bytes());
        let fields = if self.names & (1 << key) == 0 { &[][..] } else { &self.fields };
        fields
            .iter()
            .filter(move |field| field.key == key && self.is_named(field, name.as_bytes()))
            .map(|field| &self.block[field.value.0 as usize..field.value.1 as usize])
    }

    fn is_named(&self, field: &Field, name: &[u8]) -> bool {
        let from = field.name as usize;
        self.block[from..from + usize::from(field.length)].eq_ignore_ascii_case(name)
    }

    /// The first field of this name that is not blank: unfolded, RFC 2047 words decoded.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.all_raw(name).map(decode_value).find(|value| !value.is_empty())
    }

    /// Every field of this name as text.
    pub(crate) fn all_text<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        self.all_raw(name).map(decode_value).filter(|value| !value.is_empty())
    }

    /// Whether the field is there and holds this ASCII text, in any case.
    pub(crate) fn contains(&self, name: &str, needle: &str) -> bool {
        let needle = needle.as_bytes();
        let first = needle.split(|byte| *byte == b' ').next().unwrap_or(needle);
        let broken = |value: &[u8]| {
            value.trim_ascii_end().contains(&b'\n')
                && holds(folded(&String::from_utf8_lossy(value)).as_bytes(), needle)
        };
        let goes_on = needle.len() > first.len();
        self.all_raw(name)
            .any(|value| holds(value, first) && (!goes_on || holds(value, needle) || broken(value)))
    }

    /// Inlined, the key of a name is reckoned when the program is made.
    #[inline]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names & (1 << name_key(name.as_bytes())) != 0 && self.raw(name).is_some()
    }

    /// Addresses of a structured field (RFC 5322 section 3.4), all fields of this name together.
    pub(crate) fn addresses(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        for value in self.all_raw(name) {
            addresses::read(value, &mut found);
        }
        found
    }

    /// Whether any of these fields names the address.
    pub(crate) fn name(&self, fields: &[&str], address: &str) -> bool {
        let local = memchr::memrchr(b'@', address.as_bytes()).map(|sign| &address[..sign]);
        let local = local.filter(|local| local.is_ascii() && !local.contains('"'));
        let named = |field: &&str| self.addresses(field).iter().any(|known| address::same(known, address));
        fields.iter().any(|field| local.is_none_or(|local| self.may_name(field, local)) && named(field))
    }

    /// Whether a field holds a plain local part before a sign: most do not, and need not be read. True where it could be
    /// written otherwise.
    fn may_name(&self, field: &str, local: &str) -> bool {
        let stands_before = |value: &[u8], sign: usize| {
            let before = &value[..sign];
            let loose = before.last().is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b'"');
            let start = sign.checked_sub(local.len()).unwrap_or(sign);
            loose || before[start..].eq_ignore_ascii_case(local.as_bytes())
        };
        let may = |value: &[u8]| {
            let value = value.trim_ascii_end();
            value.iter().enumerate().any(|(at, byte)| match byte {
                b'@' => stands_before(value, at),
                // Broken lines, comments, escapes and encoded words may stand within an address.
                b'\n' | b'(' | b'\\' | b'?' => true,
                _ => false,
            })
        };
        self.all_raw(field).any(may)
    }

    pub(crate) fn date(&self, name: &str) -> Option<DateTime> {
        self.all_raw(name).find_map(super::date::parse)
    }

    /// The value of a Message-ID-like field.
    pub(crate) fn id(&self, name: &str) -> Option<String> {
        if let Some(id) = self.raw(name).and_then(plain_id) {
            return Some(id.to_owned());
        }
        id(&self.text(name)?)
    }

    /// Goes on where strict reading ended at a line that cannot be a field, if more fields follow.
    pub(crate) fn read_on(&mut self, end: usize) {
        let count = self.fields.len();
        let Some(last) = self.fields.last().copied().filter(|last| last.value.1 as usize == end) else {
            return;
        };
        self.scan(end, false);
        if self.fields.len() == count {
            self.fields[count - 1] = last;
        }
    }

    /// The same headers with a block of their own.
    pub(crate) fn to_static(&self) -> Headers<'static> {
        let end = self.fields.last().map_or(0, |field| field.value.1 as usize);
        Headers {
            block: Cow::Owned(self.block[..end].to_vec()),
            fields: self.fields.clone(),
            names: self.names,
        }
    }
}

/// A number below 128 for a field's name, in any case: by its length, its first and its last letter.
#[inline]
fn name_key(name: &[u8]) -> u8 {
    let letter = |byte: Option<&u8>| byte.map_or(0, u8::to_ascii_lowercase);
    let (first, last) = (letter(name.first()), letter(name.last()));
    (first
        .wrapping_mul(7)
        .wrapping_add(last.wrapping_mul(31))
        .wrapping_add((name.len() as u8).wrapping_mul(3)))
        % 128
}

/// Whether a value holds this text, in any ASCII case. Parts of addresses are found by their `@`.
fn holds(value: &[u8], needle: &[u8]) -> bool {
    match needle.iter().position(|b| *b == b'@') {
        Some(mark) => memchr::memchr_iter(b'@', value).any(|at| {
            let from = at.checked_sub(mark);
            let part = from.and_then(|from| value.get(from..from + needle.len()));
            part.is_some_and(|part| part.eq_ignore_ascii_case(needle))
        }),
        None => value.len() >= needle.len() && contains_ignore_case(value, needle),
    }
}

/// What stands between the first angle brackets of a value, else its first word.
pub(crate) fn id(value: &str) -> Option<String> {
    let inner = match (value.find('<'), value.find('>')) {
        (Some(open), Some(close)) if open < close => &value[open + 1..close],
        (Some(open), None) => &value[open + 1..],
        _ => value.split_whitespace().next().unwrap_or(""),
    };
    let inner = inner.split_whitespace().collect::<String>();
    (!inner.is_empty()).then_some(inner)
}

/// The value of a Message-ID-like field as nearly all are written: one word in angle brackets.
fn plain_id(value: &[u8]) -> Option<&str> {
    let inner = value.trim_ascii().strip_prefix(b"<")?.strip_suffix(b">")?;
    let plain = inner.iter().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'?'));
    std::str::from_utf8(inner).ok().filter(|inner| plain && !inner.is_empty())
}

/// mail-parser's field parsers need the line end that closes a field.
pub(super) fn terminated(value: &[u8]) -> Cow<'_, [u8]> {
    if value.ends_with(b"\n") {
        return Cow::Borrowed(value);
    }
    let mut owned = value.to_vec();
    owned.push(b'\n');
    Cow::Owned(owned)
}

/// Unfolds and decodes one raw value.
pub(crate) fn decode_value(value: &[u8]) -> String {
    let words = value.trim_ascii();
    let plain = words.iter().fold(true, |plain, b| plain & (*b >= b' ') & (*b < 0x7f) & (*b != b'?'));
    if plain && let Ok(text) = std::str::from_utf8(words) {
        return fold_white(text);
    }
    if memchr::memchr_iter(b'?', value).any(|at| at > 0 && value[at - 1] == b'=') {
        let bytes = terminated(value);
        if let HeaderValue::Text(text) = MessageStream::new(&bytes).parse_unstructured() {
            return fold_white(&text);
        }
    }
    fold_white(&charset::guess(value))
}

/// Runs of white space become one space; the ends are trimmed.
pub(crate) fn fold_white(text: &str) -> String {
    folded(text).into_owned()
}

/// The same, of a text that may need no folding.
pub(crate) fn folded(text: &str) -> Cow<'_, str> {
    let text = text.trim_ascii();
    let bytes = text.as_bytes();
    let mut run = next_run(bytes, 0);
    if run == bytes.len() {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    let mut from = 0;
    while run < bytes.len() {
        folded.push_str(&text[from..run]);
        folded.push(' ');
        from = run;
        while bytes[from].is_ascii_whitespace() {
            from += 1;
        }
        run = next_run(bytes, from);
    }
    folded.push_str(&text[from..]);
    Cow::Owned(folded)
}

/// A line without white space around it. Most have none.
pub(crate) fn trimmed(line: &str) -> &str {
    match line.as_bytes() {
        [] => line,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => line,
        _ => line.trim(),
    }
}

/// A text in lower case, as far as it is ASCII.
pub(crate) fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// Where white space stands next that is more than one space, in a text that does not end with white space.
fn next_run(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    // Most of a text needs no folding: sixteen bytes are looked at together.
    while let Some(window) = bytes[at..].first_chunk() {
        if may_fold(window)
            && let Some(found) = first_run(bytes, at, at + 16)
        {
            return found;
        }
        at += 16;
    }
    if bytes[from..].last_chunk().is_some_and(|window| !may_fold(window)) {
        return bytes.len();
    }
    first_run(bytes, at, bytes.len()).unwrap_or(bytes.len())
}

/// The same, of the places from one to another.
#[inline(never)]
fn first_run(bytes: &[u8], from: usize, to: usize) -> Option<usize> {
    let follows = |at: usize| bytes.get(at + 1).is_some_and(u8::is_ascii_whitespace);
    (from..to).find(|at| bytes[*at].is_ascii_whitespace() && (bytes[*at] != b' ' || follows(*at)))
}

/// Whether any of the first sixteen bytes may begin a run.
fn may_fold(window: &[u8; 17]) -> bool {
    let mut may = 0;
    for n in 0..16 {
        let (here, next) = (window[n], window[n + 1]);
        may |= u8::from(here < b' ') | (u8::from(here == b' ') & u8::from(next <= b' '));
    }
    may != 0
}

/// The length of a field name at the start of a line: printable ASCII without spaces, then a colon. White space
/// before the colon is obsolete (RFC 5322 section 4.5) but read.
pub(crate) fn name_length(line: &[u8]) -> Option<usize> {
    field_name(line).map(|(name, _)| name)
}

/// Every printable character but the colon, and what stands in text before one: `/`, `<` and `@`.
static IN_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        table[byte as usize] = !matches!(byte, b':' | b'/' | b'<' | b'@');
        byte += 1;
    }
    table
};

/// The length of the name, and where its colon stands.
fn field_name(line: &[u8]) -> Option<(usize, usize)> {
    let line = &line[..line.len().min(128)];
    let name = line.iter().position(|b| !IN_NAME[usize::from(*b)])?;
    let colon = name + line[name..].iter().position(|b| !b.is_ascii_whitespace())?;
    (name > 0 && line[colon] == b':').then_some((name, colon))
}

//! One header block: field names and raw values, decoded only when asked for (RFC 5322 section 2.2, RFC 2047).

use std::borrow::Cow;

use mail_parser::parsers::MessageStream;
use mail_parser::{Address, ContentType, DateTime, HeaderValue};
use memchr::memchr;

use super::charset;
use crate::words::contains_ignore_case;

/// A header block that stays as bytes until a value is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Headers<'x> {
    block: Cow<'x, [u8]>,
    fields: Vec<Field>,
    /// One bit for each name, by [`name_bit`]: most fields that are asked for are not there.
    names: u128,
}

/// Offsets into the block. The value holds its folded lines and their line ends.
#[derive(Clone, Copy, Debug)]
struct Field {
    name: (u32, u32),
    value: (u32, u32),
}

impl<'x> Headers<'x> {
    /// Reads fields up to the first empty line, or up to the first line that cannot be one when `strict`.
    ///
    /// Returns the headers and the offset of the body. Broken lines among fields are passed over.
    pub(crate) fn read(bytes: Cow<'x, [u8]>, strict: bool) -> (Self, usize) {
        let (fields, body) = scan(&bytes, strict);
        let name = |field: &Field| &bytes[field.name.0 as usize..field.name.1 as usize];
        let names = fields.iter().fold(0, |bits, field| bits | name_bit(name(field)));
        (Self { block: bytes, fields, names }, body)
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
        let fields = if self.names & name_bit(name.as_bytes()) == 0 { &[][..] } else { &self.fields };
        fields
            .iter()
            .filter(move |field| self.slice(field.name).eq_ignore_ascii_case(name.as_bytes()))
            .map(|field| self.slice(field.value))
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
        self.all_raw(name).any(|value| {
            contains_ignore_case(value, needle)
                || needle.contains(&b' ')
                    && value.trim_ascii_end().contains(&b'\n')
                    && contains_ignore_case(fold_white(&String::from_utf8_lossy(value)).as_bytes(), needle)
        })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// Addresses of a structured field (RFC 5322 section 3.4), all fields of this name together.
    pub(crate) fn addresses(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        for value in self.all_raw(name) {
            let bytes = terminated(value);
            if let HeaderValue::Address(list) = MessageStream::new(&bytes).parse_address() {
                collect_addresses(&list, &mut found);
            }
        }
        found
    }

    pub(crate) fn content_type(&self, name: &str) -> Option<ContentType<'static>> {
        let bytes = terminated(self.raw(name)?);
        match MessageStream::new(&bytes).parse_content_type() {
            value @ HeaderValue::ContentType(_) => value.into_owned().into_content_type(),
            _ => None,
        }
    }

    pub(crate) fn date(&self, name: &str) -> Option<DateTime> {
        self.all_raw(name).find_map(super::date::parse)
    }

    /// The value of a Message-ID-like field: what stands between the first angle brackets, else its first word.
    pub(crate) fn id(&self, name: &str) -> Option<String> {
        let value = self.text(name)?;
        let inner = match (value.find('<'), value.find('>')) {
            (Some(open), Some(close)) if open < close => &value[open + 1..close],
            (Some(open), None) => &value[open + 1..],
            _ => value.split_whitespace().next().unwrap_or(""),
        };
        let inner: String = inner.chars().filter(|c| !c.is_whitespace()).collect();
        (!inner.is_empty()).then_some(inner)
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

    fn slice(&self, (from, to): (u32, u32)) -> &[u8] {
        &self.block[from as usize..to as usize]
    }
}

/// The bit of a field's name, in any case: by its length, its first and its last letter.
fn name_bit(name: &[u8]) -> u128 {
    let letter = |byte: Option<&u8>| u32::from(byte.map_or(0, u8::to_ascii_lowercase));
    1 << ((letter(name.first()) * 7 + letter(name.last()) * 31 + name.len() as u32 * 3) % 128)
}

fn collect_addresses(list: &Address<'_>, found: &mut Vec<String>) {
    for address in list.iter() {
        if let Some(address) = address.address() {
            found.push(address.to_owned());
        }
    }
}

/// mail-parser's field parsers need the line end that closes a field.
fn terminated(value: &[u8]) -> Cow<'_, [u8]> {
    if value.ends_with(b"\n") {
        return Cow::Borrowed(value);
    }
    let mut owned = value.to_vec();
    owned.push(b'\n');
    Cow::Owned(owned)
}

/// Unfolds and decodes one raw value.
pub(crate) fn decode_value(value: &[u8]) -> String {
    if memchr::memmem::find(value, b"=?").is_some() {
        let bytes = terminated(value);
        if let HeaderValue::Text(text) = MessageStream::new(&bytes).parse_unstructured() {
            return fold_white(&text);
        }
    }
    fold_white(&charset::guess(value))
}

/// Runs of white space become one space; the ends are trimmed.
pub(crate) fn fold_white(text: &str) -> String {
    let text = text.trim_ascii();
    let white = |b: u8| b.is_ascii_whitespace();
    if !text.as_bytes().windows(2).any(|pair| white(pair[1]) && (pair[1] != b' ' || white(pair[0]))) {
        return text.to_owned();
    }
    let mut folded = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Finds the fields of a block, and where its body starts.
fn scan(bytes: &[u8], strict: bool) -> (Vec<Field>, usize) {
    let mut fields: Vec<Field> = Vec::with_capacity(24);
    let mut at = 0;
    while at < bytes.len() {
        let end = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n + 1);
        let line = &bytes[at..end];
        if line.iter().all(|b| matches!(b, b'\r' | b'\n')) {
            return (fields, end);
        }
        if matches!(line[0], b' ' | b'\t') {
            match fields.last_mut() {
                Some(field) => field.value.1 = end as u32,
                None if line.iter().all(u8::is_ascii_whitespace) => {}
                None => return (fields, at),
            }
        } else if let Some(name) = name_length(line) {
            let colon = memchr(b':', line).unwrap_or(name);
            fields.push(Field {
                name: (at as u32, (at + name) as u32),
                value: ((at + colon + 1) as u32, end as u32),
            });
        } else if strict || fields.is_empty() {
            return (fields, at);
        }
        at = end;
    }
    (fields, bytes.len())
}

/// The length of a field name at the start of a line: printable ASCII without spaces, then a colon. White space
/// before the colon is obsolete (RFC 5322 section 4.5) but read.
pub(crate) fn name_length(line: &[u8]) -> Option<usize> {
    let colon = memchr(b':', &line[..line.len().min(128)])?;
    let name = line[..colon].trim_ascii_end();
    let plain = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    (plain && !name.iter().any(|b| matches!(b, b'/' | b'<' | b'@'))).then_some(name.len())
}

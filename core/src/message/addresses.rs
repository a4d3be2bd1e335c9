//! Addresses of a structured field (RFC 5322 section 3.4).

use mail_parser::parsers::MessageStream;
use mail_parser::{Address, HeaderValue};

use super::charset::utf8;
use super::headers::terminated;

/// Adds the addresses of one raw value.
pub(super) fn read(value: &[u8], found: &mut Vec<String>) {
    let known = found.len();
    if plain(value, found).is_some() {
        return;
    }
    found.truncate(known);
    let bytes = terminated(value);
    if let HeaderValue::Address(list) = MessageStream::new(&bytes).parse_address() {
        collect(&list, found);
    }
}

fn collect(list: &Address<'_>, found: &mut Vec<String>) {
    for address in list.iter() {
        if let Some(address) = address.address() {
            found.push(address.to_owned());
        }
    }
}

/// One entry of a list: what is read of it, as far as it is an address.
#[derive(Default)]
struct Entry<'v> {
    mail: Option<&'v [u8]>,
    /// Where the word at hand starts and ends, and whether there is an `@` in it: then it is the address.
    word: Option<(usize, usize)>,
    at_sign: bool,
}

impl<'v> Entry<'v> {
    /// Ends the word at hand. `None` where the address has two pieces.
    fn end_word(&mut self, value: &'v [u8]) -> Option<()> {
        if let Some((from, to)) = self.word.take().filter(|_| self.at_sign) {
            self.name(&value[from..to])?;
        }
        self.at_sign = false;
        Some(())
    }

    fn name(&mut self, mail: &'v [u8]) -> Option<()> {
        self.mail.replace(mail).is_none().then_some(())
    }
}

/// Reads a value as nearly all are written: names, quoted names, and addresses in angle brackets or without. `None` where
/// it has comments, groups, escapes or encoded words, which mail-parser reads.
fn plain(value: &[u8], found: &mut Vec<String>) -> Option<()> {
    let mut entry = Entry::default();
    let mut at = 0;
    while at < value.len() {
        match value[at] {
            b' ' | b'\t' | b'\r' => {}
            b'\n' => {
                entry.end_word(value)?;
                if !matches!(value.get(at + 1), None | Some(b' ' | b'\t')) {
                    return None;
                }
            }
            b',' => {
                entry.end_word(value)?;
                found.extend(entry.mail.take().map(text));
            }
            // What stands before an angle bracket or a quote is a name, whatever it looks like.
            b'<' => {
                let inner = enclosed(value, at + 1, b'>')?;
                entry.word = None;
                entry.at_sign = false;
                at += 1 + inner.len();
                let mail = inner.trim_ascii();
                if !mail.is_empty() {
                    entry.name(mail)?;
                }
            }
            b'"' => {
                entry.word = None;
                entry.at_sign = false;
                at += 1 + enclosed(value, at + 1, b'"')?.len();
            }
            b'(' | b':' | b';' | b'\\' => return None,
            b'=' if value.get(at + 1) == Some(&b'?') => return None,
            byte => {
                entry.at_sign |= byte == b'@';
                entry.word = Some((entry.word.map_or(at, |(from, _)| from), at + 1));
            }
        }
        at += 1;
    }
    entry.end_word(value)?;
    found.extend(entry.mail.map(text));
    Some(())
}

/// What stands before the closing byte, where nothing in it has a meaning of its own.
fn enclosed(value: &[u8], from: usize, close: u8) -> Option<&[u8]> {
    let inner = &value[from..];
    let stops =
        |b: &u8| *b == close || matches!(b, b'\n' | b'\\' | b'?' | b'\x0c') || *b == b'(' && close == b'>';
    let end = inner.iter().position(stops)?;
    (inner[end] == close).then(|| &inner[..end])
}

fn text(mail: &[u8]) -> String {
    utf8(mail).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What mail-parser reads.
    fn parsed(value: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        if let HeaderValue::Address(list) = MessageStream::new(&terminated(value)).parse_address() {
            collect(&list, &mut found);
        }
        found
    }

    #[test]
    fn usual_values_are_read_without_the_parser() {
        for (value, expected) in [
            (" taro@example.jp\r\n", &["taro@example.jp"][..]),
            (" Taro Yamada <taro@example.jp>\n", &["taro@example.jp"]),
            (
                " \"Yamada, Taro\" <taro@example.jp>,\n\tHanako <hana@example.jp>\n",
                &["taro@example.jp", "hana@example.jp"],
            ),
            ("a@example.jp <b@example.jp>, c@example.jp", &["b@example.jp", "c@example.jp"]),
            (" <>\n", &[]),
            (" nobody\n", &[]),
        ] {
            let mut found = Vec::new();
            assert!(plain(value.as_bytes(), &mut found).is_some(), "{value:?}");
            assert_eq!(found, expected, "{value:?}");
        }
    }

    /// Every sequence of a few pieces reads as mail-parser reads it.
    #[test]
    fn reads_what_the_parser_reads() {
        const PIECES: [&str; 18] = [
            " ", "a", "b@c", "<", ">", "\"", ",", "\n ", "\n", "(", ")", ":", ";", "\\", "=?", "@", "\u{e9}",
            "\r\n\t",
        ];
        let mut value = String::new();
        for n in 0..PIECES.len().pow(4) {
            value.clear();
            let mut rest = n;
            while rest > 0 {
                value.push_str(PIECES[rest % PIECES.len()]);
                rest /= PIECES.len();
            }
            let mut found = Vec::new();
            read(value.as_bytes(), &mut found);
            assert_eq!(found, parsed(value.as_bytes()), "{value:?}");
        }
    }
}

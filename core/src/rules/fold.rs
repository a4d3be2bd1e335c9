//! Folding: the form of a text in which phrases are searched, with a map back to the text as it was written.
//!
//! What servers print differs in case, white space, quotes, and in the codes that continuation lines repeat in the middle
//! of a sentence. Folding takes these away, so that one phrase finds all of them. Nothing is ever shown folded: a hit is
//! led back to the very bytes that it came from.

use super::mask::{Mask, masks};
use crate::lanes::{UPPER, within};
use crate::letters::small;
use crate::numbers::to_u32;

/// A folded text.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    pub(crate) text: String,
    /// Where folded and original positions stop running in step: (folded, original), ascending.
    anchors: Vec<(u32, u32)>,
    /// Addresses, host names and URLs, in folded positions, ascending.
    pub(crate) masks: Vec<Mask>,
    /// Length of the original.
    length: usize,
    /// Whether it is the original in lower case, all of it ASCII and nothing else changed.
    pub(crate) plain: bool,
}

impl Folded {
    /// Folds a text.
    pub(crate) fn new(original: &str) -> Self {
        let mut folder = Folder {
            original,
            out: Self { text: String::with_capacity(original.len()), ..Self::default() },
            codes: 0,
        };
        (folder.out.length, folder.out.plain) = (original.len(), true);
        folder.run();
        let mut out = folder.out;
        // At once: the runs are short. What is beyond ASCII is in lower case already.
        out.text.make_ascii_lowercase();
        out.plain &= out.text.len() == original.len();
        out.masks = masks(&out.text, original, |folded| out.original_start(folded));
        out
    }

    /// The piece of the original that a folded range came from.
    pub(crate) fn original<'t>(&self, original: &'t str, start: usize, end: usize) -> &'t str {
        let from = self.original_start(start);
        // The end is found through the last folded byte, so that what was dropped behind it stays out.
        let last = self.text[..end].char_indices().next_back().map_or(start, |(at, _)| at);
        let at = self.original_start(last.max(start));
        let to = original[at..].chars().next().map_or(self.length, |c| at + c.len_utf8());
        original.get(from..to.max(from)).unwrap_or_default()
    }

    fn original_start(&self, folded: usize) -> usize {
        let n = self.anchors.partition_point(|(at, _)| *at as usize <= folded);
        match n.checked_sub(1).map(|n| self.anchors[n]) {
            Some((at, original)) => original as usize + (folded - at as usize),
            None => folded,
        }
    }
}

struct Folder<'t> {
    original: &'t str,
    out: Folded,
    /// Reply codes that were seen with a `-` behind them: their last line repeats them with a space. One bit each is too
    /// much for 1000 codes, and one reply has one code: the latest is kept.
    codes: u16,
}

impl Folder<'_> {
    fn run(&mut self) {
        let bytes = self.original.as_bytes();
        let mut at = 0;
        let mut token_start = true;
        while at < bytes.len() {
            if token_start && let Some(next) = self.code(at) {
                at = next;
                continue;
            }
            let end = plain_end(bytes, at);
            if end > at {
                self.push_run(at, end);
                at = end;
                token_start = false;
                continue;
            }
            if bytes[at].is_ascii() {
                at = self.space(at);
                token_start = true;
                continue;
            }
            let Some(c) = self.original[at..].chars().next() else { break };
            if c.is_whitespace() {
                at = self.space(at);
                token_start = true;
            } else {
                token_start = false;
                self.push_other(at, c);
                at += c.len_utf8();
            }
        }
    }

    /// The end of a code that a continuation line repeats (`550-5.1.1 `, or its last `550 5.1.1 `), if one stands here.
    fn code(&mut self, at: usize) -> Option<usize> {
        let rest = &self.original.as_bytes()[at..];
        let [a @ b'2'..=b'5', b @ b'0'..=b'7', c @ b'0'..=b'9', sign, ..] = *rest else { return None };
        let code = u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0');
        let inside = !self.out.text.is_empty();
        let status = enhanced(&rest[4..]);
        let skip = match sign {
            b'-' if status > 0 => 4 + status,
            b'-' if rest.get(4).is_none_or(|b| !b.is_ascii_digit()) => 4,
            b' ' if inside && (status > 0 || self.codes == code) => 4 + status,
            _ => return None,
        };
        if sign == b'-' {
            self.codes = code;
        }
        let spaces = rest[skip..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        Some(at + skip + spaces)
    }

    /// White space becomes one space; between two Han or Kana characters it disappears.
    fn space(&mut self, at: usize) -> usize {
        let rest = &self.original[at..];
        if let [b' ', next, ..] = rest.as_bytes()
            && next.is_ascii_graphic()
        {
            if !matches!(self.out.text.as_bytes().last(), None | Some(b' ')) {
                self.push(at, ' ');
            }
            return at + 1;
        }
        self.out.plain = false;
        let skipped = rest.find(|c: char| !(c.is_whitespace() || c.is_ascii_control())).unwrap_or(rest.len());
        let next = rest[skipped..].chars().next();
        let last = self.out.text.chars().next_back();
        let between = last.is_some_and(is_ideographic) && next.is_some_and(is_ideographic);
        if !between && last != Some(' ') && last.is_some() {
            self.push(at, ' ');
        }
        at + skipped
    }

    fn push(&mut self, original: usize, c: char) {
        self.anchor(original);
        self.out.text.push(c);
    }

    /// Printable ASCII, all of it in step with the original.
    fn push_run(&mut self, from: usize, to: usize) {
        self.anchor(from);
        self.out.text.push_str(&self.original[from..to]);
    }

    /// Notes where what comes next stands in the original, unless that follows from what is noted.
    fn anchor(&mut self, original: usize) {
        let folded = self.out.text.len();
        let expected = match self.out.anchors.last() {
            Some((f, o)) => *o as usize + (folded - *f as usize),
            None => folded,
        };
        if expected != original {
            self.out.anchors.push((to_u32(folded), to_u32(original)));
        }
    }

    fn push_other(&mut self, at: usize, c: char) {
        self.out.plain = false;
        let folded = match c {
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' | '\u{02bc}' | '\u{00b4}'
            | '\u{ff07}' => '\'',
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{2033}' | '\u{ff02}' => '"',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            // Invisible: zero width, direction marks, soft hyphen, byte order mark.
            '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{feff}' | '\u{2060}' => return,
            // Full-width forms of ASCII.
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c).to_ascii_lowercase(),
            _ => small(c),
        };
        self.push(at, folded);
    }
}

/// The end of printable ASCII whose white space stays as it is: one space between words, of which none begins like a code.
fn plain_end(bytes: &[u8], from: usize) -> usize {
    if bytes[from] == b' ' {
        return from;
    }
    let mut at = from;
    while let Some(nine) = bytes[at..].first_chunk::<9>() {
        let ([eight @ .., _], [_, next @ ..]) = (nine, nine);
        let (eight, next) = (u64::from_le_bytes(*eight), u64::from_le_bytes(*next));
        let word = within(next, b'!', b'~') & !within(next, b'2', b'5');
        let plain = within(eight, b'!', b'~') | within(eight, b' ', b' ') & word;
        at += ((plain ^ UPPER).trailing_zeros() / 8) as usize;
        if plain != UPPER {
            return at;
        }
    }
    loop {
        at += bytes[at..].iter().take_while(|byte| byte.is_ascii_graphic()).count();
        match bytes.get(at..at + 2) {
            Some(&[b' ', next]) if next.is_ascii_graphic() && !matches!(next, b'2'..=b'5') => at += 1,
            _ => return at,
        }
    }
}

/// The length of an enhanced status code (RFC 3463) at the start of a text, or 0.
fn enhanced(rest: &[u8]) -> usize {
    if !matches!(rest.first(), Some(b'2' | b'4' | b'5')) || rest.get(1) != Some(&b'.') {
        return 0;
    }
    let digits = |from: usize| rest[from..].iter().take(3).take_while(|b| b.is_ascii_digit()).count();
    let subject = digits(2);
    if subject == 0 || rest.get(2 + subject) != Some(&b'.') {
        return 0;
    }
    let detail = digits(3 + subject);
    let end = 3 + subject + detail;
    if detail == 0 || rest.get(end).is_some_and(u8::is_ascii_alphanumeric) { 0 } else { end }
}

/// Characters that are written without spaces between words: Han, Hiragana, Katakana and their punctuation.
pub(crate) fn is_ideographic(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff5f}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        Folded::new(text).text
    }

    #[test]
    fn case_space_and_quotes() {
        assert_eq!(folded("User\t Unknown,\r\n  doesn\u{2019}t"), "user unknown, doesn't");
        assert_eq!(folded("  ＵＳＥＲ Ünbekannt"), "user ünbekannt");
    }

    #[test]
    fn continuation_codes_disappear() {
        assert_eq!(
            folded("550-5.1.1 The account\n550-5.1.1 does not\n550 5.1.1 exist"),
            "the account does not exist"
        );
        assert_eq!(folded("Messages with multiple 550 5.7.1 addresses"), "messages with multiple addresses");
        assert_eq!(folded("550-Blacklisted URL. 550 See"), "blacklisted url. see");
        assert_eq!(folded("550 5.1.1 unknown, tel 555-1234"), "550 5.1.1 unknown, tel 555-1234");
    }

    #[test]
    fn broken_lines_of_ideographs_join() {
        assert_eq!(folded("宛先が\r\n 存在しません foo"), "宛先が存在しません foo");
        assert_eq!(folded("사용자를 찾을"), "사용자를 찾을");
    }

    #[test]
    fn hits_lead_back_to_the_original() {
        let text = "550-5.1.1 The \u{201c}Account\u{201d}\n550 5.1.1 İs  GONE.";
        let folded = Folded::new(text);
        for (words, original) in [
            ("the \"account\"", "The \u{201c}Account\u{201d}"),
            ("account", "Account"),
            ("gone", "GONE"),
            ("\" i", "\u{201d}\n550 5.1.1 İ"),
        ] {
            let at = folded.text.find(words).unwrap_or_else(|| panic!("{words:?} in {:?}", folded.text));
            assert_eq!(folded.original(text, at, at + words.len()), original);
        }
    }
}

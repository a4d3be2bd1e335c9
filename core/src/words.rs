//! Closed lists of words, found in one pass over a text.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::finder::{Finder, Match};
use crate::letters::small;

/// Words as one text, each on a line of its own: hundreds of short texts, each with its address and length, would weigh as
/// much again in the browser's module.
macro_rules! lines {
    ($($word:literal),* $(,)?) => { concat!($($word, "\n"),*) };
}
pub(crate) use lines;

/// A list of lower-case words, made by [`lines`], and what finds them. Built at first use.
pub(crate) struct Words {
    list: &'static str,
    finder: OnceLock<Finder>,
}

impl Words {
    pub(crate) const fn new(list: &'static str) -> Self {
        Self { list, finder: OnceLock::new() }
    }

    /// Whether any of the words stands in the text, in any case.
    pub(crate) fn any(&self, text: &str) -> bool {
        !text.is_empty() && self.finder().is_match(lower(text).as_ref())
    }

    /// The first word in the text, the longest of those that start there. `None` also where the text's lower case has
    /// other lengths than the text, so that offsets always hold.
    pub(crate) fn first(&self, text: &str) -> Option<Match> {
        let folded = lower(text);
        let hit = self.finder().longest(folded.as_ref()).next()?;
        let aligned =
            folded.len() == text.len() && text.is_char_boundary(hit.start) && text.is_char_boundary(hit.end);
        aligned.then_some(hit)
    }

    /// Every word in the text, in any ASCII case.
    pub(crate) fn all(&self, text: &str) -> Vec<Match> {
        self.finder().all(text)
    }

    fn finder(&self) -> &Finder {
        self.finder.get_or_init(|| Finder::any_case(self.list.lines()))
    }
}

/// Several lists of lower-case words, found in one pass over a text.
pub(crate) struct Groups<const N: usize> {
    lists: [&'static str; N],
    /// What finds the words, and where each list ends.
    finder: OnceLock<(Finder, [usize; N])>,
}

impl<const N: usize> Groups<N> {
    pub(crate) const fn new(lists: [&'static str; N]) -> Self {
        Self { lists, finder: OnceLock::new() }
    }

    /// Of each list whether any of its words stands in the text, in any case.
    pub(crate) fn any(&self, text: &str) -> [bool; N] {
        let (finder, ends) = self.finder.get_or_init(|| {
            let mut end = 0;
            let ends = self.lists.map(|list| {
                end += list.lines().count();
                end
            });
            (Finder::any_case(self.lists.iter().flat_map(|list| list.lines())), ends)
        });
        let mut there = [false; N];
        finder.each(lower(text).as_ref(), |hit| {
            if let Some(list) = there.get_mut(ends.partition_point(|end| *end <= hit.word)) {
                *list = true;
            }
        });
        there
    }
}

/// One bit for each ASCII letter, digit, and character of `others`: asked of every letter of a text, it is soon answered.
pub(crate) const fn letters_and(others: &[u8]) -> u128 {
    let (mut bits, mut n) = (0, 0);
    while n < 128 {
        if (n as u8).is_ascii_alphanumeric() {
            bits |= 1 << n;
        }
        n += 1;
    }
    let mut n = 0;
    while n < others.len() {
        bits |= 1 << others[n];
        n += 1;
    }
    bits
}

/// Whether a text holds a word, in any ASCII case. Non-ASCII letters compare as they are.
pub(crate) fn contains_ignore_case(text: &[u8], word: &[u8]) -> bool {
    find_ignore_case(text, word).is_some()
}

/// Where a word stands first in a text, in any ASCII case. Non-ASCII letters compare as they are.
pub(crate) fn find_ignore_case(text: &[u8], word: &[u8]) -> Option<usize> {
    let mut at = 0;
    if let [first, second, ..] = *word {
        // The cases of a letter differ in one bit. Sixteen pairs of bytes are looked at together.
        let case = |byte: u8| u8::from(byte.is_ascii_alphabetic()) << 5;
        let (first_case, second_case) = (case(first), case(second));
        let (first, second) = (first | first_case, second | second_case);
        while let Some(window) = text[at..].first_chunk::<17>()
            && let (Some(here), Some(next)) = (window.first_chunk::<16>(), window.last_chunk::<16>())
        {
            let mut pairs = 0;
            for n in 0..16 {
                let (a, b) = (here[n] | first_case, next[n] | second_case);
                pairs |= u8::from(a == first) & u8::from(b == second);
            }
            if pairs != 0
                && let Some(found) = find_between(text, word, at, at + 16)
            {
                return Some(found);
            }
            at += 16;
        }
    }
    find_between(text, word, at, text.len() + 1)
}

/// The same, of the places from one to another.
#[inline(never)]
fn find_between(text: &[u8], word: &[u8], from: usize, to: usize) -> Option<usize> {
    let last = (text.len() + 1).saturating_sub(word.len()).min(to);
    (from..last).find(|at| text[*at..*at + word.len()].eq_ignore_ascii_case(word))
}

/// The finder folds ASCII itself. Other capitals become small here; most texts have few or none.
fn lower(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut lower = String::new();
    let mut from = 0;
    for at in (0..text.len()).filter(|at| may_be_capital(text.as_bytes(), *at)) {
        let Some(letter) = text[at..].chars().next() else { break };
        if from == 0 {
            lower.reserve(text.len() + 8);
        }
        lower.push_str(&text[from..at]);
        lower.push(small(letter));
        from = at + letter.len_utf8();
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    lower.push_str(&text[from..]);
    Cow::Owned(lower)
}

/// Whether a letter beyond ASCII that has a lower case may begin here, told by its first two or three bytes: few scripts have
/// cases, and most letters of a text are small.
fn may_be_capital(text: &[u8], at: usize) -> bool {
    text[at] > 0xc2
        && match (text[at], text[at + 1]) {
            // Latin-1, Greek, Cyrillic.
            (0xc3, next) => next < 0x9f,
            (0xce, next) => next < 0xac,
            (0xcf, next) => next > 0x8e,
            (0xd0, next) => next < 0xb0,
            (0xd1, next) => next > 0x9f,
            // Hebrew, Arabic, the scripts of India and Thailand.
            (0xd7..=0xe0, _) => false,
            // Georgian, Cherokee, Vietnamese, old Greek.
            (0xe1, next @ 0xb8..=0xbb) => next == 0xba || text[at + 2] & 1 == 0,
            (0xe1, next) => matches!(next, 0x82 | 0x83 | 0x8e | 0x8f | 0xb2 | 0xbc..),
            (0xe2, next) => matches!(next, 0x84..=0x86 | 0x92 | 0x93 | 0xb0..=0xb3),
            // Han, Kana, Hangul; of their wide signs only the Latin letters.
            (0xea, next) => next < 0xb0,
            (0xef, next) => next == 0xbc && (0xa1..=0xba).contains(&text[at + 2]),
            (0xe3..=0xef, _) => false,
            (0xf0, next) => next < 0x9f,
            _ => true,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::lowercase;

    static WORDS: Words = Words::new(lines!["user unknown", "unknown", "ошибка"]);

    static GROUPS: Groups<3> =
        Groups::new([lines!["failed", "error"], lines!["delayed"], lines!["遅延", "late"]]);

    #[test]
    fn tells_which_lists_have_a_hit() {
        assert_eq!(GROUPS.any("An Error: 遅延"), [true, false, true]);
        assert_eq!(GROUPS.any("DELAYED"), [false, true, false]);
        assert_eq!(GROUPS.any(""), [false; 3]);
    }

    #[test]
    fn makes_every_letter_beyond_ascii_small() {
        for c in '\u{80}'..=char::MAX {
            let text = format!("x{c}-");
            assert_eq!(lower(&text), lowercase(&text), "{c:?}");
        }
        assert_eq!(lower("ÉCHEC: ОШИБКА ΛΆΘΟΣ É"), "éCHEC: ошибка λάθοσ é");
        for text in [
            "宛先不明：（メールボックス）",
            "존재하지 않는",
            "Não é ‘válido’ – größer, €",
            "ｱﾄﾞﾚｽ",
            "не удалось",
        ] {
            assert!(matches!(lower(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn finds_a_word_wherever_it_stands() {
        for word in ["a", "aB", "@b", "needle", ""] {
            for before in 0..40 {
                for behind in [0, 1, 20] {
                    let text = ["n".repeat(before), word.to_uppercase(), "e".repeat(behind)].concat();
                    assert_eq!(
                        find_ignore_case(text.as_bytes(), word.as_bytes()),
                        Some(if word.is_empty() { 0 } else { before })
                    );
                }
            }
            assert_eq!(
                find_ignore_case(b"nnnnnnnnnnnnnnnnnnnnnnnneedlnnnnnn", word.as_bytes()).is_some(),
                word.is_empty()
            );
        }
    }

    #[test]
    fn finds_words_in_any_case() {
        assert!(WORDS.any("550 User Unknown"));
        assert!(WORDS.any("ОШИБКА доставки"));
        assert!(!WORDS.any("fine"));
        assert_eq!(WORDS.first("a User unknown"), Some(Match { word: 0, start: 2, end: 14 }));
    }
}

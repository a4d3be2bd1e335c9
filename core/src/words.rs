//! Closed lists of words, found in one pass over a text.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::automaton::{Automaton, Search};

/// A list of lower-case words and the automaton that finds them. Built at first use.
pub(crate) struct Words {
    list: &'static [&'static str],
    automaton: OnceLock<Automaton>,
}

/// Where a word of the list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Its place in the list.
    pub(crate) word: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Words {
    pub(crate) const fn new(list: &'static [&'static str]) -> Self {
        Self { list, automaton: OnceLock::new() }
    }

    /// Whether any of the words stands in the text, in any case.
    pub(crate) fn any(&self, text: &str) -> bool {
        !text.is_empty() && self.automaton().is_match(lower(text).as_ref())
    }

    /// The first word in the text, the longest of those that start there. `None` also where the text's lower case has
    /// other lengths than the text, so that offsets always hold.
    pub(crate) fn first(&self, text: &str) -> Option<Hit> {
        let folded = lower(text);
        let hit = self.automaton().find(folded.as_ref())?;
        let aligned = folded.len() == text.len()
            && text.is_char_boundary(hit.start())
            && text.is_char_boundary(hit.end());
        aligned.then(|| Hit { word: hit.pattern().as_usize(), start: hit.start(), end: hit.end() })
    }

    fn automaton(&self) -> &Automaton {
        self.automaton
            .get_or_init(|| Automaton::new(self.list, Search { any_case: true, longest: true, quick: true }))
    }
}

/// Whether a text holds a word, in any ASCII case. Non-ASCII letters compare as they are.
pub(crate) fn contains_ignore_case(text: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else { return true };
    let candidates = memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text);
    let mut found = candidates.map(|at| text.get(at..at + word.len()));
    found.any(|part| part.is_some_and(|part| part.eq_ignore_ascii_case(word)))
}

/// The automaton folds ASCII itself; other letters need the lower case of the whole text.
fn lower(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    static WORDS: Words = Words::new(&["user unknown", "unknown", "ошибка"]);

    #[test]
    fn finds_words_in_any_case() {
        assert!(WORDS.any("550 User Unknown"));
        assert!(WORDS.any("ОШИБКА доставки"));
        assert!(!WORDS.any("fine"));
        assert_eq!(WORDS.first("a User unknown"), Some(Hit { word: 0, start: 2, end: 14 }));
    }
}

//! The automaton that finds many words in one pass.
//!
//! On WebAssembly only one kind of it is linked: the others, and what chooses between them at run time, would make up a
//! twentieth of the module.

use aho_corasick::{Input, Match, MatchKind};

#[cfg(not(target_arch = "wasm32"))]
type Inner = aho_corasick::AhoCorasick;
#[cfg(target_arch = "wasm32")]
type Inner = aho_corasick::nfa::contiguous::NFA;

/// Finds every word of a list in one pass.
#[derive(Clone, Debug)]
pub(crate) struct Automaton(Inner);

/// How an automaton searches.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Search {
    /// Whether ASCII letters match in any case.
    pub(crate) any_case: bool,
    /// Whether the longest of the words that start at the first place is found, instead of every word.
    pub(crate) longest: bool,
    /// Whether speed is worth memory: for short lists.
    pub(crate) quick: bool,
}

impl Automaton {
    /// Builds it. The lists of this crate are far below what an automaton takes.
    pub(crate) fn new<P: AsRef<[u8]>>(words: impl IntoIterator<Item = P>, search: Search) -> Self {
        let matches = if search.longest { MatchKind::LeftmostLongest } else { MatchKind::Standard };
        let mut builder = Inner::builder();
        builder.ascii_case_insensitive(search.any_case).match_kind(matches).prefilter(search.quick);
        #[cfg(not(target_arch = "wasm32"))]
        builder.kind(Some(if search.quick {
            aho_corasick::AhoCorasickKind::DFA
        } else {
            aho_corasick::AhoCorasickKind::ContiguousNFA
        }));
        Self(
            builder
                .build(words)
                .unwrap_or_else(|_| unreachable!("a list of words is too long for an automaton")),
        )
    }

    /// Whether any word is there.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.find(text).is_some()
    }

    /// The first match.
    pub(crate) fn find(&self, text: &str) -> Option<Match> {
        #[cfg(target_arch = "wasm32")]
        use aho_corasick::automaton::Automaton as _;
        #[cfg(not(target_arch = "wasm32"))]
        return self.0.try_find(Input::new(text)).ok().flatten();
        #[cfg(target_arch = "wasm32")]
        return self.0.try_find(&Input::new(text)).ok().flatten();
    }

    /// Matches that do not overlap.
    pub(crate) fn find_iter<'x>(&'x self, text: &'x str) -> impl Iterator<Item = Match> + 'x {
        #[cfg(target_arch = "wasm32")]
        use aho_corasick::automaton::Automaton as _;
        self.0.try_find_iter(Input::new(text)).into_iter().flatten()
    }

    /// All matches; not for [`Search::longest`].
    pub(crate) fn find_overlapping_iter<'x>(&'x self, text: &'x str) -> impl Iterator<Item = Match> + 'x {
        #[cfg(target_arch = "wasm32")]
        use aho_corasick::automaton::Automaton as _;
        self.0.try_find_overlapping_iter(Input::new(text)).into_iter().flatten()
    }

    /// The bytes that it takes.
    #[cfg(test)]
    pub(crate) fn memory_usage(&self) -> usize {
        self.0.memory_usage()
    }
}

#[cfg(test)]
mod tests {
    use super::{Automaton, Search};

    #[test]
    fn every_way_to_search_finds_something() {
        let all = Automaton::new(["user", "user unknown", "unknown"], Search::default());
        assert!(all.is_match("550 user unknown") && !all.is_match("550 User fine"));
        assert_eq!(all.find_overlapping_iter("550 user unknown").count(), 3);
        for quick in [true, false] {
            let words =
                Automaton::new(["user", "user unknown"], Search { any_case: true, longest: true, quick });
            let found: Vec<_> =
                words.find_iter("User User Unknown").map(|hit| (hit.start(), hit.end())).collect();
            assert_eq!(found, [(0, 4), (5, 17)]);
        }
    }
}

//! Finds every word of a long list in one pass over a text.
//!
//! Each word is filed under those four bytes of it that are rarest in the list. A pass takes every four bytes of the text
//! to a bit array of at most 8 KB; only where a bit is set are words compared. An automaton over the same lists does as well on
//! long texts, but takes milliseconds and megabytes to build, and what komainu reads is short: that is most of a command's
//! start-up, and a tenth of a browser module.

use crate::numbers::{to_u16, to_u32};

/// A word found: its place in the list, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) word: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Finds the words of a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Finder {
    /// The words, one after another.
    text: Vec<u8>,
    any_case: bool,
    /// Words of at least four bytes, and those of two or three. A single letter is no word.
    long: Index<4>,
    short: Index<2>,
}

impl Finder {
    /// Finds words as they are written.
    pub(crate) fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        Self::build(&mut words.into_iter(), false)
    }

    /// Finds lower-case words in any case of their ASCII letters.
    pub(crate) fn any_case<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        Self::build(&mut words.into_iter(), true)
    }

    /// One for all kinds of lists: this is much code, and not often run.
    fn build(words: &mut dyn Iterator<Item = &str>, any_case: bool) -> Self {
        let (mut text, mut ends) = (Vec::new(), vec![0]);
        for word in words {
            text.extend_from_slice(word.as_bytes());
            ends.push(text.len());
        }
        let all = ends.windows(2).zip(0..).map(|(ends, number)| {
            let word =
                Filed { word: number, start: to_u32(ends[0]), length: to_u16(ends[1] - ends[0]), ..FREE };
            (word, &text[ends[0]..ends[1]])
        });
        let of = |long| all.clone().filter(move |(_, word)| (word.len() >= 4) == long);
        let (long, short) = (Index::new(of(true)), Index::new(of(false)));
        Self { text, any_case, long, short }
    }

    /// Whether any word is there.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        let mut none = |at, filed: &Filed| self.check(text, at, filed).is_none();
        !self.long.each(text.as_bytes(), &mut none) || !self.short.each(text.as_bytes(), &mut none)
    }

    /// All matches, also those inside others, in the order in which they end; of those that end together the longest first.
    pub(crate) fn all(&self, text: &str) -> Vec<Match> {
        let mut found = self.found(text);
        sort_by_end(&mut found);
        found
    }

    /// Matches that do not overlap, from the left, the longest of those that start together.
    pub(crate) fn longest(&self, text: &str) -> impl Iterator<Item = Match> {
        let mut found = self.found(text);
        found.sort_unstable_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
        let mut end = 0;
        found.into_iter().filter(move |hit| {
            let free = hit.start >= end;
            end = if free { hit.end } else { end };
            free
        })
    }

    /// Shows every match, in no order.
    pub(crate) fn each(&self, text: &str, mut visit: impl FnMut(Match)) {
        let mut take = |at, filed: &Filed| {
            if let Some(hit) = self.check(text, at, filed) {
                visit(hit);
            }
            true
        };
        self.long.each(text.as_bytes(), &mut take);
        self.short.each(text.as_bytes(), &mut take);
    }

    /// All matches, in no order.
    fn found(&self, text: &str) -> Vec<Match> {
        let mut found = Vec::new();
        self.each(text, |hit| found.push(hit));
        found
    }

    /// Compares a word with the text where its four bytes were found.
    fn check(&self, text: &str, at: usize, filed: &Filed) -> Option<Match> {
        let word = filed.start as usize;
        let word = &self.text[word..word + usize::from(filed.length)];
        let start = at.checked_sub(usize::from(filed.at))?;
        let found = text.as_bytes().get(start..start + word.len())?;
        let same = if self.any_case { found.eq_ignore_ascii_case(word) } else { found == word };
        same.then_some(Match { word: filed.word as usize, start, end: start + word.len() })
    }

    /// The bytes that it takes.
    #[cfg(test)]
    pub(crate) fn memory_usage(&self) -> usize {
        self.text.len() + self.long.memory_usage() + self.short.memory_usage()
    }
}

/// By their ends, of those that end together the longest first.
pub(crate) fn sort_by_end(found: &mut [Match]) {
    found.sort_unstable_by_key(|hit| (hit.end, hit.start));
}

/// A word, the bytes that it is filed under, and where in it they stand. All that a comparison needs stands together:
/// what is looked up here and there is seldom in the first cache.
#[derive(Clone, Copy, Debug)]
struct Filed {
    bytes: u32,
    word: u32,
    /// Where in the finder's text the word stands.
    start: u32,
    length: u16,
    at: u16,
}

/// Nothing is filed here: no word is empty.
const FREE: Filed = Filed { bytes: 0, word: 0, start: 0, length: 0, at: 0 };

/// Words by `N` bytes of each, in any case.
#[derive(Clone, Debug, Default)]
struct Index<const N: usize> {
    /// One bit for each hash under which something is filed. Nothing where nothing is.
    bits: Option<Box<Bits>>,
    /// How many numbers of them are used, less one: a power of two of numbers.
    mask: usize,
    /// The words by the hash of their bytes, each in the first free place from there on; at most every second is taken.
    filed: Vec<Filed>,
    /// With what bytes its words begin, where these are so few that a text is quickly searched for them.
    leads: Vec<u8>,
}

/// Bits of a hash, and so of the array: 8 KB, which stays in the first cache. Short lists use only the beginning of it; its
/// length is fixed so that no place need be checked against it.
const BITS: u32 = 16;

type Bits = [u64; 1 << (BITS - 6)];

impl<const N: usize> Index<N> {
    fn new<'w>(words: impl Iterator<Item = (Filed, &'w [u8])> + Clone) -> Self {
        let count = words.clone().count();
        if count == 0 {
            return Self::default();
        }
        // A count for each hash, of which short lists need few.
        let length: usize = words.clone().map(|(_, word)| word.len()).sum();
        let mask = (4 * length).next_power_of_two().min(1 << BITS) - 1;
        let mut counts = vec![0_u16; mask + 1];
        for bytes in words.clone().flat_map(|(_, word)| word.windows(N)) {
            let place = &mut counts[hash(gram(bytes)) & mask];
            *place = place.saturating_add(1);
        }
        let mut index = Self {
            bits: Some(Box::new([0; 1 << (BITS - 6)])),
            mask: count.next_power_of_two().min(1 << (BITS - 6)) - 1,
            filed: vec![FREE; (2 * count).next_power_of_two()],
            leads: leads(words.clone()),
        };
        for (word, text) in words {
            // Of the rarest in the list those that texts seldom hold, and of these the last: the ends of words tell more than
            // their beginnings.
            let rarest = (0_u16..).zip(text.windows(N)).min_by_key(|(at, bytes)| {
                let usual = bytes.iter().map(|byte| USUAL[usize::from(*byte)]).sum::<u8>();
                (counts[hash(gram(bytes)) & mask], usual, u16::MAX - at)
            });
            if let Some((at, bytes)) = rarest {
                index.file(Filed { bytes: gram(bytes), at, ..word });
            }
        }
        index
    }

    fn file(&mut self, word: Filed) {
        let hash = hash(word.bytes);
        if let Some(bits) = &mut self.bits {
            bits[(hash / 64) & self.mask] |= 1 << (hash % 64);
        }
        let mask = self.filed.len() - 1;
        let mut place = hash & mask;
        while self.filed[place].length > 0 {
            place = (place + 1) & mask;
        }
        self.filed[place] = word;
    }

    /// Shows what is filed under the bytes at each place of a text for as long as `visit` wants to see more. False when it
    /// did not.
    fn each(&self, text: &[u8], visit: &mut dyn FnMut(usize, &Filed) -> bool) -> bool {
        let Some(bits) = self.bits.as_deref() else { return true };
        let mask = self.mask;
        let led = match *self.leads {
            [] => true,
            [a] => memchr::memchr(a, text).is_some(),
            [a, b] => memchr::memchr2(a, b, text).is_some(),
            [a, b, c, ..] => memchr::memchr3(a, b, c, text).is_some(),
        };
        if !led {
            return true;
        }
        let is_set = |bytes: &[u8]| {
            let hash = hash(gram(bytes));
            bits[(hash / 64) & mask] & (1 << (hash % 64)) != 0
        };
        let mut at = 0;
        while let Some(next) = text[at..].windows(N).position(is_set) {
            at += next;
            let bytes = gram(&text[at..at + N]);
            let mut place = hash(bytes);
            loop {
                let filed = &self.filed[place & (self.filed.len() - 1)];
                if filed.length == 0 {
                    break;
                }
                if filed.bytes == bytes && !visit(at, filed) {
                    return false;
                }
                place += 1;
            }
            at += 1;
        }
        true
    }

    #[cfg(test)]
    fn memory_usage(&self) -> usize {
        self.bits.as_deref().map_or(0, size_of_val) + self.filed.len() * size_of::<Filed>()
    }
}

/// 1 for what texts are made of most. A table, because every word is asked for all its bytes at the start.
const USUAL: [u8; 256] = {
    let (mut table, most, mut n) = ([0; 256], b" etaoinsr", 0);
    while n < most.len() {
        table[most[n] as usize] = 1;
        n += 1;
    }
    table
};

/// What words begin with. Nothing where that are many bytes, or letters: then all of a text is looked at, where they may
/// stand in their other case.
fn leads<'w>(words: impl Iterator<Item = (Filed, &'w [u8])>) -> Vec<u8> {
    let mut leads: Vec<u8> = words.filter_map(|(_, word)| word.first().copied()).collect();
    leads.sort_unstable();
    leads.dedup();
    if leads.len() > 3 || leads.iter().any(u8::is_ascii_alphabetic) {
        leads.clear();
    }
    leads
}

/// Two or four bytes as a number, ASCII letters in lower case. Other bytes may fall together: the comparison tells.
fn gram(bytes: &[u8]) -> u32 {
    let number = match *bytes {
        [a, b, c, d] => u32::from_le_bytes([a, b, c, d]),
        [a, b] => u32::from(u16::from_le_bytes([a, b])),
        _ => 0,
    };
    number | 0x2020_2020
}

/// Knuth's multiplicative hash; the upper bits are the good ones.
fn hash(bytes: u32) -> usize {
    (bytes.wrapping_mul(0x9e37_79b1) >> (32 - BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::{Finder, Match};

    /// What a search of each word by itself finds.
    fn one_by_one(words: &[&str], text: &str) -> Vec<Match> {
        let mut found = Vec::new();
        for (word, sought) in words.iter().enumerate() {
            for start in 0..text.len() {
                let end = start + sought.len();
                if text.as_bytes().get(start..end) == Some(sought.as_bytes()) {
                    found.push(Match { word, start, end });
                }
            }
        }
        found.sort_by_key(|hit| (hit.end, hit.start));
        found
    }

    #[test]
    fn finds_what_a_search_word_by_word_finds() {
        let words = [
            "user",
            "user unknown",
            "unknown",
            "no",
            "not",
            "not found",
            "spf",
            "rbl",
            "mailbox",
            "box",
            "xx",
            "aaaa",
            "aaaaaa",
            "不存在",
            "用户",
            "组",
            "неизвест",
            "quota exceeded",
            "exceeded quota",
            "550 5.1.1",
            "er un",
        ];
        let finder = Finder::new(words.iter().copied());
        let texts = [
            "",
            "n",
            "no",
            "user",
            "550 5.1.1 user unknown, mailbox not found: xxx",
            "aaaaaaaaaa",
            "用户不存在组",
            "пользователь неизвестен",
            "quota exceeded quota exceeded",
            "rblspfno",
            "the mailboxuser unknownot",
        ];
        for text in texts {
            let expected = one_by_one(&words, text);
            assert_eq!(finder.all(text), expected, "{text:?}");
            assert_eq!(finder.is_match(text), !expected.is_empty(), "{text:?}");
        }
        // Every word beside every other: what is filed together, and what overlaps.
        for a in &words {
            for b in &words {
                let text = format!("{a}{b} {a}");
                assert_eq!(finder.all(&text), one_by_one(&words, &text), "{text:?}");
            }
        }
    }

    #[test]
    fn case_and_length() {
        let finder = Finder::any_case(["user", "user unknown", "@host"]);
        let found: Vec<_> =
            finder.longest("User USER Unknown @HOST `host").map(|hit| (hit.start, hit.end)).collect();
        assert_eq!(found, [(0, 4), (5, 17), (18, 23)]);
        assert!(!Finder::new(["user"]).is_match("User"));
        assert!(Finder::new([]).all("user").is_empty());
    }
}

//! Finds every phrase of the tables in one pass over a folded text.

use super::fold::{Folded, is_ideographic};
use super::mask::MaskKind;
use super::table::{Gap, List, Owner, Phrase, Segment, Tables, Words};
use crate::finder::Finder;

/// `{..}` bridges at most so many characters; an address, host or URL counts as one.
const GAP: usize = 80;
/// However long the masked words inside a gap are, it ends here: the search back stays bounded.
const GAP_BYTES: usize = 600;

/// A phrase that was found, in folded positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) owner: Owner,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// A piece of it touches an address, host name or URL.
    pub(crate) masked: bool,
}

/// The finder of all segments, and which phrases end with which of them.
///
/// A set is one more number behind those of the segments: each of its segments is found under both.
#[derive(Debug)]
pub(crate) struct Scanner {
    finder: Finder,
    /// Phrases by their last words: `ending[first[w]..first[w + 1]]`.
    first: Vec<u32>,
    ending: Vec<u16>,
    /// Whether words stand before the end of some phrase, so that where they were must be remembered.
    inner: Vec<bool>,
    /// Of each set: a segment in it, and its number. Sorted.
    sets: Vec<(u16, u16)>,
    segments: usize,
}

#[derive(Clone, Copy)]
struct Seen {
    words: usize,
    start: usize,
    end: usize,
    masked: bool,
}

/// The words that were found so far and may begin a phrase.
struct Past {
    list: Vec<Seen>,
    /// One bit for each: most phrases fail here, without a search back.
    present: Vec<u64>,
}

impl Past {
    fn push(&mut self, seen: Seen) {
        self.present[seen.words / 64] |= 1 << (seen.words % 64);
        self.list.push(seen);
    }

    fn holds(&self, words: usize) -> bool {
        self.present[words / 64] & (1 << (words % 64)) != 0
    }
}

impl Scanner {
    /// Files the segments.
    pub(crate) fn new(tables: &Tables) -> Self {
        let finder = Finder::new(tables.segments.iter().map(|s| &*s.text));
        let segments = tables.segments.len();
        let number = |words| number(segments, words);
        let count = segments + tables.sets.len();
        let mut inner = vec![false; count];
        let mut first = vec![0_u32; count + 1];
        for phrase in tables.phrases.iter() {
            let Some((last, before)) = phrase.pieces.split_last() else { continue };
            before.iter().for_each(|p| inner[number(p.words)] = true);
            first[number(last.words) + 1] += 1;
        }
        for n in 0..count {
            first[n + 1] += first[n];
        }
        let mut next = first.clone();
        let mut ending = vec![0_u16; tables.phrases.len()];
        for (n, phrase) in (0_u16..).zip(tables.phrases.iter()) {
            let Some(last) = phrase.pieces.last() else { continue };
            let place = &mut next[number(last.words)];
            ending[*place as usize] = n;
            *place += 1;
        }
        let of = |(n, set): (u16, &List<u16>)| -> Vec<(u16, u16)> { set.iter().map(|s| (*s, n)).collect() };
        let mut sets: Vec<(u16, u16)> = (0..).zip(tables.sets.iter()).flat_map(of).collect();
        sets.sort_unstable();
        Self { finder, first, ending, inner, sets, segments }
    }

    /// A segment's number, and those of the sets that hold it.
    fn numbers(&self, segment: usize) -> impl Iterator<Item = usize> {
        let from = self.sets.partition_point(|(s, _)| usize::from(*s) < segment);
        let within = self.sets[from..].iter().take_while(move |(s, _)| usize::from(*s) == segment);
        std::iter::once(segment).chain(within.map(|(_, set)| self.segments + usize::from(*set)))
    }

    /// Its size in bytes.
    #[cfg(test)]
    pub(crate) fn memory(&self) -> usize {
        self.finder.memory_usage()
            + self.first.len() * 4
            + self.ending.len() * 2
            + self.inner.len()
            + self.sets.len() * 4
    }

    /// Every phrase in the text, in the order in which they end.
    pub(crate) fn scan(&self, tables: &Tables, folded: &Folded, hits: &mut Vec<Hit>) {
        self.scan_for(tables, folded, hits, |_| true);
    }

    /// The same for some of the phrases.
    pub(crate) fn scan_for(
        &self,
        tables: &Tables,
        folded: &Folded,
        hits: &mut Vec<Hit>,
        wanted: impl Fn(&Phrase) -> bool,
    ) {
        let text = folded.text.as_str();
        let mut seen = Past { list: Vec::new(), present: vec![0; self.inner.len().div_ceil(64)] };
        for found in self.finder.all(text) {
            let (segment, start, end) = (found.word, found.start, found.end);
            if !at_boundaries(text, &tables.segments[segment], start, end) {
                continue;
            }
            let masked = masks_in(folded, start, end).next().is_some();
            for words in self.numbers(segment) {
                let here = Seen { words, start, end, masked };
                let phrases = self.first[words] as usize..self.first[words + 1] as usize;
                for &phrase in &self.ending[phrases] {
                    let phrase = &tables.phrases[usize::from(phrase)];
                    if wanted(phrase)
                        && let Some((start, masked)) = begin(self.segments, folded, phrase, here, &seen)
                    {
                        hits.push(Hit { owner: phrase.owner, start, end, masked });
                    }
                }
                if self.inner[words] {
                    seen.push(here);
                }
            }
        }
    }
}

/// The sets stand behind the segments.
fn number(segments: usize, words: Words) -> usize {
    match words {
        Words::Segment(n) => usize::from(n),
        Words::Set(n) => segments + usize::from(n),
    }
}

/// Latin, Greek and Cyrillic phrases match whole words; scripts without spaces match anywhere.
fn at_boundaries(text: &str, segment: &Segment, start: usize, end: usize) -> bool {
    let word = |c: char| c.is_alphanumeric() && !is_ideographic(c) && !is_hangul(c);
    let before = segment.left && text[..start].chars().next_back().is_some_and(word);
    let behind = segment.right && text[end..].chars().next().is_some_and(word);
    !before && !behind
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}')
}

/// Where a phrase begins whose last segment stands here, and whether it touches a mask; `None` where its other pieces are
/// not before it.
///
/// Going backwards and always taking the nearest piece gives the shortest match.
fn begin(
    segments: usize,
    folded: &Folded,
    phrase: &Phrase,
    last: Seen,
    seen: &Past,
) -> Option<(usize, bool)> {
    let before = &phrase.pieces[..phrase.pieces.len().saturating_sub(1)];
    if !before.iter().all(|piece| seen.holds(number(segments, piece.words))) {
        return None;
    }
    let (mut at, mut masked) = (last, false);
    for n in (0..phrase.pieces.len()).rev() {
        let gap = phrase.pieces[n].gap;
        masked |= at.masked;
        if n == 0 {
            let start = match gap {
                Gap::Address | Gap::Host => mask_before(folded, gap, at.start)?,
                Gap::None | Gap::Any => at.start,
            };
            return Some((start, masked));
        }
        let wanted = number(segments, phrase.pieces[n - 1].words);
        at = *seen
            .list
            .iter()
            .rev()
            .take_while(|s| s.end + GAP_BYTES >= at.start)
            .find(|s| s.words == wanted && s.end <= at.start && bridges(folded, gap, s.end, at.start))?;
    }
    None
}

/// Whether what stands between two pieces is what the gap allows.
fn bridges(folded: &Folded, gap: Gap, from: usize, to: usize) -> bool {
    let between = &folded.text[from..to];
    match gap {
        Gap::None | Gap::Any => {
            let masked: usize = masks_in(folded, from, to).map(|m| m.end.min(to) - m.start.max(from)).sum();
            let reply_ends = between.contains("<<<") || between.contains(">>>");
            !reply_ends && (between.len() <= GAP || between.chars().count().saturating_sub(masked) <= GAP)
        }
        Gap::Address | Gap::Host => mask_before(folded, gap, to)
            .is_some_and(|start| start >= from && folded.text[from..start].chars().all(is_decoration)),
    }
}

/// Where the address or host begins that ends before a position, with no more than punctuation between.
fn mask_before(folded: &Folded, gap: Gap, at: usize) -> Option<usize> {
    let kind = if gap == Gap::Address { MaskKind::Address } else { MaskKind::Host };
    let before = folded.text[..at].trim_end_matches(is_decoration).len();
    let n = folded.masks.partition_point(|m| m.end <= at).checked_sub(1)?;
    let mask = folded.masks[n];
    (mask.kind == kind && mask.end >= before).then_some(mask.start)
}

fn is_decoration(c: char) -> bool {
    matches!(c, ' ' | '<' | '>' | '"' | '\'' | '(' | ')' | '[' | ']' | ':' | ',' | ';' | '.' | '`')
}

/// The masks that overlap a range.
fn masks_in(folded: &Folded, from: usize, to: usize) -> impl Iterator<Item = &super::mask::Mask> {
    let n = folded.masks.partition_point(|m| m.end <= from);
    folded.masks[n..].iter().take_while(move |m| m.start < to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::builtin;

    /// The scanner is built at the first question and stays: it must be small enough for a browser.
    #[test]
    fn the_scanner_stays_small() {
        let memory = builtin().scanner().memory();
        assert!(memory > 0 && memory <= 384 << 10, "{memory} bytes");
    }

    fn hits(text: &str) -> Vec<String> {
        let folded = Folded::new(text);
        let mut hits = Vec::new();
        builtin().scanner().scan(&builtin().tables, &folded, &mut hits);
        hits.iter().filter(|h| !h.masked).map(|h| folded.text[h.start..h.end].to_owned()).collect()
    }

    #[test]
    fn words_are_whole_and_gaps_are_short() {
        assert!(hits("user unknown").contains(&"user unknown".to_owned()));
        assert!(hits("superuser unknowns").is_empty());
        assert!(hits("user <a@example.jp> does not exist").iter().any(|h| h.starts_with("user")));
        let far = format!("user {} does not exist", "la ".repeat(40));
        assert!(!hits(&far).iter().any(|h| h.starts_with("user")));
    }

    #[test]
    fn a_long_address_counts_as_one_in_a_gap() {
        let text = format!("user <{}@example.jp> does not exist", "a".repeat(200));
        assert!(hits(&text).iter().any(|h| h.starts_with("user")));
    }

    #[test]
    fn addresses_and_urls_say_nothing() {
        assert_eq!(hits("<mailbox-full@example.org>, see http://example.org/unknown/blocked"), [""; 0]);
    }
}

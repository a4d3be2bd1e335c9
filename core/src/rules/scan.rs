//! Finds every phrase of the tables in one pass over a folded text.

use super::fold::{Folded, is_ideographic};
use super::index::{Found, Index};
use super::mask::MaskKind;
use super::table::{Gap, List, Owner, Phrase, Tables, Words};

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

/// What finds the segments, and which phrases end with which of them.
///
/// A set is one more number behind those of the segments: each of its segments is found under both.
#[derive(Debug)]
pub(crate) struct Scanner {
    index: Index,
    /// Of each segment, then of each set: where its phrases begin in `endings`, and its sets in `sets`. One more at the end.
    words: Vec<Place>,
    /// Phrases by their last words.
    endings: Vec<Ending>,
    /// The numbers of the sets that hold a segment.
    sets: Vec<u16>,
    segments: usize,
}

/// What stands at some words, as offsets.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    endings: u32,
    sets: u32,
    /// Whether words stand before the end of some phrase, so that where they were must be remembered.
    inner: bool,
}

/// A phrase at its last words.
#[derive(Clone, Copy, Debug)]
struct Ending {
    owner: Owner,
    phrase: u16,
    /// What of the phrase stands before its last words.
    before: Before,
}

#[derive(Clone, Copy, Debug)]
enum Before {
    Nothing,
    /// Words, of which a bit is told, or a mask.
    Words(u8),
    Mask,
}

/// A segment that was found, as one number: its end, what its length lacks to the longest, and which it is. So they stand in
/// the order in which they end, of those that end together the longest first, and are sorted by what sorts numbers elsewhere.
#[derive(Clone, Copy)]
struct Piece(u64);

impl Piece {
    fn new(segment: u16, start: usize, end: usize) -> Self {
        // No segment is longer than 16 bits tell.
        let length = (end - start) as u16;
        Self((end as u64) << 32 | u64::from(!length) << 16 | u64::from(segment))
    }

    const fn segment(self) -> usize {
        self.0 as usize & 0xffff
    }

    const fn range(self) -> (usize, usize) {
        let end = (self.0 >> 32) as usize;
        (end - (!(self.0 >> 16) & 0xffff) as usize, end)
    }
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
    /// One bit for some of them each: most phrases fail here, without a search back.
    present: [u64; 4],
}

impl Past {
    fn push(&mut self, seen: Seen) {
        let bit = bit(seen.words);
        self.present[usize::from(bit / 64)] |= 1 << (bit % 64);
        self.list.push(seen);
    }

    fn may_hold(&self, bit: u8) -> bool {
        self.present[usize::from(bit / 64)] >> (bit % 64) & 1 != 0
    }
}

/// The bit that stands for words.
fn bit(words: usize) -> u8 {
    words.to_le_bytes()[0]
}

impl Scanner {
    /// Files the segments.
    pub(crate) fn new(tables: &Tables) -> Self {
        let segments = tables.segments.len();
        let number = |words| number(segments, words);
        let count = segments + tables.sets.len();
        let mut words = vec![Place::default(); count + 1];
        for phrase in tables.phrases.iter() {
            let Some((last, before)) = phrase.pieces.split_last() else { continue };
            before.iter().for_each(|p| words[number(p.words)].inner = true);
            words[number(last.words) + 1].endings += 1;
        }
        // How many of each become where each begins.
        let mut next = Vec::with_capacity(count);
        for n in 0..count {
            next.push(words[n].endings as usize);
            words[n + 1].endings += words[n].endings;
        }
        let nothing = Ending { owner: Owner::Boilerplate, phrase: 0, before: Before::Nothing };
        let mut endings = vec![nothing; words[count].endings as usize];
        for (phrase, Phrase { owner, pieces }) in (0_u16..).zip(tables.phrases.iter()) {
            let Some((last, before)) = pieces.split_last() else { continue };
            let before = match (before.last(), last.gap) {
                (Some(piece), _) => Before::Words(bit(number(piece.words))),
                (None, Gap::None | Gap::Any) => Before::Nothing,
                (None, Gap::Address | Gap::Host) => Before::Mask,
            };
            let place = &mut next[number(last.words)];
            endings[*place] = Ending { owner: *owner, phrase, before };
            *place += 1;
        }
        let of = |(n, set): (u64, &List<u16>)| -> Vec<u64> {
            set.iter().map(|segment| u64::from(*segment) << 16 | n).collect()
        };
        let mut sets: Vec<u64> = (0..).zip(tables.sets.iter()).flat_map(of).collect();
        sets.sort_unstable();
        let mut set = 0;
        for (n, place) in words.iter_mut().enumerate() {
            set += sets[set..].iter().take_while(|set| (**set >> 16) < n as u64).count();
            place.sets = to_u32(set);
        }
        Self {
            index: Index::new(&tables.segments),
            words,
            endings,
            sets: sets.into_iter().map(|set| (set & 0xffff) as u16).collect(),
            segments,
        }
    }

    /// Its size in bytes.
    #[cfg(test)]
    pub(crate) fn memory(&self) -> usize {
        self.index.memory()
            + self.words.len() * size_of::<Place>()
            + self.endings.len() * size_of::<Ending>()
            + self.sets.len() * 2
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
        let mut found = Vec::with_capacity(32);
        self.index.each(text, &mut |segment, start, end| {
            if at_boundaries(text, segment, start, end) {
                found.push(Piece::new(segment.number, start, end).0);
            }
        });
        found.sort_unstable();
        // A segment may be filed under a bit that other words have too.
        found.dedup();
        let mut seen = Past { list: Vec::with_capacity(16), present: [0; 4] };
        for piece in found.into_iter().map(Piece) {
            let ((start, end), mut words) = (piece.range(), piece.segment());
            let masked = masks_in(folded, start, end).next().is_some();
            let sets = self.words[words].sets as usize..self.words[words + 1].sets as usize;
            // The segment by itself, then each set that holds it.
            let mut sets = self.sets[sets].iter();
            loop {
                let here = Seen { words, start, end, masked };
                let (place, next) = (self.words[words], self.words[words + 1]);
                for ending in &self.endings[place.endings as usize..next.endings as usize] {
                    let phrase = &tables.phrases[usize::from(ending.phrase)];
                    let begin = match ending.before {
                        Before::Nothing => Some((start, masked)),
                        Before::Words(bit) if !seen.may_hold(bit) => None,
                        Before::Words(_) | Before::Mask => begin(self.segments, folded, phrase, here, &seen),
                    };
                    if let Some((start, masked)) = begin.filter(|_| wanted(phrase)) {
                        hits.push(Hit { owner: ending.owner, start, end, masked });
                    }
                }
                if place.inner {
                    seen.push(here);
                }
                let Some(set) = sets.next() else { break };
                words = self.segments + usize::from(*set);
            }
        }
    }
}

/// Tables are far below 4 Gi entries.
fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The sets stand behind the segments.
fn number(segments: usize, words: Words) -> usize {
    match words {
        Words::Segment(n) => usize::from(n),
        Words::Set(n) => segments + usize::from(n),
    }
}

/// Latin, Greek and Cyrillic phrases match whole words; scripts without spaces match anywhere.
fn at_boundaries(text: &str, segment: Found, start: usize, end: usize) -> bool {
    let byte = |at: usize| text.as_bytes().get(at).copied().unwrap_or_default();
    let (before, behind) = (byte(start.wrapping_sub(1)), byte(end));
    let goes_on =
        segment.left & before.is_ascii_alphanumeric() | segment.right & behind.is_ascii_alphanumeric();
    !goes_on && ((before | behind).is_ascii() || at_foreign_boundaries(text, segment, start, end))
}

/// The same beside characters beyond ASCII.
#[cold]
fn at_foreign_boundaries(text: &str, segment: Found, start: usize, end: usize) -> bool {
    let goes_on =
        |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_ideographic(c) && !is_hangul(c));
    let before = || goes_on(text[..start].chars().next_back());
    let behind = || goes_on(text[end..].chars().next());
    !(segment.left && before() || segment.right && behind())
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
    if !before.iter().all(|piece| seen.may_hold(bit(number(segments, piece.words)))) {
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
            let reply_ends = || between.as_bytes().windows(3).any(|three| three == b"<<<" || three == b">>>");
            let masked =
                || -> usize { masks_in(folded, from, to).map(|m| m.end.min(to) - m.start.max(from)).sum() };
            (between.len() <= GAP || between.chars().count().saturating_sub(masked()) <= GAP) && !reply_ends()
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

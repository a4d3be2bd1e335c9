//! Finds every phrase of the tables in one pass over a folded text.

use super::fold::{Folded, is_ideographic};
use super::index::{Found, Index};
use super::mask::MaskKind;
use super::pieces::Pieces;
use super::table::{Gap, Owner, Phrase, Piece, Segment, Tables, Words};
use crate::numbers::{packed, to_u32, unpacked};
use crate::syntax::stage;

/// `{..}` bridges at most so many characters; an address, host or URL counts as one.
const GAP: usize = 80;
/// However long the masked words inside a gap are, it ends here: the search back stays bounded.
const GAP_BYTES: usize = 600;
/// The longest one that reaches into the next sentence: "No longer in use. Please use …".
const NEXT: usize = 16;

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
/// Words are known by their segment's number, or by a set's, which stand behind those: a segment stands for itself and for
/// each set that holds it.
#[derive(Debug)]
pub(crate) struct Scanner {
    index: Index,
    /// Of each segment. One more at the end.
    places: Vec<Place>,
    /// The phrases that end with each segment.
    endings: Vec<Ending>,
    /// The words that stand before the end of some phrase, by each segment that stands for them: where it was must be
    /// remembered.
    inner: Vec<u32>,
    segments: u32,
}

/// Where what belongs to a segment begins.
#[derive(Clone, Copy, Debug)]
struct Place {
    endings: u32,
    inner: u32,
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

#[derive(Clone, Copy)]
struct Seen {
    words: u32,
    start: u32,
    end: u32,
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
const fn bit(words: u32) -> u8 {
    words.to_le_bytes()[0]
}

impl Scanner {
    /// Files the segments.
    pub(crate) fn new(tables: &Tables) -> Self {
        let segments = to_u32(tables.segments.len());
        // As numbers, which are sorted elsewhere too, in the order of the segments above.
        let (mut endings, mut inner): (Vec<u64>, Vec<u64>) = (Vec::new(), Vec::new());
        for (phrase, Phrase { pieces, .. }) in (0_u64..).zip(tables.phrases.iter()) {
            let Some((last, before)) = pieces.split_last() else { continue };
            let set = (number(segments, last.words) + 1).saturating_sub(segments);
            let each = members(tables, &last.words).iter();
            endings.extend(each.map(|segment| u64::from(*segment) << 40 | u64::from(set) << 16 | phrase));
            for Piece { words, .. } in before {
                let number = u64::from(number(segments, *words));
                let each = members(tables, words).iter();
                inner.extend(each.map(|segment| u64::from(*segment) << 40 | number));
            }
        }
        endings.sort_unstable();
        inner.sort_unstable();
        inner.dedup();
        let mut first = Place { endings: 0, inner: 0 };
        let places = (0..=u64::from(segments)).map(|segment| {
            let before = |n: &&u64| (*n >> 40) < segment;
            first.endings += to_u32(endings[first.endings as usize..].iter().take_while(before).count());
            first.inner += to_u32(inner[first.inner as usize..].iter().take_while(before).count());
            first
        });
        let ending = |n: u64| {
            let phrase = n as u16;
            let Phrase { owner, pieces } = &tables.phrases[usize::from(phrase)];
            let before = match pieces.as_ref() {
                [.., piece, _] => Before::Words(bit(number(segments, piece.words))),
                [Piece { gap: Gap::Address | Gap::Host, .. }] => Before::Mask,
                _ => Before::Nothing,
            };
            Ending { owner: *owner, phrase, before }
        };
        // The words of stages stand behind the segments.
        let stages: Vec<Segment> = stage::words().map(Segment::anywhere).collect();
        let all: Vec<&Segment> = tables.segments.iter().chain(&stages).collect();
        Self {
            index: Index::new(&all),
            places: places.collect(),
            endings: endings.iter().map(|n| ending(*n)).collect(),
            inner: inner.iter().map(|n| *n as u32).collect(),
            segments,
        }
    }

    /// Its size in bytes.
    #[cfg(test)]
    pub(crate) fn memory(&self) -> usize {
        self.index.memory()
            + self.places.len() * size_of::<Place>()
            + self.endings.len() * size_of::<Ending>()
            + self.inner.len() * 4
    }

    /// Every phrase in the text, in the order in which they end. Gives back the words of stages, [`packed`] by where they begin.
    pub(crate) fn scan(&self, tables: &Tables, folded: &Folded, hits: &mut Vec<Hit>) -> Vec<u64> {
        self.scan_for(tables, folded, hits, |_| true)
    }

    /// The same for some of the phrases.
    pub(crate) fn scan_for(
        &self,
        tables: &Tables,
        folded: &Folded,
        hits: &mut Vec<Hit>,
        wanted: impl Fn(&Phrase) -> bool,
    ) -> Vec<u64> {
        let mut stages = Vec::new();
        let text = folded.text.as_str();
        if u32::try_from(text.len()).is_err() {
            // Positions are kept in 32 bits.
            return stages;
        }
        let mut found = Pieces::default();
        self.index.each(text, &mut |segment, start, end| {
            if at_boundaries(text, segment, start, end) {
                found.push(packed(end, end - start, segment.number));
            }
        });
        let mut seen = Past { list: Vec::with_capacity(32), present: [0; 4] };
        let mut before = 0;
        for piece in found.sorted() {
            // A segment may be filed under a bit that other words have too.
            if std::mem::replace(&mut before, *piece) == *piece {
                continue;
            }
            let (end, length, segment) = unpacked(*piece);
            let start = end - length;
            if let Some(words) = segment.checked_sub(self.segments as usize) {
                stages.push(packed(start, length, words as u16));
                continue;
            }
            let masked = masks_in(folded, start, end).next().is_some();
            let here = Seen { words: 0, start: to_u32(start), end: to_u32(end), masked };
            let (place, next) = (self.places[segment], self.places[segment + 1]);
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
            for words in &self.inner[place.inner as usize..next.inner as usize] {
                seen.push(Seen { words: *words, ..here });
            }
        }
        stages
    }
}

/// The segments of which one stands for some words.
fn members<'t>(tables: &'t Tables, words: &'t Words) -> &'t [u16] {
    match words {
        Words::Segment(n) => std::slice::from_ref(n),
        Words::Set(n) => &tables.sets[usize::from(*n)],
    }
}

/// The sets stand behind the segments.
fn number(segments: u32, words: Words) -> u32 {
    match words {
        Words::Segment(n) => u32::from(n),
        Words::Set(n) => segments + u32::from(n),
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
fn begin(segments: u32, folded: &Folded, phrase: &Phrase, last: Seen, seen: &Past) -> Option<(usize, bool)> {
    let before = &phrase.pieces[..phrase.pieces.len().saturating_sub(1)];
    if !before.iter().all(|piece| seen.may_hold(bit(number(segments, piece.words)))) {
        return None;
    }
    let (mut at, mut masked) = (last, false);
    for n in (0..phrase.pieces.len()).rev() {
        let (gap, start) = (phrase.pieces[n].gap, at.start as usize);
        masked |= at.masked;
        if n == 0 {
            let start = match gap {
                Gap::Address | Gap::Host => mask_before(folded, gap, start)?,
                Gap::None | Gap::Any => start,
            };
            return Some((start, masked));
        }
        let wanted = number(segments, phrase.pieces[n - 1].words);
        let near = seen.list.iter().rev().take_while(|s| s.end as usize + GAP_BYTES >= start);
        let fits =
            |s: &&Seen| s.words == wanted && s.end <= at.start && bridges(folded, gap, s.end as usize, start);
        at = *{ near }.find(fits)?;
    }
    None
}

/// Whether what stands between two pieces is what the gap allows.
fn bridges(folded: &Folded, gap: Gap, from: usize, to: usize) -> bool {
    let between = &folded.text[from..to];
    match gap {
        Gap::None | Gap::Any => {
            let masked =
                || -> usize { masks_in(folded, from, to).map(|m| m.end.min(to) - m.start.max(from)).sum() };
            let spans =
                |most| between.len() <= most || between.chars().count().saturating_sub(masked()) <= most;
            // What a sentence begins seldom ends behind it, and what a reply begins never in the text around it.
            let ends = |two: &[u8]| matches!(two, b"--" | b"<<" | b">>") || two == b". " && !spans(NEXT);
            spans(GAP) && !between.as_bytes().windows(2).any(ends)
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
        assert!(!hits(&far).iter().any(|h| h.starts_with("user ")));
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

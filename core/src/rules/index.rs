//! Finds every segment of the phrases in a folded text.
//!
//! Nearly every segment holds whole Latin words, and is filed under two of them that follow each other, of several such pairs
//! under the one that fewest others share; else under its one word, or where that may go on, under its beginning. A text is
//! then asked word by word. Segments in other scripts are searched only in texts that hold such.

use super::latin::{each_word, is_word};
use super::table::Segment;
use crate::finder::Finder;
use crate::numbers::{to_u16, to_u32};

/// Where the segments are filed.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// One bit for each hash under which something is filed, and how many bits are set before each number: first those of
    /// words, a power of two of numbers, then likewise those of beginnings.
    bits: Vec<u64>,
    ranks: Vec<u16>,
    words: Region,
    beginnings: Region,
    /// Of each bit that is set: where in `filed` its segments begin. One more at the end.
    first: Vec<u32>,
    filed: Vec<Filed>,
    /// The segments that are filed, one after another: those that are compared with a text stand together.
    text: Vec<u8>,
    /// Latin segments that hold no beginning of a word.
    inner: Vec<(memchr::memmem::Finder<'static>, Found)>,
    /// Segments in other scripts.
    foreign: Finder,
    foreign_segments: Vec<Found>,
}

/// Some of the bits: the number of the first, and by how much a hash is shifted to give one.
#[derive(Clone, Copy, Debug, Default)]
struct Region {
    first: u32,
    shift: u32,
}

impl Region {
    /// `numbers` is a power of two.
    const fn new(first: usize, numbers: usize) -> Self {
        Self { first: first as u32 * 64, shift: 26 - numbers.trailing_zeros() }
    }

    /// Which bit stands for a hash: as many of its upper bits as tell the region's apart.
    const fn bit(self, hash: u32) -> u32 {
        self.first + (hash >> self.shift)
    }
}

/// A segment, and where in it the words begin under which it is filed.
#[derive(Clone, Copy, Debug)]
struct Filed {
    text: u32,
    length: u16,
    at: u16,
    segment: Found,
}

/// A segment by its number, and at which of its ends no word may go on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) number: u16,
    pub(super) left: bool,
    pub(super) right: bool,
}

impl Found {
    const fn of(number: u16, segment: &Segment) -> Self {
        Self { number, left: segment.left, right: segment.right }
    }
}

impl Index {
    pub(super) fn new(segments: &[&Segment]) -> Self {
        let (words, beginnings) = places(segments);
        let mut counts = vec![0_u16; 1 << 16];
        let count = |place: &Place| (place.hash() >> 16) as usize;
        for place in &words {
            counts[count(place)] = counts[count(place)].saturating_add(1);
        }
        // Of each segment the last of the rarest.
        let of_one = words.chunk_by(|a, b| a.segment() == b.segment());
        let rarest = |of: &[Place]| of.iter().rev().min_by_key(|place| counts[count(place)]).copied();
        let words: Vec<Place> = of_one.filter_map(rarest).collect();
        let mut index = Self::default();
        let mut foreign = Vec::new();
        let (mut next, mut other) = (words.iter().peekable(), beginnings.iter().peekable());
        for (number, segment) in (0_u16..).zip(segments.iter().copied()) {
            let filed = |place: &&Place| place.segment() == number;
            if next.next_if(filed).or_else(|| other.next_if(filed)).is_some() {
                continue;
            }
            let found = Found::of(number, segment);
            if segment.text.len() >= LONGEST {
                // Nobody writes such a phrase, and a rule with one does not prove itself.
            } else if segment.text.is_ascii() {
                let finder = memchr::memmem::Finder::new(segment.text.as_bytes()).into_owned();
                index.inner.push((finder, found));
            } else {
                foreign.push(&*segment.text);
                index.foreign_segments.push(found);
            }
        }
        index.foreign = Finder::new(foreign);
        let (most, few) = ((words.len() / 8).next_power_of_two(), beginnings.len().next_power_of_two());
        index.words = Region::new(0, most);
        index.beginnings = Region::new(most, few);
        index.bits = vec![0; most + few];
        let (words_bits, beginnings_bits) = (index.words, index.beginnings);
        index.file(words, words_bits, segments);
        index.file(beginnings, beginnings_bits, segments);
        index.first.push(to_u32(index.filed.len()));
        let mut rank = 0;
        for bits in &index.bits {
            index.ranks.push(rank);
            rank += to_u16(bits.count_ones() as usize);
        }
        index
    }

    /// Lets hashes lead to the segments that are to be filed under them.
    fn file(&mut self, places: Vec<Place>, region: Region, segments: &[&Segment]) {
        // As numbers, which are sorted elsewhere too.
        let mut places: Vec<u64> = places.into_iter().map(|place| place.0).collect();
        places.sort_unstable();
        for place in places.into_iter().map(Place) {
            let (number, at) = (place.segment(), place.at());
            let bit = region.bit(place.hash());
            if self.is_set(bit) == 0 {
                self.bits[bit as usize / 64] |= 1 << (bit % 64);
                self.first.push(to_u32(self.filed.len()));
            }
            let segment = segments[usize::from(number)];
            let text = segment.text.as_bytes();
            self.filed.push(Filed {
                text: to_u32(self.text.len()),
                length: to_u16(text.len()),
                at,
                segment: Found::of(number, segment),
            });
            self.text.extend_from_slice(text);
        }
    }

    /// Shows every place where the bytes of a segment stand whose words are whole, in no order: the segment, and where it
    /// begins and ends. Some may be shown twice.
    pub(super) fn each(&self, text: &str, visit: &mut dyn FnMut(Found, usize, usize)) {
        let bytes = text.as_bytes();
        let mut marked = Marked { list: [(0, 0); 32], length: 0 };
        let (mut before, mut key_before) = (0, u64::MAX);
        each_word(bytes, |at, eight, key| {
            // Nothing is known of most words: that is noted without a branch, which could not be foreseen.
            if marked.length > marked.list.len() - 4 {
                self.look(bytes, &mut marked, visit);
            }
            let mut note = |bit, at| marked.note(bit, at, self.is_set(bit));
            let at = to_u32(at);
            note(self.words.bit(hash(0, key)), at);
            note(self.words.bit(hash(key_before, key)), before);
            let (four, two) = (hash(0, eight & 0xffff_ffff), hash(0, eight & 0xffff));
            let (four, two) = (self.beginnings.bit(four), self.beginnings.bit(two));
            if self.is_set(four) | self.is_set(two) != 0 {
                note(four, at);
                note(two, at);
            }
            (before, key_before) = (at, key);
        });
        self.look(bytes, &mut marked, visit);
        for (finder, segment) in &self.inner {
            let mut from = 0;
            while let Some(at) = finder.find(&bytes[from..]) {
                visit(*segment, from + at, from + at + finder.needle().len());
                from += at + 1;
            }
        }
        if !text.is_ascii() {
            self.foreign.each(text, |hit| visit(self.foreign_segments[hit.word], hit.start, hit.end));
        }
    }

    /// Compares what is filed under each bit that was marked.
    fn look(&self, text: &[u8], marked: &mut Marked, visit: &mut dyn FnMut(Found, usize, usize)) {
        for &(bit, at) in &marked.list[..marked.length] {
            for filed in self.under(bit) {
                let Some(start) = (at as usize).checked_sub(usize::from(filed.at)) else { continue };
                let end = start + usize::from(filed.length);
                if text.get(start..end) == Some(&self.text[filed.text as usize..][..end - start]) {
                    visit(filed.segment, start, end);
                }
            }
        }
        marked.length = 0;
    }

    /// What is filed under the hashes for which a bit stands.
    fn under(&self, bit: u32) -> &[Filed] {
        let number = bit as usize / 64;
        let below = self.bits[number] & ((1 << (bit % 64)) - 1);
        let rank = usize::from(self.ranks[number]) + below.count_ones() as usize;
        &self.filed[self.first[rank] as usize..self.first[rank + 1] as usize]
    }

    /// 1 or 0.
    fn is_set(&self, bit: u32) -> u64 {
        self.bits[bit as usize / 64] >> (bit % 64) & 1
    }

    /// Its size in bytes.
    #[cfg(test)]
    pub(super) fn memory(&self) -> usize {
        self.bits.len() * 10
            + self.first.len() * 4
            + self.filed.len() * size_of::<Filed>()
            + self.text.len()
            + self.foreign.memory_usage()
            + self.foreign_segments.len() * size_of::<Found>()
    }
}

/// Bits that are set, each with the place in a text where its words begin.
struct Marked {
    list: [(u32, u32); 32],
    length: usize,
}

impl Marked {
    fn note(&mut self, bit: u32, at: u32, is_set: u64) {
        if let Some(next) = self.list.get_mut(self.length) {
            *next = (bit, at);
        }
        self.length += is_set as usize;
    }
}

/// A place where words begin in a segment: the hash of their keys, the segment's number, and the offset in it, as one number,
/// the hash above.
#[derive(Clone, Copy, Debug)]
struct Place(u64);

impl Place {
    fn new(hash: u32, segment: u16, at: usize) -> Self {
        Self(u64::from(hash) << 32 | u64::from(segment) << 16 | u64::from(to_u16(at)))
    }

    const fn hash(self) -> u32 {
        (self.0 >> 32) as u32
    }

    const fn segment(self) -> u16 {
        (self.0 >> 16) as u16
    }

    const fn at(self) -> u16 {
        self.0 as u16
    }
}

/// Lengths are kept in 16 bits.
const LONGEST: usize = u16::MAX as usize;

/// Under what segments may be filed: two words or, of those that hold no two, one; and one for each of the rest, a
/// beginning.
fn places(segments: &[&Segment]) -> (Vec<Place>, Vec<Place>) {
    let mut words: Vec<Place> = Vec::with_capacity(4 * segments.len());
    let mut beginnings = Vec::new();
    for (number, segment) in (0_u16..).zip(segments.iter().copied()) {
        let text = segment.text.as_bytes();
        if text.len() >= LONGEST {
            continue;
        }
        let first = words.len();
        let (mut one, mut beginning, mut before) = (None, None, None);
        each_word(text, |at, eight, key| {
            let from = &text[at..];
            // A key tells no more than eight bytes.
            let whole = segment.right || from.len() >= 8 || from.iter().any(|byte| !is_word(*byte));
            if at == 0 && !segment.left {
                return;
            }
            if whole {
                one = one.or(Some(Place::new(hash(0, key), number, at)));
                words.extend(before.map(|(at, other)| Place::new(hash(other, key), number, at)));
                before = Some((at, key));
            } else {
                let key = match from.len() {
                    4.. => eight & 0xffff_ffff,
                    2.. => eight & 0xffff,
                    _ => return,
                };
                beginning = Some(Place::new(hash(0, key), number, at));
            }
        });
        if words.len() == first {
            words.extend(one);
            beginnings.extend(beginning.filter(|_| one.is_none()));
        }
    }
    (words, beginnings)
}

/// The upper half of a sum of products, whose upper bits are the good ones.
fn hash(before: u64, key: u64) -> u32 {
    let product = before.wrapping_mul(0xd6e8_feb8_6659_fd93);
    (product.wrapping_add(key.wrapping_mul(0x9e37_79b9_7f4a_7c15)) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_search_segment_by_segment_finds() {
        let segment = |text: &'static str| Segment {
            text: text.trim_matches('*').into(),
            left: !text.starts_with('*') && text.starts_with(|c: char| c.is_alphanumeric()),
            right: !text.ends_with('*') && text.ends_with(|c: char| c.is_alphanumeric()),
        };
        let segments = [
            "user unknown",
            "unknown",
            "unknown user",
            "no",
            "id",
            "*box*",
            "*box full",
            "spf=*",
            "a b",
            "用户",
            "не",
            "<<<",
            "été",
            "x9",
            "usuario é",
            "*s a",
            "unknownish",
            "sus*",
            "to sus*",
            "suspende*",
            "[ph*",
        ]
        .map(segment);
        let index = Index::new(&segments.each_ref());
        for text in [
            "",
            "no",
            "user unknown user unknownish: mailbox full, 用户 не",
            "no no id spf=fail a b c a box x9 <<< x",
            "usuario été s a xx9 unknow",
            "to suspended to sus suspende [phish suspend",
        ] {
            let mut expected = Vec::new();
            for (n, segment) in segments.iter().enumerate() {
                expected.extend(text.match_indices(&*segment.text).map(|(at, _)| (n, at)));
            }
            let mut found = Vec::new();
            index.each(text, &mut |segment, start, end| {
                assert_eq!(text[start..end], segments[usize::from(segment.number)].text);
                found.push((usize::from(segment.number), start));
            });
            // What begins or ends within a word is left out where that makes no phrase.
            let is_letter = |c: char| c.is_ascii_alphanumeric();
            let within_word = |&(n, at): &(usize, usize)| {
                let Segment { text: segment, left, right } = &segments[n];
                *left && text[..at].ends_with(is_letter)
                    || *right && text[at + segment.len()..].starts_with(is_letter)
            };
            expected.retain(|found| !within_word(found));
            found.retain(|found| !within_word(found));
            found.sort_unstable();
            found.dedup();
            expected.sort_unstable();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}

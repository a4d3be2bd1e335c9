//! Finds every segment of the phrases in a folded text.
//!
//! Nearly every segment holds the beginning of a Latin word, and is filed under the eight bytes from there, or the four or
//! two that there are; of several such places under the one that fewest others share. A text is then looked at only where
//! its words begin. Segments in other scripts are searched only in texts that hold such.

use super::table::Segment;
use crate::finder::Finder;
use crate::lanes::{bits, each_bit, each_block, within};

/// Where the segments are filed.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// One bit for each hash under which something is filed, a power of two of words, and how many bits are set before.
    bits: Vec<u64>,
    ranks: Vec<u16>,
    shift: u32,
    /// Of each bit that is set: where in `filed` its segments begin. One more at the end.
    first: Vec<u32>,
    filed: Vec<Filed>,
    /// The segments that are filed, one after another: those that are compared with a text stand together.
    text: Vec<u8>,
    /// Latin segments that begin within a word.
    inner: Vec<(memchr::memmem::Finder<'static>, Found)>,
    /// Segments in other scripts.
    foreign: Finder,
    foreign_segments: Vec<Found>,
}

/// A segment, and where in it the word begins under which it is filed.
#[derive(Clone, Copy, Debug)]
struct Filed {
    text: u32,
    length: u16,
    at: u16,
    /// Its last byte: most others are told by it, without a look at their text.
    last: u8,
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
    pub(super) fn new(segments: &[Segment]) -> Self {
        let places = places(segments);
        let mut counts = vec![0_u16; 1 << 16];
        let count = |place: &Place| (place.hash() >> 16) as usize;
        for place in &places {
            counts[count(place)] = counts[count(place)].saturating_add(1);
        }
        // Of each segment the last of the rarest.
        let of_one = places.chunk_by(|a, b| a.segment() == b.segment());
        let rarest = |of: &[Place]| of.iter().rev().min_by_key(|place| counts[count(place)]).copied();
        let rarest: Vec<Place> = of_one.filter_map(rarest).collect();
        let mut index = Self::default();
        let mut foreign = Vec::new();
        let mut next = rarest.iter().peekable();
        for (number, segment) in (0_u16..).zip(segments) {
            if next.next_if(|place| place.segment() == number).is_some() {
                continue;
            }
            let found = Found::of(number, segment);
            if segment.text.is_ascii() {
                let finder = memchr::memmem::Finder::new(segment.text.as_bytes()).into_owned();
                index.inner.push((finder, found));
            } else {
                foreign.push(&*segment.text);
                index.foreign_segments.push(found);
            }
        }
        index.foreign = Finder::new(foreign);
        index.file(rarest, segments);
        index
    }

    /// Lets hashes lead to the segments that are to be filed under them.
    fn file(&mut self, places: Vec<Place>, segments: &[Segment]) {
        self.bits = vec![0; (places.len() / 8).next_power_of_two()];
        self.shift = 26 - self.bits.len().trailing_zeros();
        // As numbers, which are sorted elsewhere too.
        let mut places: Vec<u64> = places.into_iter().map(|place| place.0).collect();
        places.sort_unstable();
        for place in places.into_iter().map(Place) {
            let (number, at) = (place.segment(), place.at());
            let bit = (place.hash() >> self.shift) as usize;
            if !self.is_set(bit) {
                self.bits[bit / 64] |= 1 << (bit % 64);
                self.first.push(to_u32(self.filed.len()));
            }
            let segment = &segments[usize::from(number)];
            let text = segment.text.as_bytes();
            self.filed.push(Filed {
                text: to_u32(self.text.len()),
                length: to_u16(text.len()),
                at,
                last: text.last().copied().unwrap_or_default(),
                segment: Found::of(number, segment),
            });
            self.text.extend_from_slice(text);
        }
        self.first.push(to_u32(self.filed.len()));
        let mut rank = 0;
        for bits in &self.bits {
            self.ranks.push(rank);
            rank += to_u16(bits.count_ones() as usize);
        }
    }

    /// Shows every place where the bytes of a segment stand, in no order: the segment, and where it begins and ends.
    pub(super) fn each(&self, text: &str, mut visit: impl FnMut(Found, usize, usize)) {
        let bytes = text.as_bytes();
        each_start(bytes, |at| {
            let [eight, four, two] = keys(load(&bytes[at..]));
            let (eight, four, two) = (self.bit(eight), self.bit(four), self.bit(two));
            // At half of the words nothing is filed: one question for all three.
            if !(self.is_set(eight) | self.is_set(four) | self.is_set(two)) {
                return;
            }
            for bit in [eight, four, two] {
                if !self.is_set(bit) {
                    continue;
                }
                for filed in self.under(bit) {
                    let Some(start) = at.checked_sub(usize::from(filed.at)) else { continue };
                    let end = start + usize::from(filed.length);
                    if bytes.get(end - 1) == Some(&filed.last)
                        && bytes[start..end] == self.text[filed.text as usize..][..end - start]
                    {
                        visit(filed.segment, start, end);
                    }
                }
            }
        });
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

    /// What is filed under the hashes for which a bit stands.
    fn under(&self, bit: usize) -> &[Filed] {
        let below = self.bits[bit / 64] & ((1 << (bit % 64)) - 1);
        let rank = usize::from(self.ranks[bit / 64]) + below.count_ones() as usize;
        &self.filed[self.first[rank] as usize..self.first[rank + 1] as usize]
    }

    /// Which bit stands for a key: as many upper bits of its hash as tell them apart.
    fn bit(&self, key: u64) -> usize {
        (hash(key) >> self.shift) as usize
    }

    fn is_set(&self, bit: usize) -> bool {
        self.bits[bit / 64] >> (bit % 64) & 1 != 0
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

/// A place where a word begins in a segment: the hash of the key that stands there, the segment's number, and the offset in
/// it, as one number, the hash above.
#[derive(Clone, Copy, Debug)]
struct Place(u64);

impl Place {
    fn new(hash: u32, segment: u16, at: u16) -> Self {
        Self(u64::from(hash) << 32 | u64::from(segment) << 16 | u64::from(at))
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

/// All of them, segment by segment: those with the longest keys, which tell more.
fn places(segments: &[Segment]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::with_capacity(4 * segments.len());
    for (number, segment) in (0_u16..).zip(segments) {
        let (text, mut most) = (segment.text.as_bytes(), 2);
        if text.len() >= usize::from(u16::MAX) {
            continue;
        }
        each_start(text, |at| {
            let [eight, four, two] = keys(load(&text[at..]));
            let (key, length) = match text.len() - at {
                8.. => (eight, 8),
                4.. => (four, 4),
                2.. => (two, 2),
                _ => return,
            };
            if length >= most && (segment.left || at > 0) {
                most = length;
                places.push(Place::new(hash(key), number, to_u16(at)));
            }
        });
    }
    places
}

/// The first eight bytes as a number. Behind the end stands what is in no text, so that no key takes a shorter one's place.
fn load(bytes: &[u8]) -> u64 {
    match bytes.first_chunk() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => bytes.iter().rev().fold(u64::MAX, |number, byte| number << 8 | u64::from(*byte)),
    }
}

/// The keys that may stand at a place: eight bytes, four, and two.
fn keys(eight: u64) -> [u64; 3] {
    [eight, eight & 0xffff_ffff, eight & 0xffff]
}

/// The upper half of a product with the golden ratio, whose upper bits are the good ones.
fn hash(key: u64) -> u32 {
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// Tables count in 16 bits, and texts are far below 4 GiB.
fn to_u16(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Shows every place where a Latin word or number begins: a small letter or digit behind a byte that is neither.
fn each_start(text: &[u8], mut visit: impl FnMut(usize)) {
    let mut before = 0;
    each_block(text, |at, block| {
        let words = bits(block, |eight| within(eight, b'a', b'z') | within(eight, b'0', b'9'));
        let starts = words & !(words << 1 | before);
        before = words >> 63;
        each_bit(starts, |n| visit(at + n));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_behind_what_is_no_word() {
        let text = "550 5.1.1 <taro@example.jp>: it's_a ümlaut, ~x{y`z/0:9 不存在a".repeat(3);
        let is_word = |at: usize| matches!(text.as_bytes()[at], b'a'..=b'z' | b'0'..=b'9');
        let expected: Vec<usize> =
            (0..text.len()).filter(|&at| is_word(at) && (at == 0 || !is_word(at - 1))).collect();
        let mut found = Vec::new();
        each_start(text.as_bytes(), |at| found.push(at));
        assert_eq!(found, expected);
    }

    #[test]
    fn finds_what_a_search_segment_by_segment_finds() {
        let segment = |text: &'static str| Segment {
            text: text.trim_matches('*').into(),
            left: !text.starts_with('*') && text.starts_with(|c: char| c.is_alphanumeric()),
            right: !text.ends_with('*'),
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
        ]
        .map(segment);
        let index = Index::new(&segments);
        for text in [
            "",
            "no",
            "user unknown user unknownish: mailbox full, 用户 не",
            "no no id spf=fail a b c a box x9 <<< x",
            "usuario été s a xx9 unknow",
        ] {
            let mut expected = Vec::new();
            for (n, segment) in segments.iter().enumerate() {
                expected.extend(text.match_indices(&*segment.text).map(|(at, _)| (n, at)));
            }
            let mut found = Vec::new();
            index.each(text, |segment, start, end| {
                assert_eq!(text[start..end], segments[usize::from(segment.number)].text);
                found.push((usize::from(segment.number), start));
            });
            // What begins within a word is left out where that makes no phrase.
            let word = |at: usize| text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
            expected.retain(|&(n, at)| !(segments[n].left && word(at)));
            found.retain(|&(n, at)| !(segments[n].left && word(at)));
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}

//! Where a folded text holds Latin words and numbers.

use crate::lanes::{UPPER, bits, each_bit, each_block, within};

/// Shows every Latin word or number, small letters and digits behind a byte that is neither: where it begins, the eight bytes
/// from there, with zeros behind the text's end, and those of them that belong to it.
pub(super) fn each_word(text: &[u8], mut visit: impl FnMut(usize, u64, u64)) {
    let mut end = [0; 8];
    let short = text.len().min(8);
    end[8 - short..].copy_from_slice(&text[text.len() - short..]);
    let end = u64::from_le_bytes(end);
    let mut before = 0;
    each_block(text, |first, block| {
        let words = bits(block, words);
        let starts = words & !(words << 1 | before);
        before = words >> 63;
        each_bit(starts, |n| {
            let at = first + n;
            let length = (!(words >> n)).trailing_zeros();
            let eight = match text[at..].first_chunk() {
                Some(eight) => u64::from_le_bytes(*eight),
                None => end >> (64 - 8 * (text.len() - at)),
            };
            // A word may go on behind the block.
            let word =
                if n as u32 + length < 64 { u64::MAX >> (64 - 8 * length.min(8)) } else { word_of(eight) };
            visit(at, eight, eight & word);
        });
    });
}

/// The upper bit of each byte that is a letter or digit.
fn words(eight: u64) -> u64 {
    within(eight, b'a', b'z') | within(eight, b'0', b'9')
}

/// All bits of the bytes before the first that is no letter or digit.
fn word_of(eight: u64) -> u64 {
    let others = words(eight) ^ UPPER;
    ((others & others.wrapping_neg()) >> 7).wrapping_sub(1)
}

pub(super) const fn is_word(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_behind_what_is_no_word() {
        let text = "550 5.1.1 <taro@example.jp>: it's_a ümlaut, ~x{y`z/0:9 不存在a".repeat(3);
        let is_word = |at: usize| super::is_word(text.as_bytes()[at]);
        let number = |from: usize, to: usize| {
            text.as_bytes()[from..to].iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
        };
        let expected: Vec<(usize, u64, u64)> = (0..text.len())
            .filter(|&at| is_word(at) && (at == 0 || !is_word(at - 1)))
            .map(|at| {
                let eight = text.len().min(at + 8);
                let end = (at..eight).find(|at| !is_word(*at)).unwrap_or(eight);
                (at, number(at, eight), number(at, end))
            })
            .collect();
        let mut found = Vec::new();
        each_word(text.as_bytes(), |at, eight, key| found.push((at, eight, key)));
        assert_eq!(found, expected);
    }
}

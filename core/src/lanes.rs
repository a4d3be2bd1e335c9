//! Eight bytes of a text at a time, as one number: asked one by one, the ends of words could not be foreseen.

/// The upper bit of each byte.
pub(crate) const UPPER: u64 = 0x80 * EACH;

const EACH: u64 = u64::MAX / 255;

/// The upper bit of each byte that is one of these ASCII characters.
pub(crate) fn within(bytes: u64, first: u8, last: u8) -> u64 {
    // A sum's upper bit tells whether a byte is that great; none carries into the next.
    let low = bytes & !UPPER;
    let least = |byte: u8| low + u64::from(0x80 - byte) * EACH;
    (least(first) ^ least(last + 1)) & !bytes & UPPER
}

/// Where the line ends that a text begins with. Most lines are short: a search made for long texts would hardly have begun.
pub(crate) fn line_end(text: &[u8]) -> Option<usize> {
    /// So many times eight bytes are looked at here.
    const NEAR: usize = 12;
    let (eights, _) = text.as_chunks();
    let near = eights.len().min(NEAR);
    for (n, eight) in eights[..near].iter().enumerate() {
        let others = u64::from_le_bytes(*eight) ^ (u64::from(b'\n') * EACH);
        // The lowest of these upper bits stands for a line feed; behind one, others may.
        let ends = others.wrapping_sub(EACH) & !others & UPPER;
        if ends != 0 {
            return Some(n * 8 + ends.trailing_zeros() as usize / 8);
        }
    }
    memchr::memchr(b'\n', &text[near * 8..]).map(|at| near * 8 + at)
}

/// Shows a text in blocks, each with its place. Behind the end stand zeros.
pub(crate) fn each_block(text: &[u8], mut visit: impl FnMut(usize, &[u8; 64])) {
    let (blocks, rest) = text.as_chunks();
    let mut last = [0; 64];
    last[..rest.len()].copy_from_slice(rest);
    for n in 0..text.len().div_ceil(64) {
        visit(n * 64, blocks.get(n).unwrap_or(&last));
    }
}

/// One bit for each byte of a block, from the upper bits of eight at a time.
pub(crate) fn bits(block: &[u8; 64], upper: impl Fn(u64) -> u64) -> u64 {
    let (eights, _) = block.as_chunks();
    eights.iter().rev().fold(0, |bits, eight| bits << 8 | together(upper(u64::from_le_bytes(*eight))))
}

/// Shows the places of the bits that are set.
pub(crate) fn each_bit(mut bits: u64, mut visit: impl FnMut(usize)) {
    while bits != 0 {
        visit(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

/// These upper bits as eight bits, the first byte's the lowest.
fn together(upper: u64) -> u64 {
    (upper >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_their_first_line_feed() {
        for length in 0..200 {
            for (feed, before) in [(b'\n', b'\x0b'), (b'\n', b'\x8a'), (b'\x0b', b'\t')] {
                let mut text = vec![before; length];
                text.extend([feed, b'\x0b', b'\n', b'\n']);
                let end = text.iter().position(|byte| *byte == b'\n');
                assert_eq!(line_end(&text), end);
                assert_eq!(line_end(&text[..length]), None);
            }
        }
    }

    #[test]
    fn each_byte_is_asked_by_itself() {
        for byte in 0..=255_u8 {
            for at in 0..8 {
                for (first, last) in [(b'a', b'z'), (b' ', b' '), (b'!', b'~'), (b'2', b'5')] {
                    let mut bytes = [byte.wrapping_mul(31); 8];
                    bytes[at] = byte;
                    let expected = |b: u8| u64::from((first..=last).contains(&b));
                    let bits = (0..8).map(|n| expected(bytes[n]) << n).sum::<u64>();
                    assert_eq!(together(within(u64::from_le_bytes(bytes), first, last)), bits);
                }
            }
        }
    }
}

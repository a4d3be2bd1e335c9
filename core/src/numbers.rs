//! Numbers kept in fewer bits than the machine's, where many stand together.

/// Tables count in 16 bits, and so does whoever writes them; no word is longer.
pub(crate) fn to_u16(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// Tables are far below 4 GiB, and so is every text that is searched (`Limits::max_text_bytes`).
pub(crate) fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Words that were found, as one number: where, what their length lacks to the longest, and which they are. So they stand in
/// the order of their places, of those at one place the longest first, and are sorted by what sorts numbers elsewhere.
pub(crate) const fn packed(at: usize, length: usize, which: u16) -> u64 {
    // No words are longer than 16 bits tell.
    (at as u64) << 32 | (!(length as u16) as u64) << 16 | which as u64
}

/// Where, how long, and which.
pub(crate) const fn unpacked(found: u64) -> (usize, usize, usize) {
    ((found >> 32) as usize, (!(found >> 16) & 0xffff) as usize, found as usize & 0xffff)
}

#[cfg(test)]
mod tests {
    use super::{packed, unpacked};

    #[test]
    fn the_first_and_of_those_the_longest_stand_first() {
        let in_order = [(0, 9, 7), (3, 0xffff, 0xffff), (3, 5, 1), (3, 5, 2), (3, 0, 0), (0xffff_ffff, 1, 0)];
        let found = in_order.map(|(at, length, which)| packed(at, length, which));
        assert!(found.is_sorted());
        for ((at, length, which), found) in in_order.into_iter().zip(found) {
            assert_eq!(unpacked(found), (at, length, usize::from(which)));
        }
    }
}

//! The segments that were found in a text, until all are known.

/// A segment that was found, as one number: its end, what its length lacks to the longest, and which it is. So they stand in
/// the order in which they end, of those that end together the longest first, and are sorted by what sorts numbers elsewhere.
pub(super) fn packed(segment: u16, start: usize, end: usize) -> u64 {
    // No segment is longer than 16 bits tell.
    let length = (end - start) as u16;
    (end as u64) << 32 | u64::from(!length) << 16 | u64::from(segment)
}

/// The segment, its start and its end.
pub(super) const fn unpacked(found: u64) -> (usize, usize, usize) {
    let end = (found >> 32) as usize;
    (found as usize & 0xffff, end - (!(found >> 16) & 0xffff) as usize, end)
}

/// The segments that were found: most texts hold few, which need no memory of their own.
#[derive(Default)]
pub(super) struct Pieces {
    few: [u64; 32],
    count: usize,
    many: Vec<u64>,
}

impl Pieces {
    pub(super) fn push(&mut self, piece: u64) {
        if let Some(next) = self.few.get_mut(self.count) {
            *next = piece;
        } else {
            self.many.push(piece);
        }
        self.count += 1;
    }

    /// All of them, in the order of [`packed`].
    pub(super) fn sorted(&mut self) -> &[u64] {
        let few = &mut self.few[..self.count.min(32)];
        let all = if self.many.is_empty() {
            few
        } else {
            self.many.extend_from_slice(few);
            &mut self.many[..]
        };
        all.sort_unstable();
        all
    }
}

//! The segments that were found in a text, each as [`packed`](crate::numbers::packed) by its end, until all are known.

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

    /// All of them, in the order in which they end, of those that end together the longest first.
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

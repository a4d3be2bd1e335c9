//! What is in memory of a source that is read from one end to the other.

use std::io::{self, Read};
use std::ops::Range;

/// Bytes read at a time.
const CHUNK: usize = 256 << 10;
/// What the window keeps of its memory behind a large message: growing anew for each costs more than reading it.
const KEPT: usize = 8 << 20;

/// A part of a source: some bytes that were read, and no byte before them that is still needed.
pub(super) struct Window<R> {
    reader: R,
    /// Memory of any content; the first `filled` bytes are the source's. Kept as it is from one chunk to the next, because
    /// clearing it costs as much as searching it.
    memory: Vec<u8>,
    filled: usize,
    /// Where in the source the first byte stands.
    base: u64,
    whole: bool,
    failed: Option<io::Error>,
}

impl<R: Read> Window<R> {
    /// An empty one; the reader is `base` bytes behind the beginning of the source.
    pub(super) fn new(reader: R, base: u64) -> Self {
        Self { reader, memory: Vec::new(), filled: 0, base, whole: false, failed: None }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.memory[..self.filled]
    }

    pub(super) const fn len(&self) -> usize {
        self.filled
    }

    /// Whether nothing follows.
    pub(super) const fn is_whole(&self) -> bool {
        self.whole
    }

    /// Where in the source a byte of the window stands.
    pub(super) const fn offset(&self, at: usize) -> u64 {
        self.base + at as u64
    }

    /// The error that ended the reading.
    pub(super) fn take_error(&mut self) -> Option<io::Error> {
        self.failed.take()
    }

    /// Reads one chunk more, and may drop bytes that stand before `needed`: gives how many it dropped, and whether it read any.
    pub(super) fn fill(&mut self, needed: usize) -> (usize, bool) {
        // They are dropped only when that is worth moving the rest.
        let worth = needed >= CHUNK || needed > self.filled / 2;
        let dropped = if worth { needed } else { 0 };
        if dropped > 0 {
            self.memory.copy_within(dropped..self.filled, 0);
            self.filled -= dropped;
            self.base += dropped as u64;
        }
        if self.memory.len() > KEPT && self.filled + CHUNK <= KEPT {
            self.memory.truncate(KEPT);
            self.memory.shrink_to_fit();
        }
        let before = self.filled;
        if !self.whole {
            self.read();
        }
        (dropped, self.filled > before)
    }

    /// Takes some bytes out with the memory they are in: as many would not fit in beside themselves. The window begins with `needed`
    /// from then on.
    pub(super) fn take_out(&mut self, range: Range<usize>, needed: usize) -> Vec<u8> {
        let rest = self.bytes()[needed..].to_vec();
        self.base += needed as u64;
        self.filled = rest.len();
        let mut taken = std::mem::replace(&mut self.memory, rest);
        taken.truncate(range.end);
        taken.drain(..range.start);
        taken
    }

    fn read(&mut self) {
        let end = self.filled + CHUNK;
        if self.memory.len() < end {
            self.memory.resize(end, 0);
        }
        while self.filled < end {
            match self.reader.read(&mut self.memory[self.filled..end]) {
                Ok(0) => {
                    self.whole = true;
                    return;
                }
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.whole = true;
                    self.failed = Some(error);
                    return;
                }
            }
        }
    }
}

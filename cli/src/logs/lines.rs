//! A source to its lines, in bounded memory.

use komainu::io::{ProblemKind, ScanError, Source};
use std::io::{self, BufRead, BufReader};
use std::sync::Arc;

/// A line is cut here: no server writes longer ones, and a file without line ends must not fill the memory.
const LONGEST: usize = 64 << 10;
const BUFFER: usize = 256 << 10;

/// One line, without its line end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'b> {
    pub(super) text: &'b [u8],
    /// From 0.
    pub(super) index: u64,
    pub(super) offset: u64,
    pub(super) end: u64,
}

/// The lines of a source.
pub(super) struct Lines<R> {
    reader: BufReader<R>,
    line: Vec<u8>,
    next: u64,
    offset: u64,
    failed: Option<io::Error>,
}

impl Lines<Source> {
    /// What ended the reading early.
    pub(super) fn problem(self, name: &Arc<str>) -> Option<ScanError> {
        self.failed.map(|error| {
            let mut problem = ScanError::new(ProblemKind::Damaged, Arc::clone(name), error.to_string());
            problem.offset = Some(self.offset);
            problem
        })
    }
}

impl<R: io::Read> Lines<R> {
    pub(super) fn new(source: R) -> Self {
        let reader = BufReader::with_capacity(BUFFER, source);
        Self { reader, line: Vec::new(), next: 0, offset: 0, failed: None }
    }

    pub(super) fn next_line(&mut self) -> Option<Line<'_>> {
        self.line.clear();
        let offset = self.offset;
        loop {
            let bytes = match self.reader.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.failed.get_or_insert(error);
                    &[]
                }
            };
            if bytes.is_empty() {
                break;
            }
            let end = bytes.iter().position(|&b| b == b'\n');
            let text = &bytes[..end.unwrap_or(bytes.len())];
            let room = LONGEST.saturating_sub(self.line.len());
            self.line.extend_from_slice(&text[..text.len().min(room)]);
            let used = text.len() + usize::from(end.is_some());
            self.offset += used as u64;
            self.reader.consume(used);
            if end.is_some() {
                break;
            }
        }
        if self.offset == offset {
            return None;
        }
        self.next += 1;
        Some(Line { text: &self.line, index: self.next - 1, offset, end: self.offset })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_places_and_long_ones_are_cut() {
        let text = format!("one\r\n\n{}\nlast", "x".repeat(3 * BUFFER));
        let mut lines = Lines::new(text.as_bytes());
        let mut all = Vec::new();
        while let Some(Line { text, index, offset, end }) = lines.next_line() {
            all.push((text.len(), index, offset, end));
        }
        let long = 3 * BUFFER as u64;
        assert_eq!(all, [(4, 0, 0, 5), (0, 1, 5, 6), (LONGEST, 2, 6, long + 7), (4, 3, long + 7, long + 11)]);
    }
}

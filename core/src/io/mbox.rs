//! An mbox to its messages, in one pass over a reader.
//!
//! The four dialects differ in how a body may hold a line that begins with `From `: mboxo and mboxrd quote it with `>`, mboxcl2
//! quotes nothing and counts (Content-Length), mboxcl does both. They are not marked, so each message is read by what it shows: its
//! Content-Length is believed when a message begins exactly behind it, and every quote is undone unless an unquoted line
//! proves that this writer does not quote.

use memchr::memmem;
use std::io::{self, Read};
use std::sync::LazyLock;

use super::postmark::{Separator, separator, separator_of_delivered};
use super::window::Window;

/// What is kept in front of the place that is looked at, to see what stands above a postmark.
const CONTEXT: usize = 256;
/// A header block longer than this is not searched for a Content-Length.
const MAX_HEADER: usize = 1 << 20;

static FROM: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("From"));

/// One message of an mbox.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) offset: u64,
    pub(super) end: u64,
    pub(super) raw: Vec<u8>,
    pub(super) cut: bool,
}

/// Reads one mbox from a reader.
pub(super) struct Mbox<R> {
    window: Window<R>,
    /// Where in the window the next message begins.
    at: usize,
    limit: usize,
    /// Whether the file is called one message, and a second one must show that it was delivered.
    single: bool,
}

impl<R: Read> Mbox<R> {
    /// Reads from `offset` on: 0, or the end of an earlier message.
    pub(super) fn new(reader: R, offset: u64, limit: usize) -> Self {
        Self { window: Window::new(reader, offset), at: 0, limit, single: false }
    }

    /// For a file that is called one message: see [`separator_of_delivered`].
    pub(super) fn single(mut self, single: bool) -> Self {
        self.single = single;
        self
    }

    /// Whether a message begins at `at`, counted from `self.at`.
    fn separator(&self, at: usize) -> Separator {
        let (bytes, at, whole) = (self.window.bytes(), self.at + at, self.window.is_whole());
        if self.single {
            separator_of_delivered(bytes, at, whole)
        } else {
            separator(bytes, at, whole, false)
        }
    }

    /// The error that ended the reading early, once the messages before it are out.
    pub(super) fn take_error(&mut self) -> Option<(u64, io::Error)> {
        Some((self.window.offset(self.window.len()), self.window.take_error()?))
    }

    /// The next message; `None` at the end.
    pub(super) fn next_part(&mut self) -> Option<Part> {
        loop {
            if self.at >= self.window.len() && !self.fill() {
                return None;
            }
            let part = self.part();
            // An empty line at the end of a file, or a postmark alone, is no message.
            if !part.raw.trim_ascii().is_empty() {
                return Some(part);
            }
        }
    }

    /// Reads one chunk more; `false` at the end.
    fn fill(&mut self) -> bool {
        let (dropped, more) = self.window.fill(self.at.saturating_sub(CONTEXT));
        self.at -= dropped;
        more
    }

    /// What was read from the beginning of the message on.
    fn seen(&self) -> &[u8] {
        &self.window.bytes()[self.at..]
    }

    /// Cuts the message at `self.at` out of the window and moves behind it.
    fn part(&mut self) -> Part {
        let offset = self.window.offset(self.at);
        let postmark = self.skip_postmark();
        let Some((end, next)) = self.counted_end(postmark) else {
            return self.searched_end(offset, postmark);
        };
        let mut raw = self.seen()[postmark..end].to_vec();
        unquote(&mut raw);
        self.at += next;
        Part { offset, end: self.window.offset(self.at), raw, cut: false }
    }

    /// The length of the `From ` line at `self.at`; 0 where the source begins otherwise.
    fn skip_postmark(&mut self) -> usize {
        loop {
            let line = self.seen();
            let enough = line.len() >= 5 || self.window.is_whole();
            if enough && !(line.starts_with(b"From") && matches!(line.get(4), Some(b' ' | b'\r' | b'\n'))) {
                return 0;
            }
            match memchr::memchr2(b'\n', b'\r', line) {
                Some(at) if line[at..].starts_with(b"\r\n") => return at + 2,
                // A line feed may follow in the next chunk.
                Some(at) if at + 1 < line.len() || self.window.is_whole() => return at + 1,
                None if self.window.is_whole() => return line.len(),
                _ => {}
            }
            self.fill();
        }
    }

    /// By Content-Length: where the message ends and where the next begins, both from `self.at`.
    fn counted_end(&mut self, postmark: usize) -> Option<(usize, usize)> {
        let (mut seen, headers) = (
            postmark,
            loop {
                let block = self.seen();
                if let Some(end) = header_end(&block[postmark..]) {
                    break postmark + end;
                }
                if block.len() > MAX_HEADER.min(self.limit) || !self.fill() {
                    return None;
                }
            },
        );
        // A message that was cut inside its headers is followed by the next one's, whose length is not this one's.
        while let Some(found) = FROM.find(&self.seen()[seen..headers]) {
            seen += found;
            if self.separator(seen) == Separator::Yes {
                return None;
            }
            seen += 4;
        }
        let length = content_length(&self.seen()[postmark..headers])?;
        let end = headers.checked_add(length).filter(|end| *end <= self.limit)?;
        // Behind it: the end, or a line break or two and a postmark.
        while self.seen().len() < end + 4 && self.fill() {}
        let behind = self.seen().get(end..)?;
        let breaks = behind.iter().take(4).take_while(|b| matches!(b, b'\r' | b'\n')).count();
        if end + breaks == self.seen().len() && self.window.is_whole() {
            return Some((end, end + breaks));
        }
        let at_line_start = breaks > 0 || self.seen()[end - 1] == b'\n';
        loop {
            match self.separator(end + breaks) {
                Separator::Yes if at_line_start => return Some((end, end + breaks)),
                Separator::More => {
                    self.fill();
                }
                Separator::Yes | Separator::No => return None,
            }
        }
    }

    /// By the next postmark.
    fn searched_end(&mut self, offset: u64, postmark: usize) -> Part {
        // Whatever begins here is this message, also where it looks like the beginning of one.
        let mut seen = postmark.max(1);
        let mut kept: Option<Vec<u8>> = None;
        let mut quoted = false;
        loop {
            let found = FROM.find(&self.seen()[seen..]);
            if let Some(found) = found {
                seen += found;
                quoted |= seen > 0 && self.seen()[seen - 1] == b'>';
                match self.separator(seen) {
                    Separator::Yes => break,
                    Separator::No => {
                        seen += 4;
                        continue;
                    }
                    Separator::More => {}
                }
            } else {
                // A "From" may be split by the end of the window.
                seen = seen.max((self.seen().len()).saturating_sub(3));
            }
            self.pass_over(postmark, &mut seen, &mut kept);
            if !self.fill() && found.is_none() {
                seen = self.seen().len();
                break;
            }
        }
        let cut = kept.is_some() || seen - postmark > self.limit;
        let raw = kept.unwrap_or_else(|| self.seen()[postmark..seen.min(postmark + self.limit)].to_vec());
        self.at += seen;
        Part { offset, end: self.window.offset(self.at), raw: tidy(raw, quoted), cut }
    }

    /// Above the limit: keeps the beginning once, and lets go of what was searched.
    fn pass_over(&mut self, postmark: usize, seen: &mut usize, kept: &mut Option<Vec<u8>>) {
        let done = seen.saturating_sub(CONTEXT);
        if kept.is_none() {
            if *seen <= postmark + self.limit {
                return;
            }
            let start = self.at + postmark;
            *kept = Some(self.window.take_out(start..start + self.limit, self.at + done));
            self.at = 0;
        } else {
            self.at += done;
        }
        *seen -= done;
    }
}

/// The length of a header block with its empty line.
fn header_end(block: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', block).find_map(|at| match &block[at + 1..] {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    })
}

fn content_length(headers: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    headers.split(|&b| b == b'\n').find_map(|line| {
        let (name, value) = line.split_at_checked(NAME.len())?;
        if !name.eq_ignore_ascii_case(NAME) {
            return None;
        }
        std::str::from_utf8(value.trim_ascii()).ok()?.parse().ok()
    })
}

/// Takes away the empty line that the mailbox put behind a message, and the quoting if there may be any.
fn tidy(mut raw: Vec<u8>, quoted: bool) -> Vec<u8> {
    for end in [&b"\r\n\r\n"[..], b"\n\n", b"\r\r"] {
        if raw.ends_with(end) {
            raw.truncate(raw.len() - end.len() / 2);
            break;
        }
    }
    if quoted {
        unquote(&mut raw);
    }
    raw
}

/// Takes one `>` from every line that begins with `>From `, `>>From ` and so on, unless a line shows that nothing was quoted.
fn unquote(raw: &mut Vec<u8>) {
    let mut drop = Vec::new();
    for at in FROM.find_iter(raw) {
        if raw.get(at + 4) != Some(&b' ') {
            continue;
        }
        let quotes = raw[..at].iter().rev().take_while(|b| **b == b'>').count();
        let start = at - quotes;
        if start > 0 && raw[start - 1] != b'\n' {
            continue;
        }
        match quotes {
            0 if start > 0 => return,
            0 => {}
            _ => drop.push(start),
        }
    }
    let Some(&first) = drop.first() else { return };
    let mut write = first;
    for (n, &start) in drop.iter().enumerate() {
        let end = drop.get(n + 1).copied().unwrap_or(raw.len());
        raw.copy_within(start + 1..end, write);
        write += end - start - 1;
    }
    raw.truncate(write);
}

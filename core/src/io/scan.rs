//! The scan itself: paths and readers to messages, one after another.

use std::fmt;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::mail::{Mail, ProblemKind, ScanError};
use super::mbox::Mbox;
use super::open::Bytes;
use super::parallel::Reports;
use super::postmark::looks_like_mbox;
use super::sources::{Source, Sources};
use crate::analyzer::Analyzer;
use crate::limits::Limits;

/// How the messages of a file are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// An mbox if it begins with a `From ` line with a date, or has `mbox` in its name; else one message.
    #[default]
    Auto,
    /// One message a file.
    Message,
    /// An mbox, also where its beginning is lost.
    Mbox,
}

/// Options of a [`Scan`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScanOptions {
    /// A longer message is cut here and flagged ([`Mail::cut`]): the default is that of [`Limits::max_bytes`].
    pub max_message_bytes: usize,
    /// How the messages of a file are told apart.
    pub layout: Layout,
    /// What was read before, and is passed over.
    pub resume: Option<Resume>,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self { max_message_bytes: Limits::default().max_bytes, layout: Layout::Auto, resume: None }
    }
}

/// What is known of a source before its first message is read.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SourceInfo<'a> {
    /// As in [`Mail::source`].
    pub source: &'a str,
    /// The size of the file on the disk; `None` for a reader or a member of an archive.
    pub size: Option<u64>,
    /// The first bytes of the (decompressed) source, up to 64 KiB.
    pub head: &'a [u8],
}

/// Tells for each source where an earlier scan stopped: `(index, offset)` of the next message, as [`Mail::index`] + 1 and
/// [`Mail::end`] gave it. `None` reads all of it.
#[derive(Clone)]
pub struct Resume(Arc<Asked>);

type Asked = dyn Fn(&SourceInfo<'_>) -> Option<(u64, u64)> + Send + Sync;

impl Resume {
    /// Wraps a function that knows what was read before.
    pub fn new(ask: impl Fn(&SourceInfo<'_>) -> Option<(u64, u64)> + Send + Sync + 'static) -> Self {
        Self(Arc::new(ask))
    }
}

impl fmt::Debug for Resume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resume")
    }
}

/// An iterator over every message of some paths and readers, in order. It can be sent to another thread.
///
/// After an `Err` item the next message follows; `None` ends the scan for good.
pub struct Scan {
    sources: Sources,
    open: Option<Open>,
    options: ScanOptions,
}

/// A source whose messages are being read.
struct Open {
    source: Arc<str>,
    next: u64,
    messages: Messages,
}

enum Messages {
    Mbox(Mbox<Bytes>),
    One(Bytes),
    /// What could be read is out; the error is not.
    Failed(u64, io::Error),
    Done,
}

impl Scan {
    /// A scan of paths, in the order given.
    #[must_use]
    pub fn new<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>, options: ScanOptions) -> Self {
        Self { sources: Sources::new(paths), open: None, options }
    }

    /// Adds a path behind those that are already there.
    #[must_use]
    pub fn and_path(mut self, path: impl AsRef<Path>) -> Self {
        self.sources = self.sources.and_path(path);
        self
    }

    /// Adds a reader, such as standard input, with the name that its messages shall have as their source.
    #[must_use]
    pub fn and_reader(mut self, source: &str, reader: impl Read + Send + 'static) -> Self {
        self.sources = self.sources.and_reader(source, reader);
        self
    }

    /// Parses every message, over `jobs` threads (0: one for each core; 1: no further thread), in order.
    #[must_use]
    pub fn reports(self, analyzer: Analyzer, jobs: usize) -> Reports {
        Reports::new(self, analyzer, jobs)
    }

    /// A counter of the bytes read from the disk so far, for a progress bar; [`bytes_on_disk`](super::bytes_on_disk) is where
    /// it ends.
    #[must_use]
    pub fn bytes_read(&self) -> Arc<AtomicU64> {
        self.sources.bytes_read()
    }

    /// Finds out what a source holds and makes it the open one.
    fn enter(&mut self, opened: Source) -> Result<(), ScanError> {
        let source = Arc::clone(&opened.name);
        let info = SourceInfo { source: &source, size: opened.size, head: &opened.head };
        let (next, offset) = self.options.resume.as_ref().and_then(|ask| (ask.0)(&info)).unwrap_or_default();
        let mbox = match self.options.layout {
            Layout::Message => false,
            Layout::Mbox => true,
            Layout::Auto => looks_like_mbox(&opened.head, &source),
        };
        let mut bytes = opened.into_bytes();
        let messages = if mbox {
            // Compressed bytes cannot be skipped without reading them.
            let skipped = io::copy(&mut (&mut bytes).take(offset), &mut io::sink());
            skipped.map_err(|error| {
                ScanError::new(ProblemKind::Damaged, Arc::clone(&source), error.to_string())
            })?;
            let single = self.options.layout == Layout::Auto && source.ends_with(".eml");
            Messages::Mbox(Mbox::new(bytes, offset, self.options.max_message_bytes).single(single))
        } else if next > 0 {
            Messages::Done
        } else {
            Messages::One(bytes)
        };
        self.open = Some(Open { source, next, messages });
        Ok(())
    }
}

impl Iterator for Scan {
    type Item = Result<Mail, ScanError>;

    fn next(&mut self) -> Option<Self::Item> {
        // A panic here, in a decompressor or in a caller's reader, would end a thread of its own, and the scan in silence. What
        // was being read has been taken out of `self` by then: the scan goes on behind it.
        catch_unwind(AssertUnwindSafe(|| self.advance())).unwrap_or_else(|_| {
            let source = self.open.take().map_or_else(|| "(unknown)".into(), |open| open.source);
            let message = "reading it failed; please report it";
            Some(Err(ScanError::new(ProblemKind::Damaged, source, message)))
        })
    }
}

impl Scan {
    fn advance(&mut self) -> Option<Result<Mail, ScanError>> {
        loop {
            if let Some(open) = &mut self.open {
                if let Some(item) = open.next_mail(self.options.max_message_bytes) {
                    return Some(item);
                }
                self.open = None;
            }
            if let Err(problem) = self.sources.next()?.and_then(|source| self.enter(source)) {
                return Some(Err(problem));
            }
        }
    }
}

impl Open {
    fn next_mail(&mut self, limit: usize) -> Option<Result<Mail, ScanError>> {
        let source = Arc::clone(&self.source);
        let damaged = |at: u64, error: io::Error| {
            ScanError::new(ProblemKind::Damaged, Arc::clone(&source), error.to_string()).at(at)
        };
        let index = self.next;
        match std::mem::replace(&mut self.messages, Messages::Done) {
            Messages::Done => None,
            Messages::Failed(at, error) => Some(Err(damaged(at, error))),
            Messages::One(mut bytes) => {
                let mut raw = Vec::new();
                let read = (&mut bytes).take(limit as u64 + 1).read_to_end(&mut raw);
                match read {
                    Err(error) if raw.is_empty() => return Some(Err(damaged(0, error))),
                    Err(error) => self.messages = Messages::Failed(raw.len() as u64, error),
                    Ok(_) => {}
                }
                let cut = raw.len() > limit;
                raw.truncate(limit);
                self.next += 1;
                Some(Ok(Mail { source, index, offset: 0, end: raw.len() as u64, raw, cut }))
            }
            Messages::Mbox(mut mbox) => {
                let Some(part) = mbox.next_part() else {
                    return mbox.take_error().map(|(at, error)| Err(damaged(at, error)));
                };
                self.messages = Messages::Mbox(mbox);
                self.next += 1;
                Some(Ok(Mail {
                    source,
                    index,
                    offset: part.offset,
                    end: part.end,
                    raw: part.raw,
                    cut: part.cut,
                }))
            }
        }
    }
}

//! The scan itself: paths and readers to messages, one after another.

use std::collections::VecDeque;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::mail::{Mail, ProblemKind, ScanError};
use super::mbox::Mbox;
use super::open::{Bytes, Content, Member, members, peel};
use super::parallel::Reports;
use super::postmark::looks_like_mbox;
use super::walk::Walk;
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
    inputs: VecDeque<Input>,
    walk: Option<Walk>,
    archive: Option<Archive>,
    open: Option<Open>,
    options: ScanOptions,
    read: Arc<AtomicU64>,
}

enum Input {
    Path(PathBuf),
    Reader(Arc<str>, Bytes),
}

/// A zip archive whose members are being read.
struct Archive {
    path: PathBuf,
    members: VecDeque<Result<Member, (String, String)>>,
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
        let inputs = paths.into_iter().map(|path| Input::Path(path.as_ref().to_owned())).collect();
        Self { inputs, walk: None, archive: None, open: None, options, read: Arc::default() }
    }

    /// Adds a path behind those that are already there.
    #[must_use]
    pub fn and_path(mut self, path: impl AsRef<Path>) -> Self {
        self.inputs.push_back(Input::Path(path.as_ref().to_owned()));
        self
    }

    /// Adds a reader, such as standard input, with the name that its messages shall have as their source.
    #[must_use]
    pub fn and_reader(mut self, source: &str, reader: impl Read + Send + 'static) -> Self {
        self.inputs.push_back(Input::Reader(source.into(), Box::new(reader)));
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
        Arc::clone(&self.read)
    }

    /// Opens the next source; `None` when there is none left.
    fn advance(&mut self) -> Option<Result<(), ScanError>> {
        if let Some(archive) = &mut self.archive {
            let Some(member) = archive.members.pop_front() else {
                self.archive = None;
                return Some(Ok(()));
            };
            let path = archive.path.clone();
            return Some(self.enter_member(&path, member));
        }
        if let Some(walk) = &mut self.walk {
            return match walk.next() {
                None => {
                    self.walk = None;
                    Some(Ok(()))
                }
                Some(file) => Some(file.and_then(|file| self.enter_file(&file))),
            };
        }
        match self.inputs.pop_front()? {
            Input::Path(path) => {
                self.walk = Some(Walk::new(path));
                Some(Ok(()))
            }
            Input::Reader(source, bytes) => {
                let bytes = Box::new(Counted { inner: bytes, count: Arc::clone(&self.read) });
                Some(self.enter(source, None, None, bytes))
            }
        }
    }

    fn enter_file(&mut self, path: &Path) -> Result<(), ScanError> {
        let os = |error| ScanError::os(path, &error, false);
        let file = File::open(path).map_err(os)?;
        let size = file.metadata().map_err(os)?.len();
        let bytes = Box::new(Counted { inner: file, count: Arc::clone(&self.read) });
        self.enter(path.to_string_lossy().into(), Some(path), Some(size), bytes)
    }

    fn enter_member(
        &mut self,
        path: &Path,
        member: Result<Member, (String, String)>,
    ) -> Result<(), ScanError> {
        let name = |member: &str| format!("{}/{member}", path.display());
        let member =
            member.map_err(|(member, why)| ScanError::new(ProblemKind::Unreadable, name(&member), why))?;
        let source = name(&member.name);
        let bytes = member
            .open(path)
            .map_err(|error| ScanError::new(ProblemKind::Unreadable, source.as_str(), error.to_string()))?;
        let bytes = Box::new(Counted { inner: bytes, count: Arc::clone(&self.read) });
        self.enter(source.into(), None, None, bytes)
    }

    /// Finds out what a source holds and makes it the open one.
    fn enter(
        &mut self,
        source: Arc<str>,
        path: Option<&Path>,
        size: Option<u64>,
        bytes: Bytes,
    ) -> Result<(), ScanError> {
        let problem = |why: String| ScanError::new(ProblemKind::Unreadable, Arc::clone(&source), why);
        match peel(bytes).map_err(|error| problem(error.to_string()))? {
            Content::Foreign(what) => Err(problem(format!("is {what}: unpack it first"))),
            Content::Zip => {
                let path =
                    path.ok_or_else(|| problem("a zip archive is read from a file only".to_owned()))?;
                let members = members(path).map_err(|error| problem(error.to_string()))?.into();
                self.archive = Some(Archive { path: path.to_owned(), members });
                Ok(())
            }
            Content::Plain(bytes, head) => self.enter_plain(source, size, bytes, &head),
        }
    }

    fn enter_plain(
        &mut self,
        source: Arc<str>,
        size: Option<u64>,
        mut bytes: Bytes,
        head: &[u8],
    ) -> Result<(), ScanError> {
        let info = SourceInfo { source: &source, size, head };
        let (next, offset) = self.options.resume.as_ref().and_then(|ask| (ask.0)(&info)).unwrap_or_default();
        let mbox = match self.options.layout {
            Layout::Message => false,
            Layout::Mbox => true,
            Layout::Auto => looks_like_mbox(head, &source),
        };
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
        loop {
            if let Some(open) = &mut self.open {
                if let Some(item) = open.next_mail(self.options.max_message_bytes) {
                    return Some(item);
                }
                self.open = None;
            }
            if let Err(problem) = self.advance()? {
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

/// Counts what is read from the disk.
struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

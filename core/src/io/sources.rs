//! Paths and readers to their plain bytes, one source after another.

use std::collections::VecDeque;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::mail::{ProblemKind, ScanError};
use super::open::{Bytes, Content, Member, Place, members, peel};
use super::walk::Walk;

/// An iterator over the files of some paths, and some readers: each as plain bytes, in a fixed order.
///
/// It is what a [`Scan`](super::Scan) reads its messages from, and reads logs as well. After an `Err` item the next source
/// follows; `None` ends it for good.
///
/// ```no_run
/// use std::io::{BufRead, BufReader};
///
/// for source in komainu::io::Sources::new(["/var/log/mail.log.1.gz"]) {
///     let source = source?;
///     println!("{}: {} lines", source.name.clone(), BufReader::new(source).lines().count());
/// }
/// # Ok::<(), komainu::io::ScanError>(())
/// ```
#[derive(Default)]
pub struct Sources {
    inputs: VecDeque<Input>,
    walk: Option<Walk>,
    archive: Option<Archive>,
    read: Arc<AtomicU64>,
}

/// One file, member of an archive or reader, decompressed: it is read through [`Read`].
#[non_exhaustive]
pub struct Source {
    /// The file, as found under the path that was given; `archive.zip/member` in an archive.
    pub name: Arc<str>,
    /// The size of the file on the disk; `None` for a reader or a member of an archive.
    pub size: Option<u64>,
    /// The first bytes, up to 64 KiB. Reading gives them again.
    pub head: Vec<u8>,
    bytes: Bytes,
}

enum Input {
    Path(PathBuf),
    Reader(Arc<str>, Bytes),
}

/// A zip archive whose members are being read.
struct Archive {
    name: Arc<str>,
    place: Place,
    members: VecDeque<Result<Member, (String, String)>>,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("name", &self.name).field("size", &self.size).finish_non_exhaustive()
    }
}

impl Read for Source {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buf)
    }
}

impl Source {
    pub(super) fn into_bytes(self) -> Bytes {
        self.bytes
    }
}

impl Sources {
    /// The sources under some paths, in the order given; folders are walked as [the module](super) says.
    #[must_use]
    pub fn new<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Self {
        paths.into_iter().fold(Self::default(), Self::and_path)
    }

    /// Adds a path behind those that are already there.
    #[must_use]
    pub fn and_path(mut self, path: impl AsRef<Path>) -> Self {
        self.inputs.push_back(Input::Path(path.as_ref().to_owned()));
        self
    }

    /// Adds a reader, such as standard input, with the name that it shall have.
    ///
    /// A zip archive in it is written to an unnamed temporary file first: its list of contents stands at its end.
    #[must_use]
    pub fn and_reader(mut self, name: &str, reader: impl Read + Send + 'static) -> Self {
        self.inputs.push_back(Input::Reader(name.into(), Box::new(reader)));
        self
    }

    /// A counter of the bytes read from the disk so far, for a progress bar; [`bytes_on_disk`](super::bytes_on_disk) is where
    /// it ends.
    #[must_use]
    pub fn bytes_read(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read)
    }

    /// Opens what comes next; `Ok(None)` when that was a folder or an archive rather than a source.
    fn advance(&mut self) -> Option<Result<Option<Source>, ScanError>> {
        if let Some(archive) = &mut self.archive {
            let Some(member) = archive.members.pop_front() else {
                self.archive = None;
                return Some(Ok(None));
            };
            let (name, place) = (Arc::clone(&archive.name), archive.place.clone());
            return Some(self.enter_member(&name, &place, member));
        }
        if let Some(walk) = &mut self.walk {
            return match walk.next() {
                None => {
                    self.walk = None;
                    Some(Ok(None))
                }
                Some(file) => Some(file.and_then(|file| self.enter_file(&file))),
            };
        }
        match self.inputs.pop_front()? {
            Input::Path(path) => {
                self.walk = Some(Walk::new(path));
                Some(Ok(None))
            }
            Input::Reader(name, bytes) => Some(self.enter(name, None, None, bytes)),
        }
    }

    fn enter_file(&mut self, path: &Path) -> Result<Option<Source>, ScanError> {
        let os = |error| ScanError::os(path, &error, false);
        let file = File::open(path).map_err(os)?;
        let size = file.metadata().map_err(os)?.len();
        self.enter(path.to_string_lossy().into(), Some(path), Some(size), Box::new(file))
    }

    fn enter_member(
        &mut self,
        archive: &str,
        place: &Place,
        member: Result<Member, (String, String)>,
    ) -> Result<Option<Source>, ScanError> {
        let unreadable = |name: &str, why: String| {
            ScanError::new(ProblemKind::Unreadable, format!("{archive}/{name}"), why)
        };
        let member = member.map_err(|(name, why)| unreadable(&name, why))?;
        let bytes = member.open(place).map_err(|error| unreadable(&member.name, error.to_string()))?;
        self.enter(format!("{archive}/{}", member.name).into(), None, None, bytes)
    }

    /// Takes the compression off a source, or makes it the archive that is read next.
    fn enter(
        &mut self,
        name: Arc<str>,
        path: Option<&Path>,
        size: Option<u64>,
        bytes: Bytes,
    ) -> Result<Option<Source>, ScanError> {
        let problem = |why: String| ScanError::new(ProblemKind::Unreadable, Arc::clone(&name), why);
        let bytes = Box::new(Counted { inner: bytes, count: Arc::clone(&self.read) });
        match peel(bytes).map_err(|error| problem(error.to_string()))? {
            Content::Foreign(what) => Err(problem(format!("is {what}"))),
            Content::Zip(_) if self.archive.is_some() => {
                Err(problem("is a zip archive inside another: unpack it first".to_owned()))
            }
            Content::Zip(bytes) => {
                let place = match path {
                    Some(path) => Place::Path(path.to_owned()),
                    None => spool(bytes)
                        .map_err(|error| problem(format!("cannot be kept in a temporary file: {error}")))?,
                };
                let members = members(&place).map_err(|error| problem(error.to_string()))?.into();
                self.archive = Some(Archive { name: Arc::clone(&name), place, members });
                Ok(None)
            }
            Content::Plain(bytes, head) => Ok(Some(Source { name, size, head, bytes })),
        }
    }
}

/// A reader's bytes in a file without a name, which is gone when the process is.
fn spool(mut bytes: Bytes) -> io::Result<Place> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut bytes, &mut file)?;
    file.rewind()?;
    Ok(Place::Spooled(Arc::new(Mutex::new(file))))
}

impl Iterator for Sources {
    type Item = Result<Source, ScanError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(source) = self.advance()?.transpose() {
                return Some(source);
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

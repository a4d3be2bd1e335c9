//! Paths to files, in a fixed order, with the rules of Maildir.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

use super::mail::ScanError;

/// What a folder is, which decides what of it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Folder {
    /// Every file and folder that is not hidden.
    Plain,
    /// A Maildir's own folder: `cur`, `new` and the Maildirs below it. Its files are the server's indexes.
    Maildir,
}

/// The names of a folder that are still to visit. Full paths would cost a Maildir of a million messages twice the memory.
#[derive(Debug)]
struct Level {
    path: PathBuf,
    kind: Folder,
    names: IntoIter<OsString>,
}

/// Visits the files under one path, depth first, names sorted by their bytes.
#[derive(Debug)]
pub(super) struct Walk {
    root: Option<PathBuf>,
    levels: Vec<Level>,
}

impl Walk {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root: Some(root), levels: Vec::new() }
    }

    fn enter(&mut self, path: PathBuf, given: bool) -> Result<(), ScanError> {
        let level = Level::open(path, given)?;
        self.levels.push(level);
        Ok(())
    }
}

impl Iterator for Walk {
    type Item = Result<PathBuf, ScanError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(root) = self.root.take() {
            match fs::metadata(&root) {
                Err(error) => return Some(Err(ScanError::os(&root, &error, true))),
                Ok(meta) if !meta.is_dir() => return Some(Ok(root)),
                Ok(_) => {
                    if let Err(problem) = self.enter(root, true) {
                        return Some(Err(problem));
                    }
                }
            }
        }
        loop {
            let level = self.levels.last_mut()?;
            let Some(name) = level.names.next() else {
                self.levels.pop();
                continue;
            };
            let path = level.path.join(&name);
            let kind = level.kind;
            match visit(&path, &name, kind) {
                Ok(Visit::File) => return Some(Ok(path)),
                Ok(Visit::Folder) => {
                    if let Err(problem) = self.enter(path, false) {
                        return Some(Err(problem));
                    }
                }
                Ok(Visit::Pass) => {}
                Err(problem) => return Some(Err(problem)),
            }
        }
    }
}

enum Visit {
    File,
    Folder,
    Pass,
}

/// Decides on one name of a folder.
fn visit(path: &Path, name: &OsStr, parent: Folder) -> Result<Visit, ScanError> {
    let os = |error| ScanError::os(path, &error, false);
    let hidden = name.as_encoded_bytes().starts_with(b".");
    if hidden && parent == Folder::Plain {
        return Ok(Visit::Pass);
    }
    let meta = fs::symlink_metadata(path).map_err(os)?;
    if meta.is_dir() {
        let wanted = parent == Folder::Plain || !hidden || is_maildir(path);
        return Ok(if wanted { Visit::Folder } else { Visit::Pass });
    }
    if parent == Folder::Maildir {
        return Ok(Visit::Pass);
    }
    // A linked file is read, a linked folder is not: a loop or a link to / would never end.
    let is_file = meta.is_file() || meta.is_symlink() && fs::metadata(path).map_err(os)?.is_file();
    Ok(if is_file { Visit::File } else { Visit::Pass })
}

impl Level {
    fn open(path: PathBuf, given: bool) -> Result<Self, ScanError> {
        let os = |error| ScanError::os(&path, &error, given);
        let kind = if is_maildir(&path) { Folder::Maildir } else { Folder::Plain };
        let mut names = Vec::new();
        for entry in fs::read_dir(&path).map_err(os)? {
            let name = entry.map_err(os)?.file_name();
            // What is in tmp is still being delivered, and may be half a message.
            if kind == Folder::Plain || name != "tmp" {
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(Self { path, kind, names: names.into_iter() })
    }
}

/// A folder with `cur` and `new`.
fn is_maildir(path: &Path) -> bool {
    path.join("cur").is_dir() && path.join("new").is_dir()
}

/// The files under a path, in the order in which a scan reads them: for who wants to choose among them.
pub fn files(path: impl AsRef<Path>) -> impl Iterator<Item = Result<PathBuf, ScanError>> {
    Walk::new(path.as_ref().to_owned())
}

/// The size of all files under some paths, as they lie on the disk: what a progress bar needs. Unreadable ones count nothing.
pub fn bytes_on_disk<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> u64 {
    paths
        .into_iter()
        .flat_map(|path| Walk::new(path.as_ref().to_owned()))
        .filter_map(|file| fs::metadata(file.ok()?).ok())
        .map(|meta| meta.len())
        .sum()
}

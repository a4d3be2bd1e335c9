//! The state file: how far every source was read, so that the next run goes on there.
//!
//! One JSON line for each step, appended: a run that is killed loses at most its last steps, and reads those messages again.

use komainu::io::{ParsedMail, Resume, SourceInfo};
use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::fs::{File, OpenOptions};
use std::hash::BuildHasher;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::exit::{Problem, about, misuse};

/// As much of a source's beginning tells whether it is still the same one.
const HEAD: usize = 1_024;

#[derive(Serialize, Deserialize)]
struct Step {
    source: String,
    /// The number of the next message.
    next: u64,
    /// Where it begins.
    offset: u64,
    /// How many bytes `head` is the hash of.
    head_bytes: usize,
    head: String,
}

/// What was read, and the file that says so.
pub(crate) struct State {
    file: File,
    heads: Heads,
    /// The last message that was written of the source at hand.
    pending: Vec<Step>,
    dirty: bool,
}

/// The beginnings of sources that are open, taken when they were opened.
type Heads = Arc<Mutex<HashMap<String, (usize, String)>>>;

impl State {
    /// Reads a state file, or begins one. The second value is false for a new one.
    pub(crate) fn open(path: &Path) -> Result<(Self, Resume, bool), Problem> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(path);
        let mut file = file.map_err(|error| about(path, &error))?;
        let hasher = RandomState::new();
        let mut known = HashMap::new();
        let mut ends_whole = true;
        let mut broken = None;
        let mut reader = BufReader::new(&file);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).map_err(|error| about(path, &error))? > 0 {
            ends_whole = line.ends_with(b"\n");
            match serde_json::from_slice::<Step>(&line) {
                // A hash of the name: a Maildir has a million of them.
                Ok(step) => _ = known.insert(hasher.hash_one(&step.source), step),
                // A run that was killed may have left half a line.
                Err(error) => broken = Some(error),
            }
            line.clear();
        }
        if let Some(error) = broken.filter(|_| known.is_empty() && ends_whole) {
            return Err(misuse(format!("{} is no state file: {error}", path.display())));
        }
        if !ends_whole {
            file.write_all(b"\n")?;
        }
        let resumed = !known.is_empty();
        let known: HashMap<u64, (u64, u64, usize, String)> = known
            .into_iter()
            .map(|(key, step)| (key, (step.next, step.offset, step.head_bytes, step.head)))
            .collect();
        let heads = Heads::default();
        let opened = Arc::clone(&heads);
        let resume = Resume::new(move |info: &SourceInfo<'_>| {
            let source = same_in_maildir(info.source);
            let size = info.head.len().min(HEAD);
            let place = known.get(&hasher.hash_one(&source)).and_then(|(next, offset, head_bytes, head)| {
                // A file that begins otherwise is another one under the same name: a mailbox that was rotated.
                let same = info.head.len() >= *head_bytes && hash(&info.head[..*head_bytes]) == *head;
                let grown = info.size.is_none_or(|size| size >= *offset) || is_compressed(info);
                (same && grown).then_some((*next, *offset))
            });
            let done = place.is_some_and(|(_, offset)| info.size == Some(offset));
            if !done {
                let head = (size, hash(&info.head[..size]));
                opened.lock().unwrap_or_else(PoisonError::into_inner).insert(source, head);
            }
            place
        });
        Ok((Self { file, heads, pending: Vec::new(), dirty: false }, resume, resumed))
    }

    /// Notes a message whose lines are in the output, though perhaps not yet on the disk.
    pub(crate) fn note(&mut self, mail: &ParsedMail) {
        self.dirty = true;
        let source = same_in_maildir(&mail.source);
        if let Some(last) = self.pending.last_mut().filter(|last| last.source == source) {
            (last.next, last.offset) = (mail.index + 1, mail.end);
            return;
        }
        let mut heads = self.heads.lock().unwrap_or_else(PoisonError::into_inner);
        let (head_bytes, head) = heads.get(&source).cloned().unwrap_or_default();
        // Messages come in the order of their sources: the one before is done.
        if let Some(last) = self.pending.last() {
            heads.remove(&last.source);
        }
        self.pending.push(Step { source, next: mail.index + 1, offset: mail.end, head_bytes, head });
    }

    /// Writes what was noted. The output must have been flushed before.
    pub(crate) fn save(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.dirty) {
            return Ok(());
        }
        let mut lines = Vec::new();
        for step in &self.pending {
            serde_json::to_writer(&mut lines, step)?;
            lines.push(b'\n');
        }
        self.file.write_all(&lines)?;
        let last = self.pending.len().saturating_sub(1);
        self.pending.drain(..last);
        Ok(())
    }
}

/// The size on the disk says nothing about the length of what is compressed.
fn is_compressed(info: &SourceInfo<'_>) -> bool {
    info.size.is_some_and(|size| size < info.head.len() as u64)
        || [".gz", ".zst", ".xz", ".bz2"].iter().any(|end| info.source.ends_with(end))
}

/// A message of a Maildir moves from `new` to `cur` and changes its flags, and stays the same message.
fn same_in_maildir(source: &str) -> String {
    let Some((folder, name)) = source.rsplit_once('/') else { return source.to_owned() };
    let Some(maildir) = folder.strip_suffix("/cur").or_else(|| folder.strip_suffix("/new")) else {
        return source.to_owned();
    };
    let unique = name.split_once(":2,").map_or(name, |(unique, _)| unique);
    format!("{maildir}/{unique}")
}

fn hash(bytes: &[u8]) -> String {
    Sha1::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::same_in_maildir;

    #[test]
    fn a_message_of_a_maildir_keeps_its_name() {
        assert_eq!(same_in_maildir("box/new/1.a.host"), same_in_maildir("box/cur/1.a.host:2,FS"));
        assert_eq!(same_in_maildir("a.mbox"), "a.mbox");
        assert_eq!(same_in_maildir("x/a:2,b"), "x/a:2,b");
    }
}

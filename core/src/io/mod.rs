//! Sources of mail: files, folder trees, Maildirs, mailboxes, readers, and all of them compressed.
//!
//! ```no_run
//! use komainu::{Analyzer, io};
//!
//! // Raw messages, one at a time, in a fixed order.
//! for mail in io::scan("/var/mail/bounces") {
//!     match mail {
//!         Ok(mail) => println!("{} {} {} bytes", mail.source, mail.index, mail.raw.len()),
//!         Err(problem) => eprintln!("{problem}"), // and the scan goes on
//!     }
//! }
//!
//! // Parsed reports, over two threads, in the same order.
//! for parsed in io::scan("/var/mail/bounces").reports(Analyzer::default(), 2) {
//!     let parsed = parsed?;
//!     for record in &parsed.report.records {
//!         println!("{}", parsed.record_json(record));
//!     }
//! }
//! # Ok::<(), io::ScanError>(())
//! ```
//!
//! Memory does not grow with the size of a mailbox: one message is held at a time (per thread, with [`Scan::reports`]).
//! A broken file or message never ends a scan: it is an `Err` item, and the next item follows.
//!
//! What is read:
//! - **a file**: one message, or an mbox (see [`Layout`]), as it is or compressed by gzip, Zstandard, xz or bzip2, or a zip archive
//!   of such files. The content decides, not the name.
//! - **a reader**, such as standard input: the same.
//! - **a folder**: every file in it and below it, in the order of the names' bytes; names that begin with a dot are passed over,
//!   and so are symbolic links to folders.
//! - **a Maildir** (a folder with `cur` and `new`): the messages of `cur`, then those of `new`, never `tmp`, and the
//!   Maildirs of its subfolders (`.Name`).

mod mail;
mod mbox;
mod open;
mod parallel;
mod postmark;
mod scan;
mod sources;
mod walk;
mod window;

pub use mail::{Mail, ParsedMail, ProblemKind, ScanError};
pub use parallel::{InOrder, Reports, in_order};
pub use scan::{Layout, Resume, Scan, ScanOptions, SourceInfo};
pub use sources::{Source, Sources};
pub use walk::{bytes_on_disk, files};

use std::path::Path;

/// Reads every message under a path, with the default options.
///
/// The scan starts with the first call of `next`. A path that does not exist is an `Err` item of kind
/// [`ProblemKind::Missing`].
pub fn scan(path: impl AsRef<Path>) -> Scan {
    Scan::new([path.as_ref()], ScanOptions::default())
}

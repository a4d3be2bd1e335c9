//! The options of every subcommand that reads mail: what to read, and how.

use clap::{Args, ValueEnum};
use komainu::io::{Layout, Scan, ScanOptions};
use komainu::{Analyzer, Limits};
use std::io::IsTerminal;
use std::path::PathBuf;

use crate::exit::{Problem, misuse};
use crate::options::{AddressArgs, RuleArgs, SenderArgs};

/// What to read.
#[derive(Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct InputArgs {
    /// Files, folders, Maildirs and mboxes, also as .gz, .zst, .xz, .bz2 or .zip; `-` is standard input
    #[arg(value_name = "PATH", help_heading = "Arguments")]
    pub(crate) paths: Vec<PathBuf>,

    /// How the messages of a file are told apart
    #[arg(long, value_enum, default_value = "auto")]
    layout: LayoutArg,

    /// Threads that parse [default: one for each core]
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,

    /// Cut messages that are longer than this, such as 16M
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_message: Option<usize>,

    /// Copy this header of the returned mail into `headers`; may be given several times
    #[arg(long, value_name = "NAME")]
    header: Vec<String>,

    /// No progress bar
    #[arg(long)]
    pub(crate) no_progress: bool,

    #[command(flatten)]
    rules: RuleArgs,

    #[command(flatten)]
    addresses: AddressArgs,

    #[command(flatten)]
    sender: SenderArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum LayoutArg {
    /// By its content
    Auto,
    /// One message a file
    Message,
    /// An mbox, also where its beginning is lost
    Mbox,
}

impl InputArgs {
    /// The paths; standard input where none is given and it is no terminal.
    pub(crate) fn paths(&self) -> Result<Vec<PathBuf>, Problem> {
        if !self.paths.is_empty() {
            return Ok(self.paths.clone());
        }
        if std::io::stdin().is_terminal() {
            return Err(misuse("nothing to read: name a file or folder, or `-` for standard input"));
        }
        Ok(vec![PathBuf::from("-")])
    }

    pub(crate) fn jobs(&self) -> usize {
        self.jobs.unwrap_or(0)
    }

    pub(crate) fn analyzer(&self) -> Result<Analyzer, Problem> {
        let builder = Analyzer::builder().limits(self.limits()).headers(&self.header);
        Ok(self.sender.apply(self.addresses.apply(self.rules.apply(builder)?)?)?.build()?)
    }

    fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        if let Some(bytes) = self.max_message {
            limits.max_bytes = bytes;
        }
        limits
    }

    pub(crate) fn scan_options(&self) -> ScanOptions {
        let mut options = ScanOptions::default();
        options.max_message_bytes = self.limits().max_bytes;
        options.layout = match self.layout {
            LayoutArg::Auto => Layout::Auto,
            LayoutArg::Message => Layout::Message,
            LayoutArg::Mbox => Layout::Mbox,
        };
        options
    }

    pub(crate) fn scan(&self, options: ScanOptions) -> Result<Scan, Problem> {
        Ok(scan_of(&self.paths()?, options))
    }
}

/// A scan of paths, of which `-` is standard input.
pub(crate) fn scan_of(paths: &[PathBuf], options: ScanOptions) -> Scan {
    let empty: [PathBuf; 0] = [];
    paths.iter().fold(Scan::new(empty, options), |scan, path| {
        if path.as_os_str() == "-" { scan.and_reader("-", std::io::stdin()) } else { scan.and_path(path) }
    })
}

/// A number of bytes with K, M or G behind it.
fn size(text: &str) -> Result<usize, String> {
    let wrong = || {
        format!("{text:?} is no size; write a number of bytes, or one with K, M or G behind it, such as 16M")
    };
    let (number, shift) = match text.char_indices().next_back().ok_or_else(wrong)? {
        (at, 'k' | 'K') => (&text[..at], 10),
        (at, 'm' | 'M') => (&text[..at], 20),
        (at, 'g' | 'G') => (&text[..at], 30),
        _ => (text, 0),
    };
    let bytes = number.parse::<usize>().ok().and_then(|n| n.checked_mul(1 << shift)).ok_or_else(wrong)?;
    if bytes == 0 { Err("a size of 0 reads nothing".to_owned()) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("4096"), Ok(4096));
        assert_eq!(size("16M"), Ok(16 << 20));
        assert_eq!(size("1k"), Ok(1024));
        for wrong in ["", "M", "-1", "1.5M", "0", "16T", "99999999999999999999G"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}

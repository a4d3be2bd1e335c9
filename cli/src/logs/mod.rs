//! Mail servers' logs: which files, in which order, line by line through the reader.

mod lines;
mod rotation;
mod year;

use clap::Args;
use komainu::Record;
use komainu::io::{ScanError, Source, Sources};
use komainu::log::{LogFormat, LogOptions, LogReader, TimeZone};
use serde::Serialize;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::commands::closed;
use crate::exit::{Problem, misuse};
use lines::Lines;
use rotation::{Log, LogFile};

/// How to read logs.
#[derive(Args)]
#[command(next_help_heading = "Logs")]
pub(crate) struct LogArgs {
    /// Log files or folders of them, also as .gz, .zst, .xz, .bz2 or .zip; `-` is standard input. Rotated files are read oldest first
    #[arg(value_name = "LOG", help_heading = "Arguments")]
    pub(crate) logs: Vec<PathBuf>,

    /// Whose log it is [default: each line shows it]
    #[arg(long, value_name = "FORMAT", value_parser = closed(LogFormat::ALL, LogFormat::as_str))]
    log_format: Option<LogFormat>,

    /// The year of each log's first line, for stamps without a year; it goes on at New Year [default: by the date in the file's
    /// name, else the file's last change]
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(u16).range(1970..=9999))]
    year: Option<u16>,

    /// The time zone of stamps that name none, such as +09:00 or Europe/Berlin [default: UTC]
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    timezone: Option<TimeZone>,
}

/// What logs held, in numbers.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct LogTally {
    pub(crate) files: u64,
    pub(crate) lines: u64,
    /// Lines that told of a delivery.
    pub(crate) understood: u64,
    /// Lines that should have, and could not be read.
    pub(crate) unreadable: u64,
}

/// A line's place.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) source: Arc<str>,
    /// The line's number, from 0.
    pub(crate) index: u64,
    pub(crate) offset: u64,
    pub(crate) end: u64,
}

/// What the reading of logs gives, one at a time.
pub(crate) enum Found {
    /// A record, and the line that completed it; for what was still queued at the log's end, the last line.
    Record(Place, Box<Record>),
    Problem(ScanError),
    /// A line was read: a chance to show how far it is.
    Line,
    /// Something is wrong with a whole log, in words for people.
    Odd(String),
}

impl LogArgs {
    /// The paths; standard input where none is given and it is no terminal.
    pub(crate) fn paths(&self) -> Result<Vec<PathBuf>, Problem> {
        if !self.logs.is_empty() {
            return Ok(self.logs.clone());
        }
        if io::stdin().is_terminal() {
            return Err(misuse("nothing to read: name a log file or folder, or `-` for standard input"));
        }
        Ok(vec![PathBuf::from("-")])
    }

    /// Reads all logs, each with a reader of its own, and hands over what it finds.
    pub(crate) fn read(
        &self,
        analyzer: &komainu::Analyzer,
        read: &Arc<AtomicU64>,
        found: &mut dyn FnMut(Found) -> io::Result<()>,
    ) -> Result<LogTally, Problem> {
        let mut tally = LogTally::default();
        let mut problems = Vec::new();
        let logs = rotation::logs(&self.paths()?, &mut |problem| problems.push(problem));
        for problem in problems {
            found(Found::Problem(problem))?;
        }
        for log in logs {
            let mut reading =
                Reading { args: self, analyzer, read, found, reader: None, at: None, broken: None };
            for file in &log.files {
                tally.files += 1;
                reading.file(file)?;
            }
            reading.end(&log, &mut tally)?;
        }
        Ok(tally)
    }

    fn reader(&self, analyzer: &komainu::Analyzer, source: &Source, file: &LogFile) -> LogReader {
        let mut options = LogOptions::default();
        options.format = self.log_format;
        options.timezone = self.timezone.clone();
        options.year = self.year.or_else(|| year::of_first_stamp(&source.head, file.date, &file.path));
        LogReader::new(analyzer.clone(), options)
    }
}

/// One log on its way through the reader.
struct Reading<'a> {
    args: &'a LogArgs,
    analyzer: &'a komainu::Analyzer,
    read: &'a Arc<AtomicU64>,
    found: &'a mut dyn FnMut(Found) -> io::Result<()>,
    /// Made when the first line is there, which shows the year.
    reader: Option<LogReader>,
    at: Option<Place>,
    /// The first line that could not be read.
    broken: Option<Place>,
}

impl Reading<'_> {
    fn file(&mut self, file: &LogFile) -> io::Result<()> {
        let sources = if file.path.as_os_str() == "-" {
            Sources::default().and_reader("-", io::stdin())
        } else {
            Sources::new([&file.path])
        };
        let before = self.read.load(Ordering::Relaxed);
        let count = sources.bytes_read();
        for source in sources {
            match source {
                Ok(source) => self.source(source, file, before, &count)?,
                Err(problem) => (self.found)(Found::Problem(problem))?,
            }
        }
        Ok(())
    }

    fn source(&mut self, source: Source, file: &LogFile, before: u64, count: &AtomicU64) -> io::Result<()> {
        let name = Arc::clone(&source.name);
        let mut reader = match self.reader.take() {
            Some(reader) => reader,
            None => self.args.reader(self.analyzer, &source, file),
        };
        let mut lines = Lines::new(source);
        while let Some(line) = lines.next_line() {
            let unreadable = reader.unreadable();
            let text = String::from_utf8_lossy(line.text);
            let place =
                Place { source: Arc::clone(&name), index: line.index, offset: line.offset, end: line.end };
            for record in reader.push(&text) {
                (self.found)(Found::Record(place.clone(), Box::new(record)))?;
            }
            if reader.unreadable() > unreadable && self.broken.is_none() {
                self.broken = Some(place.clone());
            }
            self.at = Some(place);
            self.read.store(before + count.load(Ordering::Relaxed), Ordering::Relaxed);
            (self.found)(Found::Line)?;
        }
        if let Some(problem) = lines.problem(&name) {
            (self.found)(Found::Problem(problem))?;
        }
        self.reader = Some(reader);
        Ok(())
    }

    /// Hands over what is still queued, and what was odd about the log.
    fn end(mut self, log: &Log, tally: &mut LogTally) -> io::Result<()> {
        let (Some(mut reader), Some(place)) = (self.reader.take(), self.at.take()) else { return Ok(()) };
        for record in reader.finish() {
            (self.found)(Found::Record(place.clone(), Box::new(record)))?;
        }
        tally.lines += reader.lines();
        tally.understood += reader.understood();
        tally.unreadable += reader.unreadable();
        if let Some(first) = self.broken {
            let Place { source, index, .. } = first;
            let said = format!(
                "{source}: lines that could not be read: {}, the first is line {}",
                reader.unreadable(),
                index + 1
            );
            (self.found)(Found::Odd(said))?;
        }
        if reader.understood() == 0 && log.named {
            let name = log.files.last().map_or(Path::new(""), |file| &file.path).display();
            let said = format!(
                "{name}: none of its {} lines tells of a delivery: is it a mail server's log?",
                reader.lines()
            );
            (self.found)(Found::Odd(said))?;
        }
        Ok(())
    }
}

//! Mail servers' logs, line by line.

use komainu::log::{LogFormat, LogOptions, LogReader};
use komainu::{Analyzer, Error, Record};
use napi_derive::napi;

/// What the wrapper's `LogReader` takes beside an analyzer.
#[napi(object)]
#[derive(Default)]
pub struct LogSettings {
    pub format: Option<String>,
    pub year: Option<u32>,
    pub timezone: Option<String>,
}

/// Joins log lines into records.
#[napi]
pub struct NativeLogReader {
    reader: LogReader,
}

impl NativeLogReader {
    pub(crate) fn start(analyzer: &Analyzer, settings: LogSettings) -> Result<Self, Error> {
        let mut options = LogOptions::default();
        if let Some(name) = settings.format {
            options = options.format(name.parse::<LogFormat>()?);
        }
        if let Some(year) = settings.year {
            options = options
                .year(year.try_into().map_err(|_| Error::new(format!("{year} is no year of four digits")))?);
        }
        if let Some(zone) = settings.timezone {
            options = options.timezone(zone.parse()?);
        }
        Ok(Self { reader: LogReader::new(analyzer.clone(), options) })
    }
}

#[napi]
impl NativeLogReader {
    /// Takes one line and gives the JSON of the records that it completes.
    #[napi(catch_unwind)]
    pub fn push(&mut self, line: String) -> Vec<String> {
        json(&self.reader.push(&line))
    }

    /// Gives the JSON of the records of messages that were still queued at the end of the log.
    #[napi(catch_unwind)]
    pub fn finish(&mut self) -> Vec<String> {
        json(&self.reader.finish())
    }

    /// How many lines were pushed.
    #[napi(getter)]
    pub fn lines(&self) -> f64 {
        self.reader.lines() as f64
    }

    /// How many of them said something about a delivery.
    #[napi(getter)]
    pub fn understood(&self) -> f64 {
        self.reader.understood() as f64
    }

    /// How many of them should have said something and could not be read.
    #[napi(getter)]
    pub fn unreadable(&self) -> f64 {
        self.reader.unreadable() as f64
    }
}

fn json(records: &[Record]) -> Vec<String> {
    records.iter().map(Record::to_json).collect()
}

//! The Node addon: converts values and errors between JavaScript and `komainu`, and decides nothing about mail.
//!
//! Reports go out as their values, field by field, or as the JSON text that all surfaces share. The JavaScript wrapper
//! beside it (`lib/`) puts the values together, checks arguments and carries the types.

#[cfg(feature = "bench")]
mod bench;
mod log;
mod options;
pub mod returnpath;
mod scan;
mod task;
mod values;

use komainu::Analyzer;
use napi::bindgen_prelude::{AsyncTask, Env, Error, Result, Status, Uint8Array, Unknown};
use napi_derive::napi;
use std::sync::Arc;

use log::{LogSettings, NativeLogReader};
use options::{AnalyzerOptions, Hints};
use scan::{NativeScan, ScanSettings};
use task::ParseTask;
use values::{Reader, Sent};

/// A parser with its options; the wrapper's `Analyzer` and its plain functions stand on it.
#[napi]
pub struct NativeAnalyzer {
    analyzer: Arc<Analyzer>,
    max_bytes: usize,
}

#[napi]
impl NativeAnalyzer {
    /// Checks the options; one that cannot be used throws with a message that names it.
    #[napi(constructor, catch_unwind)]
    pub fn new(options: Option<AnalyzerOptions>) -> Result<Self> {
        let options = options.unwrap_or_default();
        let max_bytes = options.limits().max_bytes;
        let analyzer = options.build().map_err(refused)?;
        Ok(Self { analyzer: Arc::new(analyzer), max_bytes })
    }

    /// Reads one message where it lies, without a copy, and gives what `read` makes of the report's values.
    #[napi(catch_unwind)]
    pub fn parse<'env>(&self, env: &'env Env, raw: &[u8], read: Reader<'env>) -> Result<Unknown<'env>> {
        let mut sent = Sent::new(self.analyzer.parse(raw));
        let mut report = sent.next(env, &read, None)?;
        while sent.more() {
            report = sent.next(env, &read, Some(report))?;
        }
        Ok(report)
    }

    /// Like `parse`, as the report's JSON.
    #[napi(catch_unwind)]
    pub fn parse_json(&self, raw: &[u8]) -> String {
        self.analyzer.parse(raw).to_json()
    }

    /// Reads messages on the worker pool. The bytes must not change until the promise settles: the wrapper passes
    /// copies that nobody else holds.
    #[napi]
    pub fn parse_async(&self, raw: Vec<Uint8Array>) -> AsyncTask<ParseTask<Sent>> {
        AsyncTask::new(ParseTask::new(Arc::clone(&self.analyzer), raw))
    }

    /// Like `parse_async`, as the reports' JSON. A message that made the parser panic gives `null` in its place.
    #[napi]
    pub fn parse_json_async(&self, raw: Vec<Uint8Array>) -> AsyncTask<ParseTask<String>> {
        AsyncTask::new(ParseTask::new(Arc::clone(&self.analyzer), raw))
    }

    /// Starts to read every message under the paths.
    #[napi(catch_unwind)]
    pub fn scan(&self, paths: Vec<String>, settings: ScanSettings) -> Result<NativeScan> {
        NativeScan::start(&self.analyzer, self.max_bytes, &paths, &settings)
    }

    /// Starts to read a mail server's log.
    #[napi(catch_unwind)]
    pub fn log_reader(&self, settings: LogSettings) -> Result<NativeLogReader> {
        NativeLogReader::start(&self.analyzer, settings).map_err(refused)
    }

    /// Decides one SMTP reply and gives the verdict's JSON.
    #[napi(catch_unwind)]
    pub fn classify_json(&self, text: String, hints: Option<Hints>) -> Result<String> {
        let hints = hints.unwrap_or_default().build().map_err(refused)?;
        Ok(self.analyzer.classify(&text, &hints).to_json())
    }
}

/// The version of the record's schema.
#[napi]
pub fn schema_version() -> &'static str {
    komainu::SCHEMA_VERSION
}

/// What the caller did wrong; the wrapper turns this status into a `TypeError`.
fn refused(error: komainu::Error) -> Error {
    Error::new(Status::InvalidArg, error.to_string())
}

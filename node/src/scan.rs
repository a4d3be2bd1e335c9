//! Files, folders and mailboxes, read and parsed away from the event loop.

use komainu::Analyzer;
use komainu::io::{Layout, ProblemKind, Reports, Scan, ScanError, ScanOptions};
use napi::bindgen_prelude::{AsyncTask, Env, Error, Result, Status, Task};
use napi_derive::napi;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Messages that travel to JavaScript together, and bytes of their JSON after which no more are added.
const BATCH: usize = 64;
const BATCH_BYTES: usize = 64 << 10;

/// What the wrapper's `scan` takes beside paths and analyzer.
#[napi(object)]
pub struct ScanSettings {
    /// Threads that parse; 0 is one for each core.
    pub jobs: u32,
    /// `auto`, `message` or `mbox`.
    pub layout: String,
}

/// A message's report, or a problem: one of both is there.
#[napi(object)]
pub struct Scanned {
    /// The report's JSON with `source`, `index` and `offset` before its keys.
    pub json: Option<String>,
    /// What could not be read. The scan goes on behind it.
    pub problem: Option<Problem>,
}

/// What could not be read.
#[napi(object)]
pub struct Problem {
    /// `missing`, `unreadable` or `damaged`.
    pub kind: String,
    pub source: String,
    pub offset: Option<f64>,
    pub message: String,
}

/// A scan under way.
#[napi]
pub struct NativeScan {
    shared: Arc<Shared>,
}

struct Shared {
    reports: Mutex<Option<Reports>>,
    closed: AtomicBool,
}

impl NativeScan {
    pub(crate) fn start(
        analyzer: &Analyzer,
        max_bytes: usize,
        paths: &[String],
        settings: &ScanSettings,
    ) -> Result<Self> {
        let mut options = ScanOptions::default();
        options.max_message_bytes = max_bytes;
        options.layout = match settings.layout.as_str() {
            "auto" => Layout::Auto,
            "message" => Layout::Message,
            "mbox" => Layout::Mbox,
            other => {
                let message = format!("{other:?} is no layout; use one of auto, message, mbox");
                return Err(Error::new(Status::InvalidArg, message));
            }
        };
        let reports = Scan::new(paths, options).reports(analyzer.clone(), settings.jobs as usize);
        let shared = Shared { reports: Mutex::new(Some(reports)), closed: AtomicBool::new(false) };
        Ok(Self { shared: Arc::new(shared) })
    }
}

#[napi]
impl NativeScan {
    /// The next messages; none at the end.
    #[napi]
    pub fn next(&self) -> AsyncTask<NextTask> {
        AsyncTask::new(NextTask { shared: Arc::clone(&self.shared) })
    }

    /// Ends the scan, at once or when the running `next` is through.
    #[napi]
    pub fn close(&self) {
        self.shared.closed.store(true, Ordering::Release);
        if let Ok(mut reports) = self.shared.reports.try_lock() {
            *reports = None;
        }
    }
}

/// Reads one batch on the libuv pool.
pub struct NextTask {
    shared: Arc<Shared>,
}

impl Task for NextTask {
    type Output = Vec<Scanned>;
    type JsValue = Vec<Scanned>;

    fn compute(&mut self) -> Result<Self::Output> {
        catch_unwind(AssertUnwindSafe(|| self.shared.batch()))
            .map_err(|_| Error::new(Status::GenericFailure, "the scan failed; please report it as a defect"))
    }

    fn resolve(&mut self, _env: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(output)
    }
}

impl Shared {
    fn batch(&self) -> Vec<Scanned> {
        let mut reports = self.reports.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < BATCH && bytes < BATCH_BYTES && !self.closed.load(Ordering::Acquire) {
            match reports.as_mut().and_then(Iterator::next) {
                Some(Ok(parsed)) => {
                    let json = parsed.report_json();
                    bytes += json.len();
                    batch.push(Scanned { json: Some(json), problem: None });
                }
                Some(Err(error)) => batch.push(Scanned { json: None, problem: Some(error.into()) }),
                None => break,
            }
        }
        if batch.is_empty() {
            *reports = None;
        }
        batch
    }
}

impl From<ScanError> for Problem {
    fn from(error: ScanError) -> Self {
        let kind = match error.kind {
            ProblemKind::Missing => "missing",
            ProblemKind::Damaged => "damaged",
            _ => "unreadable",
        };
        // No file is so large that a double would not hold its size.
        let offset = error.offset.map(|offset| offset as f64);
        Self { kind: kind.to_owned(), source: error.source.to_string(), offset, message: error.to_string() }
    }
}

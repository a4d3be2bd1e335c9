//! `scan`: every message of files, folders and mailboxes.

use komainu::arrow::Place;
use komainu::io::{self, Layout, ParsedMail, ProblemKind, Reports, ScanError, ScanOptions};
use komainu::{Analyzer, Record};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use crate::analyzer::default_analyzer;
use crate::guard;
use crate::input::held_bytes;
use crate::many::thread_count;
use crate::record::PyRecord;
use crate::report::PyReport;
use crate::show;

/// Reads every message under some paths, over several threads, and gives them one by one in a fixed order.
///
/// A path is a file (one message, or an mbox), a folder with all below it, a Maildir, or any of these compressed by
/// gzip, Zstandard, xz or bzip2, or in a zip archive. layout='message' or 'mbox' says what files are, where their content does not
/// tell. Memory does not grow with the size of a mailbox. What lies in memory already, such as an object of a store or
/// a file that Spark has read, is given as a pair (name, bytes).
///
/// Each item is a ScannedMail: source, index, offset, and the report. A path that does not exist raises
/// FileNotFoundError. What cannot be read is noted in `problems` of the iterator, and the scan goes on:
///
/// >>> import komainu
/// >>> scan = komainu.scan("/var/mail/bounces")  # doctest: +SKIP
/// >>> for mail in scan:  # doctest: +SKIP
/// ...     for record in mail.report:
/// ...         print(mail.source, mail.index, record.recipient, record.reason)
/// >>> scan.problems  # doctest: +SKIP
/// []
#[pyfunction]
#[pyo3(signature = (*paths, threads=None, layout="auto"))]
pub(crate) fn scan(
    paths: Vec<Bound<'_, PyAny>>,
    threads: Option<&Bound<'_, PyAny>>,
    layout: &str,
) -> PyResult<Scan> {
    Scan::new(default_analyzer(), &paths, threads, layout)
}

/// Adds a path, which must be there, or what a caller holds in memory with the name that it gives it.
fn add(scan: io::Scan, source: &Bound<'_, PyAny>) -> PyResult<io::Scan> {
    if let Ok(pair) = source.cast::<PyTuple>() {
        let wrong = "what lies in memory is given to scan() as a pair (name, bytes), and several paths as scan(*paths)";
        let pair = pair.extract::<(String, Bound<'_, PyAny>)>();
        let (name, content) = pair.map_err(|_| PyTypeError::new_err(wrong))?;
        let content = held_bytes(&content)?.ok_or_else(|| PyTypeError::new_err(wrong))?;
        return Ok(scan.and_reader(&name, Cursor::new(content)));
    }
    let Ok(path) = source.extract::<PathBuf>() else { return Err(PyTypeError::new_err(refusal(source)?)) };
    source.py().import("os")?.call_method1("stat", (&path,))?;
    Ok(scan.and_path(path))
}

/// Says what to pass instead of what is no path.
fn refusal(source: &Bound<'_, PyAny>) -> PyResult<String> {
    let hint = if held_bytes(source)?.is_some() {
        "; a mailbox in memory is scan((name, data)), and one message is parse(data)"
    } else if source.hasattr("read")? {
        "; pass the path, or (name, file.read()) of a file opened with mode 'rb'"
    } else if source.hasattr("__iter__")? {
        "; several paths are scan(*paths), and messages that you have are parse_many(messages)"
    } else {
        ""
    };
    let name = source.get_type().name()?;
    Ok(format!("scan() takes paths (str or os.PathLike) and pairs (name, bytes), not {name}{hint}"))
}

/// The messages of scan(), one by one.
#[pyclass(module = "komainu", frozen)]
pub(crate) struct Scan {
    reports: Mutex<Reports>,
    problems: Mutex<Vec<ScanError>>,
}

impl Scan {
    pub(crate) fn new(
        analyzer: &Analyzer,
        paths: &[Bound<'_, PyAny>],
        threads: Option<&Bound<'_, PyAny>>,
        layout: &str,
    ) -> PyResult<Self> {
        if paths.is_empty() {
            return Err(PyTypeError::new_err("scan() takes at least one path"));
        }
        let mut options = ScanOptions::default();
        options.max_message_bytes = analyzer.limits().max_bytes;
        options.layout = match layout {
            "auto" => Layout::Auto,
            "message" => Layout::Message,
            "mbox" => Layout::Mbox,
            _ => {
                let message = format!("{layout:?} is no layout; use one of auto, message, mbox");
                return Err(PyValueError::new_err(message));
            }
        };
        let none: [PathBuf; 0] = [];
        let scan = paths.iter().try_fold(io::Scan::new(none, options), |scan, path| add(scan, path))?;
        let reports = scan.reports(analyzer.clone(), thread_count(threads)?);
        Ok(Self { reports: Mutex::new(reports), problems: Mutex::default() })
    }
}

#[pymethods]
impl Scan {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<ScannedMail>> {
        let mut guarded = match self.reports.try_lock() {
            Ok(reports) => reports,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => {
                return Err(PyValueError::new_err("this scan is being advanced by another thread"));
            }
        };
        let reports: &mut Reports = &mut guarded;
        loop {
            let next = py.detach(|| guard::caught(|| reports.next()));
            match next.map_err(|text| guard::error(&text))? {
                None => return Ok(None),
                Some(Ok(mail)) => return ScannedMail::new(py, mail).map(Some),
                Some(Err(problem)) => {
                    self.problems.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
                }
            }
        }
    }

    /// What could not be read so far: a list of ScanProblem.
    #[getter]
    fn problems(&self) -> Vec<ScanProblem> {
        let problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
        problems.iter().cloned().map(ScanProblem).collect()
    }
}

/// One message that a scan found.
#[pyclass(module = "komainu", frozen)]
pub(crate) struct ScannedMail {
    source: Arc<str>,
    /// Its number in the source, from 0.
    #[pyo3(get)]
    index: u64,
    /// Where it begins in the (decompressed) source, in bytes.
    #[pyo3(get)]
    offset: u64,
    /// What the message said: a Report.
    #[pyo3(get)]
    report: Py<PyReport>,
}

impl ScannedMail {
    fn new(py: Python<'_>, mail: ParsedMail) -> PyResult<Self> {
        let report = Py::new(py, PyReport::from(mail.report))?;
        Ok(Self { source: mail.source, index: mail.index, offset: mail.offset, report })
    }
}

/// What a ScannedMail is made of.
type Values<'py> = (String, u64, u64, Bound<'py, PyReport>);

impl ScannedMail {
    fn key(&self) -> (&str, u64, u64) {
        (&self.source, self.index, self.offset)
    }

    /// Its records, each with its place.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (Place<'_>, &Record)> {
        let place = Place { source: &self.source, index: self.index, offset: self.offset };
        self.report.get().core().records.iter().map(move |record| (place, record))
    }
}

#[pymethods]
impl ScannedMail {
    /// The file it is in, as found under the path that was given; 'archive.zip/member' in an archive.
    #[getter]
    fn source(&self) -> &str {
        &self.source
    }

    /// The records as dicts with source, index and offset before their keys: the lines of the command's NDJSON.
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let with_source = |record| {
            let row = PyDict::new(py);
            row.set_item("source", &*self.source)?;
            row.set_item("index", self.index)?;
            row.set_item("offset", self.offset)?;
            row.update(PyRecord::dict_of(record, py)?.bind(py).cast()?)?;
            Ok(row)
        };
        self.report.get().core().records.iter().map(with_source).collect()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        show::call("ScannedMail", &["source", "index", "offset", "report"], slf.as_any())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.key() == other.key() && self.report.get().core() == other.report.get().core()
    }

    fn __hash__(&self) -> u64 {
        show::hash(&self.key())
    }

    /// What pickle calls.
    #[staticmethod]
    fn _of(source: &str, index: u64, offset: u64, report: Py<PyReport>) -> Self {
        Self { source: source.into(), index, offset, report }
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Values<'py>)> {
        let mail = slf.get();
        let (source, index, offset) = mail.key();
        let report = mail.report.bind(slf.py()).clone();
        Ok((slf.get_type().getattr("_of")?, (source.to_owned(), index, offset, report)))
    }
}

/// A part of a scan that could not be read.
#[pyclass(module = "komainu", frozen)]
pub(crate) struct ScanProblem(ScanError);

#[pymethods]
impl ScanProblem {
    /// 'missing', 'unreadable', or 'damaged' where part of the source was read.
    #[getter]
    fn kind(&self) -> &'static str {
        match self.0.kind {
            ProblemKind::Missing => "missing",
            ProblemKind::Damaged => "damaged",
            _ => "unreadable",
        }
    }

    /// The file or folder.
    #[getter]
    fn source(&self) -> &str {
        &self.0.source
    }

    /// Where in the source, in bytes, if it was read that far.
    #[getter]
    fn offset(&self) -> Option<u64> {
        self.0.offset
    }

    /// What happened, for people.
    #[getter]
    fn message(&self) -> &str {
        &self.0.message
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        show::call("ScanProblem", &["kind", "source", "offset", "message"], slf.as_any())
    }
}

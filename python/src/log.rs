//! The class `LogReader`.

use komainu::Record;
use komainu::log::{self, LogFormat, LogOptions, TimeZone};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::{PyBytes, PyIterator, PyString};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::analyzer::{PyAnalyzer, default_analyzer};
use crate::guard;
use crate::input::whole;
use crate::record::PyRecord;
use crate::words::Word;

/// Reads a mail server's log line by line, and gives a Record for each recipient whose delivery came to an end.
///
/// Postfix, Exim, Sendmail, OpenSMTPD, PowerMTA (CSV), KumoMTA and Haraka logs are told apart by their lines; format
/// (a LogFormat) says it beforehand. year is that of the first line where stamps have none, timezone ('+09:00'
/// or 'Europe/Berlin') the zone of stamps that name none. analyzer gives options, such as an address book. A file is read()
/// at once; lines that come one by one are push()ed, and finish() gives what is left.
///
/// >>> import komainu
/// >>> reader = komainu.LogReader()
/// >>> line = (
/// ...     "2026-11-21T10:00:01+09:00 mail postfix/smtp[9]: 4C7D1: to=<taro@example.jp>, relay=mx.example.jp[192.0.2.1]:25, "
/// ...     "delay=1, dsn=5.1.1, status=bounced (host mx.example.jp[192.0.2.1] said: 550 5.1.1 User unknown "
/// ...     "(in reply to RCPT TO command))"
/// ... )
/// >>> [(record.recipient, record.reason.value) for record in reader.push(line)]
/// [('taro@example.jp', 'userunknown')]
/// >>> reader.finish()
/// []
#[pyclass(module = "komainu", frozen)]
pub(crate) struct LogReader {
    reader: Mutex<log::LogReader>,
}

#[pymethods]
impl LogReader {
    #[new]
    #[pyo3(signature = (*, format=None, year=None, timezone=None, analyzer=None))]
    fn new(
        format: Option<&str>,
        year: Option<&Bound<'_, PyAny>>,
        timezone: Option<&str>,
        analyzer: Option<&Bound<'_, PyAnalyzer>>,
    ) -> PyResult<Self> {
        let mut options = LogOptions::default();
        options.format = format.map(LogFormat::named).transpose()?;
        options.year = whole("year", year, "a year such as 2026")?;
        let zone = timezone.map(str::parse::<TimeZone>).transpose();
        options.timezone = zone.map_err(|error| PyValueError::new_err(error.to_string()))?;
        let analyzer = analyzer.map_or_else(|| default_analyzer().clone(), |given| given.get().shared());
        Ok(Self { reader: Mutex::new(log::LogReader::new((*analyzer).clone(), options)) })
    }

    /// Takes one line (str or bytes), with or without its line end, and gives the records that it completes.
    #[pyo3(signature = (line, /))]
    fn push(&self, line: &Bound<'_, PyAny>) -> PyResult<Vec<PyRecord>> {
        let text = text(line)?;
        self.with(line.py(), |reader| reader.push(&text))
    }

    /// Gives the records of messages that were still queued at the end of the log: their last status.
    fn finish(&self, py: Python<'_>) -> PyResult<Vec<PyRecord>> {
        self.with(py, log::LogReader::finish)
    }

    /// Reads every line of an iterable, such as an open file, then finishes; gives the records one by one.
    ///
    /// >>> import komainu
    /// >>> with open("/var/log/mail.log", "rb") as log:  # doctest: +SKIP
    /// ...     for record in komainu.LogReader(year=2026).read(log):
    /// ...         print(record.recipient, record.reason)
    #[pyo3(signature = (lines, /))]
    fn read(slf: Py<Self>, lines: &Bound<'_, PyAny>) -> PyResult<LogRecords> {
        let one = lines.is_instance_of::<PyString>() || lines.is_instance_of::<PyBytes>();
        let Some(source) = lines.try_iter().ok().filter(|_| !one) else {
            let name = lines.get_type().name()?;
            let message = format!("read() takes the lines of a log, such as an open file, not {name}");
            return Err(PyTypeError::new_err(message));
        };
        let state = Reading { source: Some(source.unbind()), ready: VecDeque::new() };
        Ok(LogRecords { reader: slf, state: Mutex::new(state) })
    }

    /// How many lines were pushed.
    #[getter]
    fn lines(&self, py: Python<'_>) -> u64 {
        self.reader.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner).lines()
    }

    /// How many of them said something about a delivery.
    #[getter]
    fn understood(&self, py: Python<'_>) -> u64 {
        self.reader.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner).understood()
    }

    /// How many of them should have said something and could not be read.
    #[getter]
    fn unreadable(&self, py: Python<'_>) -> u64 {
        self.reader.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner).unreadable()
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!("LogReader({} lines, {} understood)", self.lines(py), self.understood(py))
    }
}

impl LogReader {
    fn with(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut log::LogReader) -> Vec<Record>,
    ) -> PyResult<Vec<PyRecord>> {
        let mut reader = self.reader.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
        let records = guard::caught(|| work(&mut reader)).map_err(|text| guard::error(&text))?;
        Ok(records.into_iter().map(PyRecord::from).collect())
    }
}

/// The records of LogReader.read(), one by one.
#[pyclass(module = "komainu._native", frozen)]
pub(crate) struct LogRecords {
    reader: Py<LogReader>,
    state: Mutex<Reading>,
}

struct Reading {
    /// None after the last line.
    source: Option<Py<PyIterator>>,
    ready: VecDeque<PyRecord>,
}

#[pymethods]
impl LogRecords {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<PyRecord>> {
        let Ok(mut state) = self.state.try_lock() else {
            return Err(PyValueError::new_err("this log is being read by another thread"));
        };
        loop {
            if let Some(record) = state.ready.pop_front() {
                return Ok(Some(record));
            }
            let Some(source) = &state.source else { return Ok(None) };
            py.check_signals()?;
            let records = match source.bind(py).clone().next() {
                Some(line) => self.reader.get().push(&line?)?,
                None => {
                    state.source = None;
                    self.reader.get().finish(py)?
                }
            };
            state.ready.extend(records);
        }
    }
}

/// A line as text; logs hold bytes of any charset.
fn text<'a>(line: &'a Bound<'_, PyAny>) -> PyResult<Cow<'a, str>> {
    if let Ok(text) = line.cast::<PyString>() {
        return Ok(text.to_string_lossy());
    }
    if let Ok(bytes) = line.cast::<PyBytes>() {
        return Ok(String::from_utf8_lossy(bytes.as_bytes()));
    }
    let name = line.get_type().name()?;
    Err(PyTypeError::new_err(format!("a line of a log is str or bytes, not {name}")))
}

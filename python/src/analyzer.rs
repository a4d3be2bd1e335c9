//! `parse`, `classify` and the class `Analyzer`.

use komainu::{Analyzer, Hints, Limits};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyDict, PyString};
use std::sync::{Arc, OnceLock};

use crate::guard;
use crate::input::message_bytes;
use crate::record::PyVerdict;
use crate::report::PyReport;
use crate::words::Word;

/// Messages from this size on are read without the GIL. Below it, giving the GIL away costs a busy interpreter more than
/// the parse does.
const DETACH_BYTES: usize = 2048;

/// The analyzer behind the module's own functions.
pub(crate) fn default_analyzer() -> &'static Arc<Analyzer> {
    static DEFAULT: OnceLock<Arc<Analyzer>> = OnceLock::new();
    DEFAULT.get_or_init(|| Arc::new(Analyzer::default()))
}

/// Reads one message as it came: bytes, bytearray, memoryview or email.message.Message.
///
/// Returns a Report: its kind, and one Record for each recipient it reports on. Ordinary mail has kind 'other' and no
/// records; malformed mail is never an error.
///
/// >>> import komainu
/// >>> raw = b'''From: MAILER-DAEMON@mx.example.org
/// ... Subject: Undelivered Mail Returned to Sender
/// ... Content-Type: multipart/report; report-type=delivery-status; boundary=b
/// ...
/// ... --b
/// ... Content-Type: message/delivery-status
/// ...
/// ... Reporting-MTA: dns; mx.example.org
/// ...
/// ... Final-Recipient: rfc822; nobody@example.jp
/// ... Action: failed
/// ... Status: 5.1.1
/// ... Diagnostic-Code: smtp; 550 5.1.1 <nobody@example.jp>: User unknown
/// ...
/// ... --b--
/// ... '''
/// >>> for record in komainu.parse(raw):  # doctest: +SKIP
/// ...     print(record.recipient, record.reason, record.hard, record.advice)
/// nobody@example.jp userunknown True suppress
#[pyfunction]
#[pyo3(signature = (message, /))]
pub(crate) fn parse(message: &Bound<'_, PyAny>) -> PyResult<PyReport> {
    run(message.py(), default_analyzer(), &message_bytes(message)?)
}

/// Decides one SMTP reply; the lines of one reply belong together.
///
/// What is known beside the text sharpens the answer: who runs the mailbox ('google', 'docomo', …), the command that the
/// reply answered, an enhanced status code from elsewhere, the date, and the report format.
///
/// >>> import komainu
/// >>> verdict = komainu.classify("550 5.1.1 <nobody@example.jp>: User unknown")
/// >>> print(verdict.reason, verdict.hard, verdict.blame, verdict.advice)  # doctest: +SKIP
/// userunknown True recipient suppress
#[pyfunction]
#[pyo3(signature = (text, /, *, provider=None, command=None, status=None, date=None, format=None))]
pub(crate) fn classify(
    text: &Bound<'_, PyAny>,
    provider: Option<String>,
    command: Option<&str>,
    status: Option<String>,
    date: Option<&Bound<'_, PyAny>>,
    format: Option<String>,
) -> PyResult<PyVerdict> {
    decide(default_analyzer(), text, hints(provider, command, status, date, format)?)
}

/// A parser with options. Build one and use it for all mail, from any number of threads.
///
/// headers: names of headers of the returned mail that records shall carry in `headers`.
/// limits: how much of a message is read, as a mapping with any of max_bytes, max_depth, max_parts, max_header_bytes,
///     max_recipients and max_text_bytes. A limit that was hit shows in `Report.limits`.
///
/// >>> import komainu
/// >>> analyzer = komainu.Analyzer(headers=["X-Campaign"], limits={"max_bytes": 1_000_000})
/// >>> analyzer.parse(b"Subject: hello\r\n\r\nno bounce at all").kind
/// <Kind.OTHER: 'other'>
#[pyclass(name = "Analyzer", module = "komainu", frozen)]
pub(crate) struct PyAnalyzer {
    pub(crate) analyzer: Arc<Analyzer>,
    /// What it was built with, for repr and pickle.
    options: Py<PyDict>,
}

#[pymethods]
impl PyAnalyzer {
    #[new]
    #[pyo3(signature = (*, headers=None, limits=None))]
    fn new(
        py: Python<'_>,
        headers: Option<&Bound<'_, PyAny>>,
        limits: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let options = PyDict::new(py);
        let mut builder = Analyzer::builder();
        if let Some(names) = headers {
            let names = header_names(names)?;
            options.set_item("headers", &names)?;
            builder = builder.headers(names);
        }
        if let Some(limits) = limits {
            let values = PyDict::new(py);
            builder = builder.limits(read_limits(limits, &values)?);
            options.set_item("limits", values)?;
        }
        let analyzer = builder.build().map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(Self { analyzer: Arc::new(analyzer), options: options.unbind() })
    }

    /// Reads one message with these options. See komainu.parse.
    #[pyo3(signature = (message, /))]
    fn parse(&self, message: &Bound<'_, PyAny>) -> PyResult<PyReport> {
        run(message.py(), &self.analyzer, &message_bytes(message)?)
    }

    /// Decides one SMTP reply with these options. See komainu.classify.
    #[pyo3(signature = (text, /, *, provider=None, command=None, status=None, date=None, format=None))]
    fn classify(
        &self,
        text: &Bound<'_, PyAny>,
        provider: Option<String>,
        command: Option<&str>,
        status: Option<String>,
        date: Option<&Bound<'_, PyAny>>,
        format: Option<String>,
    ) -> PyResult<PyVerdict> {
        decide(&self.analyzer, text, hints(provider, command, status, date, format)?)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let options = self.options.bind(py);
        let mut shown = Vec::new();
        for (name, value) in options.iter() {
            shown.push(format!("{name}={}", value.repr()?));
        }
        Ok(format!("Analyzer({})", shown.join(", ")))
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> ((), Bound<'py, PyDict>) {
        ((), self.options.bind(py).clone())
    }
}

/// Parses one message, without the GIL when that is worth it.
fn run(py: Python<'_>, analyzer: &Analyzer, raw: &PyBackedBytes) -> PyResult<PyReport> {
    let report = if raw.len() < DETACH_BYTES {
        guard::caught(|| analyzer.parse(raw))
    } else {
        py.detach(|| guard::caught(|| analyzer.parse(raw)))
    };
    report.map(PyReport::from).map_err(|text| guard::error(&text))
}

fn decide(analyzer: &Analyzer, text: &Bound<'_, PyAny>, hints: Hints) -> PyResult<PyVerdict> {
    let Ok(text) = text.cast::<PyString>() else {
        let name = text.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "a reply is str, not {name}; pass reply.decode('utf-8', 'replace') if you have bytes"
        )));
    };
    let text = text.to_string_lossy();
    let verdict = guard::caught(|| analyzer.classify(&text, &hints));
    verdict.map(PyVerdict::from).map_err(|text| guard::error(&text))
}

fn hints(
    provider: Option<String>,
    command: Option<&str>,
    status: Option<String>,
    date: Option<&Bound<'_, PyAny>>,
    format: Option<String>,
) -> PyResult<Hints> {
    let command = command.map(komainu::Command::named).transpose()?;
    let date = date.map(day).transpose()?;
    Ok(Hints { provider, command, status, date, format })
}

/// A date as str, datetime.date or datetime.datetime.
fn day(date: &Bound<'_, PyAny>) -> PyResult<String> {
    if date.is_instance_of::<PyString>() {
        return date.extract();
    }
    if date.hasattr("isoformat")? {
        return date.call_method0("isoformat")?.extract();
    }
    let name = date.get_type().name()?;
    Err(PyTypeError::new_err(format!("date is str ('YYYY-MM-DD' or RFC 3339), date or datetime, not {name}")))
}

fn header_names(names: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    let wrong = || PyTypeError::new_err("headers is a list of header names, such as ['X-Campaign']");
    if names.is_instance_of::<PyString>() {
        return Err(wrong());
    }
    names.try_iter().map_err(|_| wrong())?.map(|name| name?.extract().map_err(|_| wrong())).collect()
}

/// Reads a mapping of limits, and notes what was read in `noted`.
fn read_limits(given: &Bound<'_, PyAny>, noted: &Bound<'_, PyDict>) -> PyResult<Limits> {
    let mut limits = Limits::default();
    let mapping = PyDict::new(given.py());
    mapping.call_method1("update", (given,)).map_err(|_| {
        PyTypeError::new_err("limits is a mapping of names to numbers, such as {'max_bytes': 1_000_000}")
    })?;
    for (name, value) in mapping.iter() {
        let name: String = name.extract()?;
        let place = match name.as_str() {
            "max_bytes" => &mut limits.max_bytes,
            "max_depth" => &mut limits.max_depth,
            "max_parts" => &mut limits.max_parts,
            "max_header_bytes" => &mut limits.max_header_bytes,
            "max_recipients" => &mut limits.max_recipients,
            "max_text_bytes" => &mut limits.max_text_bytes,
            _ => {
                return Err(PyValueError::new_err(format!(
                    "{name:?} is no limit; use one of max_bytes, max_depth, max_parts, max_header_bytes, \
                     max_recipients, max_text_bytes"
                )));
            }
        };
        *place = value.extract().map_err(|_| {
            PyTypeError::new_err(format!("the limit {name} is a whole number from 1 on, not {value}"))
        })?;
        noted.set_item(name, *place)?;
    }
    Ok(limits)
}

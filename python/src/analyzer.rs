//! `parse`, `classify` and the class `Analyzer`.

use komainu::{Analyzer, Hints};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyDict, PyString};
use std::sync::{Arc, OnceLock};

use crate::guard;
use crate::input::message_bytes;
use crate::many::ReportIterator;
use crate::options;
use crate::record::PyVerdict;
use crate::report::PyReport;
use crate::scan::Scan;
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
/// >>> for record in komainu.parse(raw):
/// ...     print(record.recipient, record.reason, record.hard, record.advice)
/// nobody@example.jp userunknown True suppress
#[pyfunction]
#[pyo3(signature = (message, /))]
pub(crate) fn parse(message: &Bound<'_, PyAny>) -> PyResult<PyReport> {
    run(message.py(), default_analyzer(), &message_bytes(message)?)
}

/// Decides one SMTP reply; the lines of one reply belong together.
///
/// What is known beside the text sharpens the answer: who runs the mailbox ('google', 'docomo', …, as records name it, or
/// a domain of theirs; it goes before what the words say), the command that the reply answered (a Command: 'RCPT',
/// 'DATA', …), an enhanced status code from elsewhere, the date (date, datetime, or str as '2014-01-01'), and the
/// report format.
///
/// >>> import komainu
/// >>> verdict = komainu.classify("550 5.1.1 <nobody@example.jp>: User unknown")
/// >>> print(verdict.reason, verdict.hard, verdict.blame, verdict.advice)
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
/// rules: your own rules beside the built-in ones, as the text of a TOML file; `komainu rules check --help` shows one.
/// address_book: addresses that people have judged, as a mapping of address (or @domain) to 'whitelisted' or
///     'unstable', or as the text of a TSV, CSV or JSON file. Shows in `address_status`.
/// verp: patterns of the addresses that reports come to, such as 'b-{id}-{local}={domain}@example.com'.
/// verp_delimiters: the two characters that stand for + and = in the usual patterns.
/// verp_usual: whether the usual patterns are tried too (True).
/// redact: 'mask', or {'hash': key}: replaces the addresses in everything that is returned.
/// verifier: what you know about your own mail, so that forged reports show in `authenticity`: a mapping with any of
///     domains, message_ids, verp (list of {'pattern', 'secret'}), batv (list of {'number', 'secret'}), max_age, strict
///     and now.
///
/// >>> import komainu
/// >>> analyzer = komainu.Analyzer(headers=["X-Campaign"], address_book={"hanako@example.jp": "whitelisted"})
/// >>> analyzer.parse(b"Subject: hello\r\n\r\nno bounce at all").kind
/// <Kind.OTHER: 'other'>
#[pyclass(name = "Analyzer", module = "komainu", frozen)]
pub(crate) struct PyAnalyzer {
    analyzer: Arc<Analyzer>,
    /// What it was built with, for repr and pickle.
    options: Py<PyDict>,
}

impl PyAnalyzer {
    pub(crate) fn shared(&self) -> Arc<Analyzer> {
        Arc::clone(&self.analyzer)
    }
}

#[pymethods]
impl PyAnalyzer {
    #[new]
    #[pyo3(signature = (
        *, headers=None, limits=None, rules=None, address_book=None, verp=None, verp_delimiters=None, verp_usual=None, redact=None,
        verifier=None
    ))]
    #[expect(clippy::too_many_arguments, reason = "Python's keyword arguments")]
    fn new(
        py: Python<'_>,
        headers: Option<Py<PyAny>>,
        limits: Option<Py<PyAny>>,
        rules: Option<Py<PyAny>>,
        address_book: Option<Py<PyAny>>,
        verp: Option<Py<PyAny>>,
        verp_delimiters: Option<Py<PyAny>>,
        verp_usual: Option<Py<PyAny>>,
        redact: Option<Py<PyAny>>,
        verifier: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let given = PyDict::new(py);
        for (name, value) in [
            ("headers", headers),
            ("limits", limits),
            ("rules", rules),
            ("address_book", address_book),
            ("verp", verp),
            ("verp_delimiters", verp_delimiters),
            ("verp_usual", verp_usual),
            ("redact", redact),
            ("verifier", verifier),
        ] {
            if let Some(value) = value {
                given.set_item(name, value)?;
            }
        }
        // What is read once only, such as a generator, is read here, and never again.
        let given = py.import("komainu._input")?.call_method1("settled", (given,))?.cast_into::<PyDict>()?;
        let builder = options::apply(Analyzer::builder(), &given)?;
        let analyzer = builder.build().map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(Self { analyzer: Arc::new(analyzer), options: given.unbind() })
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

    /// Reads many messages, over several threads. See komainu.parse_many.
    #[pyo3(signature = (messages, /, *, threads=None, ahead=None))]
    fn parse_many(
        &self,
        messages: &Bound<'_, PyAny>,
        threads: Option<&Bound<'_, PyAny>>,
        ahead: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<ReportIterator> {
        ReportIterator::new(Arc::clone(&self.analyzer), messages, threads, ahead)
    }

    /// Reads every message under some paths. See komainu.scan.
    #[pyo3(signature = (*paths, threads=None, layout="auto"))]
    fn scan(
        &self,
        paths: Vec<Bound<'_, PyAny>>,
        threads: Option<&Bound<'_, PyAny>>,
        layout: &str,
    ) -> PyResult<Scan> {
        Scan::new(&self.analyzer, &paths, threads, layout)
    }

    // What a secret says has no place in a log or a traceback, so only the names of such options are shown.
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let options = self.options.bind(py);
        let mut shown = Vec::new();
        for (name, value) in options.iter() {
            let plain = matches!(name.extract::<String>()?.as_str(), "headers" | "limits" | "verp");
            shown.push(if plain { format!("{name}={}", value.repr()?) } else { format!("{name}=…") });
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

/// Parses messages in Rust alone and throws the reports away, for the benchmark that tells what Python adds.
#[pyfunction(name = "_parse_all")]
pub(crate) fn parse_all(messages: Vec<PyBackedBytes>) -> usize {
    messages.iter().map(|message| default_analyzer().parse(message).records.len()).sum()
}

//! The class `Report`.

use komainu::Report;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyIterator, PyTuple};
use std::sync::Arc;

use crate::class::value_class;
use crate::record::PyRecord;

/// What one message said: its kind, and one record for each recipient it reports on.
///
/// Iterating over a report gives its records. Ordinary mail has kind 'other' and no records:
///
/// >>> import komainu
/// >>> report = komainu.parse(b"Subject: hello\r\n\r\nno bounce at all")
/// >>> report.kind
/// <Kind.OTHER: 'other'>
/// >>> len(report)
/// 0
#[pyclass(name = "Report", module = "komainu", frozen)]
pub(crate) struct PyReport {
    report: Arc<Report>,
    /// Made when first asked for, so that a report that is only counted or printed costs no objects.
    records: PyOnceLock<Py<PyTuple>>,
}

impl PyReport {
    pub(crate) fn core(&self) -> &Report {
        &self.report
    }

    fn record_objects(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let make = || Ok(PyTuple::new(py, PyRecord::all(&self.report).collect::<Vec<_>>())?.unbind());
        let records: PyResult<&Py<PyTuple>> = self.records.get_or_try_init(py, make);
        Ok(records?.clone_ref(py).into_any())
    }
}

impl From<Report> for PyReport {
    fn from(report: Report) -> Self {
        Self { report: Arc::new(report), records: PyOnceLock::new() }
    }
}

/// The rich display of a value, by `komainu/_html.py`.
pub(crate) fn html(function: &str, value: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    Ok(value.py().import("komainu._html")?.call_method1(function, (value,))?.unbind())
}

value_class! {
    PyReport of Report as "Report",
    matched: ["kind", "records"],
    shown: ["kind", "subject_tag", "records"],
    keys: {
        /// The worst kind of the records, or 'other' without records: a Kind.
        kind: kind,
        /// A tag that a gateway put before the Subject, such as '[SPAM]'.
        subject_tag: subject_tag,
        /// One Record for each recipient, in the order of the report: a tuple.
        records: records by record_objects,
        /// Every limit that was hit: a tuple of Limit. What lies beyond it was not read.
        limits: limits,
    }
    more: {
        fn __len__(&self) -> usize {
            self.report.records.len()
        }

        /// A report is true also without records, so that `if report:` does not ask for its length.
        fn __bool__(&self) -> bool {
            true
        }

        fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
            self.record_objects(py)?.into_bound(py).try_iter()
        }

        fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<Py<PyAny>> {
            html("report", slf.as_any())
        }
    }
}

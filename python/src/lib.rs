//! The native half of the Python package `komainu`: converts values and errors, and decides nothing about mail.

mod analyzer;
mod arrow;
mod class;
mod command;
mod guard;
mod input;
mod log;
mod many;
mod options;
mod plain;
mod reason;
mod record;
mod report;
mod returnpath;
mod scan;
mod show;
mod words;

/// What `komainu/__init__.py` takes its names from.
#[pyo3::pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::analyzer::{PyAnalyzer, classify, parse, parse_all};
    #[pymodule_export]
    use crate::arrow::{ArrowTable, to_arrow};
    #[pymodule_export]
    use crate::command::command;
    #[pymodule_export]
    use crate::guard::panic_for_test;
    #[pymodule_export]
    use crate::log::{LogReader, LogRecords};
    #[pymodule_export]
    use crate::many::{ReportIterator, parse_many};
    #[pymodule_export]
    use crate::reason::{reason_facts, reason_name, reason_systems};
    #[pymodule_export]
    use crate::record::{PyEvidence, PyFeedback, PyRecord, PyVerdict};
    #[pymodule_export]
    use crate::report::PyReport;
    #[pymodule_export]
    use crate::returnpath::{batv_address, original_sender, verp_address};
    #[pymodule_export]
    use crate::scan::{Scan, ScanProblem, ScannedMail, scan};
    #[pymodule_export]
    use crate::words::closed_lists;

    #[pymodule_export]
    const SCHEMA_VERSION: &str = komainu::SCHEMA_VERSION;
    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}

//! The `komainu` command, for `python -m komainu` and the script of the package.

use pyo3::prelude::*;
use std::ffi::OsString;

use crate::guard;

/// Runs the command with its arguments, the program's name first, and gives the exit code.
#[pyfunction(name = "_command")]
pub(crate) fn command(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<u8> {
    py.detach(|| guard::caught(|| komainu_cli::run(arguments))).map_err(|text| guard::error(&text))
}

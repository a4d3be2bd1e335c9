//! What the core says of each reason, for the properties of Python's `Reason`.

use komainu::Reason;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::plain::Value;
use crate::words::Word;

/// hard, blame, advice, definition, definition_ja and since.
type Facts = (bool, Py<PyAny>, Py<PyAny>, &'static str, &'static str, &'static str);

/// The facts of a reason.
#[pyfunction(name = "_reason_facts")]
pub(crate) fn reason_facts(py: Python<'_>, reason: &str) -> PyResult<Facts> {
    let reason = Reason::named(reason)?;
    let (blame, advice) = (reason.blame().attribute(py)?, reason.advice().attribute(py)?);
    Ok((reason.hard(), blame, advice, reason.definition(), reason.definition_ja(), reason.since()))
}

/// A reason's name in another system.
#[pyfunction(name = "_reason_name")]
pub(crate) fn reason_name(reason: &str, system: &str) -> PyResult<Option<&'static str>> {
    let name = Reason::named(reason)?.name_in(system);
    name.map_err(|error| PyValueError::new_err(error.to_string()))
}

/// The systems that know names for reasons.
#[pyfunction(name = "_reason_systems")]
pub(crate) fn reason_systems() -> &'static [&'static str] {
    Reason::systems()
}

//! What `Analyzer(...)` takes, as the core's builder takes it.

use komainu::rules::RuleSet;
use komainu::{AnalyzerBuilder, Limits};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

/// Gives the options that are not None to a builder.
pub(crate) fn apply(mut builder: AnalyzerBuilder, options: &Bound<'_, PyDict>) -> PyResult<AnalyzerBuilder> {
    // The core reads what is said about addresses from JSON, the same in every language.
    let addresses = PyDict::new(options.py());
    for (name, value) in options.iter() {
        match name.extract::<String>()?.as_str() {
            "headers" => builder = builder.headers(header_names(&value)?),
            "limits" => builder = builder.limits(read_limits(&value)?),
            "rules" => builder = builder.rules(read_rules(&value)?),
            _ => addresses.set_item(name, value)?,
        }
    }
    if addresses.is_empty() {
        return Ok(builder);
    }
    let json = options.py().import("komainu._input")?.call_method1("options_json", (addresses,))?;
    let json: String = json.extract()?;
    builder.options_json(&json).map_err(|error| PyValueError::new_err(error.to_string()))
}

fn read_rules(text: &Bound<'_, PyAny>) -> PyResult<RuleSet> {
    let wrong = |_| PyTypeError::new_err("rules is the text of a rule file (TOML), such as path.read_text()");
    let text: String = text.extract().map_err(wrong)?;
    RuleSet::with_toml(&text).map_err(|error| PyValueError::new_err(error.to_string()))
}

fn header_names(names: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    let wrong = || PyTypeError::new_err("headers is a list of header names, such as ['X-Campaign']");
    if names.is_instance_of::<PyString>() {
        return Err(wrong());
    }
    names.try_iter().map_err(|_| wrong())?.map(|name| name?.extract().map_err(|_| wrong())).collect()
}

fn read_limits(given: &Bound<'_, PyAny>) -> PyResult<Limits> {
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
            PyTypeError::new_err(format!("the limit {name} is a whole number from 1 on, not {value:?}"))
        })?;
    }
    Ok(limits)
}

//! A panic in Rust becomes an ordinary exception in Python.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `work` and turns a panic into its message.
///
/// PyO3's own PanicException derives from BaseException and would end a worker that guards with `except Exception`.
/// What `work` touches is dropped or immutable, so nothing half-changed is seen afterwards.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| message(panic.as_ref()))
}

/// The exception for a caught panic.
pub(crate) fn error(message: &str) -> PyErr {
    PyRuntimeError::new_err(format!("komainu failed on this input ({message}); please report it as a bug"))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("panic").to_owned()
}

/// Panics inside the guard, so that a test can see what arrives in Python.
#[pyfunction(name = "_panic_for_test")]
pub(crate) fn panic_for_test() -> PyResult<()> {
    caught(|| panic!("on purpose")).map_err(|text| error(&text))
}

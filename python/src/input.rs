//! Whatever Python code holds a message in, as bytes.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyByteArray, PyBytes, PyInt, PyMemoryView, PyString};

/// What holds bytes, if it does. `bytes` are borrowed; everything else is copied once.
pub(crate) fn held_bytes(object: &Bound<'_, PyAny>) -> PyResult<Option<PyBackedBytes>> {
    if let Ok(bytes) = object.cast::<PyBytes>() {
        return Ok(Some(bytes.clone().into()));
    }
    if let Ok(array) = object.cast::<PyByteArray>() {
        return Ok(Some(array.clone().into()));
    }
    if object.is_instance_of::<PyMemoryView>() {
        return Ok(Some(object.call_method0("tobytes")?.cast_into::<PyBytes>()?.into()));
    }
    Ok(None)
}

/// The bytes of one message.
pub(crate) fn message_bytes(object: &Bound<'_, PyAny>) -> PyResult<PyBackedBytes> {
    if let Some(bytes) = held_bytes(object)? {
        return Ok(bytes);
    }
    let py = object.py();
    let message_class = py.import("email.message")?.getattr("Message")?;
    if object.is_instance(&message_class)? {
        let bytes = py.import("komainu._input")?.call_method1("message_bytes", (object,))?;
        return Ok(bytes.cast_into::<PyBytes>()?.into());
    }
    Err(PyTypeError::new_err(refusal(object)?))
}

/// Says what to pass instead.
fn refusal(object: &Bound<'_, PyAny>) -> PyResult<String> {
    let hint = if object.is_instance_of::<PyString>() {
        "; a str has lost the message's charsets: open the file with mode 'rb', or pass text.encode()"
    } else if object.hasattr("read_bytes")? {
        "; pass path.read_bytes(), or scan(path) for mailboxes and folders"
    } else if object.hasattr("read")? {
        "; pass file.read() of a file opened with mode 'rb'"
    } else {
        ""
    };
    let name = object.get_type().name()?;
    Ok(format!("a message is bytes, bytearray, memoryview or email.message.Message, not {name}{hint}"))
}

/// A whole number from 1 on that an argument may give.
pub(crate) fn whole<T>(name: &str, value: Option<&Bound<'_, PyAny>>, meaning: &str) -> PyResult<Option<T>>
where
    T: for<'a, 'py> FromPyObject<'a, 'py> + PartialOrd + From<u8>,
{
    let Some(value) = value else { return Ok(None) };
    if !value.is_instance_of::<PyInt>() {
        let given = value.get_type().name()?;
        return Err(PyTypeError::new_err(format!("{name} is {meaning}, or None, not {given}")));
    }
    match value.extract::<T>() {
        Ok(number) if number >= T::from(1) => Ok(Some(number)),
        _ => Err(PyValueError::new_err(format!("{name} is {meaning}, or None, not {value}"))),
    }
}

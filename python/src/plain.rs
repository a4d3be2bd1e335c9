//! One trait for the ways a core value crosses into Python: as an attribute, as plain data, and back.

use komainu::{Evidence, Feedback, Reason};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyList, PyString, PyTuple};
use std::collections::BTreeMap;

use crate::record::{PyEvidence, PyFeedback};
use crate::words::Word;

/// A core value that Python sees.
pub(crate) trait Value: Sized {
    /// As attributes give it: enums as members, lists as tuples.
    fn attribute(&self, py: Python<'_>) -> PyResult<Py<PyAny>>;

    /// As `to_dict()` gives it: what `json.loads` makes of the JSON.
    fn plain(&self, py: Python<'_>) -> PyResult<Py<PyAny>>;

    /// Back from plain data.
    fn read(plain: &Bound<'_, PyAny>) -> PyResult<Self>;
}

/// The error for plain data of the wrong type.
fn wrong(plain: &Bound<'_, PyAny>, wanted: &str) -> PyErr {
    let name = plain.get_type().name().map_or_else(|_| "?".to_owned(), |name| name.to_string());
    PyValueError::new_err(format!("expected {wanted}, not {name}"))
}

impl Value for String {
    fn attribute(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(PyString::new(py, self).into_any().unbind())
    }
    fn plain(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.attribute(py)
    }
    fn read(plain: &Bound<'_, PyAny>) -> PyResult<Self> {
        plain.extract().map_err(|_| wrong(plain, "str"))
    }
}

impl Value for bool {
    fn attribute(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(PyBool::new(py, *self).to_owned().into_any().unbind())
    }
    fn plain(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.attribute(py)
    }
    fn read(plain: &Bound<'_, PyAny>) -> PyResult<Self> {
        plain.extract().map_err(|_| wrong(plain, "bool"))
    }
}

macro_rules! number {
    ($type:ty) => {
        impl Value for $type {
            fn attribute(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                Ok(PyInt::new(py, *self).into_any().unbind())
            }
            fn plain(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                self.attribute(py)
            }
            fn read(plain: &Bound<'_, PyAny>) -> PyResult<Self> {
                plain.extract().map_err(|_| wrong(plain, concat!("int (", stringify!($type), ")")))
            }
        }
    };
}
number!(u16);
number!(u64);

impl<T: Value> Value for Option<T> {
    fn attribute(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.as_ref().map_or_else(|| Ok(py.None()), |value| value.attribute(py))
    }
    fn plain(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.as_ref().map_or_else(|| Ok(py.None()), |value| value.plain(py))
    }
    fn read(plain: &Bound<'_, PyAny>) -> PyResult<Self> {
        if plain.is_none() { Ok(None) } else { T::read(plain).map(Some) }
    }
}

impl<T: Word> Value for T {
    fn attribute(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.member(py)
    }
    fn plain(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(PyString::new(py, self.text()).into_any().unbind())
    }
    fn read(plain: &Bound<'_, PyAny>) -> PyResult<Self> {
        T::named(&plain.extract::<String>().map_err(|_| wrong(plain, "str"))?)
    }
}

impl Value for BTreeMap<String, String> {
    fn attribute(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(self.into_pyobject(py)?.into_any().unbind())
    }
    fn plain(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.attribute(py)
    }
    fn read(plain: &Bound<'_, PyAny>) -> PyResult<Self> {
        plain.extract().map_err(|_| wrong(plain, "dict of str to str"))
    }
}

/// Lists: a tuple as attribute, because the records are immutable; a list as plain data.
macro_rules! list {
    ($type:ty) => {
        impl Value for Vec<$type> {
            fn attribute(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                let items = self.iter().map(|item| item.attribute(py)).collect::<PyResult<Vec<_>>>()?;
                Ok(PyTuple::new(py, items)?.into_any().unbind())
            }
            fn plain(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                let items = self.iter().map(|item| item.plain(py)).collect::<PyResult<Vec<_>>>()?;
                Ok(PyList::new(py, items)?.into_any().unbind())
            }
            fn read(plain: &Bound<'_, PyAny>) -> PyResult<Self> {
                if plain.is_instance_of::<PyString>() {
                    return Err(wrong(plain, "list"));
                }
                plain
                    .try_iter()
                    .map_err(|_| wrong(plain, "list"))?
                    .map(|item| <$type>::read(&item?))
                    .collect()
            }
        }
    };
}
list!(Evidence);
list!(Reason);
list!(komainu::Limit);
list!(komainu::Record);

/// Structs that have a class of their own.
macro_rules! object {
    ($type:ty, $class:ty) => {
        impl Value for $type {
            fn attribute(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                Ok(Py::new(py, <$class>::from(self.clone()))?.into_any())
            }
            fn plain(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                <$class>::dict_of(self, py)
            }
            fn read(plain: &Bound<'_, PyAny>) -> PyResult<Self> {
                <$class>::of_dict(plain.cast::<PyDict>().map_err(|_| wrong(plain, "dict"))?)
            }
        }
    };
}
object!(Evidence, PyEvidence);
object!(Feedback, PyFeedback);
object!(komainu::Record, crate::record::PyRecord);

/// The mapping that a class is built from.
pub(crate) fn dict<'a, 'py>(class: &str, values: &'a Bound<'py, PyAny>) -> PyResult<&'a Bound<'py, PyDict>> {
    values.cast::<PyDict>().map_err(|_| {
        let name = values.get_type().name().map_or_else(|_| "?".to_owned(), |name| name.to_string());
        let hint = if values.is_instance_of::<PyString>() { "; pass json.loads(text)" } else { "" };
        PyTypeError::new_err(format!("{class}.from_dict() takes a dict, not {name}{hint}"))
    })
}

/// Reads one key of a dict; a missing key counts as None, so that records written before a key was added still read.
pub(crate) fn read_key<T: Value>(class: &str, dict: &Bound<'_, PyDict>, name: &'static str) -> PyResult<T> {
    let key = crate::class::key(name);
    let value = dict.get_item(key)?.unwrap_or_else(|| dict.py().None().into_bound(dict.py()));
    T::read(&value).map_err(|error| {
        PyValueError::new_err(format!("{class}.from_dict: key {key:?}: {}", error.value(dict.py())))
    })
}

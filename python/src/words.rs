//! The core's closed lists as Python's str enums.
//!
//! The classes stand in `komainu/_vocabulary.py` and `komainu/_reason.py`, where type checkers and editors see them; a
//! test holds them against [`closed_lists`]. Each member is looked up once and kept.

use komainu::log::LogFormat;
use komainu::{
    Action, AddressStatus, Advice, Authenticity, Blame, Command, DecidedBy, Kind, Limit, Reason,
    RecipientSource,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

/// An enum of the core that has a class of the same name in Python.
pub(crate) trait Word: Copy + PartialEq + 'static {
    const NAME: &'static str;
    const LIST: &'static [Self];
    fn text(self) -> &'static str;
    fn members() -> &'static PyOnceLock<Vec<Py<PyAny>>>;

    /// The member of the Python class.
    fn member(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let members = Self::members().get_or_try_init(py, || {
            let class = py.import("komainu")?.getattr(Self::NAME)?;
            Self::LIST.iter().map(|word| Ok(class.call1((word.text(),))?.unbind())).collect::<PyResult<_>>()
        })?;
        // ALL lists every variant of the list once.
        let position = Self::LIST.iter().position(|word| *word == self).unwrap_or_default();
        Ok(members[position].clone_ref(py))
    }

    /// The word for a name that a caller gave.
    fn named(name: &str) -> PyResult<Self>;
}

macro_rules! words {
    ($($name:ident),+ $(,)?) => {
        $(impl Word for $name {
            const NAME: &'static str = stringify!($name);
            const LIST: &'static [Self] = Self::ALL;
            fn text(self) -> &'static str {
                self.as_str()
            }
            fn members() -> &'static PyOnceLock<Vec<Py<PyAny>>> {
                static MEMBERS: PyOnceLock<Vec<Py<PyAny>>> = PyOnceLock::new();
                &MEMBERS
            }
            fn named(name: &str) -> PyResult<Self> {
                name.parse().map_err(|error: komainu::Error| PyValueError::new_err(error.to_string()))
            }
        })+

        /// Every closed list of the core: class name to values, for the test that holds the Python classes against them.
        #[pyfunction(name = "_closed_lists")]
        pub(crate) fn closed_lists(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
            let lists = PyDict::new(py);
            $(lists.set_item(stringify!($name), $name::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>())?;)+
            Ok(lists)
        }
    };
}

words!(
    Action,
    AddressStatus,
    Advice,
    Authenticity,
    Blame,
    Command,
    DecidedBy,
    Kind,
    Limit,
    LogFormat,
    Reason,
    RecipientSource,
);

//! The macro behind every class that holds a value of the core: getters from one table of keys, and everything else that
//! a Python value object has.

/// Declares the methods of a frozen class around a core struct; the class has `core()` and `From<$core>`.
///
/// `matched` names the keys of positional patterns, `shown` those that the repr prints when they are not None. A key may
/// be made `by` a method of the class.
macro_rules! value_class {
    (
        $class:ident of $core:ident as $python:literal,
        matched: [$($matched:literal),*], shown: [$($shown:literal),*],
        keys: { $($(#[doc = $doc:literal])+ $key:ident: $field:ident $(by $made:ident)?,)+ }
        more: { $($more:tt)* }
    ) => {
        #[pyo3::pymethods]
        impl $class {
            $(
                $(#[doc = $doc])+
                #[getter]
                fn $key(&self, py: pyo3::Python<'_>) -> pyo3::PyResult<pyo3::Py<pyo3::PyAny>> {
                    $crate::class::attribute!(self, py, $field $(, $made)?)
                }
            )+

            #[classattr]
            #[pyo3(name = "__match_args__")]
            fn match_args() -> ($($crate::class::same!($matched => &'static str),)*) {
                ($($matched,)*)
            }

            /// The value as plain dict, list, str, int, bool and None: what json.loads makes of to_json().
            fn to_dict(&self, py: pyo3::Python<'_>) -> pyo3::PyResult<pyo3::Py<pyo3::PyAny>> {
                Self::dict_of(self.core(), py)
            }

            /// The value as compact JSON, byte for byte what every other surface of komainu gives.
            fn to_json(&self) -> String {
                $crate::show::json(self.core())
            }

            /// Builds the value from what to_dict() or json.loads gave. Keys that it does not have are passed over, such
            /// as the source and index that the command puts before a record's own.
            #[classmethod]
            fn from_dict(
                _class: &pyo3::Bound<'_, pyo3::types::PyType>,
                values: &pyo3::Bound<'_, pyo3::PyAny>,
            ) -> pyo3::PyResult<Self> {
                Self::of_dict($crate::plain::dict($python, values)?).map(Self::from)
            }

            fn __eq__(&self, other: &Self) -> bool {
                self.core() == other.core()
            }

            fn __hash__(&self) -> u64 {
                $crate::show::hash(self.core())
            }

            fn __repr__(slf: &pyo3::Bound<'_, Self>) -> pyo3::PyResult<String> {
                $crate::show::call($python, &[$($shown),*], slf.as_any())
            }

            fn __reduce__<'py>(
                slf: &pyo3::Bound<'py, Self>,
            ) -> pyo3::PyResult<(pyo3::Bound<'py, pyo3::PyAny>, (pyo3::Py<pyo3::PyAny>,))> {
                Ok((slf.get_type().getattr("from_dict")?, (slf.get().to_dict(slf.py())?,)))
            }

            $($more)*
        }

        impl $class {
            pub(crate) fn dict_of(core: &$core, py: pyo3::Python<'_>) -> pyo3::PyResult<pyo3::Py<pyo3::PyAny>> {
                let dict = pyo3::types::PyDict::new(py);
                $(dict.set_item(
                    pyo3::intern!(py, $crate::class::key(stringify!($key))),
                    $crate::plain::Value::plain(&core.$field, py)?,
                )?;)+
                Ok(dict.into_any().unbind())
            }

            pub(crate) fn of_dict(dict: &pyo3::Bound<'_, pyo3::types::PyDict>) -> pyo3::PyResult<$core> {
                let mut core = $core::default();
                $(core.$field = $crate::plain::read_key($python, dict, stringify!($key))?;)+
                Ok(core)
            }
        }
    };
}
pub(crate) use value_class;

/// A getter's value: the field's, or what a method of the class makes.
macro_rules! attribute {
    ($self:ident, $py:ident, $field:ident) => {
        $crate::plain::Value::attribute(&$self.core().$field, $py)
    };
    ($self:ident, $py:ident, $field:ident, $made:ident) => {
        $self.$made($py)
    };
}
pub(crate) use attribute;

/// Repeats a type for each of some literals.
macro_rules! same {
    ($_literal:literal => $type:ty) => {
        $type
    };
}
pub(crate) use same;

/// A key's name without the `r#` that a Rust keyword needs (`type`).
pub(crate) const fn key(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', rest @ ..] => match std::str::from_utf8(rest) {
            Ok(rest) => rest,
            Err(_) => name,
        },
        _ => name,
    }
}

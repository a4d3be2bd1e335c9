//! What the value classes print and hash.

use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use serde::Serialize;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Longer texts are cut in a repr; the attribute has them whole.
const SHOWN_CHARACTERS: usize = 100;
/// Further items of a list are counted.
const SHOWN_ITEMS: usize = 3;

/// Compact JSON. Records hold strings, numbers, lists and string-keyed maps only: serde_json has nothing to refuse.
pub(crate) fn json<T: Serialize>(core: &T) -> String {
    serde_json::to_string(core).unwrap_or_default()
}

/// Equal values give equal JSON, so a hash of the JSON agrees with equality.
pub(crate) fn hash<T: Serialize>(core: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    json(core).hash(&mut hasher);
    hasher.finish()
}

/// `Name(key='value', …)` with the attributes that have something to say.
pub(crate) fn call(name: &str, keys: &[&str], object: &Bound<'_, PyAny>) -> PyResult<String> {
    let mut shown = Vec::new();
    for key in keys {
        let value = object.getattr(*key)?;
        if !value.is_none() {
            shown.push(format!("{key}={}", short(&value)?));
        }
    }
    Ok(format!("{name}({})", shown.join(", ")))
}

/// Python's own repr, of a text or list that is cut if need be.
fn short(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(items) = value.cast::<PyTuple>() {
        let mut shown =
            items.iter().take(SHOWN_ITEMS).map(|item| short(&item)).collect::<PyResult<Vec<_>>>()?;
        if items.len() > SHOWN_ITEMS {
            shown.push(format!("… {} more", items.len() - SHOWN_ITEMS));
        }
        let comma = if shown.len() == 1 { "," } else { "" };
        return Ok(format!("({}{comma})", shown.join(", ")));
    }
    let Ok(text) = value.cast::<PyString>() else { return Ok(value.repr()?.to_string()) };
    // Of an enum's member, too, the text says it all.
    let text = text.to_string_lossy();
    let text = match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    };
    Ok(PyString::new(value.py(), &text).repr()?.to_string())
}

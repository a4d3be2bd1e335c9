//! What callers can do wrong. Malformed mail is never an error.

use std::fmt;

/// An argument, option or rule file that cannot be used.
///
/// The message names the value and says what to pass instead. Mail never causes an error: it gives fewer facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    message: String,
}

impl Error {
    /// An error with a message for people.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// A name that is not in a closed list.
    pub(crate) fn unknown_name(list: &str, name: &str, known: &[&str]) -> Self {
        Self::new(format!("{} is no {list}; use one of {}", quoted(name), known.join(", ")))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// A text in quotes, as JSON writes it: what prints `{:?}` would bring tables of all scripts into the browser's module.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

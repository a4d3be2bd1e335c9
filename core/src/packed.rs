//! Reading the built-in tables out of the text in which the generated files hold them.
//!
//! Thousands of short texts, each with its address and length, would make a tenth of the browser's module, and numbers do
//! not shrink under compression. As running text they cost what the words cost; laying them out takes a fraction of the
//! time of building what searches for them.
//!
//! A line is an entry. Its fields stand with tabs between; a field is its name, and where it has a text a space and that.

use std::collections::HashMap;

use crate::numbers::to_u16;

/// The fields of a line, each as its name and its text.
pub(crate) fn fields(line: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    line.split('\t').map(|field| field.split_once(' ').unwrap_or((field, "")))
}

/// The distinct texts of a table, numbered as they come.
pub(crate) struct Numbered {
    pub(crate) all: Vec<&'static str>,
    numbers: HashMap<&'static str, u16>,
}

impl Numbered {
    /// For the words of this text, of which there are about one for every 25 bytes: growing would hash all of
    /// them again and again.
    pub(crate) fn of(packed: &str) -> Self {
        Self { all: Vec::new(), numbers: HashMap::with_capacity(packed.len() / 25) }
    }

    pub(crate) fn number(&mut self, text: &'static str) -> u16 {
        let next = to_u16(self.all.len());
        *self.numbers.entry(text).or_insert_with(|| {
            self.all.push(text);
            next
        })
    }
}

//! Generated tables.

mod docs;
mod rules;

pub(super) use docs::{DOCS, LISTS};
pub(super) use rules::PACKED;

//! Placeholder: generated from core/rules/formats.

use super::Format;

pub(super) const FORMATS: &[Format] = &[];

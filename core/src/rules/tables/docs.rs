use crate::rules::{List, RuleDoc};
pub(crate) static DOCS: &[RuleDoc] = &[];
pub(crate) static LISTS: &[List] = &[];

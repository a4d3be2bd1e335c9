//! Formats that need loops or conditions: one file each.

use super::{Delivery, ReturnedMail, Source};

/// Reads formats whose facts stand in no line of their own. `None` when it is none of them.
pub(super) fn read(_source: &Source<'_, '_>, _returned: &ReturnedMail) -> Option<Vec<Delivery>> {
    None
}

/// Lets each format correct what the common readers found.
pub(super) fn refine(_found: &mut [Delivery], _source: &Source<'_, '_>, _returned: &ReturnedMail) {}

//! Formats that need loops or conditions: one file each.

mod aol;
mod ezweb;
mod messagingserver;
mod mfilter;
mod notes;
mod postfix;
mod sendmail;
mod ses;
mod transcript;

use super::{Delivery, ReturnedMail, Source};

/// Reads formats whose facts stand in no line of their own. `None` when it is none of them.
pub(super) fn read(source: &Source<'_, '_>, returned: &ReturnedMail) -> Option<Vec<Delivery>> {
    ses::read(source).or_else(|| postfix::read(source)).or_else(|| sendmail::read(source, returned))
}

/// Lets each format correct what the common readers found.
pub(super) fn refine(found: &mut [Delivery], source: &Source<'_, '_>, _returned: &ReturnedMail) {
    sendmail::refine(found, source);
    mfilter::refine(found, source);
    messagingserver::refine(found, source);
    aol::refine(found, source);
    notes::refine(found, source);
    ezweb::refine(found, source);
}

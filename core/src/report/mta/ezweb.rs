//! EZweb tells a domain filter from a missing mailbox in a header alone: `X-SPASIGN: NG`.

use super::super::{Delivery, Source};

pub(super) fn refine(found: &mut [Delivery], source: &Source<'_, '_>) {
    if !source.message.headers.contains("x-spasign", "ng") {
        return;
    }
    for delivery in found.iter_mut().filter(|delivery| delivery.format == "ezweb") {
        let words = delivery.diagnostic.as_deref().unwrap_or_default();
        delivery.diagnostic = Some(format!("{words} X-SPASIGN: NG").trim().to_owned());
    }
}

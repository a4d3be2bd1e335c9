//! The Lotus SMTP MTA prints the reason above the recipient.

use std::cell::LazyCell;

use crate::message::headers::fold_white;
use crate::syntax::address;
use crate::syntax::known::Known;

use super::super::{Delivery, Source};

pub(super) fn refine(found: &mut [Delivery], source: &Source<'_, '_>) {
    let told = LazyCell::new(|| reasons(source.human));
    for delivery in found.iter_mut().filter(|delivery| delivery.format == "notes") {
        let (known, reasons) = &*told;
        let reason = delivery.recipient.as_deref().and_then(|name| known.get(name)).map(|n| &reasons[n]);
        if let Some(reason) = reason.filter(|reason| !reason.is_empty()) {
            delivery.diagnostic = Some(reason.clone());
        }
    }
}

/// Of each recipient the words between the heading, or the recipient before, and its first place.
fn reasons(human: &str) -> (Known, Vec<String>) {
    let lines = human.lines().skip_while(|line| !line.contains("Failure Reasons")).skip(1);
    let (mut known, mut reasons) = (Known::default(), Vec::new());
    let mut reason: Vec<&str> = Vec::new();
    for line in lines {
        let Some(range) = address::first(line) else {
            reason.push(line);
            continue;
        };
        if known.add(&line[range], reasons.len()) {
            reasons.push(fold_white(&reason.join(" ")));
        }
        reason.clear();
    }
    (known, reasons)
}

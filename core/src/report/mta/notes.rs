//! The Lotus SMTP MTA prints the reason above the recipient.

use crate::message::headers::fold_white;
use crate::syntax::address;

use super::super::{Delivery, Source};

pub(super) fn refine(found: &mut [Delivery], source: &Source<'_, '_>) {
    for delivery in found.iter_mut().filter(|delivery| delivery.format == "notes") {
        let Some(name) = delivery.recipient.as_deref() else { continue };
        if let Some(reason) = above(source.human, name) {
            delivery.diagnostic = Some(reason);
        }
    }
}

/// The words between the heading, or the recipient before, and this recipient.
fn above(human: &str, name: &str) -> Option<String> {
    let lines = human.lines().skip_while(|line| !line.contains("Failure Reasons")).skip(1);
    let mut reason: Vec<&str> = Vec::new();
    for line in lines {
        let Some(range) = address::find(line).into_iter().next() else {
            reason.push(line);
            continue;
        };
        if address::same(&line[range], name) {
            let reason = fold_white(&reason.join(" "));
            return (!reason.is_empty()).then_some(reason);
        }
        reason.clear();
    }
    None
}

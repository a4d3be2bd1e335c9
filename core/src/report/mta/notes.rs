//! The Lotus SMTP MTA prints the reason above the recipient.

use std::collections::HashMap;

use crate::message::headers::fold_white;
use crate::syntax::address;

use super::super::{Delivery, Source};

pub(super) fn refine(found: &mut [Delivery], source: &Source<'_, '_>) {
    if found.iter().all(|delivery| delivery.format != "notes") {
        return;
    }
    let reasons = reasons(source.human);
    for delivery in found.iter_mut().filter(|delivery| delivery.format == "notes") {
        let name = delivery.recipient.as_deref().map(address::bare);
        if let Some(reason) = name.and_then(|name| reasons.get(&name)).filter(|reason| !reason.is_empty()) {
            delivery.diagnostic = Some(reason.clone());
        }
    }
}

/// Of each recipient the words between the heading, or the recipient before, and its first place.
fn reasons(human: &str) -> HashMap<String, String> {
    let lines = human.lines().skip_while(|line| !line.contains("Failure Reasons")).skip(1);
    let mut found = HashMap::new();
    let mut reason: Vec<&str> = Vec::new();
    for line in lines {
        let Some(range) = address::find(line).into_iter().next() else {
            reason.push(line);
            continue;
        };
        found.entry(address::bare(&line[range])).or_insert_with(|| fold_white(&reason.join(" ")));
        reason.clear();
    }
    found
}

//! Oracle Messaging Server and PMDF: labelled lines about each recipient, and the history of attempts.

use std::cell::LazyCell;

use crate::message::headers::fold_white;
use crate::syntax::known::Known;
use crate::syntax::{address, reply};
use crate::vocabulary::Command;

use super::super::fields::{host, typed};
use super::super::{Delivery, Source};

pub(super) fn refine(found: &mut [Delivery], source: &Source<'_, '_>) {
    let text = source.message.text.as_str();
    let blocks = LazyCell::new(|| blocks(text));
    let unconnected = LazyCell::new(|| text.contains("Failed connect()"));
    for delivery in found.iter_mut().filter(|delivery| delivery.format == "messagingserver") {
        if let Some(block) = blocks.of(delivery) {
            fill(delivery, block);
        }
        if delivery.command.is_none() && *unconnected {
            delivery.command = Some(Command::Conn);
        }
    }
}

/// Labels and values, each block from a "Recipient address:" on, and the first block of each address.
struct Blocks {
    all: Vec<Vec<(String, String)>>,
    first: Known,
}

impl Blocks {
    fn of(&self, delivery: &Delivery) -> Option<&[(String, String)]> {
        let first = self.first.first(delivery.names());
        first.map(|n| self.all[n].as_slice())
    }
}

fn blocks(text: &str) -> Blocks {
    let mut all: Vec<Vec<(String, String)>> = Vec::new();
    let lines = text.lines().skip_while(|line| !is_recipient(line));
    for line in lines.take_while(|line| !line.starts_with("Delivery attempt history")) {
        let known = label(line);
        match (known, all.last_mut()) {
            (Some((name, value)), _) if name == "recipient address" => all.push(vec![(name, value)]),
            (Some(pair), Some(block)) => block.push(pair),
            (None, Some(block)) if !line.trim().is_empty() => {
                if let Some((_, value)) = block.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            }
            _ => {}
        }
    }
    let mut first = Known::default();
    for (n, block) in all.iter().enumerate() {
        let values = block.iter().filter(|(label, _)| label.ends_with("address"));
        for address in values.filter_map(|(_, value)| address::usable(value)) {
            first.add(&address, n);
        }
    }
    Blocks { all, first }
}

fn is_recipient(line: &str) -> bool {
    label(line).is_some_and(|(name, _)| name == "recipient address")
}

fn label(line: &str) -> Option<(String, String)> {
    const LABELS: &[&str] = &[
        "recipient address",
        "original address",
        "reason",
        "diagnostic code",
        "remote system",
        "error text",
    ];
    let (name, value) = line.split_once(':')?;
    let name = name.trim().to_ascii_lowercase();
    LABELS.contains(&name.as_str()).then(|| (name, value.trim().to_owned()))
}

fn fill(delivery: &mut Delivery, block: &[(String, String)]) {
    let value = |label: &str| block.iter().find(|(name, _)| name == label).map(|(_, value)| value.as_str());
    let original = value("original address").and_then(address::usable);
    let differs = |address: &String| {
        delivery.recipient.as_deref().is_some_and(|recipient| !address::same(recipient, address))
    };
    if delivery.original_recipient.is_none() {
        delivery.original_recipient = original.filter(differs);
    }
    if delivery.remote_mta.is_none() {
        delivery.remote_mta = value("remote system").and_then(host);
    }
    let field = delivery.diagnostic.as_deref().unwrap_or_default();
    // Without fields the common reader took the whole block for the reply.
    if delivery.status.is_some() && reply::has_code(field) {
        return;
    }
    if let Some(code) = value("diagnostic code").filter(|code| reply::has_code(code)) {
        let (kind, words) = typed(code);
        delivery.diagnostic = Some(fold_white(words));
        delivery.diagnostic_type = (!kind.is_empty()).then(|| kind.into_owned());
    } else if let Some(reason) = value("reason").filter(|_| !reply::has_code(field)) {
        let error = value("error text").map_or_else(String::new, |text| format!(" {text}"));
        delivery.diagnostic = Some(fold_white(&format!("{reason}{error}")));
    }
}

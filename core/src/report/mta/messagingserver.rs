//! Oracle Messaging Server and PMDF: labelled lines about each recipient, and the history of attempts.

use crate::message::headers::fold_white;
use crate::syntax::{address, reply};
use crate::vocabulary::Command;

use super::super::fields::{host, typed};
use super::super::{Delivery, Source};

pub(super) fn refine(found: &mut [Delivery], source: &Source<'_, '_>) {
    for delivery in found.iter_mut().filter(|delivery| delivery.format == "messagingserver") {
        if let Some(block) = block_of(&source.message.text, delivery) {
            fill(delivery, &block);
        }
        if delivery.command.is_none() && source.message.text.contains("Failed connect()") {
            delivery.command = Some(Command::Conn);
        }
    }
}

/// The labels and values that follow "Recipient address:" of this delivery.
fn block_of(human: &str, delivery: &Delivery) -> Option<Vec<(String, String)>> {
    let names = [delivery.recipient.as_deref(), delivery.original_recipient.as_deref()];
    let mut blocks: Vec<Vec<(String, String)>> = Vec::new();
    let lines = human.lines().skip_while(|line| !is_recipient(line));
    for line in lines.take_while(|line| !line.starts_with("Delivery attempt history")) {
        let known = label(line);
        match (known, blocks.last_mut()) {
            (Some((name, value)), _) if name == "recipient address" => blocks.push(vec![(name, value)]),
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
    let is_about = |block: &Vec<(String, String)>| {
        let values = block.iter().filter(|(label, _)| label.ends_with("address"));
        let mut values = values.filter_map(|(_, value)| address::usable(value));
        values.any(|value| names.iter().flatten().any(|name| address::same(name, &value)))
    };
    blocks.into_iter().find(is_about)
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
    let has_code = |words: &str| reply::codes(words).code.is_some();
    let field = delivery.diagnostic.as_deref().unwrap_or_default();
    // Without fields the common reader took the whole block for the reply.
    if delivery.status.is_some() && has_code(field) {
        return;
    }
    if let Some(code) = value("diagnostic code").filter(|code| has_code(code)) {
        let (kind, words) = typed(code);
        delivery.diagnostic = Some(fold_white(words));
        delivery.diagnostic_type = (!kind.is_empty()).then(|| kind.into_owned());
    } else if let Some(reason) = value("reason").filter(|_| !has_code(field)) {
        let error = value("error text").map_or_else(String::new, |text| format!(" {text}"));
        delivery.diagnostic = Some(fold_white(&format!("{reason}{error}")));
    }
}

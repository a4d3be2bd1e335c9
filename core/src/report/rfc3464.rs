//! Delivery status notifications: RFC 3464 and its international form, RFC 6533, in all their moods.

use std::borrow::Cow;

use mail_parser::DateTime;

use crate::limits::Limits;
use crate::message::headers::lower;
use crate::message::{MachineKind, date};
use crate::syntax::{address, reply};
use crate::vocabulary::{Action, RecipientSource};

use super::fields::{Block, NAMES, blocks, host, typed};
use super::{Delivery, Source, share};

/// Anything else goes on with the field above it.
pub(super) fn is_known(name: &str) -> bool {
    NAMES.contains(&name)
}

const PER_RECIPIENT: &[&str] = &[
    "final-recipient",
    "original-recipient",
    "action",
    "status",
    "diagnostic-code",
    "x-actual-recipient",
    "remote-recipient",
];

/// One delivery for each per-recipient block. `None` when the message carries no such fields at all.
pub(super) fn read(source: &Source<'_, '_>, limits: &Limits) -> Option<Vec<Delivery>> {
    let part = source.message.machine_text(MachineKind::DeliveryStatus);
    let text = match &part {
        Some(text) => text.as_ref(),
        None => source.fields?,
    };
    let (message_block, recipients) = split(blocks(text, is_known));
    if part.is_none() && recipients.is_empty() {
        return None;
    }
    let shared = Shared::of(&message_block, recipients.len());
    let mut found: Vec<Delivery> = recipients
        .iter()
        .take(limits.max_recipients.saturating_add(1))
        .map(|block| delivery(&shared, block))
        .collect();
    if found.is_empty() {
        // "Delivery report unavailable": a part without per-recipient fields still reports a failure.
        found.push(delivery(&shared, &Block::default()));
    }
    Some(found)
}

/// Where the fields start in a text, for a status part that lost its MIME type.
pub(super) fn start_in(text: &str) -> Option<usize> {
    if !has_fields(text) {
        return None;
    }
    const STARTS: &[&str] =
        &["Reporting-MTA:", "Original-Envelope-Id:", "Final-Recipient:", "Original-Recipient:"];
    STARTS.iter().filter_map(|name| line_start(text, name)).min()
}

fn has_fields(text: &str) -> bool {
    line_start(text, "Final-Recipient:").is_some()
        && (line_start(text, "Action:").is_some() || line_start(text, "Status:").is_some())
}

/// Where a line starts with this name. Its capital is rare enough to look for.
pub(super) fn line_start(text: &str, name: &str) -> Option<usize> {
    let (text, name) = (text.as_bytes(), name.as_bytes());
    memchr::memchr_iter(name[0], text)
        .find(|at| (*at == 0 || text[at - 1] == b'\n') && text[*at..].starts_with(name))
}

/// The per-message block and the per-recipient blocks. A block without recipient fields belongs to the one before.
fn split<'t>(all: Vec<Block<'t>>) -> (Block<'t>, Vec<Block<'t>>) {
    let mut message = Block::default();
    let mut recipients: Vec<Block<'t>> = Vec::new();
    // Whether the last of them has told what became of it.
    let mut told = false;
    for block in all {
        let tells = block.has_any(&["action", "status"]);
        let names_one = block.has_any(&["final-recipient", "original-recipient"]);
        let per_recipient = block.has_any(PER_RECIPIENT);
        match recipients.last_mut() {
            None if per_recipient => {
                // Some MTAs leave out the empty line between both kinds.
                if block.has_any(&["reporting-mta", "arrival-date"]) {
                    message.absorb(block.clone());
                }
                told = tells;
                recipients.push(block);
            }
            Some(last) if per_recipient && !names_one && !told => {
                told |= tells;
                last.absorb(block);
            }
            Some(_) if names_one => {
                told = tells;
                recipients.push(block);
            }
            Some(last) => {
                // An empty line inside a block must not make a recipient of its own.
                let known = block.names().any(|name| is_known(name) || name.starts_with("x-"));
                if known && !block.has_any(&["received", "from", "subject", "message-id"]) {
                    told |= tells;
                    last.absorb(block);
                }
            }
            None => message.absorb(block),
        }
    }
    (message, recipients)
}

/// What the per-message fields say, read once for all recipients.
struct Shared {
    reporting_mta: Option<String>,
    received_from_mta: Option<String>,
    arrival_date: Option<DateTime>,
    original_envelope_id: Option<String>,
    queue_id: Option<String>,
    sender: Option<String>,
}

impl Shared {
    fn of(message: &Block<'_>, recipients: usize) -> Self {
        let get = |name| message.get(name).map(|value| share(value, recipients));
        Self {
            reporting_mta: get("reporting-mta").and_then(host),
            received_from_mta: get("received-from-mta").and_then(host),
            arrival_date: get("arrival-date").and_then(date::parse_text),
            original_envelope_id: get("original-envelope-id").map(str::to_owned),
            queue_id: queue_id(message).map(|id| share(&id, recipients).to_owned()),
            sender: get("x-postfix-sender").and_then(sender),
        }
    }
}

fn sender(value: &str) -> Option<String> {
    address::usable(typed(value).1)
}

fn delivery(shared: &Shared, block: &Block<'_>) -> Delivery {
    let mut delivery = Delivery::new("rfc3464");
    recipients(block, &mut delivery);
    delivery.action = block.get("action").and_then(action);
    delivery.status = block.get("status").and_then(status);
    if let Some(value) = block.get("diagnostic-code") {
        let (kind, words) = typed(value);
        let (kind, words) = if words.is_empty() { (Cow::Borrowed(""), value) } else { (kind, words) };
        delivery.diagnostic = (!words.is_empty()).then(|| words.to_owned());
        delivery.diagnostic_type = (!kind.is_empty()).then(|| kind.into_owned());
    }
    // A recipient's own field goes before the message's, even where it cannot be read.
    let text = |name: &str, read: fn(&str) -> Option<String>, shared: &Option<String>| match block.get(name) {
        Some(own) => read(own),
        None => shared.clone(),
    };
    delivery.reporting_mta = text("reporting-mta", host, &shared.reporting_mta);
    delivery.received_from_mta = text("received-from-mta", host, &shared.received_from_mta);
    delivery.remote_mta = block.get("remote-mta").and_then(host);
    delivery.arrival_date = match block.get("arrival-date") {
        Some(own) => date::parse_text(own),
        None => shared.arrival_date,
    };
    delivery.last_attempt_date = block.get("last-attempt-date").and_then(date::parse_text);
    delivery.will_retry_until = block.get("will-retry-until").and_then(date::parse_text);
    delivery.original_envelope_id =
        text("original-envelope-id", |id| Some(id.to_owned()), &shared.original_envelope_id);
    delivery.queue_id = shared.queue_id.clone().or_else(|| queue_id(block));
    delivery.sender = text("x-postfix-sender", sender, &shared.sender);
    delivery
}

fn recipients(block: &Block<'_>, delivery: &mut Delivery) {
    // Courier's own name for an alias is no address.
    let values = |name: &'static str| {
        block.all(name).filter(|value| !value.is_empty() && !value.contains("\".xalias/")).map(read_address)
    };
    let final_recipient = values("final-recipient").find_map(|a| address::usable(&a));
    let original = values("original-recipient").find_map(|a| address::usable(&a));
    let actual = values("x-actual-recipient").find_map(|a| address::usable(&a));
    let (recipient, source) = match (&final_recipient, &actual, &original) {
        (_, Some(actual), _) => (actual, RecipientSource::FinalRecipient),
        (Some(address), None, _) => (address, RecipientSource::FinalRecipient),
        (None, None, Some(address)) => (address, RecipientSource::OriginalRecipient),
        (None, None, None) => return bare_name(block, delivery),
    };
    let other =
        original.as_ref().or(final_recipient.as_ref()).filter(|address| !address::same(address, recipient));
    delivery.recipient = Some(recipient.clone());
    delivery.recipient_source = Some(source);
    delivery.original_recipient = other.cloned();
}

/// A local name without a domain is still whom the report is about.
fn bare_name(block: &Block<'_>, delivery: &mut Delivery) {
    let name = block.get("final-recipient").map(|value| typed(value).1.to_owned()).filter(|name| {
        (1..=64).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    });
    if name.is_some() {
        delivery.local_name = name;
    }
}

/// The address of a recipient field, its encoding undone.
fn read_address(value: &str) -> Cow<'_, str> {
    let (kind, text) = typed(value);
    match kind.as_ref() {
        "utf-8" => Cow::Owned(address::from_utf8_xtext(text)),
        "rfc822" if text.contains('+') && text.contains("+2B") | text.contains("+3D") => {
            Cow::Owned(address::from_xtext(text))
        }
        _ => Cow::Borrowed(text),
    }
}

/// Actions as MTAs write them: `failed`, `failure`, `delayed (still trying)`, `Failed: …`.
fn action(value: &str) -> Option<Action> {
    let end = value.bytes().position(|b| !b.is_ascii_alphabetic()).unwrap_or(value.len());
    match lower(&value[..end]).as_ref() {
        "failed" | "failure" | "fail" | "error" | "undeliverable" | "bounced" => Some(Action::Failed),
        "delayed" | "delay" | "deferred" | "transient" => Some(Action::Delayed),
        "delivered" | "deliverable" | "success" => Some(Action::Delivered),
        "relayed" => Some(Action::Relayed),
        "expanded" => Some(Action::Expanded),
        _ => None,
    }
}

/// The code of a Status field; comments and reply codes around it are left out.
fn status(value: &str) -> Option<String> {
    let token = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_ascii_digit());
        reply::status_token(word).map(str::to_owned)
    };
    value.split_whitespace().find_map(token)
}

fn queue_id(block: &Block<'_>) -> Option<String> {
    let mut names = block.names();
    let name =
        names.find(|name| name.ends_with("-queue-id") || *name == "final-log-id" || *name == "x-queue-id")?;
    let (_, value) = typed(block.get(name)?);
    value.split_whitespace().next().map(|word| word.trim_matches(['<', '>', ',']).to_owned())
}

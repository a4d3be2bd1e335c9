//! Haraka's outbound log, as text or JSON: `recipient <user@example.org> rejected: ...`, `delivered file="..." ...`.

use serde_json::Value;

use super::pairs::value;
use super::{Event, Fact, LogFormat, event, tried};
use crate::syntax::address;
use crate::vocabulary::Action;

/// A line of `format=json`.
pub(super) fn json(json: &Value) -> Vec<Event> {
    let field = |key: &str| json.get(key).and_then(Value::as_str).unwrap_or_default();
    if !field("source").is_empty()
        && !field("source").contains("outbound")
        && !field("origin").contains("outbound")
    {
        return Vec::new();
    }
    facts(message_of(field("uuid")), field("message"))
}

/// A line of text: `[NOTICE] [UUID.1.1] [outbound] ...`.
pub(super) fn text(line: &str) -> Vec<Event> {
    let Some((head, words)) = line.split_once("[outbound] ") else { return Vec::new() };
    let uuid = head.rsplit('[').next().and_then(|rest| rest.split(']').next()).unwrap_or_default();
    facts(message_of(uuid), words)
}

/// The transaction's id without the numbers of its copies.
fn message_of(uuid: &str) -> &str {
    uuid.split('.').next().unwrap_or(uuid)
}

fn facts(queue: &str, words: &str) -> Vec<Event> {
    let outcomes = [
        (" rejected: ", Action::Failed),
        (" deferred: ", Action::Delayed),
        (" bounced: ", Action::Failed),
        (" delivered: ", Action::Delivered),
    ];
    for (mark, action) in outcomes {
        let Some((name, reason)) = words.split_once(mark) else { continue };
        let Some(range) = address::first(name) else { continue };
        let Some(mut delivery) = tried(LogFormat::Haraka, queue, &name[range]) else { continue };
        delivery.action = Some(action);
        delivery.diagnostic = Some(reason.trim().to_owned());
        delivery.remote_mta = value(words, "host").map(str::to_owned);
        return vec![event(queue, Fact::Tried(Box::new(delivery)))];
    }
    match value(words, "from").and_then(address::usable) {
        Some(sender) if !queue.is_empty() => vec![event(queue, Fact::Sender(sender))],
        _ => Vec::new(),
    }
}

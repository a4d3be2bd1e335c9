//! Postfix: `postfix/smtp[pid]: QUEUEID: to=<...>, relay=..., dsn=5.1.1, status=bounced (...)`.

use super::pairs::{host, value};
use super::{Event, Fact, Line, LogFormat, event, tried};
use crate::syntax::address;
use crate::vocabulary::Action;

pub(super) fn is(line: &Line<'_>) -> bool {
    line.program.starts_with("postfix") || line.program.contains("/smtp") || line.program.contains("/qmgr")
}

/// `None` when the line has no queue id.
pub(super) fn read(line: &Line<'_>) -> Option<Vec<Event>> {
    let (queue, text) = line.text.split_once(": ")?;
    if queue.len() < 5 || !queue.bytes().all(|b| b.is_ascii_alphanumeric()) || queue == "NOQUEUE" {
        return None;
    }
    if text == "removed" {
        return Some(vec![event(queue, Fact::Done)]);
    }
    if let Some(id) = text.strip_prefix("message-id=") {
        return Some(vec![event(queue, Fact::MessageId(id.trim_matches(['<', '>']).to_owned()))]);
    }
    if let Some(sender) = text.strip_prefix("from=<") {
        let sender = sender.split('>').next().and_then(address::usable);
        let mut events: Vec<Event> =
            sender.into_iter().map(|sender| event(queue, Fact::Sender(sender))).collect();
        // `status=expired, returned to sender`, or `status=force-expired, ...` after `postsuper -f`.
        let status = text.find("status=").map(|at| &text[at..]);
        if let Some(words) = status.filter(|status| status.contains("expired")) {
            events.push(event(queue, Fact::Expired(words.to_owned())));
        }
        return Some(events);
    }
    if text.starts_with("to=<") && !text.contains("status=") {
        return Some(vec![event(queue, Fact::Broken)]);
    }
    attempt(queue, text).map(|delivery| vec![event(queue, Fact::Tried(Box::new(delivery)))])
}

/// `relay=virtual` names a transport and `relay=mail[private/dovecot-lmtp]` a socket: only an address is another host's.
fn is_remote(relay: &str) -> bool {
    relay.split_once('[').is_some_and(|(_, inner)| !inner.starts_with("private/") && !inner.starts_with('/'))
}

fn attempt(queue: &str, text: &str) -> Option<crate::report::Delivery> {
    let mut delivery = tried(LogFormat::Postfix, queue, text.strip_prefix("to=<")?.split('>').next()?)?;
    let (fields, outcome) = text.split_once("status=")?;
    delivery.original_recipient = value(fields, "orig_to").and_then(address::usable);
    delivery.remote_mta = value(fields, "relay").filter(|relay| is_remote(relay)).and_then(host);
    delivery.status = value(fields, "dsn").map(str::to_owned);
    let (status, words) = outcome.split_once(' ').unwrap_or((outcome, ""));
    delivery.action = Some(match status {
        "bounced" | "undeliverable" | "expired" => Action::Failed,
        // With soft_bounce, what would have failed stays queued.
        "deferred" | "SOFTBOUNCE" => Action::Delayed,
        "sent" | "deliverable" => Action::Delivered,
        _ => return None,
    });
    let words = words.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(words);
    delivery.diagnostic = (!words.is_empty()).then(|| words.to_owned());
    Some(delivery)
}

//! Sendmail: `sendmail[pid]: QUEUEID: to=<...>, ..., dsn=5.1.1, reply=550 5.1.1 ..., stat=User unknown`.

use super::pairs::{addresses, host, value};
use super::{Event, Fact, Line, LogFormat, event, tried};
use crate::report::Delivery;
use crate::syntax::address;
use crate::vocabulary::Action;

pub(super) fn is(line: &Line<'_>) -> bool {
    line.program.starts_with("sendmail") || line.program.starts_with("sm-")
}

pub(super) fn read(line: &Line<'_>) -> Vec<Event> {
    let Some((queue, text)) = line.text.split_once(": ") else { return Vec::new() };
    if !queue.bytes().all(|b| b.is_ascii_alphanumeric()) || queue.len() < 8 {
        return Vec::new();
    }
    if let Some(rest) = text.strip_prefix("from=") {
        let mut events = Vec::new();
        let sender = rest.split(", ").next().and_then(address::usable);
        events.extend(sender.map(|sender| event(queue, Fact::Sender(sender))));
        events.extend(value(text, "msgid").map(|id| event(queue, Fact::MessageId(id.to_owned()))));
        return events;
    }
    if let Some(words) = given_up(text) {
        return vec![event(queue, Fact::Expired(words.to_owned()))];
    }
    // Each recipient looks at what stands after the list, and not at the list again.
    let Some((list, text)) = text.strip_prefix("to=").and_then(|rest| rest.split_once(", ")) else {
        return Vec::new();
    };
    if !text.contains("stat=") {
        return vec![event(queue, Fact::Broken)];
    }
    addresses(list)
        .iter()
        .filter_map(|to| attempt(queue, to, text))
        .map(|d| event(queue, Fact::Tried(Box::new(d))))
        .collect()
}

/// `NEWID: sender notify: Cannot send message for 5 days`: the notice under its own queue id.
fn given_up(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once(": ")?;
    let (to_whom, words) = rest.split_once(": ")?;
    let notice = matches!(to_whom, "sender notify" | "return to sender" | "postmaster notify" | "DSN");
    // A warning after four hours says "could not send message for past 4 hours": it is still queued.
    (notice && words.starts_with("Cannot send message")).then_some(words)
}

fn attempt(queue: &str, to: &str, text: &str) -> Option<Delivery> {
    let mut delivery = tried(LogFormat::Sendmail, queue, to)?;
    let words = text.split_once("stat=").map(|(_, words)| words.trim())?;
    delivery.status = value(text, "dsn").map(str::to_owned);
    delivery.remote_mta = text.split_once("relay=").and_then(|(_, rest)| host(rest));
    // `ctladdr` is who is responsible for the recipient: an alias's owner, not the address mailed to.
    delivery.action = Some(match delivery.status.as_deref().and_then(|status| status.bytes().next()) {
        Some(b'5') => Action::Failed,
        Some(b'4') => Action::Delayed,
        Some(b'2') => Action::Delivered,
        _ if words.starts_with("Sent") => Action::Delivered,
        _ if words.starts_with("Deferred") || words == "queued" => Action::Delayed,
        _ => Action::Failed,
    });
    let reply = text.split_once("reply=").map(|(_, rest)| rest.split(", stat=").next().unwrap_or(rest));
    delivery.diagnostic = Some(reply.map_or_else(|| words.to_owned(), |reply| format!("{reply} ({words})")));
    Some(delivery)
}

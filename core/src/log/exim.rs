//! Exim's main log: `2026-11-21 10:00:00 1abcde-000000-AB ** user@example.org R=dnslookup T=remote_smtp: ...`.

use super::{Event, Fact, LogFormat, event, tried};
use crate::report::Delivery;
use crate::syntax::address;
use crate::vocabulary::Action;

/// `None` when the line does not start with a message id and a flag.
pub(super) fn read(text: &str) -> Option<Vec<Event>> {
    let text = match text.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        Some((pid, rest)) if pid.bytes().all(|b| b.is_ascii_digit()) => rest,
        _ => text,
    };
    let (id, rest) = text.split_once(' ')?;
    if !is_message_id(id) {
        return None;
    }
    if rest.starts_with("Completed") {
        return Some(vec![event(id, Fact::Done)]);
    }
    let (flag, rest) = rest.split_once(' ')?;
    match flag {
        "<=" => Some(received(id, rest)),
        "=>" | "->" | ">>" => Some(attempt(id, rest, Action::Delivered)),
        "**" => Some(attempt(id, rest, Action::Failed)),
        "==" => Some(attempt(id, rest, Action::Delayed)),
        _ => None,
    }
}

/// `1abcde-000000-AB`, since 4.97 `1abcde-00000000000-ABCD`.
fn is_message_id(id: &str) -> bool {
    let parts: Vec<&str> = id.split('-').collect();
    let word = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric());
    matches!(parts.as_slice(), [a, b, c] if a.len() == 6 && matches!(b.len(), 6 | 11) && matches!(c.len(), 2 | 4) && word(a) && word(b) && word(c))
}

fn received(id: &str, rest: &str) -> Vec<Event> {
    let mut events = Vec::new();
    if let Some(sender) = rest.split(' ').next().and_then(address::usable) {
        events.push(event(id, Fact::Sender(sender)));
    }
    if let Some(message_id) = rest.split(' ').find_map(|word| word.strip_prefix("id=")) {
        events.push(event(id, Fact::MessageId(message_id.trim_matches(['<', '>']).to_owned())));
    }
    // Logged only with log_selector = +subject.
    if let Some(subject) =
        rest.split_once(" T=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(subject, _)| subject)
    {
        events.push(event(id, Fact::Subject(subject.to_owned())));
    }
    events
}

fn attempt(id: &str, rest: &str, action: Action) -> Vec<Event> {
    parse(id, rest, action).map(|delivery| event(id, Fact::Tried(Box::new(delivery)))).into_iter().collect()
}

fn parse(id: &str, rest: &str, action: Action) -> Option<Delivery> {
    let (head, words) = split(rest, action);
    let mut names = head.split(' ').take_while(|word| !word.contains('=') || word.contains('@'));
    let first = names.next()?.trim_end_matches(':');
    let mut delivery = tried(LogFormat::Exim, id, first)?;
    // `final <original>`: where an alias or a forward led.
    delivery.original_recipient = names
        .next()
        .filter(|word| word.starts_with('<'))
        .and_then(address::usable)
        .filter(|a| !address::same(a, first));
    delivery.action = Some(action);
    let host = head
        .split(" H=")
        .nth(1)
        .or_else(|| words.split("host ").nth(1))
        .and_then(|rest| rest.split([' ', '[']).next());
    delivery.remote_mta =
        host.filter(|host| !host.is_empty()).map(|host| host.trim_end_matches('.').to_owned());
    let confirmed = head.split(" C=\"").nth(1).and_then(|rest| rest.split('"').next());
    let words = confirmed.unwrap_or(words).trim();
    delivery.diagnostic = (!words.is_empty()).then(|| words.to_owned());
    Some(delivery)
}

/// The fields and the words after them: a colon ends the fields of `**`, `defer (n)` those of `==`.
fn split(rest: &str, action: Action) -> (&str, &str) {
    match action {
        Action::Delayed => match rest.split_once(" defer (") {
            Some((head, words)) => (head, words.split_once(':').map_or("", |(_, words)| words)),
            None => (rest, ""),
        },
        Action::Failed => rest.split_once(": ").unwrap_or((rest, "")),
        _ => (rest, ""),
    }
}

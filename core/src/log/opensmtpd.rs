//! OpenSMTPD: `smtpd[pid]: SESSION mta delivery evpid=... from=<...> to=<...> result="PermFail" stat="550 ..."`.

use super::pairs::{host, value};
use super::{Event, Fact, Line, LogFormat, event, tried};
use crate::syntax::address;
use crate::vocabulary::Action;

/// `None` when the line is about no delivery.
pub(super) fn read(line: &Line<'_>) -> Option<Vec<Event>> {
    let text = line.text;
    let envelope = value(text, "evpid")?;
    let result = value(text, "result")?;
    let mut delivery = tried(LogFormat::OpenSmtpd, envelope, value(text, "to")?)?;
    delivery.original_recipient = value(text, "rcpt").and_then(address::usable);
    delivery.sender = value(text, "from").and_then(address::usable);
    delivery.action = Some(match result {
        "Ok" => Action::Delivered,
        "TempFail" => Action::Delayed,
        "PermFail" | "Loop" => Action::Failed,
        _ => return None,
    });
    delivery.diagnostic = value(text, "stat").map(str::to_owned);
    // relay="192.0.2.1 (mx.example.org)"
    delivery.remote_mta = value(text, "relay").and_then(|relay| match relay.split_once('(') {
        Some((_, name)) => host(name.trim_end_matches(')')),
        None => host(relay),
    });
    Some(vec![event(envelope, Fact::Tried(Box::new(delivery)))])
}

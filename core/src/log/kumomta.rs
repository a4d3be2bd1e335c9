//! KumoMTA's log records: one JSON object a line, as its documentation of `configure_local_logs` lists the fields.

use serde_json::Value;

use super::{Event, Fact, LogFormat, event, stamp, tried};
use crate::syntax::address;
use crate::vocabulary::{Action, Kind};

/// Whether an object is a record of KumoMTA's.
pub(super) fn is(json: &Value) -> bool {
    text(json, "type").is_some()
}

/// Nothing when the record is about no delivery.
pub(super) fn read(json: &Value) -> Vec<Event> {
    let Some(kind) = text(json, "type") else { return Vec::new() };
    let action = match kind {
        "Delivery" => Action::Delivered,
        "Bounce" | "AdminBounce" | "Expiration" | "OOB" => Action::Failed,
        "TransientFailure" | "Delayed" => Action::Delayed,
        _ => return Vec::new(),
    };
    let id = text(json, "id").unwrap_or_default();
    let mut events: Vec<Event> = Vec::new();
    for recipient in recipients(json) {
        let Some(mut delivery) = tried(LogFormat::KumoMta, id, recipient) else { continue };
        delivery.action = Some(action);
        delivery.kind = (kind == "OOB").then_some(Kind::Bounce);
        delivery.sender = text(json, "sender").and_then(address::usable);
        delivery.diagnostic = json.get("response").and_then(response);
        delivery.remote_mta = json
            .get("peer_address")
            .and_then(|peer| text(peer, "name"))
            .map(|name| name.trim_end_matches('.').to_owned());
        delivery.last_attempt_date = seconds(json, "timestamp");
        delivery.arrival_date = seconds(json, "created");
        let headers = json.get("headers");
        let header = |name: &str| headers.and_then(|headers| text(headers, name)).map(str::to_owned);
        delivery.subject = header("Subject");
        delivery.message_id = header("Message-ID")
            .or_else(|| header("Message-Id"))
            .map(|id| id.trim_matches(['<', '>']).to_owned());
        events.push(event(id, Fact::Tried(Box::new(delivery))));
    }
    events
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// One address, or a list of them since batched deliveries are logged as one.
fn recipients(json: &Value) -> Vec<&str> {
    match json.get("recipient") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// `{"code": 550, "enhanced_code": {"class": 5, ...}, "content": "...", "command": "RCPT TO:<...>"}` as one reply.
fn response(value: &Value) -> Option<String> {
    let code = value.get("code").and_then(Value::as_u64)?;
    let part = |name: &str| value.get("enhanced_code").and_then(|e| e.get(name)).and_then(Value::as_u64);
    let status = match (part("class"), part("subject"), part("detail")) {
        (Some(class), Some(subject), Some(detail)) => format!(" {class}.{subject}.{detail}"),
        _ => String::new(),
    };
    let content = text(value, "content").unwrap_or_default().replace(['\r', '\n'], " ");
    let command = text(value, "command")
        .map(|command| command.split(['<', '\r', '\n']).next().unwrap_or("").trim().trim_end_matches(':'));
    let stage = command
        .filter(|command| !command.is_empty())
        .map_or_else(String::new, |c| format!(" (in reply to {c} command)"));
    Some(format!("{code}{status} {content}{stage}"))
}

fn seconds(json: &Value, key: &str) -> Option<mail_parser::DateTime> {
    let value = json.get(key)?;
    value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64)).and_then(stamp::epoch)
}

//! A record as a flat row, for formats that have columns.

use komainu::Record;
use komainu::io::ParsedMail;
use serde::Serialize;

/// A value in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    Bool,
}

/// A value of a row. Texts that are JSON stand for lists and objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(Option<String>),
    Number(Option<u64>),
    Bool(bool),
}

/// A column: the name of the record's key, and how to read it.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) read: fn(&ParsedMail, &Record) -> Value,
}

fn text(value: &Option<String>) -> Value {
    Value::Text(value.clone())
}

fn word(value: &str) -> Value {
    Value::Text(Some(value.to_owned()))
}

fn json<T: Serialize>(value: &T) -> Value {
    let json = serde_json::to_string(value).unwrap_or_default();
    Value::Text((json != "null").then_some(json))
}

macro_rules! columns {
    ($($name:ident $kind:ident $read:expr;)+) => {
        /// All columns: the place, then the record's keys in their order.
        pub(crate) const COLUMNS: &[Column] = &[$(Column { name: stringify!($name), kind: Kind::$kind, read: $read },)+];
    };
}

columns! {
    source Text |m, _| word(&m.source);
    index Number |m, _| Value::Number(Some(m.index));
    offset Number |m, _| Value::Number(Some(m.offset));
    id Text |_, r| word(&r.id);
    kind Text |_, r| word(r.kind.as_str());
    recipient Text |_, r| text(&r.recipient);
    recipient_source Text |_, r| Value::Text(r.recipient_source.map(|v| v.to_string()));
    original_recipient Text |_, r| text(&r.original_recipient);
    sender Text |_, r| text(&r.sender);
    reason Text |_, r| word(r.reason.as_str());
    hard Bool |_, r| Value::Bool(r.hard);
    blame Text |_, r| word(r.blame.as_str());
    advice Text |_, r| word(r.advice.as_str());
    action Text |_, r| Value::Text(r.action.map(|v| v.to_string()));
    status Text |_, r| text(&r.status);
    dsn_status Text |_, r| text(&r.dsn_status);
    derived_status Text |_, r| text(&r.derived_status);
    reply_code Number |_, r| Value::Number(r.reply_code.map(u64::from));
    command Text |_, r| Value::Text(r.command.map(|v| v.to_string()));
    diagnostic Text |_, r| text(&r.diagnostic);
    diagnostic_type Text |_, r| text(&r.diagnostic_type);
    reporting_mta Text |_, r| text(&r.reporting_mta);
    received_from_mta Text |_, r| text(&r.received_from_mta);
    remote_mta Text |_, r| text(&r.remote_mta);
    source_ip Text |_, r| text(&r.source_ip);
    provider Text |_, r| text(&r.provider);
    format Text |_, r| word(&r.format);
    new_address Text |_, r| text(&r.new_address);
    retry_after Number |_, r| Value::Number(r.retry_after);
    feedback Text |_, r| json(&r.feedback);
    subject Text |_, r| text(&r.subject);
    message_id Text |_, r| text(&r.message_id);
    list_id Text |_, r| text(&r.list_id);
    feedback_id Text |_, r| text(&r.feedback_id);
    headers Text |_, r| json(&r.headers);
    original_envelope_id Text |_, r| text(&r.original_envelope_id);
    queue_id Text |_, r| text(&r.queue_id);
    timestamp Text |_, r| text(&r.timestamp);
    arrival_date Text |_, r| text(&r.arrival_date);
    last_attempt_date Text |_, r| text(&r.last_attempt_date);
    will_retry_until Text |_, r| text(&r.will_retry_until);
    decided_by Text |_, r| word(r.decided_by.as_str());
    evidence Text |_, r| json(&r.evidence);
    also Text |_, r| json(&r.also);
    address_status Text |_, r| Value::Text(r.address_status.map(|v| v.to_string()));
    authenticity Text |_, r| Value::Text(r.authenticity.map(|v| v.to_string()));
}

impl Value {
    /// As a cell of text; absent is empty.
    pub(crate) fn into_cell(self) -> String {
        match self {
            Self::Text(text) => text.unwrap_or_default(),
            Self::Number(number) => number.map(|n| n.to_string()).unwrap_or_default(),
            Self::Bool(value) => value.to_string(),
        }
    }
}

/// A mail with one record in it, for the tests of outputs.
#[cfg(test)]
pub(crate) fn sample() -> ParsedMail {
    use komainu::io::{Scan, ScanOptions};
    let raw = "From: MAILER-DAEMON@mx.example.com (Mail Delivery System)\nDate: Thu, 29 Apr 2010 23:34:45 +0900\nSubject: Undelivered Mail Returned to Sender\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=b\nMIME-Version: 1.0\n\n--b\n\nIt failed, \"sorry\".\n--b\n\
        Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; Taro@Example.org\n\
        Action: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.example.org\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n--b\nContent-Type: message/rfc822\n\n\
        From: Hana@example.com\nTo: Taro@example.org\nSubject: =?utf-8?q?Hello=2C_you?=\nMessage-ID: <1@example.com>\nList-Id: <l.example.com>\n\nhi\n--b--\n";
    let paths: [&str; 0] = [];
    let mail = Scan::new(paths, ScanOptions::default())
        .and_reader("a.eml", raw.as_bytes())
        .next()
        .expect("one mail")
        .expect("no problem");
    let parsed = mail.parse(&komainu::Analyzer::default());
    assert_eq!(parsed.report.records.len(), 1, "{parsed:?}");
    parsed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_the_keys_of_the_json_in_their_order() {
        let mail = sample();
        let record = &mail.report.records[0];
        let json = mail.record_json(record);
        let mut rest = json.as_str();
        for column in COLUMNS {
            let key = format!("\"{}\":", column.name);
            let at = rest.find(&key).unwrap_or_else(|| panic!("{key} is not behind the column before it"));
            rest = &rest[at + key.len()..];
        }
        let keys: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&json).expect("an object");
        assert_eq!(keys.len(), COLUMNS.len());
        for column in COLUMNS {
            let cell = (column.read)(&mail, record).into_cell();
            match &keys[column.name] {
                serde_json::Value::Null => assert_eq!(cell, "", "{}", column.name),
                serde_json::Value::String(text) => assert_eq!(&cell, text, "{}", column.name),
                other => {
                    assert_eq!(serde_json::from_str(&cell).ok().as_ref(), Some(other), "{}", column.name);
                }
            }
        }
    }
}

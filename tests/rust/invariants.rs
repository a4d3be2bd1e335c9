//! What must hold of every report, whatever the mail was: the checks of property tests, mutations and fuzzing.

use std::collections::HashSet;

use komainu::{Kind, Record, Report};
use serde_json::Value;

use crate::haystack::Haystack;

/// Records whose addresses are looked for.
const MOST_ADDRESSES: usize = 20;

/// Checks a report against the mail that it was read from.
///
/// # Errors
/// What does not hold, for people.
pub fn check(raw: &[u8], report: &Report) -> Result<(), String> {
    check_form(report)?;
    let mut haystack = None;
    // A search through the whole mail for each of ten thousand recipients would prove no more than for some.
    for record in report.records.iter().take(MOST_ADDRESSES) {
        for address in [&record.recipient, &record.original_recipient].into_iter().flatten() {
            let haystack = haystack.get_or_insert_with(|| Haystack::of(raw));
            if !haystack.holds(address) {
                return Err(format!("the address {address:?} does not occur in the mail"));
            }
        }
    }
    Ok(())
}

/// Checks what can be said of a report without its mail.
///
/// # Errors
/// What does not hold, for people.
pub fn check_form(report: &Report) -> Result<(), String> {
    if (report.kind == Kind::Other) != report.records.is_empty() {
        return Err(format!("kind {} with {} records", report.kind, report.records.len()));
    }
    let value = round_trip(report)?;
    let mut ids = HashSet::new();
    for (record, value) in report.records.iter().zip(value["records"].as_array().into_iter().flatten()) {
        if !ids.insert(&record.id) {
            return Err(format!("two records with id {}", record.id));
        }
        check_record(record, value)?;
    }
    Ok(())
}

/// JSON that reads back as what was written, keys in the record's own order.
fn round_trip(report: &Report) -> Result<Value, String> {
    let text = report.to_json();
    let read: Value = serde_json::from_str(&text).map_err(|error| format!("no JSON: {error}"))?;
    let written = serde_json::to_value(report).map_err(|error| error.to_string())?;
    if read == written { Ok(read) } else { Err("JSON does not round-trip".to_owned()) }
}

/// Checks a record that was read from a log against the log's text.
///
/// # Errors
/// What does not hold, for people.
pub fn check_log_record(text: &str, record: &Record) -> Result<(), String> {
    let value = serde_json::from_str(&record.to_json()).map_err(|error| format!("no JSON: {error}"))?;
    check_record(record, &value)?;
    let local = |address: &str| address.rsplit_once('@').map_or(address, |(local, _)| local).to_owned();
    match record.recipient.as_deref().map(local) {
        // A log in JSON may write any letter by its number, one in CSV doubles its quotes.
        Some(name) if !text.contains(&name) && !text.contains('\\') && !text.contains("\"\"") => {
            Err(format!("the recipient {name:?} is in no line"))
        }
        _ => Ok(()),
    }
}

fn check_record(record: &Record, value: &Value) -> Result<(), String> {
    if record.kind == Kind::Other {
        return Err("a record of kind other".to_owned());
    }
    if record.hard && record.kind != Kind::Bounce {
        return Err(format!("hard, and a {}", record.kind));
    }
    if record.id.len() != 32 || !record.id.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(format!("the id {:?}", record.id));
    }
    let times =
        [&record.timestamp, &record.arrival_date, &record.last_attempt_date, &record.will_retry_until];
    for time in times.into_iter().flatten() {
        time.parse::<jiff::Timestamp>().map_err(|error| format!("{time:?} is not RFC 3339: {error}"))?;
    }
    for entry in &record.evidence {
        if !holds(&value[&entry.field], &entry.text) {
            return Err(format!(
                "evidence {:?} of {} is not in {} = {}",
                entry.text, entry.rule, entry.field, value[&entry.field]
            ));
        }
    }
    Ok(())
}

/// Whether a key's value has these words: text, number, or any text of an object.
fn holds(value: &Value, words: &str) -> bool {
    match value {
        Value::String(text) => text.contains(words),
        Value::Number(number) => number.to_string().contains(words),
        Value::Object(map) => map.values().any(|value| holds(value, words)),
        _ => false,
    }
}

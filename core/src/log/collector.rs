//! Lines that a collector wrapped in JSON: `journalctl --output=json`, Docker's `json-file`.

use mail_parser::DateTime;
use serde_json::Value;

use super::Line;
use super::stamp::{Clock, epoch};

/// A line as journald keeps it: its text, program and host are fields of their own.
pub(super) struct Entry {
    text: String,
    program: String,
    host: Option<String>,
    pub(super) date: Option<DateTime>,
}

impl Entry {
    /// `None` where the object is no entry of a journal.
    pub(super) fn of(json: &Value) -> Option<Self> {
        let field = |key: &str| json.get(key).and_then(Value::as_str);
        let text = match json.get("MESSAGE")? {
            Value::String(text) => text.clone(),
            // What is not UTF-8 is printed as a list of bytes.
            Value::Array(bytes) => {
                let bytes: Option<Vec<u8>> = bytes.iter().map(|b| b.as_u64()?.try_into().ok()).collect();
                String::from_utf8_lossy(&bytes?).into_owned()
            }
            _ => return None,
        };
        let program = field("SYSLOG_IDENTIFIER").or_else(|| field("_COMM")).unwrap_or_default().to_owned();
        let microseconds = field("__REALTIME_TIMESTAMP").and_then(|number| number.parse::<i64>().ok());
        let date = microseconds.and_then(|number| epoch(number / 1_000_000));
        Some(Self { text, program, host: field("_HOSTNAME").map(str::to_owned), date })
    }

    pub(super) fn line(&self) -> Line<'_> {
        Line { host: self.host.as_deref(), program: &self.program, text: &self.text }
    }
}

/// A line as Docker keeps a container's output: the line itself, and when it was written.
pub(super) fn docker<'j>(json: &'j Value, clock: &Clock) -> Option<(&'j str, Option<DateTime>)> {
    let line = json.get("log")?.as_str()?.trim_end_matches(['\r', '\n']);
    json.get("stream")?.as_str()?;
    let time = json.get("time").and_then(Value::as_str);
    Some((line, time.and_then(|time| clock.field(time))))
}

//! PowerMTA's accounting files: CSV with a header line that names the columns.

use super::pairs::host;
use super::stamp::Clock;
use super::{Event, Fact, LogFormat, event, tried};
use crate::report::Delivery;
use crate::syntax::address;
use crate::vocabulary::{Action, Kind};

/// The columns of the file that is being read.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    names: Vec<String>,
}

impl Columns {
    /// Reads a header line. `None` when the line is none.
    pub(super) fn of(line: &str) -> Option<Self> {
        if !line.starts_with("type,") && !line.starts_with("\"type\",") {
            return None;
        }
        let names: Vec<String> = split(line).iter().map(|name| name.trim().to_ascii_lowercase()).collect();
        names.iter().any(|name| name == "rcpt").then_some(Self { names })
    }

    /// Reads a line of values.
    pub(super) fn read(&self, line: &str, clock: &Clock) -> Vec<Event> {
        let values = split(line);
        let get = |name: &str| {
            let at = self.names.iter().position(|known| known == name)?;
            values.get(at).map(String::as_str).filter(|value| !value.is_empty())
        };
        let id = get("header_message-id").or_else(|| get("envid")).unwrap_or_default();
        let queue = format!("{id} {}", get("rcpt").unwrap_or_default());
        match attempt(&get, clock) {
            Some(delivery) => vec![event(&queue, Fact::Tried(Box::new(delivery)))],
            None if values.len() < self.names.len() => vec![event(&queue, Fact::Broken)],
            None => Vec::new(),
        }
    }
}

fn attempt<'v>(get: &impl Fn(&str) -> Option<&'v str>, clock: &Clock) -> Option<Delivery> {
    let kind = get("type")?;
    let action = match kind {
        "d" => Action::Delivered,
        "b" | "rb" => Action::Failed,
        "t" | "tq" => Action::Delayed,
        _ => return None,
    };
    let mut delivery = tried(LogFormat::PowerMta, "", get("rcpt")?)?;
    delivery.action = Some(action);
    delivery.kind = (kind == "rb").then_some(Kind::Bounce);
    delivery.original_recipient =
        get("orcpt").and_then(|value| address::usable(value.rsplit(';').next().unwrap_or(value)));
    delivery.sender = get("orig").and_then(address::usable);
    // dsnStatus is "5.1.1 (bad destination mailbox address)"
    delivery.status = get("dsnstatus").and_then(|value| value.split(' ').next()).map(str::to_owned);
    let words = get("dsndiag").unwrap_or_default();
    let (kind, rest) = crate::report::typed(words);
    delivery.diagnostic = (!rest.is_empty()).then(|| rest.to_owned());
    delivery.diagnostic_type = (!kind.is_empty()).then(|| kind.into_owned());
    delivery.remote_mta = get("dsnmta").and_then(host);
    delivery.last_attempt_date = get("timelogged").and_then(|value| clock.field(value));
    delivery.arrival_date = get("timequeued").and_then(|value| clock.field(value));
    delivery.message_id = get("header_message-id").map(|id| id.trim_matches(['<', '>']).to_owned());
    delivery.subject = get("header_subject").map(str::to_owned);
    delivery.original_envelope_id = get("envid").map(str::to_owned);
    Some(delivery)
}

/// The values of one line (RFC 4180).
fn split(line: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line.as_bytes());
    let record = reader.records().next().and_then(Result::ok).unwrap_or_default();
    record.iter().map(str::to_owned).collect()
}

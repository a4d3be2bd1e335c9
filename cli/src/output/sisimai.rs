//! The JSON of Sisimai 5 and of Sisimai 4, for programs that read those.

use jiff::Timestamp;
use komainu::io::ParsedMail;
use komainu::{Kind, Record};
use serde::Serialize;
use sha1::{Digest, Sha1};

use crate::filter::domain_of;

/// Sisimai 5's keys.
#[derive(Serialize)]
struct Five<'a> {
    action: &'a str,
    addresser: &'a str,
    alias: &'a str,
    catch: Option<()>,
    command: &'a str,
    decodedby: String,
    deliverystatus: &'a str,
    destination: &'a str,
    diagnosticcode: &'a str,
    diagnostictype: String,
    feedbackid: &'a str,
    feedbacktype: &'a str,
    hardbounce: bool,
    lhost: &'a str,
    listid: &'a str,
    messageid: &'a str,
    origin: &'a str,
    reason: &'a str,
    recipient: &'a str,
    replycode: String,
    rhost: &'a str,
    senderdomain: &'a str,
    subject: &'a str,
    timestamp: Epoch,
    timezoneoffset: String,
    token: String,
}

/// The 22 keys of Sisimai 4, in the order of its documentation.
#[derive(Serialize)]
struct Four<'a> {
    token: String,
    deliverystatus: &'a str,
    destination: &'a str,
    timezoneoffset: String,
    smtpcommand: &'a str,
    listid: &'a str,
    replycode: String,
    subject: &'a str,
    diagnostictype: String,
    diagnosticcode: &'a str,
    senderdomain: &'a str,
    feedbacktype: &'a str,
    alias: &'a str,
    reason: &'a str,
    addresser: &'a str,
    lhost: &'a str,
    smtpagent: String,
    rhost: &'a str,
    messageid: &'a str,
    action: &'a str,
    recipient: &'a str,
    timestamp: Epoch,
}

/// Seconds since 1970; the empty string where the mail has no date.
#[derive(Clone, Copy, Serialize)]
#[serde(untagged)]
enum Epoch {
    Known(i64),
    Absent(&'static str),
}

/// A line of Sisimai 5's JSON for each record.
pub(super) fn five(mail: &ParsedMail, lines: &mut Vec<u8>) {
    each(mail, lines, |record| Five {
        action: name(record.action.map(komainu::Action::as_str)),
        addresser: text(&record.sender),
        alias: text(&record.original_recipient),
        catch: None,
        command: name(record.command.map(komainu::Command::as_str)),
        decodedby: agent(record),
        deliverystatus: text(&record.status),
        destination: domain_of(record).unwrap_or_default(),
        diagnosticcode: text(&record.diagnostic),
        diagnostictype: text(&record.diagnostic_type).to_uppercase(),
        feedbackid: text(&record.feedback_id),
        feedbacktype: feedback_type(record),
        hardbounce: record.hard,
        lhost: text(&record.reporting_mta),
        listid: text(&record.list_id),
        messageid: text(&record.message_id),
        origin: &mail.source,
        reason: reason(record, "sisimai-5.6"),
        recipient: text(&record.recipient),
        replycode: reply_code(record),
        rhost: text(&record.remote_mta),
        senderdomain: sender_domain(record),
        subject: text(&record.subject),
        timestamp: epoch(record),
        timezoneoffset: offset(record),
        token: token(text(&record.sender), text(&record.recipient), epoch(record)),
    });
}

/// A line of Sisimai 4's JSON for each record.
pub(super) fn four(mail: &ParsedMail, lines: &mut Vec<u8>) {
    each(mail, lines, |record| Four {
        token: token(text(&record.sender), text(&record.recipient), epoch(record)),
        deliverystatus: text(&record.status),
        destination: domain_of(record).unwrap_or_default(),
        timezoneoffset: offset(record),
        smtpcommand: name(record.command.map(komainu::Command::as_str)),
        listid: text(&record.list_id),
        replycode: reply_code(record),
        subject: text(&record.subject),
        diagnostictype: text(&record.diagnostic_type).to_uppercase(),
        diagnosticcode: text(&record.diagnostic),
        senderdomain: sender_domain(record),
        feedbacktype: feedback_type(record),
        alias: text(&record.original_recipient),
        reason: reason(record, "sisimai"),
        addresser: text(&record.sender),
        lhost: text(&record.reporting_mta),
        smtpagent: agent(record),
        rhost: text(&record.remote_mta),
        messageid: text(&record.message_id),
        action: name(record.action.map(komainu::Action::as_str)),
        recipient: text(&record.recipient),
        timestamp: epoch(record),
    });
}

fn each<'a, T: Serialize>(mail: &'a ParsedMail, lines: &mut Vec<u8>, map: impl Fn(&'a Record) -> T) {
    for record in &mail.report.records {
        // Success notices are no bounces to Sisimai unless asked for; its name for their reason is the same.
        let line = serde_json::to_string(&map(record)).unwrap_or_default();
        lines.extend_from_slice(line.as_bytes());
        lines.push(b'\n');
    }
}

fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or_default()
}

fn name(value: Option<&'static str>) -> &'static str {
    value.unwrap_or_default()
}

fn reply_code(record: &Record) -> String {
    record.reply_code.map(|code| code.to_string()).unwrap_or_default()
}

fn sender_domain(record: &Record) -> &str {
    text(&record.sender).rsplit_once('@').map_or("", |(_, domain)| domain)
}

fn feedback_type(record: &Record) -> &str {
    record.feedback.as_ref().and_then(|feedback| feedback.kind.as_deref()).unwrap_or_default()
}

/// A reason that Sisimai has no name for keeps ours: readers expect one.
fn reason(record: &Record, system: &str) -> &'static str {
    match record.kind {
        Kind::Feedback => "feedback",
        _ => record.reason.name_in(system).ok().flatten().unwrap_or(record.reason.as_str()),
    }
}

/// The format's name as Sisimai spells most of its own: `Postfix`, `Exim`, `RFC3464`.
fn agent(record: &Record) -> String {
    if record.format.starts_with("rfc") || record.format == "arf" {
        return record.format.to_uppercase();
    }
    let mut letters = record.format.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn epoch(record: &Record) -> Epoch {
    let time = record.timestamp.as_deref().and_then(|time| time.parse::<Timestamp>().ok());
    time.map_or(Epoch::Absent(""), |time| Epoch::Known(time.as_second()))
}

/// `+0900` of an RFC 3339 time.
fn offset(record: &Record) -> String {
    let time = text(&record.timestamp);
    match time.len().checked_sub(6).and_then(|at| time.get(at..)) {
        Some(zone) if zone.starts_with(['+', '-']) => zone.replace(':', ""),
        _ if time.ends_with('Z') => "+0000".to_owned(),
        _ => String::new(),
    }
}

/// The same bounce has the same token in both programs.
fn token(addresser: &str, recipient: &str, epoch: Epoch) -> String {
    let epoch = match epoch {
        Epoch::Known(seconds) => seconds.to_string(),
        Epoch::Absent(_) => String::new(),
    };
    let (addresser, recipient) = (addresser.to_lowercase(), recipient.to_lowercase());
    let digest = Sha1::digest(format!("\u{2}{addresser}\u{1e}{recipient}\u{1e}{epoch}\u{3}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::columns::sample;
    use super::*;

    fn object(to_lines: fn(&ParsedMail, &mut Vec<u8>)) -> serde_json::Map<String, serde_json::Value> {
        let mut lines = Vec::new();
        to_lines(&sample(), &mut lines);
        serde_json::from_slice(&lines).expect("one object")
    }

    #[test]
    fn the_token_is_a_sha1_over_both_addresses_and_the_time() {
        // printf '\002hana@example.com\036taro@example.org\0361272551685\003' | sha1sum
        assert_eq!(
            token("Hana@example.com", "Taro@example.org", Epoch::Known(1_272_551_685)),
            "62bb5c58cd64c7b1ad2ca517b8ff16136a8fc7e5"
        );
    }

    #[test]
    fn four_has_its_22_keys_and_five_its_own() {
        let four = object(four);
        assert_eq!(four.len(), 22);
        for (key, value) in [
            ("recipient", "Taro@example.org"),
            ("destination", "example.org"),
            ("addresser", "Hana@example.com"),
            ("senderdomain", "example.com"),
            ("deliverystatus", "5.1.1"),
            ("replycode", "550"),
            ("diagnostictype", "SMTP"),
            ("reason", "userunknown"),
            ("timezoneoffset", "+0900"),
            ("listid", "l.example.com"),
            ("alias", ""),
            ("feedbacktype", ""),
            ("subject", "Hello, you"),
            ("token", "62bb5c58cd64c7b1ad2ca517b8ff16136a8fc7e5"),
        ] {
            assert_eq!(four[key], value, "{key}");
        }
        assert_eq!(four["timestamp"], 1_272_551_685);
        let five = object(five);
        assert_eq!(five["hardbounce"], true);
        assert_eq!(five["origin"], "a.eml");
        assert_eq!(five["token"], four["token"]);
        assert!(five.contains_key("decodedby") && !five.contains_key("smtpagent"));
    }
}

//! Feedback reports: ARF (RFC 5965), authentication failures (RFC 6591), and providers' look-alikes.

use std::borrow::Cow;

use crate::message::{Headers, MachineKind};
use crate::record::Feedback;
use crate::syntax::address;
use crate::vocabulary::{Kind, RecipientSource};

use super::delivery::first_address;
use super::fields::{Block, blocks, host, typed};
use super::{Delivery, ReturnedMail, Source, share};

/// One delivery for each reported recipient. `None` when this is no feedback report.
pub(super) fn read(source: &Source<'_, '_>, returned: &ReturnedMail) -> Option<Vec<Delivery>> {
    let part = source.message.machine_text(MachineKind::FeedbackReport);
    let text = part.or_else(|| look_alike(source).map(Cow::Owned))?;
    let mut block = Block::default();
    for more in blocks(&text, |_| true) {
        block.absorb(more);
    }
    let mut recipients = reported(&block);
    if recipients.is_empty() {
        recipients.extend(from_returned(returned).map(|to| (to, RecipientSource::ReturnedTo)));
    }
    let get = |name: &str| block.get(name).map(|value| share(value, recipients.len()));
    let mut base = Delivery::new("arf");
    base.kind = Some(Kind::Feedback);
    base.feedback = Some(feedback(get));
    base.reporting_mta = get("reporting-mta").and_then(host);
    base.arrival_date = ["arrival-date", "received-date"]
        .iter()
        .find_map(|name| get(name))
        .and_then(crate::message::date::parse_text);
    base.original_envelope_id = get("original-envelope-id").map(str::to_owned);
    base.sender = get("original-mail-from").and_then(|value| address::usable(typed(value).1));
    if recipients.is_empty() {
        return Some(vec![base]);
    }
    let deliveries = recipients.into_iter().map(|(recipient, from)| {
        let mut delivery = base.clone();
        delivery.recipient = Some(recipient);
        delivery.recipient_source = Some(from);
        delivery
    });
    Some(deliveries.collect())
}

/// The fields of complaint loops without a feedback-report part: Microsoft's JMRP, and mails that only say what they are.
fn look_alike(source: &Source<'_, '_>) -> Option<String> {
    let headers = &source.message.headers;
    let returned = source.message.returned.as_ref();
    let jmrp = headers.contains("from", "staff@hotmail.com")
        || headers.has("x-hmxmroriginalrecipient")
        || returned.is_some_and(|headers| headers.has("x-hmxmroriginalrecipient"));
    const COMPLAINT: &str = "complaint about message from";
    let start = source.subject.get(..COMPLAINT.len());
    let says = start.is_some_and(|start| start.eq_ignore_ascii_case(COMPLAINT))
        || source.message.report_type == "feedback-report"
        || headers.text("feedback-type").is_some();
    if !jmrp && !says {
        return None;
    }
    let mut text = String::from("Feedback-Type: abuse\n");
    if let Some(kind) = headers.text("feedback-type") {
        text = format!("Feedback-Type: {kind}\n");
    }
    for name in ["x-hmxmroriginalrecipient", "x-original-recipient"] {
        let recipient = returned.and_then(|headers| headers.text(name)).or_else(|| headers.text(name));
        if let Some(recipient) = recipient {
            text.push_str(&format!("Original-Rcpt-To: {recipient}\n"));
            break;
        }
    }
    if let Some(ip) =
        source.subject.rsplit(' ').next().filter(|word| word.parse::<std::net::IpAddr>().is_ok())
    {
        text.push_str(&format!("Source-IP: {ip}\n"));
    }
    Some(text)
}

fn feedback<'b>(get: impl Fn(&str) -> Option<&'b str>) -> Feedback {
    let text = |name: &str| get(name).map(str::to_owned);
    Feedback {
        kind: text("feedback-type").map(|kind| kind.trim().to_ascii_lowercase()),
        user_agent: text("user-agent"),
        source_ip: text("source-ip")
            .or_else(|| text("source"))
            .map(|ip| ip.trim_matches(['[', ']']).to_owned()),
        original_envelope_id: text("original-envelope-id"),
        auth_failure: text("auth-failure").map(|kind| kind.to_ascii_lowercase()),
        incidents: get("incidents").and_then(|n| n.trim().parse().ok()),
    }
}

/// Original-Rcpt-To may stand several times; some name the recipient in fields of their own.
fn reported(block: &Block<'_>) -> Vec<(String, RecipientSource)> {
    let mut found: Vec<(String, RecipientSource)> = Vec::new();
    for name in
        ["original-rcpt-to", "removal-recipient", "final-recipient", "original-recipient", "x-original-to"]
    {
        for value in block.all(name) {
            for part in value.split(',') {
                let named = address::usable(typed(part).1);
                found.extend(named.map(|address| (address, RecipientSource::Feedback)));
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found.dedup();
    found
}

fn from_returned(returned: &ReturnedMail) -> Option<String> {
    let headers: &Headers<'_> = returned.headers()?;
    first_address(headers, "x-hmxmroriginalrecipient")
        .or_else(|| returned.single_to())
        .or_else(|| ["x-original-to", "delivered-to"].iter().find_map(|name| first_address(headers, name)))
}

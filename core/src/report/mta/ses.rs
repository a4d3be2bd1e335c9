//! Amazon SES notifications: the JSON that SNS sends as mail, and that a queue or a webhook hands on as it is.
//!
//! Keys as in Amazon's documentation of notification contents: `bounce`, `complaint`, `delivery`, `mail`.

use serde_json::Value;

use crate::message::date;
use crate::record::Feedback;
use crate::vocabulary::{Action, Kind, RecipientSource};

use super::super::fields::{host, typed};
use super::super::{Delivery, Source};

/// One delivery for each recipient of the notification. `None` when the text is none.
pub(super) fn read(source: &Source<'_, '_>) -> Option<Vec<Delivery>> {
    let text = &source.message.text;
    // Most mail holds no brace.
    let start = memchr::memchr(b'{', text.as_bytes())?;
    if !text.contains("notificationType") && !text.contains("eventType") {
        return None;
    }
    let json = object(text, start)?;
    let kind = json.get("notificationType").or_else(|| json.get("eventType"))?.as_str()?;
    let mut found = match kind {
        "Bounce" => bounced(json.get("bounce")?),
        "Complaint" => complained(json.get("complaint")?),
        "Delivery" => delivered(json.get("delivery")?),
        "DeliveryDelay" => delayed(json.get("deliveryDelay")?),
        _ => return None,
    };
    for delivery in &mut found {
        mailed(delivery, json.get("mail"));
    }
    Some(found)
}

/// The JSON object that starts here; line ends inside it were put there by the mail.
fn object(text: &str, start: usize) -> Option<Value> {
    let parse = |text: &str| {
        let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        stream.next()?.ok()
    };
    let value = parse(&text[start..]).or_else(|| {
        let end = text.find("\n--").unwrap_or(text.len());
        parse(&text.get(start..end)?.replace("\n ", "").replace('\n', ""))
    })?;
    // SNS itself wraps the notification as a string.
    match value.get("Message").and_then(Value::as_str) {
        Some(inner) => parse(inner),
        None => Some(value),
    }
}

/// A text of the notification. Every recipient gets those that all share, so that none may be very long.
fn text(value: &Value, key: &str) -> Option<String> {
    const LONGEST: usize = 4 << 10;
    let text = value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())?;
    Some(text[..text.floor_char_boundary(LONGEST)].to_owned())
}

fn recipients<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn one(value: &Value, kind: Kind, action: Option<Action>) -> Delivery {
    let mut delivery = Delivery::new("amazonses");
    delivery.kind = Some(kind);
    delivery.action = action;
    if let Some(address) = text(value, "emailAddress").or_else(|| value.as_str().map(str::to_owned)) {
        delivery.name(&address, RecipientSource::FinalRecipient);
    }
    delivery
}

fn bounced(bounce: &Value) -> Vec<Delivery> {
    let mut found = Vec::new();
    for recipient in recipients(bounce, "bouncedRecipients") {
        let mut delivery = one(recipient, Kind::Bounce, Some(Action::Failed));
        delivery.status = text(recipient, "status");
        let words = text(recipient, "diagnosticCode");
        if let Some(words) = words {
            let (kind, rest) = typed(&words);
            delivery.diagnostic = Some(rest.to_owned());
            delivery.diagnostic_type = (!kind.is_empty()).then(|| kind.into_owned());
        } else if let (Some(kind), Some(sub)) = (text(bounce, "bounceType"), text(bounce, "bounceSubType")) {
            delivery.diagnostic = Some(format!("{kind}/{sub}"));
        }
        delivery.reporting_mta = text(bounce, "reportingMTA").as_deref().and_then(host);
        delivery.remote_mta = text(bounce, "remoteMtaIp");
        delivery.last_attempt_date = text(bounce, "timestamp").and_then(|value| date::parse_text(&value));
        found.push(delivery);
    }
    found
}

fn complained(complaint: &Value) -> Vec<Delivery> {
    let feedback = Feedback {
        kind: text(complaint, "complaintFeedbackType").or_else(|| Some("abuse".to_owned())),
        user_agent: text(complaint, "userAgent"),
        ..Feedback::default()
    };
    let all = recipients(complaint, "complainedRecipients").map(|recipient| {
        let mut delivery = one(recipient, Kind::Feedback, None);
        delivery.feedback = Some(feedback.clone());
        delivery.last_attempt_date = text(complaint, "timestamp").and_then(|value| date::parse_text(&value));
        delivery
    });
    all.collect()
}

fn delivered(done: &Value) -> Vec<Delivery> {
    let all = recipients(done, "recipients").map(|recipient| {
        let mut delivery = one(recipient, Kind::Delivery, Some(Action::Delivered));
        delivery.diagnostic = text(done, "smtpResponse");
        delivery.reporting_mta = text(done, "reportingMTA").as_deref().and_then(host);
        delivery.last_attempt_date = text(done, "timestamp").and_then(|value| date::parse_text(&value));
        delivery
    });
    all.collect()
}

fn delayed(delay: &Value) -> Vec<Delivery> {
    let all = recipients(delay, "delayedRecipients").map(|recipient| {
        let mut delivery = one(recipient, Kind::Delay, Some(Action::Delayed));
        delivery.status = text(recipient, "status");
        delivery.diagnostic = text(recipient, "diagnosticCode").map(|words| typed(&words).1.to_owned());
        delivery.will_retry_until = text(delay, "expirationTime").and_then(|value| date::parse_text(&value));
        delivery
    });
    all.collect()
}

/// The mail that the notification is about.
fn mailed(delivery: &mut Delivery, mail: Option<&Value>) {
    let Some(mail) = mail else { return };
    delivery.sender = text(mail, "source").and_then(|sender| crate::syntax::address::usable(&sender));
    delivery.arrival_date = text(mail, "timestamp").and_then(|value| date::parse_text(&value));
    let common = mail.get("commonHeaders");
    delivery.subject = common.and_then(|headers| text(headers, "subject"));
    let id = common.and_then(|headers| text(headers, "messageId")).or_else(|| text(mail, "messageId"));
    delivery.message_id = id.map(|id| id.trim_matches(['<', '>']).to_owned());
}

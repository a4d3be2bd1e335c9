//! bytes → message → report → facts → decision → record, one way.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::analyzer::Options;
use crate::decide::{Decision, Question, Searched, decide};
use crate::facts::{Facts, ReportedTo, gather, provider};
use crate::message::{self, Headers, Message};
use crate::record::{Record, Report};
use crate::report::{self, Delivery, Outcome, ReturnedMail, share};
use crate::syntax::address;
use crate::syntax::known::Known;
use crate::syntax::stage;
use crate::vocabulary::{Kind, Limit};

/// Runs every stage once.
pub(crate) fn run(raw: &[u8], options: &Options) -> Report {
    let (bytes, cut) = message::clean(raw, &options.limits);
    let message = Message::read(&bytes, &options.limits);
    let subject = message.headers.text("subject").unwrap_or_default();
    let (subject_tag, subject) = message::subject::split_tag(&subject);
    let outcome = report::read(&message, subject, &options.limits);
    let mut limits = message.limits.clone();
    if cut {
        limits.insert(0, Limit::Bytes);
    }
    if outcome.deliveries.len() > options.limits.max_recipients {
        limits.push(Limit::Recipients);
    }
    let Outcome { deliveries, returned } = outcome;
    let reported_to = ReportedTo::of(&message.headers, &options.verp);
    let mut records: Vec<Record> = Vec::with_capacity(deliveries.len().min(64));
    let several = deliveries.len() > 1;
    let mut shared = Shared::of(&returned, deliveries.len(), options);
    let mut seen = Known::default();
    for delivery in deliveries.into_iter().take(options.limits.max_recipients) {
        // Only one of several needs a copy.
        let shared = if several { shared.clone() } else { std::mem::take(&mut shared) };
        let record = record(delivery, &returned, shared, &reported_to, options);
        if !several || seen.add(&record.id, 0) {
            records.push(record);
        }
    }
    let subject_tag = subject_tag.map(str::to_owned).or(untag(&mut records));
    let kind = Outcome::worst(records.iter().map(|record| record.kind));
    let mut report = Report { kind, subject_tag, records, limits };
    options.finish(&mut report, || reported_to.envelope());
    report
}

/// Takes a gateway's tag off the returned mail's Subject.
fn untag(records: &mut [Record]) -> Option<String> {
    let mut found = None;
    for record in records {
        let Some(subject) = record.subject.as_deref() else { continue };
        if let (Some(tag), rest) = message::subject::split_tag(subject) {
            found.get_or_insert_with(|| tag.to_owned());
            record.subject = Some(rest.to_owned());
        }
    }
    found
}

/// Runs the stages behind the report for a delivery that was told of elsewhere, such as in a log.
pub(crate) fn run_delivery(delivery: Delivery, options: &Options) -> Record {
    let nothing = (ReturnedMail::default(), ReportedTo::default());
    let record = record(delivery, &nothing.0, Shared::default(), &nothing.1, options);
    let mut report = Report::from(record);
    options.finish(&mut report, || &[]);
    report.records.remove(0)
}

/// What records take from the returned mail's header, read once for all of them.
#[derive(Clone, Default)]
struct Shared {
    subject: Option<String>,
    message_id: Option<String>,
    list_id: Option<String>,
    feedback_id: Option<String>,
    headers: Option<BTreeMap<String, String>>,
}

impl Shared {
    fn of(returned: &ReturnedMail, recipients: usize, options: &Options) -> Self {
        let cut = |text: String| match share(&text, recipients).len() {
            all if all == text.len() => text,
            less => text[..less].to_owned(),
        };
        let headers = returned.headers();
        let text = |name: &str| headers.and_then(|headers| headers.text(name)).map(cut);
        let asked_for = |headers: &Headers<'_>| {
            let each = options.headers.iter();
            each.filter_map(|name| Some((name.clone(), cut(headers.text(name)?)))).collect()
        };
        Self {
            subject: returned.subject().map(cut),
            message_id: returned.message_id().map(cut),
            list_id: text("list-id").map(|id| inner(&id)),
            feedback_id: text("feedback-id"),
            headers: headers.filter(|_| !options.headers.is_empty()).map(asked_for),
        }
    }
}

fn record(
    mut delivery: Delivery,
    returned: &ReturnedMail,
    shared: Shared,
    reported_to: &ReportedTo<'_>,
    options: &Options,
) -> Record {
    let rules = options.rules();
    let diagnostic = delivery.diagnostic.take();
    let words = diagnostic.as_deref().unwrap_or_default();
    let searched = diagnostic.as_deref().map(|text| Searched::new(rules, "diagnostic", text));
    let told = || searched.as_ref().and_then(Searched::stage).unwrap_or_else(|| stage::of(words));
    delivery.command = delivery.command.or_else(told);
    let facts = gather(&mut delivery, words, returned, reported_to);
    let kind = facts.kind.unwrap_or(Kind::Bounce);
    let host = facts.remote_mta.as_deref();
    let mut decision = decide(
        rules,
        &Question {
            kind,
            action: facts.action,
            diagnostic: diagnostic.as_deref(),
            context: delivery.context.as_deref(),
            status: facts.status.as_deref(),
            dsn_status: delivery.status.as_deref(),
            reply_code: facts.reply_code,
            command: facts.command,
            provider: host.and_then(|host| provider::by_host(rules, host)),
            recipient: facts.recipient.as_deref(),
            format: &delivery.format,
            timestamp: facts.timestamp.as_deref(),
            feedback_type: delivery.feedback.as_ref().and_then(|feedback| feedback.kind.as_deref()),
        },
        searched,
    );
    delivery.diagnostic = diagnostic;
    cite_context(&mut delivery, &mut decision);
    assemble(delivery, facts, kind, decision, shared)
}

/// Where words beside the diagnostic decided, their lines become part of it: evidence points into the record.
fn cite_context(delivery: &mut Delivery, decision: &mut Decision) {
    let Some(context) = delivery.context.as_deref() else { return };
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for evidence in decision.evidence.iter_mut().filter(|evidence| evidence.field == "context") {
        let start = context.find(&evidence.text).unwrap_or_default();
        let line_start = context[..start].rfind('\n').map_or(0, |at| at + 1);
        let end = (start + evidence.text.len()).min(context.len());
        let line_end = context[end..].find('\n').map_or(context.len(), |at| end + at);
        let lines = fold(&context[line_start..line_end]);
        evidence.field = "diagnostic".to_owned();
        evidence.text = fold(&evidence.text);
        match &mut delivery.diagnostic {
            Some(diagnostic) if diagnostic.contains(&evidence.text) => {}
            Some(diagnostic) => {
                diagnostic.push(' ');
                diagnostic.push_str(&lines);
            }
            None => delivery.diagnostic = Some(lines),
        }
    }
}

fn assemble(delivery: Delivery, facts: Facts, kind: Kind, decision: Decision, shared: Shared) -> Record {
    let message_id = delivery.message_id.or(shared.message_id);
    let date = |date: Option<mail_parser::DateTime>| date.map(|date| message::date::to_rfc3339(&date));
    let key = match &message_id {
        Some(message_id) => [message_id.as_str(), "", ""],
        None => [facts.sender.as_deref().unwrap_or(""), "\0", facts.timestamp.as_deref().unwrap_or("")],
    };
    Record {
        id: id(kind, facts.recipient.as_deref(), key),
        kind,
        recipient: facts.recipient,
        recipient_source: facts.recipient_source,
        original_recipient: facts.original_recipient,
        sender: facts.sender,
        reason: decision.reason,
        hard: decision.hard,
        blame: decision.blame,
        advice: decision.advice,
        action: facts.action,
        status: facts.status,
        dsn_status: delivery.status,
        derived_status: decision.derived_status,
        reply_code: facts.reply_code,
        command: facts.command,
        diagnostic: delivery.diagnostic,
        diagnostic_type: delivery.diagnostic_type,
        reporting_mta: delivery.reporting_mta,
        received_from_mta: delivery.received_from_mta,
        remote_mta: facts.remote_mta,
        source_ip: facts.source_ip,
        provider: decision.provider,
        format: delivery.format,
        new_address: facts.new_address,
        retry_after: facts.retry_after,
        feedback: delivery.feedback,
        subject: delivery.subject.or(shared.subject),
        message_id,
        list_id: shared.list_id,
        feedback_id: shared.feedback_id,
        headers: shared.headers,
        original_envelope_id: delivery.original_envelope_id,
        queue_id: delivery.queue_id,
        timestamp: facts.timestamp,
        arrival_date: date(delivery.arrival_date),
        last_attempt_date: date(delivery.last_attempt_date),
        will_retry_until: date(delivery.will_retry_until),
        decided_by: decision.decided_by,
        evidence: decision.evidence,
        also: decision.also,
        address_status: None,
        authenticity: None,
    }
}

/// The first 128 bits of SHA-256 over kind, recipient (lower case, A-label) and the message's identity.
fn id(kind: Kind, recipient: Option<&str>, key: [&str; 3]) -> String {
    let recipient = recipient.unwrap_or_default();
    let length = 16 + recipient.len() + key.iter().map(|part| part.len()).sum::<usize>();
    let mut text = String::with_capacity(length);
    text.push_str(kind.as_str());
    text.push('\0');
    let start = text.len();
    if recipient.is_ascii() {
        text.push_str(recipient);
        text[start..].make_ascii_lowercase();
    } else {
        text.push_str(&address::a_label(recipient));
    }
    text.push('\0');
    key.into_iter().for_each(|part| text.push_str(part));
    let hash = Sha256::digest(text.as_bytes());
    let mut hex = [0; 32];
    for (two, byte) in hex.chunks_exact_mut(2).zip(hash) {
        for (digit, number) in two.iter_mut().zip([byte >> 4, byte & 15]) {
            *digit = b"0123456789abcdef"[usize::from(number)];
        }
    }
    std::str::from_utf8(&hex).unwrap_or_default().to_owned()
}

/// What stands in angle brackets, else the whole.
fn inner(value: &str) -> String {
    match (value.rfind('<'), value.rfind('>')) {
        (Some(open), Some(close)) if open < close => value[open + 1..close].trim().to_owned(),
        _ => value.trim().to_owned(),
    }
}

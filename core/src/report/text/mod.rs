//! Reports that only people were meant to read: the MTA's own text.

mod entry;
pub(super) mod kind;
mod line;
mod others;
mod paragraph;
pub(super) mod pattern;

pub(crate) use entry::Entry;
pub(super) use paragraph::quoted_reason;

use crate::message::headers::{decode_value, id, lower};
use crate::syntax::known::Known;
use crate::syntax::{address, reply};
use crate::vocabulary::{Action, Kind, RecipientSource};

use super::delivery::first_address;
use super::formats::{self, Format};
use super::{Delivery, ReturnedMail, Source, gate, mta, share};

/// Deliveries from the text. `None` when this is no report.
pub(super) fn read(source: &Source<'_, '_>, returned: &ReturnedMail) -> Option<Vec<Delivery>> {
    if let Some(found) = mta::read(source, returned) {
        return Some(found);
    }
    if gate::is_conversation(source) {
        return None;
    }
    let recognised = formats::recognise(source);
    if !recognised.is_some_and(|found| found.proof) && !is_report(source, returned) {
        return None;
    }
    let format = recognised.map(|found| found.format);
    let kind = kind::of(source);
    let mut found = deliveries(source, returned, format);
    if found.is_empty() {
        let one = nameless(source, returned);
        // Parcels are not delivered either, and who asks for passwords writes of mailboxes that are full.
        let told = recognised.is_some()
            || one.recipient.is_some()
            || gate::daemon_account(&source.message.headers)
            || one.diagnostic.as_deref().is_some_and(reply::has_code);
        if !told {
            return None;
        }
        found.push(one);
    }
    // What the text tells of all of them, read once.
    let picked = format.filter(|format| !format.pick.is_empty()).map(|format| format.picked(source.lines()));
    let listed = returned.headers().is_none().then(|| labels(source.lines()));
    let among = found.len();
    for delivery in &mut found {
        delivery.kind = Some(kind);
        delivery.format = format.map_or("unknown", |format| format.id).to_owned();
        delivery.action = match kind {
            Kind::Delay => Some(Action::Delayed),
            Kind::Delivery => Some(Action::Delivered),
            _ => Some(Action::Failed),
        };
        picked.iter().chain(&listed).for_each(|shared| fill_missing(delivery, shared, among));
    }
    mta::refine(&mut found, source, returned);
    Some(found)
}

/// What the text tells of all recipients goes where a delivery has nothing of its own; a reason that is picked goes first.
fn fill_missing(delivery: &mut Delivery, shared: &Delivery, among: usize) {
    let text = |text: &Option<String>| text.as_deref().map(|text| share(text, among).to_owned());
    delivery.diagnostic = text(&shared.diagnostic).or(delivery.diagnostic.take());
    let fill = |own: &mut Option<String>, shared: &Option<String>| {
        if own.is_none() {
            *own = text(shared);
        }
    };
    fill(&mut delivery.remote_mta, &shared.remote_mta);
    fill(&mut delivery.reporting_mta, &shared.reporting_mta);
    fill(&mut delivery.subject, &shared.subject);
    fill(&mut delivery.message_id, &shared.message_id);
    fill(&mut delivery.queue_id, &shared.queue_id);
    fill(&mut delivery.sender, &shared.sender);
}

/// Facts of the returned mail that a text prints as a list, where the mail itself is not there.
fn labels(lines: &[&str]) -> Delivery {
    let mut found = Delivery::default();
    for line in lines {
        let Some((label, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        match lower(label.trim()).as_ref() {
            "subject" | "the subject of the message is" | "message subject" => {
                found.subject.get_or_insert_with(|| decode_value(value.as_bytes()));
            }
            "message-id" | "message id" if found.message_id.is_none() => found.message_id = id(value),
            "from" | "sender" | "mail from" | "original sender" if found.sender.is_none() => {
                found.sender = address::usable(value);
            }
            _ => {}
        }
    }
    found
}

/// What the text tells of each recipient it names.
pub(super) fn entries(
    source: &Source<'_, '_>,
    returned: &ReturnedMail,
    format: Option<&Format>,
) -> Vec<Entry> {
    entry::find(source, returned, format)
}

fn deliveries(source: &Source<'_, '_>, returned: &ReturnedMail, format: Option<&Format>) -> Vec<Delivery> {
    let told = entries(source, returned, format);
    let failed = failed_recipients(source);
    let among = told.len().max(failed.len());
    let mut found: Vec<Delivery> = Vec::new();
    let mut known = Known::default();
    for entry in &told {
        let mut delivery = Delivery::new("unknown");
        let named =
            entry.address.as_deref().is_some_and(|address| delivery.name(address, RecipientSource::Text));
        if !named && (!failed.is_empty() || told.len() > 1) {
            continue;
        }
        // The words about another recipient tell nothing of this one.
        let context = if told.len() > 1 { entry.text.as_str() } else { source.human };
        fill(&mut delivery, Some(entry), source, context, among);
        if !failed.is_empty() {
            delivery.recipient.iter().for_each(|address| _ = known.add(address, 0));
        }
        found.push(delivery);
    }
    // One recipient in the text and one in the header are the same, however each is written.
    let one = failed.len() == 1 && found.len() == 1;
    for address in failed.into_iter().filter(|_| !one) {
        let mut delivery = Delivery::new("unknown");
        delivery.name(&address, RecipientSource::Header);
        if known.holds(&address) {
            continue;
        }
        delivery.recipient.iter().for_each(|address| _ = known.add(address, 0));
        let entry = told.first().filter(|_| told.len() == 1 && found.is_empty());
        fill(&mut delivery, entry, source, source.human, among);
        found.push(delivery);
    }
    name_by_return(&mut found, source, returned);
    found
}

/// X-Failed-Recipients (Exim, Gmail and others) lists the recipients, whatever the text says.
fn failed_recipients(source: &Source<'_, '_>) -> Vec<String> {
    let values = source.message.headers.all_text("x-failed-recipients");
    values.flat_map(|value| value.split(',').filter_map(address::usable).collect::<Vec<_>>()).collect()
}

fn fill(
    delivery: &mut Delivery,
    entry: Option<&Entry>,
    source: &Source<'_, '_>,
    context: &str,
    among: usize,
) {
    let own = entry.map(|entry| entry.text.as_str()).filter(|text| !text.is_empty());
    delivery.diagnostic = own.or_else(|| source.quoted_reason()).map(|text| share(text, among).to_owned());
    delivery.context = Some(share(context, among).to_owned());
}

/// A report on one delivery that names nobody is about the returned mail's single To, or the list that wrote it.
fn name_by_return(found: &mut [Delivery], source: &Source<'_, '_>, returned: &ReturnedMail) {
    let [one] = found else { return };
    if one.recipient.is_some() {
        return;
    }
    let headers = &source.message.headers;
    let list =
        || ["x-beenthere", "list-post", "x-ml-address"].iter().find_map(|name| first_address(headers, name));
    let subject = || address::first(source.subject).map(|at| source.subject[at].to_owned());
    if let Some(to) = returned.single_to() {
        one.name(&to, RecipientSource::ReturnedTo);
    } else if let Some(to) = list().or_else(subject) {
        one.name(&to, RecipientSource::Header);
    }
}

/// A report that names nobody.
fn nameless(source: &Source<'_, '_>, returned: &ReturnedMail) -> Delivery {
    let mut delivery = Delivery::new("unknown");
    fill(&mut delivery, None, source, source.human, 1);
    let mut all = [delivery];
    name_by_return(&mut all, source, returned);
    let [delivery] = all;
    delivery
}

/// Whether a mail of no known format is a report: a machine sent it, and it says that a delivery failed.
fn is_report(source: &Source<'_, '_>, returned: &ReturnedMail) -> bool {
    let headers = &source.message.headers;
    if headers.has("x-failed-recipients") {
        return true;
    }
    let subject = gate::failure_subject(source.subject);
    let says = source.said().failure;
    let carries = returned.headers().is_some();
    let enough = subject && says && carries
        || gate::null_sender(headers) && (subject && (says || carries) || says && carries);
    // Shops and ticket systems write of deliveries that failed too, but quote no reply.
    let generated = subject
        && says
        && headers.contains("auto-submitted", "auto-generated")
        && !source.subject.starts_with('[')
        && !headers.contains("precedence", "bulk")
        && source.quoted_reason().is_some_and(reply::has_code);
    let told = subject || says || source.said().delay && source.human.contains('@');
    enough || generated || told && gate::daemon_from(headers) || quotes(source)
}

/// What daemons send quotes a reply, in whatever language they introduce it.
fn quotes(source: &Source<'_, '_>) -> bool {
    let headers = &source.message.headers;
    if !headers.contains("from", "mailer-daemon@") && !gate::null_sender(headers) {
        return false;
    }
    let codes = source.quoted_reason().map(|words| {
        let codes = reply::codes(words);
        (codes.code.is_some_and(|code| code >= 400), codes.status.is_some())
    });
    codes.is_some_and(|(refused, status)| refused && (status || !source.human.is_ascii()))
}

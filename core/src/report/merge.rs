//! RFC 3464 fields and the same report's text: the text fills what the fields leave missing or unusable.

use crate::syntax::{address, reply};
use crate::vocabulary::{Action, Kind, RecipientSource};

use super::text::{self, Entry};
use super::{Delivery, ReturnedMail, Source};

/// Fills each delivery from the text, and names the format by it.
pub(super) fn with_text(
    mut found: Vec<Delivery>,
    source: &Source<'_, '_>,
    returned: &ReturnedMail,
) -> Vec<Delivery> {
    let format = super::formats::recognise(source).map(|found| found.format);
    let single = found.len() == 1;
    let told = match found.as_slice() {
        // The common case: what the text says of this recipient could add nothing.
        [one] if is_told(one) => Vec::new(),
        _ => text::entries(source, returned, format),
    };
    for delivery in &mut found {
        if let Some(format) = format {
            delivery.format = format.id.to_owned();
        }
        let entry = entry_for(delivery, &told, single);
        name(delivery, entry, source, returned, single);
        words(delivery, entry, source, single);
        if delivery.action.is_none() {
            delivery.action = told_action(source);
        }
    }
    super::mta::refine(&mut found, source, returned);
    found
}

/// Whether the fields name a recipient and quote a whole reply.
fn is_told(delivery: &Delivery) -> bool {
    let quotes = |field: &str| !says_nothing(field) && reply::codes(field).code.is_some();
    delivery.recipient.is_some() && delivery.diagnostic.as_deref().is_some_and(quotes)
}

/// What the words say where the Action field is missing.
fn told_action(source: &Source<'_, '_>) -> Option<Action> {
    match text::kind::of(source) {
        Kind::Delay => Some(Action::Delayed),
        Kind::Delivery => Some(Action::Delivered),
        _ => source.said().failure.then_some(Action::Failed),
    }
}

/// The entry of this recipient; a report with one recipient has one entry, whatever address the text prints.
fn entry_for<'e>(delivery: &Delivery, told: &'e [Entry], single: bool) -> Option<&'e Entry> {
    let named = [delivery.recipient.as_deref(), delivery.original_recipient.as_deref()];
    let same = |entry: &&Entry| {
        named.iter().flatten().any(|name| entry.address.as_deref().is_some_and(|a| address::same(a, name)))
    };
    told.iter().find(same).or_else(|| told.first().filter(|_| single && told.len() == 1))
}

fn name(
    delivery: &mut Delivery,
    entry: Option<&Entry>,
    source: &Source<'_, '_>,
    returned: &ReturnedMail,
    single: bool,
) {
    if delivery.recipient.is_some() {
        return;
    }
    let header = ["x-failed-recipients", "x-actual-recipient"]
        .iter()
        .find_map(|name| super::delivery::first_address(&source.message.headers, name));
    if let Some(address) = header.filter(|_| single) {
        delivery.name(&address, RecipientSource::Header);
    } else if let Some(address) = entry.and_then(|entry| entry.address.as_deref()) {
        delivery.name(address, RecipientSource::Text);
    } else if let Some(address) = returned.single_to().filter(|_| single) {
        delivery.name(&address, RecipientSource::ReturnedTo);
    }
}

/// The diagnostic: the field's where it says anything, else the text's.
fn words(delivery: &mut Delivery, entry: Option<&Entry>, source: &Source<'_, '_>, single: bool) {
    let Some(entry) = entry else {
        if delivery.diagnostic.is_none() && single {
            delivery.diagnostic = text::quoted_reason(source.human);
        }
        delivery.context = Some(source.human.to_owned());
        return;
    };
    let field = delivery.diagnostic.as_deref().unwrap_or_default();
    if !entry.text.is_empty() && (says_nothing(field) || richer(&entry.text, field)) {
        delivery.diagnostic = Some(entry.text.clone());
    }
    // With one recipient the whole text is about it.
    delivery.context = Some(if single { source.human.to_owned() } else { entry.text.clone() });
}

/// A diagnostic without a word in it, or with words that only say that there are none.
fn says_nothing(field: &str) -> bool {
    let words = field.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 1).count();
    words == 0
        || field.eq_ignore_ascii_case("unknown")
        || field.to_ascii_lowercase().contains("(unspecified)")
}

/// The text carries the code that the field lacks, and holds the field's own words or more.
fn richer(text: &str, field: &str) -> bool {
    let (from_text, from_field) = (reply::codes(text), reply::codes(field));
    let plain = |status: Option<&str>| status.is_none_or(reply::is_generic);
    let code = from_field.code.is_none() && from_text.code.is_some();
    let status =
        from_field.code.is_none() && from_text.status.is_some_and(|status| !reply::is_generic(status));
    plain(from_field.status) && (code || status)
}

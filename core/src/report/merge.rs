//! RFC 3464 fields and the same report's text: the text fills what the fields leave missing or unusable.

use std::cell::{LazyCell, OnceCell};

use crate::syntax::known::Known;
use crate::syntax::reply;
use crate::vocabulary::{Action, Kind, RecipientSource};
use crate::words::contains_ignore_case;

use super::text::{self, Entry};
use super::{Delivery, ReturnedMail, Source, share};

/// Fills each delivery from the text, and names the format by it.
pub(super) fn with_text(
    mut found: Vec<Delivery>,
    source: &Source<'_, '_>,
    returned: &ReturnedMail,
) -> Vec<Delivery> {
    let format = super::formats::recognise(source).map(|found| found.format);
    let among = found.len();
    let single = among == 1;
    let told = match found.as_slice() {
        // The common case: what the text says of this recipient could add nothing.
        [one] if is_told(one) => Vec::new(),
        _ => text::entries(source, returned, format),
    };
    let told = Told::new(told);
    let action = LazyCell::new(|| told_action(source));
    for delivery in &mut found {
        if let Some(format) = format {
            delivery.format = format.id.to_owned();
        }
        let entry = told.of(delivery, single);
        name(delivery, entry, source, returned, single);
        words(delivery, entry, source, among);
        if delivery.action.is_none() {
            delivery.action = *action;
        }
    }
    super::mta::refine(&mut found, source, returned);
    found
}

/// Whether the fields name a recipient and quote a whole reply.
fn is_told(delivery: &Delivery) -> bool {
    let quotes = |field: &str| !says_nothing(field) && reply::has_code(field);
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

/// What the text tells, by the recipients that it names.
struct Told {
    entries: Vec<Entry>,
    /// The first entry of each address.
    first: OnceCell<Known>,
}

impl Told {
    const fn new(entries: Vec<Entry>) -> Self {
        Self { entries, first: OnceCell::new() }
    }

    /// The entry of this recipient; a report with one recipient has one entry, whatever address the text prints.
    fn of(&self, delivery: &Delivery, single: bool) -> Option<&Entry> {
        match self.entries.as_slice() {
            [] => None,
            [only] if single => Some(only),
            entries => {
                let first = self.first.get_or_init(|| first_of_each(entries));
                first.first(delivery.names()).map(|n| &entries[n])
            }
        }
    }
}

fn first_of_each(entries: &[Entry]) -> Known {
    let mut first = Known::default();
    for (n, entry) in entries.iter().enumerate() {
        if let Some(address) = &entry.address {
            first.add(address, n);
        }
    }
    first
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
    let header = || {
        ["x-failed-recipients", "x-actual-recipient"]
            .iter()
            .find_map(|name| super::delivery::first_address(&source.message.headers, name))
    };
    if let Some(address) = single.then(header).flatten() {
        delivery.name(&address, RecipientSource::Header);
    } else if let Some(address) = entry.and_then(|entry| entry.address.as_deref()) {
        delivery.name(address, RecipientSource::Text);
    } else if let Some(address) = single.then(|| returned.single_to()).flatten() {
        delivery.name(&address, RecipientSource::ReturnedTo);
    }
}

/// The diagnostic: the field's where it says anything, else the text's.
fn words(delivery: &mut Delivery, entry: Option<&Entry>, source: &Source<'_, '_>, among: usize) {
    let single = among == 1;
    let whole = || share(source.human, among).to_owned();
    let Some(entry) = entry else {
        if delivery.diagnostic.is_none() && single {
            delivery.diagnostic = source.quoted_reason().map(str::to_owned);
        }
        delivery.context = Some(whole());
        return;
    };
    let field = delivery.diagnostic.as_deref().unwrap_or_default();
    if !entry.text.is_empty() && (says_nothing(field) || richer(&entry.text, field)) {
        delivery.diagnostic = Some(entry.text.clone());
    }
    // With one recipient the whole text is about it.
    delivery.context = Some(if single { whole() } else { entry.text.clone() });
}

/// A diagnostic without a word in it, or with words that only say that there are none.
fn says_nothing(field: &str) -> bool {
    !field.split(|c: char| !c.is_alphabetic()).any(|word| word.len() > 1)
        || field.eq_ignore_ascii_case("unknown")
        || contains_ignore_case(field.as_bytes(), b"(unspecified)")
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

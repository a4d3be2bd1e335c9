//! Message to deliveries: one for each recipient, in the report's own words.
//!
//! RFC 3464 is read first, always. The MTA's own text fills what its fields leave missing or unusable.

mod arf;
mod auto_reply;
mod delivery;
mod disposition;
mod fields;
mod footer;
mod formats;
mod gate;
mod merge;
mod mta;
mod rfc3464;
mod text;

pub(crate) use delivery::{Delivery, ReturnedMail};
pub(crate) use fields::typed;

use std::cell::OnceCell;

use crate::limits::Limits;
use crate::message::headers::fold_white;
use crate::message::{MachineKind, Message, lines, split_returned};
use crate::vocabulary::{Kind, RecipientSource};

/// What the report stage gives.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) returned: ReturnedMail,
}

/// A message with its human text set apart from the mail it returns.
pub(crate) struct Source<'m, 'x> {
    pub(crate) message: &'m Message<'x>,
    /// What the reporter wrote.
    pub(crate) human: &'m str,
    /// RFC 3464 fields that stand in the text instead of a part of their own.
    pub(crate) fields: Option<&'m str>,
    /// The Subject, decoded, without a gateway's tag.
    pub(crate) subject: &'m str,
    lines: OnceCell<Vec<&'m str>>,
    folded: OnceCell<String>,
    said: OnceCell<text::kind::Said>,
    quoted: OnceCell<Option<String>>,
}

impl<'m> Source<'m, '_> {
    /// The lines of the human text.
    pub(crate) fn lines(&self) -> &[&'m str] {
        self.lines.get_or_init(|| lines(self.human).collect())
    }

    /// The human text with white space folded: sentences wrap anywhere.
    pub(crate) fn folded(&self) -> &str {
        self.folded.get_or_init(|| fold_white(self.human))
    }

    /// What the human text says happened.
    fn said(&self) -> text::kind::Said {
        *self.said.get_or_init(|| text::kind::said(self.folded()))
    }

    /// The words of the human text that say why, where it sets them apart.
    fn quoted_reason(&self) -> Option<&str> {
        self.quoted.get_or_init(|| text::quoted_reason(self.lines())).as_deref()
    }
}

/// What is told of so many recipients together, as each of them gets it: whole as long as all of it stays small. Without an
/// end, a megabyte of text about ten thousand recipients would be ten gigabytes.
pub(crate) fn share(text: &str, recipients: usize) -> &str {
    const ALL: usize = 256 << 10;
    const EACH: usize = 4 << 10;
    if recipients < 2 {
        return text;
    }
    &text[..text.floor_char_boundary(EACH.max(ALL / recipients))]
}

/// Reads one message; of a report that a machine wrapped into another, the inner one.
pub(crate) fn read(message: &Message<'_>, subject: &str, limits: &Limits) -> Outcome {
    // A journal names sender and recipient of the report that it holds: neither is who the report is about.
    let journal = message.headers.has("x-ms-journal-report");
    let outcome = if journal { Outcome::default() } else { read_one(message, subject, limits) };
    let names_nobody = outcome.deliveries.iter().all(|delivery| delivery.recipient_source.is_none_or(weak));
    let Some(embedded) = message.embedded.filter(|_| names_nobody) else { return outcome };
    // Mailman shows the owner of a list the report that made it act.
    if !journal && !gate::is_daemon(&message.headers) && !message.headers.has("x-list-administrivia") {
        return outcome;
    }
    let inner = Message::read(embedded, limits);
    if !gate::is_daemon(&inner.headers) {
        return outcome;
    }
    let subject = inner.headers.text("subject").unwrap_or_default();
    let wrapped = read_one(&inner, &subject, limits);
    if wrapped.deliveries.iter().any(|delivery| delivery.recipient.is_some()) { wrapped } else { outcome }
}

/// A recipient that the report itself does not name.
fn weak(source: RecipientSource) -> bool {
    source == RecipientSource::ReturnedTo
}

fn read_one(message: &Message<'_>, subject: &str, limits: &Limits) -> Outcome {
    let (human, in_text) = split_returned(&message.text);
    let returned = ReturnedMail::of(message, in_text);
    let fields = in_text_fields(message, human);
    let human = fields.map_or(human, |fields| {
        &human[..human.len().min(fields.as_ptr() as usize - message.text.as_ptr() as usize)]
    });
    let source = Source {
        message,
        human: footer::without_footer(human),
        fields,
        subject,
        lines: OnceCell::new(),
        folded: OnceCell::new(),
        said: OnceCell::new(),
        quoted: OnceCell::new(),
    };
    let deliveries = deliveries(&source, &returned, limits);
    Outcome { deliveries, returned }
}

/// The part of the text that holds status fields, where no part of its own does.
fn in_text_fields<'m>(message: &'m Message<'_>, human: &'m str) -> Option<&'m str> {
    if message.machine_text(MachineKind::DeliveryStatus).is_some() {
        return None;
    }
    let start = |text: &'m str| rfc3464::start_in(text).map(|start| &text[start..]);
    start(human).or_else(|| if human.len() < message.text.len() { start(&message.text) } else { None })
}

fn deliveries(source: &Source<'_, '_>, returned: &ReturnedMail, limits: &Limits) -> Vec<Delivery> {
    let message = source.message;
    if gate::is_aggregate(source) {
        return Vec::new();
    }
    if let Some(found) = arf::read(source, returned) {
        return found;
    }
    if message.machine_text(MachineKind::DispositionNotification).is_some() {
        return disposition::read(source, returned);
    }
    if let Some(found) = rfc3464::read(source, limits) {
        return merge::with_text(found, source, returned);
    }
    if let Some(found) = text::read(source, returned) {
        return found;
    }
    auto_reply::read(source).into_iter().collect()
}

impl Outcome {
    /// The worst kind of the deliveries, as [`Kind`] is ordered.
    pub(crate) fn worst(kinds: impl Iterator<Item = Kind>) -> Kind {
        kinds.min().unwrap_or(Kind::Other)
    }
}

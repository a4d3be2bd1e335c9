//! One delivery's facts, each resolved once: what the fields say, what the reply says, which of them holds.

use std::borrow::Cow;
use std::cell::OnceCell;

use mail_parser::DateTime;

use crate::message::Headers;
use crate::message::headers::folded;
use crate::report::{Delivery, ReturnedMail};
use crate::returnpath::{self, verp};
use crate::vocabulary::{Action, Command, Kind, RecipientSource};

use super::hosts;
use crate::syntax::{address, reply, stage};

/// The facts of one delivery.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) kind: Option<Kind>,
    pub(crate) recipient: Option<String>,
    pub(crate) recipient_source: Option<RecipientSource>,
    pub(crate) original_recipient: Option<String>,
    pub(crate) sender: Option<String>,
    pub(crate) action: Option<Action>,
    pub(crate) status: Option<String>,
    pub(crate) reply_code: Option<u16>,
    pub(crate) command: Option<Command>,
    pub(crate) source_ip: Option<String>,
    pub(crate) retry_after: Option<u64>,
    pub(crate) new_address: Option<String>,
    pub(crate) timestamp: Option<String>,
    pub(crate) remote_mta: Option<String>,
}

/// Resolves a delivery and its diagnostic's words into facts. Names are moved out of it, for nobody asks for them afterwards.
pub(crate) fn gather(
    delivery: &mut Delivery,
    words: &str,
    returned: &ReturnedMail,
    reported_to: &ReportedTo<'_>,
) -> Facts {
    let reply = reply::read(words);
    let mut facts = Facts {
        kind: delivery.kind.or_else(|| kind_of(delivery, &reply)),
        action: delivery.action,
        status: status(delivery, &reply),
        reply_code: reply.code,
        command: delivery.command.or_else(|| {
            let context = delivery.context.as_deref()?;
            // Reporters wrap their own words as well: "(in reply to RCPT\n TO command)".
            stage::above(context, words).or_else(|| stage::of(&folded(context)))
        }),
        source_ip: reply.source_ip,
        retry_after: reply.retry_after,
        new_address: reply.new_address,
        ..Facts::default()
    };
    facts.remote_mta = delivery.remote_mta.take().or_else(|| hosts::remote(words));
    // An address that refused is not the one that was refused.
    facts.source_ip = facts.source_ip.filter(|ip| facts.remote_mta.as_ref() != Some(ip));
    addresses(&mut facts, delivery, returned, reported_to);
    facts.timestamp = timestamp(delivery, reported_to);
    facts
}

/// Without an Action field, the class of the codes tells what happened.
fn kind_of(delivery: &Delivery, reply: &reply::Reply) -> Option<Kind> {
    match delivery.action {
        Some(Action::Failed) => return Some(Kind::Bounce),
        Some(Action::Delayed) => return Some(Kind::Delay),
        Some(_) => return Some(Kind::Delivery),
        None => {}
    }
    let class =
        delivery.status.as_deref().or(reply.status.as_deref()).and_then(|status| status.bytes().next());
    match class {
        Some(b'2') => Some(Kind::Delivery),
        Some(_) => Some(Kind::Bounce),
        None => None,
    }
}

/// The deciding reply's code; the Status field where the reply has none, or only x.0.0 and the field says more.
fn status(delivery: &Delivery, reply: &reply::Reply) -> Option<String> {
    let field = delivery.status.as_deref();
    match reply.status.as_deref() {
        Some(code) if !reply::is_generic(code) => Some(code.to_owned()),
        code => field.filter(|field| !reply::is_generic(field)).or(code).or(field).map(str::to_owned),
    }
}

fn addresses(
    facts: &mut Facts,
    delivery: &mut Delivery,
    returned: &ReturnedMail,
    reported_to: &ReportedTo<'_>,
) {
    facts.recipient = delivery.recipient.take();
    facts.recipient_source = delivery.recipient_source;
    facts.original_recipient = delivery.original_recipient.take();
    if let Some(mailed) = reported_to.verp.as_ref().filter(|_| delivery.feedback.is_none()) {
        if facts.recipient.is_none() {
            facts.recipient = Some(mailed.recipient.clone());
            facts.recipient_source = Some(RecipientSource::Verp);
        } else if facts.original_recipient.is_none() {
            facts.original_recipient = Some(mailed.recipient.clone());
        }
    }
    if facts.recipient.is_none() && delivery.local_name.is_some() {
        facts.recipient = delivery.local_name.take();
        facts.recipient_source = Some(RecipientSource::FinalRecipient);
    }
    let sender =
        returned.sender().or_else(|| delivery.sender.take()).or_else(|| reported_to.sender(delivery));
    facts.sender = sender.map(|sender| match returnpath::original_sender(&sender) {
        Cow::Owned(original) => original,
        Cow::Borrowed(_) => sender,
    });
    let same = facts
        .original_recipient
        .as_deref()
        .zip(facts.recipient.as_deref())
        .is_some_and(|(original, recipient)| address::same(original, recipient));
    if same {
        facts.original_recipient = None;
    }
}

/// The addresses that the report came to. Few reports are worth reading them for.
#[derive(Debug, Default)]
pub(crate) struct ReportedTo<'m> {
    headers: Option<&'m Headers<'m>>,
    addresses: OnceCell<Vec<String>>,
    /// When the report was written.
    date: OnceCell<Option<DateTime>>,
    /// What the first of them that is a VERP address carries.
    pub(crate) verp: Option<verp::Decoded>,
}

impl<'m> ReportedTo<'m> {
    const FIELDS: [&'static str; 5] = ["x-original-to", "delivered-to", "envelope-to", "x-envelope-to", "to"];

    pub(crate) fn of(headers: &'m Headers<'m>, patterns: &verp::VerpPatterns) -> Self {
        let mut reported_to = Self { headers: Some(headers), ..Self::default() };
        let mut values = Self::FIELDS.iter().flat_map(|name| headers.all_raw(name));
        if values.any(|value| patterns.may_decode(value)) {
            reported_to.verp = reported_to.addresses().iter().find_map(|to| verp::decode(to, patterns));
        }
        reported_to
    }

    /// The envelope's first, then the header's.
    fn addresses(&self) -> &[String] {
        self.addresses.get_or_init(|| {
            let of = |headers: &Headers<'_>| {
                Self::FIELDS.iter().flat_map(|name| headers.addresses(name)).collect()
            };
            self.headers.map(of).unwrap_or_default()
        })
    }

    /// The first of them, which are the envelope's where the mail tells it. Each is proved for each record.
    pub(crate) fn envelope(&self) -> &[String] {
        const MOST: usize = 16;
        let addresses = self.addresses();
        &addresses[..addresses.len().min(MOST)]
    }

    fn date(&self) -> Option<DateTime> {
        *self.date.get_or_init(|| self.headers?.date("date"))
    }

    /// A report of failure goes to the envelope sender. Feedback goes to whoever asked for it.
    fn sender(&self, delivery: &Delivery) -> Option<String> {
        if delivery.feedback.is_some() {
            return None;
        }
        let path = self.verp.as_ref().map(|verp| verp.return_path.clone());
        path.or_else(|| address::usable(self.addresses().last()?))
    }
}

fn timestamp(delivery: &Delivery, reported_to: &ReportedTo<'_>) -> Option<String> {
    let date = delivery.last_attempt_date.or_else(|| reported_to.date()).or(delivery.arrival_date);
    date.map(|date| crate::message::date::to_rfc3339(&date))
}

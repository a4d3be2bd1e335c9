//! One recipient's part of a report, and the mail that was returned, in the report's own words.

use std::cell::OnceCell;

use mail_parser::DateTime;

use crate::message::{Headers, Message, split_returned};
use crate::record::Feedback;
use crate::syntax::address;
use crate::vocabulary::{Action, Command, Kind, RecipientSource};

/// What a report says of one recipient. Nothing here is inferred.
#[derive(Clone, Debug, Default)]
pub(crate) struct Delivery {
    /// Which format was read.
    pub(crate) format: String,
    /// Where the format alone tells the kind.
    pub(crate) kind: Option<Kind>,
    pub(crate) recipient: Option<String>,
    pub(crate) recipient_source: Option<RecipientSource>,
    pub(crate) original_recipient: Option<String>,
    /// A recipient without a domain, for reports that name nobody else.
    pub(crate) local_name: Option<String>,
    pub(crate) action: Option<Action>,
    /// The Status field.
    pub(crate) status: Option<String>,
    /// The deciding reply's words.
    pub(crate) diagnostic: Option<String>,
    pub(crate) diagnostic_type: Option<String>,
    /// The stage, where the format tells it better than the words.
    pub(crate) command: Option<Command>,
    /// Words around the reply that may tell the stage or the cause.
    pub(crate) context: Option<String>,
    pub(crate) reporting_mta: Option<String>,
    pub(crate) received_from_mta: Option<String>,
    pub(crate) remote_mta: Option<String>,
    pub(crate) arrival_date: Option<DateTime>,
    pub(crate) last_attempt_date: Option<DateTime>,
    pub(crate) will_retry_until: Option<DateTime>,
    pub(crate) original_envelope_id: Option<String>,
    pub(crate) queue_id: Option<String>,
    pub(crate) feedback: Option<Feedback>,
    pub(crate) sender: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) message_id: Option<String>,
}

impl Delivery {
    /// The addresses that the report gives to its recipient.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        [self.recipient.as_deref(), self.original_recipient.as_deref()].into_iter().flatten()
    }

    /// A delivery of this format with everything else open.
    pub(crate) fn new(format: &str) -> Self {
        Self { format: format.to_owned(), ..Self::default() }
    }

    /// Names the recipient if the text is an address that mail can go to.
    pub(crate) fn name(&mut self, text: &str, source: RecipientSource) -> bool {
        let usable = address::usable(text);
        let named = usable.is_some();
        if named {
            self.recipient = usable;
            self.recipient_source = Some(source);
        }
        named
    }
}

/// Fields that tell who sent a mail, the most telling first.
const SENDERS: &[&str] = &["from", "return-path", "x-envelope-from", "sender", "reply-to", "errors-to"];

/// Headers of the returned mail that records carry.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReturnedMail {
    headers: Option<Headers<'static>>,
    sender: OnceCell<Option<String>>,
}

impl ReturnedMail {
    /// From the part that carries the returned mail, else from the text.
    pub(crate) fn of(message: &Message<'_>, in_text: Option<Headers<'static>>) -> Self {
        let part = message.returned.as_ref().map(Headers::to_static);
        // Behind a damaged boundary the returned mail stands in the machine-readable part.
        let in_machine = || message.machine.iter().find_map(|part| split_returned(&part.text).1);
        let headers = part.or(in_text).or_else(in_machine);
        Self { headers, sender: OnceCell::new() }
    }

    pub(crate) fn headers(&self) -> Option<&Headers<'static>> {
        self.headers.as_ref()
    }

    /// Who wrote the mail: its From, else the envelope sender as its trace shows it.
    pub(crate) fn sender(&self) -> Option<String> {
        let headers = self.headers()?;
        let first = || SENDERS.iter().find_map(|name| first_address(headers, name));
        self.sender.get_or_init(|| first().or_else(|| envelope_from(headers))).clone()
    }

    pub(crate) fn subject(&self) -> Option<String> {
        self.headers()?.text("subject")
    }

    pub(crate) fn message_id(&self) -> Option<String> {
        self.headers()?.id("message-id")
    }

    /// The To, where it names exactly one address.
    pub(crate) fn single_to(&self) -> Option<String> {
        let headers = self.headers()?;
        let mut all: Vec<String> =
            headers.addresses("to").iter().filter_map(|a| address::usable(a)).collect();
        all.dedup();
        match all.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        }
    }
}

/// `(envelope-from <user@example.org>)` in a Received field, as Exim and others write it.
fn envelope_from(headers: &Headers<'_>) -> Option<String> {
    headers.all_text("received").find_map(|received| {
        let at = received.find("envelope-from")?;
        let found = address::first(&received[at..])?;
        address::usable(&received[at..][found])
    })
}

/// The first usable address of a header, by its structure or else by its text.
pub(crate) fn first_address(headers: &Headers<'_>, name: &str) -> Option<String> {
    headers.addresses(name).iter().find_map(|a| address::usable(a)).or_else(|| {
        let text = headers.text(name)?;
        let range = address::first(&text)?;
        address::usable(&text[range])
    })
}

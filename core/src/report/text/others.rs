//! Addresses that stand in reports beside the recipient.

use std::cell::{Cell, LazyCell, OnceCell};

use crate::message::Headers;
use crate::report::{ReturnedMail, Source};
use crate::syntax::address;
use crate::syntax::known::Known;
use crate::words::{Words, lines};

use super::entry::Head;

/// Words before an address that make it the sender or a helper.
static SENDER_SIDE: Words = Words::new(lines![
    "mail from",
    "from:",
    "sender",
    "contact",
    "reply-to",
    "message-id",
    "expéditeur",
    "remitente",
    "送信者",
    "差出人",
    "http",
]);

pub(super) fn is_sender_side(before: &str) -> bool {
    SENDER_SIDE.any(before)
}

/// Whether the address that follows is where somebody moved: "please use …".
pub(super) fn is_place(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '<', ':']);
    before.ends_with(" use") || before.ends_with(" try")
}

/// The end of what stands before an address: a line may hold thousands of them.
fn near(before: &str) -> &str {
    &before[before.ceil_char_boundary(before.len().saturating_sub(500))..]
}

/// A line that says whom to ask.
static CONTACTS: Words = Words::new(lines![
    "contact",
    "for assistance",
    "for help",
    "further assistance",
    "please send",
    "questions",
    "system administrator",
    "support@",
    "abuse@",
    "http://",
    "https://",
]);

pub(super) fn is_contact(line: &str) -> bool {
    CONTACTS.any(line)
}

/// Whom a mailing list is run by, and what runs it.
fn is_role(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    ["-owner", "-request", "-bounces"].iter().any(|role| local.ends_with(role)) || local.starts_with("owner-")
}

/// Addresses in fields of a header.
struct Named<'m> {
    headers: Option<&'m Headers<'m>>,
    fields: &'static [&'static str],
    asked: Cell<usize>,
    all: OnceCell<Known>,
}

impl<'m> Named<'m> {
    const fn new(headers: Option<&'m Headers<'m>>, fields: &'static [&'static str]) -> Self {
        Self { headers, fields, asked: Cell::new(0), all: OnceCell::new() }
    }

    /// Whether any of the fields names this address.
    fn holds(&self, address: &str) -> bool {
        /// So many times the fields are searched, which is soon done where they do not hold the address. Who asks more
        /// often reads a long list, and then theirs may be one as well.
        const FEW: usize = 8;
        let Some(headers) = self.headers else { return false };
        if self.asked.replace(self.asked.get() + 1) < FEW {
            return headers.name(self.fields, address);
        }
        let all = || {
            let mut all = Known::default();
            let each = self.fields.iter().flat_map(|field| headers.addresses(field));
            each.for_each(|address| _ = all.add(&address, 0));
            all
        };
        self.all.get_or_init(all).holds(address)
    }
}

/// Who gets a report, who wrote it, who sent the mail: addresses that stand in it beside the recipient.
pub(super) struct Others<'m> {
    known: Named<'m>,
    mailed: Named<'m>,
    returned: &'m ReturnedMail,
}

/// Fields of a report that name others.
const KNOWN: &[&str] = &["to", "cc", "from", "return-path", "delivered-to", "reply-to", "x-original-to"];
/// Fields of the returned mail that name its recipients.
const MAILED: &[&str] = &["to", "cc", "x-original-to", "delivered-to"];

impl<'m> Others<'m> {
    pub(super) fn of(source: &'m Source<'_, '_>, returned: &'m ReturnedMail) -> Self {
        let known = Named::new(Some(&source.message.headers), KNOWN);
        Self { known, mailed: Named::new(returned.headers(), MAILED), returned }
    }

    fn is_other(&self, address: &str) -> bool {
        let other = is_role(address) || self.known.holds(address) || self.is_sender(address);
        other && !self.mailed.holds(address)
    }

    fn is_sender(&self, address: &str) -> bool {
        self.returned.sender().is_some_and(|sender| address::same(&sender, address))
    }

    /// Keeps the recipients; when only others are named, the report may be about one of them.
    pub(super) fn drop_from<'t>(&self, heads: Vec<Head<'t>>) -> Vec<Head<'t>> {
        let (others, kept): (Vec<_>, Vec<_>) =
            heads.into_iter().partition(|head| self.is_other(head.address));
        if !kept.is_empty() {
            return kept;
        }
        others.into_iter().filter(|head| !is_role(head.address)).collect()
    }

    /// Addresses anywhere: those that the returned mail was sent to, else those that are nobody else's.
    pub(super) fn anywhere<'t>(&self, lines: &[&'t str]) -> Vec<Head<'t>> {
        let mut found = Vec::new();
        for (n, line) in lines.iter().enumerate() {
            let contact = LazyCell::new(|| is_contact(line));
            for range in address::find(line) {
                let address = &line[range.clone()];
                let mailed = self.mailed.holds(address);
                let before = &line[..range.start];
                if mailed
                    || !*contact
                        && !self.is_other(address)
                        && !is_sender_side(near(before))
                        && !is_place(before)
                        && !before.ends_with('=')
                {
                    found.push((mailed, Head { line: n, address, rest: "" }));
                }
            }
        }
        let any_mailed = found.iter().any(|(mailed, _)| *mailed);
        found.into_iter().filter(|(mailed, _)| *mailed || !any_mailed).map(|(_, head)| head).collect()
    }
}

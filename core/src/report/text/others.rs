//! Addresses that stand in reports beside the recipient.

use crate::report::{ReturnedMail, Source};
use crate::syntax::address;
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
    "absender",
    "expéditeur",
    "remitente",
    "送信者",
    "差出人",
    "http",
]);

pub(super) fn is_sender_side(before: &str) -> bool {
    SENDER_SIDE.any(before)
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

/// Addresses that stand in reports beside the recipient: who gets the report, who wrote it, who sent the mail.
pub(super) struct Others {
    known: Vec<String>,
    to: Vec<String>,
}

impl Others {
    pub(super) fn of(source: &Source<'_, '_>, returned: &ReturnedMail) -> Self {
        let headers = &source.message.headers;
        let mut known: Vec<String> =
            ["to", "cc", "from", "return-path", "delivered-to", "reply-to", "x-original-to"]
                .iter()
                .flat_map(|name| headers.addresses(name))
                .collect();
        known.extend(returned.sender());
        let to = returned.headers().map_or_else(Vec::new, |headers| {
            ["to", "cc", "x-original-to", "delivered-to"]
                .iter()
                .flat_map(|name| headers.addresses(name))
                .collect()
        });
        Self { known, to }
    }

    fn is_other(&self, address: &str) -> bool {
        let other = self.known.iter().any(|known| address::same(known, address)) || is_role(address);
        other && !self.to.iter().any(|to| address::same(to, address))
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
            let contact = is_contact(line);
            for range in address::find(line) {
                let address = &line[range.clone()];
                let mailed = self.to.iter().any(|to| address::same(to, address));
                let before = &line[..range.start];
                if mailed
                    || !contact
                        && !self.is_other(address)
                        && !is_sender_side(before)
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

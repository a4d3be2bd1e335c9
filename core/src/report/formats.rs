//! Report formats as data: what is stable in each, and where it prints what.
//!
//! The tables come from `core/rules/formats/*.toml` by `cargo xtask generate`.

mod table;

use crate::facts::address;
use crate::message::Headers;

use super::text::pattern::{capture, matches};
use super::{Delivery, Source};

/// One format. Texts to look for are lower case.
pub(super) struct Format {
    pub(super) id: &'static str,
    /// Any of these recognises the format.
    pub(super) recognise: &'static [Signs],
    /// The line after which recipients stand.
    pub(super) start: &'static [&'static str],
    /// Whether the start line itself names a recipient.
    pub(super) start_holds: bool,
    /// The line at which the report's own words end.
    pub(super) stop: &'static [&'static str],
    /// Line patterns with `{address}` and perhaps `{text}`.
    pub(super) recipient: &'static [&'static str],
    /// Line patterns whose holes name the fact: `{diagnostic}`, `{remote_mta}`, `{subject}` …
    pub(super) pick: &'static [&'static str],
}

/// Signs of a format: each list that is not empty must have a hit.
pub(super) struct Signs {
    pub(super) from: &'static [&'static str],
    pub(super) subject: &'static [&'static str],
    /// `name` or `name: text`.
    pub(super) header: &'static [&'static str],
    pub(super) text: &'static [&'static str],
}

/// The first format of the table, in its order (the most telling signs first), whose signs are all there.
pub(super) fn recognise(source: &Source<'_, '_>) -> Option<&'static Format> {
    let headers = &source.message.headers;
    let from = headers.text("from").unwrap_or_default().to_lowercase();
    let subject = source.subject.to_lowercase();
    let text = source.human.to_lowercase();
    table::FORMATS
        .iter()
        .find(|format| format.recognise.iter().any(|signs| signs.hold(headers, &from, &subject, &text)))
}

impl Signs {
    fn hold(&self, headers: &Headers<'_>, from: &str, subject: &str, text: &str) -> bool {
        let any =
            |list: &[&str], value: &str| list.is_empty() || list.iter().any(|sign| value.contains(sign));
        let header = |sign: &&str| match sign.split_once(": ") {
            Some((name, value)) => headers.contains(name, value),
            None => headers.has(sign),
        };
        any(self.from, from)
            && any(self.subject, subject)
            && any(self.text, text)
            && (self.header.is_empty() || self.header.iter().any(header))
    }
}

impl Format {
    /// Fills what the format's pick patterns find and the delivery lacks.
    pub(super) fn pick(&self, human: &str, delivery: &mut Delivery) {
        for line in human.lines() {
            for pattern in self.pick {
                let Some(found) = matches(pattern, line) else { continue };
                let take = |name: &str| capture(&found, name).map(str::to_owned);
                let fill = |slot: &mut Option<String>, name: &str| {
                    if slot.is_none() {
                        *slot = take(name);
                    }
                };
                if let Some(words) = take("diagnostic") {
                    delivery.diagnostic = Some(words);
                }
                fill(&mut delivery.remote_mta, "remote_mta");
                fill(&mut delivery.reporting_mta, "reporting_mta");
                fill(&mut delivery.subject, "subject");
                fill(&mut delivery.message_id, "message_id");
                fill(&mut delivery.queue_id, "queue_id");
                if delivery.sender.is_none() {
                    delivery.sender = capture(&found, "sender").and_then(address::usable);
                }
            }
        }
    }
}

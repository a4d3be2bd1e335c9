//! Report formats as data: what is stable in each, and where it prints what.
//!
//! The tables come from `core/rules/formats/*.toml` by `cargo xtask generate`.

mod table;
mod unpack;

use std::sync::LazyLock;

use crate::finder::Finder;
use crate::message::Headers;
use crate::syntax::address;

use super::text::pattern::{capture, matches};
use super::{Delivery, Source};

/// The formats, and what finds the words of their signs.
struct Table {
    /// In the order of recognition.
    formats: Vec<Format>,
    /// At most [`table::WORDS`].
    words: Finder,
}

/// Unpacked at the first mail.
static TABLE: LazyLock<Table> = LazyLock::new(|| unpack::unpack(table::PACKED));

/// One format. Texts to look for are lower case.
#[derive(Default)]
pub(super) struct Format {
    pub(super) id: &'static str,
    /// Any of these recognises the format.
    pub(super) recognise: Vec<Signs>,
    /// The line after which recipients stand.
    pub(super) start: Vec<&'static str>,
    /// Whether the start line itself names a recipient.
    pub(super) start_holds: bool,
    /// The line at which the report's own words end.
    pub(super) stop: Vec<&'static str>,
    /// Line patterns with `{address}` and perhaps `{text}`.
    pub(super) recipient: Vec<&'static str>,
    /// Line patterns whose holes name the fact: `{diagnostic}`, `{remote_mta}`, `{subject}` …
    pub(super) pick: Vec<&'static str>,
}

/// Signs of a format: each list that is not empty must have a hit. Numbers are words of the [`Table`].
#[derive(Default)]
pub(super) struct Signs {
    /// No other mail looks like this: it is a report whatever the rest of it looks like.
    pub(super) proof: bool,
    pub(super) from: Vec<u16>,
    pub(super) subject: Vec<u16>,
    /// Fields of the header, each with the text that it must hold; empty for any.
    pub(super) header: Vec<(&'static str, &'static str)>,
    /// Words of the machine-readable part, or of fields in the text where there is none.
    pub(super) field: Vec<u16>,
    /// Words of Reporting-MTA: who wrote the report, where any host may stand elsewhere.
    pub(super) reporter: Vec<u16>,
    pub(super) text: Vec<u16>,
    pub(super) and_text: Vec<u16>,
}

/// A format whose signs are there, and whether they prove that the mail is a report.
#[derive(Clone, Copy)]
pub(super) struct Recognised {
    pub(super) format: &'static Format,
    pub(super) proof: bool,
}

/// The first format of the table, in its order (the most telling signs first), whose signs are all there.
pub(super) fn recognise(source: &Source<'_, '_>) -> Option<Recognised> {
    let headers = &source.message.headers;
    let parts = &source.message.machine;
    let fields: Vec<&str> = if parts.is_empty() {
        vec![head(&source.message.text)]
    } else {
        parts.iter().map(|part| head(&part.text)).collect()
    };
    let reporters = fields.iter().flat_map(|text| text.lines()).filter(|line| is_reporter(line));
    let places = Places {
        headers,
        from: Words::of(headers.all_text("from").collect::<Vec<_>>().iter().map(String::as_str)),
        subject: Words::of([source.subject]),
        reporter: Words::of(reporters),
        fields: Words::of(fields.iter().copied()),
        text: Words::of([with_marker(source)]),
    };
    TABLE.formats.iter().find_map(|format| {
        let mut held = format.recognise.iter().filter(|signs| signs.hold(&places)).peekable();
        held.peek()?;
        Some(Recognised { format, proof: held.any(|signs| signs.proof) })
    })
}

/// Signs stand early: beyond this many bytes a text is the returned mail's, or a list of recipients.
const HEAD: usize = 6 << 10;

fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(HEAD)]
}

/// What the reporter wrote, and the line that sets the returned mail apart: many systems are known by it.
fn with_marker<'m>(source: &Source<'m, '_>) -> &'m str {
    let text = source.message.text.as_str();
    if !text.starts_with(source.human) {
        return head(source.human);
    }
    let end = text.floor_char_boundary((source.human.len() + 160).min(text.len()));
    head(&text[..end])
}

fn is_reporter(line: &str) -> bool {
    line.get(..13).is_some_and(|name| name.eq_ignore_ascii_case("reporting-mta"))
}

/// Which words of the table each part of a mail holds.
struct Places<'m, 'x> {
    headers: &'m Headers<'x>,
    from: Words,
    subject: Words,
    fields: Words,
    reporter: Words,
    text: Words,
}

/// A set of words of the [`Table`].
struct Words {
    bits: [u64; table::WORDS.div_ceil(64)],
}

impl Words {
    /// The words that the texts hold, in any ASCII case: one pass over each.
    fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut bits = [0; table::WORDS.div_ceil(64)];
        for text in texts {
            TABLE.words.each(text, |hit| bits[hit.word / 64] |= 1 << (hit.word % 64));
        }
        Self { bits }
    }

    /// Whether one of these is there; an empty list asks for nothing.
    fn any(&self, words: &[u16]) -> bool {
        let has = |word: &u16| self.bits[usize::from(*word) / 64] & (1 << (word % 64)) != 0;
        words.is_empty() || words.iter().any(has)
    }
}

impl Signs {
    fn hold(&self, places: &Places<'_, '_>) -> bool {
        let header = |(name, text): &(&str, &str)| match *text {
            "" => places.headers.has(name),
            text => places.headers.contains(name, text),
        };
        places.from.any(&self.from)
            && places.subject.any(&self.subject)
            && places.fields.any(&self.field)
            && places.reporter.any(&self.reporter)
            && places.text.any(&self.text)
            && places.text.any(&self.and_text)
            && (self.header.is_empty() || self.header.iter().any(header))
    }
}

impl Format {
    /// Fills what the format's pick patterns find and the delivery lacks.
    pub(super) fn pick(&self, human: &str, delivery: &mut Delivery) {
        for line in human.lines() {
            for pattern in &self.pick {
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

//! Report formats as data: what is stable in each, and where it prints what.
//!
//! The tables come from `core/rules/formats/*.toml` by `cargo xtask generate`.

mod table;
mod unpack;

use std::sync::LazyLock;

use crate::finder::{Finder, Match};
use crate::message::Headers;
use crate::syntax::address;

use super::text::pattern::{capture, matches};
use super::{Delivery, Source, rfc3464};

/// The formats, and what finds the words of their signs.
#[derive(Default)]
struct Table {
    /// In the order of recognition.
    formats: Vec<Format>,
    /// The signs of all formats, in their order.
    signs: Vec<Signs>,
    /// Of each signs the lists that must have a hit, one bit each.
    lists: Vec<u8>,
    /// The signs that ask for no words.
    wordless: Whole,
    /// The words of the signs, by the [`Place`] where they are looked for.
    words: [Words; 4],
}

/// Signs of which every list has a hit, one bit each.
type Whole = [u64; MOST / 64];

/// There are no more signs than this.
const MOST: usize = 256;

/// Where words are looked for. Each place has a search of its own: a few words are sooner found than all of them.
#[derive(Clone, Copy)]
enum Place {
    From,
    Subject,
    Fields,
    Text,
}

/// The words that are looked for in one place.
#[derive(Default)]
struct Words {
    finder: Finder,
    /// Which lists ask for each word: `asked[ends[word]..ends[word + 1]]`.
    asked: Vec<Asked>,
    ends: Vec<u16>,
}

/// A list of some signs, in which a word stands.
#[derive(Clone, Copy)]
struct Asked {
    signs: u16,
    list: u8,
}

/// Unpacked at the first mail.
static TABLE: LazyLock<Table> = LazyLock::new(|| unpack::unpack(table::PACKED));

/// Words of From.
const FROM: u8 = 1;
/// Words of Subject.
const SUBJECT: u8 = 1 << 1;
/// Words of the machine-readable part, or of fields in the text where there is none.
const FIELD: u8 = 1 << 2;
/// Words of Reporting-MTA: who wrote the report, where any host may stand elsewhere.
const REPORTER: u8 = 1 << 3;
/// Words of what the reporter wrote.
const TEXT: u8 = 1 << 4;
/// Further words of it, of which one must be there as well.
const AND_TEXT: u8 = 1 << 5;

/// One format. Texts to look for are lower case.
#[derive(Default)]
pub(super) struct Format {
    pub(super) id: &'static str,
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

/// Signs of a format, of which any may recognise it: each list that is not empty must have a hit.
#[derive(Default)]
struct Signs {
    /// The format, by its place in the [`Table`].
    format: usize,
    /// No other mail looks like this: it is a report whatever the rest of it looks like.
    proof: bool,
    /// Fields of the header, each with the text that it must hold; empty for any.
    header: Vec<(&'static str, &'static str)>,
}

/// A format whose signs are there, and whether they prove that the mail is a report.
#[derive(Clone, Copy)]
pub(super) struct Recognised {
    pub(super) format: &'static Format,
    pub(super) proof: bool,
}

/// The first format of the table, in its order (the most telling signs first), whose signs are all there.
pub(super) fn recognise(source: &Source<'_, '_>) -> Option<Recognised> {
    let message = source.message;
    let mut found = Found::new();
    message.headers.all_text("from").for_each(|from| found.look(Place::From, &from, |_| FROM));
    found.look(Place::Subject, source.subject, |_| SUBJECT);
    found.look(Place::Text, with_marker(source), |_| TEXT | AND_TEXT);
    // Without a recipient they are no report any more, but still tell whose it was.
    let damaged = || rfc3464::line_start(&message.text, "Reporting-MTA:").map(|at| &message.text[at..]);
    let fields = source.fields.or_else(|| message.machine.is_empty().then(damaged).flatten());
    fields.into_iter().for_each(|fields| found.look_at_fields(fields));
    message.machine.iter().for_each(|part| found.look_at_fields(&part.text));
    found.first(&message.headers)
}

/// Signs stand early: beyond this many bytes a text is the returned mail's, or a list of recipients.
const HEAD: usize = 6 << 10;

fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(HEAD)]
}

/// What the reporter wrote, which the text begins with, and the line that sets the returned mail apart: many systems are
/// known by it.
fn with_marker<'m>(source: &Source<'m, '_>) -> &'m str {
    let text = source.message.text.as_str();
    head(&text[..text.floor_char_boundary(source.human.len() + 160)])
}

/// Whether the line that holds this place of a text names the reporter.
fn names_reporter(text: &str, at: usize) -> bool {
    let line = memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |end| end + 1);
    text.as_bytes()[line..at].get(..13).is_some_and(|name| name.eq_ignore_ascii_case(b"reporting-mta"))
}

/// The lists that have a hit, of each signs of the [`Table`], and where these are all of its lists.
struct Found {
    lists: [u8; MOST],
    whole: Whole,
}

impl Found {
    fn new() -> Self {
        Self { lists: [0; MOST], whole: TABLE.wordless }
    }

    /// Notes every word of a text, in any ASCII case; `counts` tells for which lists one does.
    fn look(&mut self, place: Place, text: &str, counts: impl Fn(Match) -> u8) {
        let words = &TABLE.words[place as usize];
        words.finder.each(text, |hit| {
            let asked = usize::from(words.ends[hit.word])..usize::from(words.ends[hit.word + 1]);
            let counts = counts(hit);
            for asked in &words.asked[asked] {
                let signs = usize::from(asked.signs);
                self.lists[signs] |= asked.list & counts;
                self.whole[signs / 64] |= u64::from(self.lists[signs] == TABLE.lists[signs]) << (signs % 64);
            }
        });
    }

    /// The same for fields.
    fn look_at_fields(&mut self, text: &str) {
        let text = head(text);
        self.look(Place::Fields, text, |hit| {
            FIELD | if names_reporter(text, hit.start) { REPORTER } else { 0 }
        });
    }

    /// The first format whose signs are all there.
    fn first(&self, headers: &Headers<'_>) -> Option<Recognised> {
        let header = |(name, text): &(&str, &str)| match *text {
            "" => headers.has(name),
            text => headers.contains(name, text),
        };
        let signs = (0..MOST).step_by(64).zip(self.whole).flat_map(|(from, bits)| each_set(from, bits));
        let mut held = signs
            .filter_map(|number| TABLE.signs.get(number))
            .filter(|signs| signs.header.is_empty() || signs.header.iter().any(header));
        let first = held.next()?;
        let others = held.take_while(|signs| signs.format == first.format);
        let proof = first.proof || others.into_iter().any(|signs| signs.proof);
        Some(Recognised { format: &TABLE.formats[first.format], proof })
    }
}

/// The numbers of the bits that are set, counted from a number.
fn each_set(from: usize, mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = (bits != 0).then(|| from + bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        next
    })
}

impl Format {
    /// What the format's pick patterns find.
    pub(super) fn picked(&self, lines: &[&str]) -> Delivery {
        let mut delivery = Delivery::default();
        for line in lines {
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
        delivery
    }
}

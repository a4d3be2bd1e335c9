//! Addresses out of records, before these go to a log, a ticket or another company.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt::{self, Write};

use crate::error::Error;
use crate::letters::lowercase;
use crate::record::{Evidence, Record, Report, Verdict};
use crate::returnpath::mask;
use crate::syntax::known::Known as Addresses;

mod find;
#[cfg(test)]
mod tests;

use find::{Span, addresses, known_forms, words};

/// Replaces the local part of every address in every text of a record.
///
/// The domain stays: who runs a mailbox is what statistics need. Addresses are found in whatever field they stand,
/// also written as `taro=example.jp` or `taro%40example.jp`, and in `diagnostic` the recipient's bare local part is
/// replaced too (even where it is an ordinary word: better one word too many). A Message-ID looks like an address and
/// is none: only addresses that the report is about are replaced in it.
/// `evidence.text` remains an exact substring of the field that it names.
///
/// ```
/// use komainu::Redactor;
///
/// assert_eq!(Redactor::mask().text("<taro@example.jp>: User unknown"), "<t***@example.jp>: User unknown");
/// let hash = Redactor::hash("a long random secret")?;
/// assert_eq!(hash.text("taro@example.jp"), hash.text("TARO@example.jp"));
/// # Ok::<(), komainu::Error>(())
/// ```
///
/// A mask hides an address from readers. It does not hide it from someone who guesses: `id` is a digest over the
/// recipient. The keyed hash replaces `id` as well, and equal addresses stay equal, for whoever does not have the key.
#[derive(Clone, PartialEq, Eq)]
pub struct Redactor {
    key: Option<Vec<u8>>,
}

impl Redactor {
    /// Writes `t***@example.jp`.
    #[must_use]
    pub const fn mask() -> Self {
        Self { key: None }
    }

    /// Writes 64 bits of HMAC-SHA-256 in hex before the `@`: the same for the same address, without telling which.
    ///
    /// # Errors
    /// An empty key.
    pub fn hash(key: impl Into<Vec<u8>>) -> Result<Self, Error> {
        let key = key.into();
        if key.is_empty() {
            return Err(Error::new("the key of the redactor is empty; use a long random one"));
        }
        Ok(Self { key: Some(key) })
    }

    /// A text of any kind, with its addresses replaced.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        self.replace(text, &addresses(text)).0
    }

    /// Replaces the addresses of every record.
    pub fn apply(&self, report: &mut Report) {
        let mut all = Addresses::default();
        for address in report.records.iter().flat_map(Known::fields) {
            all.add(address, 0);
        }
        for record in &mut report.records {
            self.apply_among(record, &all);
        }
    }

    /// Replaces the addresses of one record, such as one from a log.
    pub fn apply_to_record(&self, record: &mut Record) {
        self.apply_among(record, &Addresses::default());
    }

    /// The same for a record among others; `all` are the addresses of all of them.
    fn apply_among(&self, record: &mut Record, all: &Addresses) {
        let known = Known { addresses: Known::fields(record).cloned().collect(), all };
        if let Some(key) = &self.key {
            record.id = hex(&digest(key, &record.id), 16);
        }
        let mut evidence = std::mem::take(&mut record.evidence);
        let mut placed = vec![false; evidence.len()];
        for (field, value) in text_fields(record) {
            self.field(field, value, &known, &mut evidence, &mut placed);
        }
        for value in record.headers.iter_mut().flat_map(|headers| headers.values_mut()) {
            self.field("headers", value, &known, &mut evidence, &mut placed);
        }
        // Evidence from a key that holds no text of the mail, such as a code: nothing to keep in step with.
        for (entry, _) in evidence.iter_mut().zip(placed).filter(|(_, placed)| !placed) {
            entry.text = self.text(&entry.text);
        }
        record.evidence = evidence;
    }

    /// Replaces the addresses of a verdict. Its evidence speaks of the reply, which a verdict does not hold.
    pub fn apply_to_verdict(&self, verdict: &mut Verdict) {
        for evidence in &mut verdict.evidence {
            evidence.text = self.text(&evidence.text);
        }
        if let Some(address) = &mut verdict.new_address {
            *address = self.text(address);
        }
    }

    /// One field, and the evidence that points into it.
    fn field(
        &self,
        field: &str,
        value: &mut String,
        known: &Known<'_>,
        evidence: &mut [Evidence],
        placed: &mut [bool],
    ) {
        let mut spans = addresses(value);
        if field == "message_id" {
            spans.retain(|span| known.all.holds(&span.address));
        }
        spans.extend(known_forms(value, &known.addresses));
        let mut cited = Vec::new();
        for (index, entry) in evidence.iter().enumerate() {
            if entry.field == field
                && let Some(at) = value.find(&entry.text)
            {
                cited.push((index, at..at + entry.text.len()));
            }
        }
        if field == "diagnostic" {
            spans.extend(words(value, &known.addresses));
        }
        let (redacted, map) = self.replace(value, &disjoint(spans));
        for (index, range) in cited {
            placed[index] = true;
            evidence[index].text = redacted[map.start(range.start)..map.end(range.end)].to_owned();
        }
        *value = redacted;
    }

    /// The text with each span replaced, and a map from old places to new ones.
    fn replace(&self, text: &str, spans: &[Span]) -> (String, Map) {
        let mut out = String::with_capacity(text.len());
        let mut map = Map::default();
        let mut done = 0;
        for span in spans {
            out.push_str(&text[done..span.range.start]);
            let start = out.len();
            self.write(&mut out, span);
            map.moved.push((span.range.clone(), start..out.len()));
            done = span.range.end;
        }
        out.push_str(&text[done..]);
        (out, map)
    }

    fn write(&self, out: &mut String, span: &Span) {
        match &self.key {
            Some(key) => out.push_str(&hex(&digest(key, &lowercase(&span.address)), 8)),
            None => {
                let masked = mask(&span.address);
                out.push_str(masked.split('@').next().unwrap_or_default());
            }
        }
        out.push_str(&span.tail);
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.key.is_some() { "Redactor::hash(…)" } else { "Redactor::mask()" })
    }
}

/// The addresses that a record is about, found in other ways of writing too.
struct Known<'a> {
    addresses: Vec<String>,
    /// Those of all records of its report.
    all: &'a Addresses,
}

impl Known<'_> {
    fn fields(record: &Record) -> impl Iterator<Item = &String> {
        let fields = [&record.recipient, &record.original_recipient, &record.new_address, &record.sender];
        fields.into_iter().flatten().filter(|text| text.contains('@'))
    }
}

/// Where replaced spans came from and went to, in order.
#[derive(Default)]
struct Map {
    moved: Vec<(std::ops::Range<usize>, std::ops::Range<usize>)>,
}

impl Map {
    /// The new place of an old start; inside a replaced span, the span's start.
    fn start(&self, old: usize) -> usize {
        self.place(old, |new| new.start)
    }

    /// The new place of an old end; inside a replaced span, the span's end.
    fn end(&self, old: usize) -> usize {
        self.place(old, |new| new.end)
    }

    fn place(&self, old: usize, inside: fn(&std::ops::Range<usize>) -> usize) -> usize {
        let before = self.moved.partition_point(|(from, _)| from.end <= old);
        if let Some((from, to)) = self.moved.get(before)
            && from.start < old
        {
            return inside(to);
        }
        match before.checked_sub(1).map(|last| &self.moved[last]) {
            Some((from, to)) => to.end + (old - from.end),
            None => old,
        }
    }
}

/// Sorted, with the longer one kept where two overlap.
fn disjoint(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| (span.range.start, std::cmp::Reverse(span.range.end)));
    let mut end = 0;
    spans.retain(|span| {
        let keep = span.range.start >= end;
        if keep {
            end = span.range.end;
        }
        keep
    });
    spans
}

fn digest(key: &[u8], text: &str) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes any key");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

fn hex(bytes: &[u8], count: usize) -> String {
    bytes.iter().take(count).fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Every text of a record that a mail can write into, with its key.
fn text_fields(record: &mut Record) -> Vec<(&'static str, &mut String)> {
    let feedback = record.feedback.iter_mut().flat_map(|feedback| {
        let texts = [
            &mut feedback.kind,
            &mut feedback.user_agent,
            &mut feedback.source_ip,
            &mut feedback.original_envelope_id,
            &mut feedback.auth_failure,
        ];
        texts.map(|text| ("feedback", text.as_mut()))
    });
    let fields = [
        ("recipient", record.recipient.as_mut()),
        ("original_recipient", record.original_recipient.as_mut()),
        ("sender", record.sender.as_mut()),
        ("diagnostic", record.diagnostic.as_mut()),
        ("diagnostic_type", record.diagnostic_type.as_mut()),
        ("reporting_mta", record.reporting_mta.as_mut()),
        ("received_from_mta", record.received_from_mta.as_mut()),
        ("remote_mta", record.remote_mta.as_mut()),
        ("new_address", record.new_address.as_mut()),
        ("status", record.status.as_mut()),
        ("dsn_status", record.dsn_status.as_mut()),
        ("source_ip", record.source_ip.as_mut()),
        ("subject", record.subject.as_mut()),
        ("message_id", record.message_id.as_mut()),
        ("list_id", record.list_id.as_mut()),
        ("feedback_id", record.feedback_id.as_mut()),
        ("original_envelope_id", record.original_envelope_id.as_mut()),
        ("queue_id", record.queue_id.as_mut()),
    ];
    fields.into_iter().chain(feedback).filter_map(|(name, value)| Some((name, value?))).collect()
}

//! Raw bytes to headers, human text, machine part and the headers of the returned mail.
//!
//! A boundary stepper of ours finds the parts; mail-parser decodes those that matter. The body of the returned mail is
//! never decoded: what it costs is finding its end.

mod addresses;
pub(crate) mod charset;
mod content;
pub(crate) mod date;
mod entity;
pub(crate) mod headers;
mod html;
mod mime;
mod returned;
pub(crate) mod subject;
mod texts;
mod transfer;

use std::borrow::Cow;

use crate::lanes::line_end;
use crate::limits::Limits;
use crate::vocabulary::Limit;
pub(crate) use headers::Headers;
pub(crate) use returned::split_returned;

/// What kind of fields a machine-readable part holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MachineKind {
    /// `message/delivery-status` (RFC 3464) or `message/global-delivery-status` (RFC 6533).
    DeliveryStatus,
    /// `message/feedback-report` (RFC 5965).
    FeedbackReport,
    /// `message/disposition-notification` (RFC 8098).
    DispositionNotification,
}

/// A machine-readable part, decoded.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub(crate) kind: MachineKind,
    pub(crate) text: String,
}

/// A part that is no text of the report: named only.
#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    pub(crate) media: String,
    pub(crate) name: String,
}

/// One message, taken apart as far as a report needs it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message<'x> {
    pub(crate) headers: Headers<'x>,
    /// Media type of the whole, lower case, such as `multipart/report`.
    pub(crate) media: String,
    /// The `report-type` parameter, lower case.
    pub(crate) report_type: String,
    /// Human-readable text, decoded, LF only; HTML as lines.
    pub(crate) text: String,
    pub(crate) machine: Vec<Machine>,
    /// Headers of the returned mail, where a part of its own carries them.
    pub(crate) returned: Option<Headers<'x>>,
    /// The whole returned or wrapped message, where a part carries it undecoded.
    pub(crate) embedded: Option<&'x [u8]>,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) limits: Vec<Limit>,
}

impl<'x> Message<'x> {
    /// Takes a message apart. The bytes are those of [`clean`].
    pub(crate) fn read(bytes: &'x [u8], limits: &Limits) -> Self {
        let mut message = mime::read(bytes, limits);
        if let Some(text) = unquoted(&message.text) {
            message.text = text;
        }
        message
    }

    /// The machine part of this kind, all of them joined by an empty line.
    pub(crate) fn machine_text(&self, kind: MachineKind) -> Option<Cow<'_, str>> {
        let mut parts = self.machine.iter().filter(|part| part.kind == kind).map(|part| part.text.as_str());
        let first = parts.next()?;
        Some(parts.fold(Cow::Borrowed(first), |all, part| Cow::Owned(format!("{all}\n\n{part}"))))
    }
}

/// The lines of a text, as [`str::lines`] gives them: what reads most texts more than once should be quick.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = (!text.is_empty()).then_some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = line_end(text.as_bytes()) else {
            rest = None;
            return Some(text);
        };
        rest = Some(&text[end + 1..]).filter(|behind| !behind.is_empty());
        let line = &text[..end];
        Some(line.strip_suffix('\r').unwrap_or(line))
    })
}

/// The text of a mail that quotes another as a whole and adds no word to it, as machines do that pass mail on.
fn unquoted(text: &str) -> Option<String> {
    if !text.trim_start().starts_with('>') {
        return None;
    }
    let mut bare = String::with_capacity(text.len());
    for line in lines(text) {
        let rest = line.strip_prefix('>').or(line.is_empty().then_some(line))?;
        bare.push_str(rest.strip_prefix(' ').unwrap_or(rest));
        bare.push('\n');
    }
    Some(bare)
}

/// Cuts at the limit, drops what mailboxes put before the first header, gives bare-CR mail line ends, and takes UTF-16 apart.
pub(crate) fn clean<'x>(raw: &'x [u8], limits: &Limits) -> (Cow<'x, [u8]>, bool) {
    let cut = raw.len() > limits.max_bytes;
    let raw = if cut { &raw[..limits.max_bytes] } else { raw };
    let mut written = if raw.starts_with(b"\xff\xfe") || raw.starts_with(b"\xfe\xff") {
        // Windows' shells save what they are given so.
        charset::decode(raw, || Some("utf-16")).into_owned().into_bytes()
    } else if memchr::memchr(b'\n', raw).is_none() && memchr::memchr(b'\r', raw).is_some() {
        raw.iter().map(|b| if *b == b'\r' { b'\n' } else { *b }).collect()
    } else {
        return (Cow::Borrowed(&raw[preamble(raw)..]), cut);
    };
    written.drain(..preamble(&written));
    (Cow::Owned(written), cut)
}

/// The length of a byte order mark, empty lines and mbox `From ` lines at the start.
fn preamble(raw: &[u8]) -> usize {
    let mut at = if raw.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    // Nearly all mail begins with none of what these do.
    while at < raw.len() && (raw[at].is_ascii_whitespace() || matches!(raw[at], b'F' | b'>')) {
        let end = memchr::memchr(b'\n', &raw[at..]).map_or(raw.len(), |n| at + n + 1);
        let line = &raw[at..end];
        let mailbox = line.starts_with(b"From ") || line.starts_with(b">From ");
        if !mailbox && !line.iter().all(u8::is_ascii_whitespace) {
            break;
        }
        at = end;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_a_message_is_taken_off() {
        const MAIL: &str = "Subject: 件名\n\ntext\n";
        let bytes =
            |text: &str, unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        for raw in [
            MAIL.as_bytes().to_vec(),
            ["\u{feff}", MAIL].concat().into_bytes(),
            ["\n \nFrom a@example.org Mon Jan  1 00:00:00 2024\n", MAIL].concat().into_bytes(),
            MAIL.replace('\n', "\r").into_bytes(),
            bytes(&["\u{feff}", MAIL].concat(), u16::to_le_bytes),
            bytes(&["\u{feff}\n", MAIL].concat(), u16::to_be_bytes),
        ] {
            let (cleaned, cut) = clean(&raw, &Limits::default());
            assert_eq!((String::from_utf8_lossy(&cleaned).as_ref(), cut), (MAIL, false), "{raw:?}");
        }
    }
}

//! Stepping over MIME parts (RFC 2045, 2046, 6522) without decoding what a report does not need.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem;

use super::content::Content;
use super::headers::Headers;
use super::texts::{Text, is_plain_text, join, keep_best, line_feeds};
use super::transfer::Transfer;
use super::{Attachment, Machine, MachineKind, Message, charset, html};
use crate::limits::Limits;
use crate::vocabulary::Limit;
use crate::words::contains_ignore_case;

/// How many bytes of an unlabelled part tell whether it starts with header fields.
const FIRST_FIELDS: usize = 512;

/// Takes a whole message apart.
pub(super) fn read<'x>(bytes: &'x [u8], limits: &Limits) -> Message<'x> {
    let mut walker = Walker { limits, parts: 0, alternative: false, message: Message::default() };
    let (headers, body) = walker.headers(bytes);
    let mut texts = Vec::new();
    {
        let part = Part::of(&headers, &bytes[body..]);
        walker.message.media = part.media().to_owned();
        walker.message.report_type = part.parameter("report-type").to_ascii_lowercase();
        walker.part(&part, 0, &mut texts);
    }
    walker.message.text = join(texts, limits, &mut walker.message.limits);
    walker.message.headers = headers;
    walker.message
}

struct Walker<'l, 'x> {
    limits: &'l Limits,
    parts: usize,
    /// Whether the parts at hand are forms of one text.
    alternative: bool,
    message: Message<'x>,
}

/// One entity: its media type, its encoding and its body.
struct Part<'h, 'x> {
    headers: &'h Headers<'x>,
    content: Option<Content<'h>>,
    transfer: Transfer,
    body: &'x [u8],
}

impl<'h, 'x> Part<'h, 'x> {
    fn of(headers: &'h Headers<'x>, body: &'x [u8]) -> Self {
        Self {
            headers,
            content: headers.raw("content-type").and_then(Content::read),
            transfer: Transfer::of(headers.raw("content-transfer-encoding")),
            body,
        }
    }

    fn media(&self) -> &str {
        self.content.as_ref().map_or("", |content| &content.media)
    }

    fn parameter(&self, key: &str) -> &str {
        self.content.as_ref().and_then(|content| content.parameter(key)).unwrap_or_default()
    }

    /// The name of the file that the part says it is.
    fn name(&self) -> Cow<'_, str> {
        let disposition = self.headers.raw("content-disposition").and_then(Content::read);
        let filename = disposition.as_ref().and_then(|disposition| disposition.parameter("filename"));
        filename.map_or_else(|| Cow::Borrowed(self.parameter("name")), |name| Cow::Owned(name.to_owned()))
    }

    fn decode(&self) -> Cow<'x, [u8]> {
        self.transfer.decode(self.body)
    }

    /// Decoded text with LF line ends.
    fn text(&self, limit: usize) -> (String, bool) {
        let cut = self.body.len() > limit;
        let body = if cut { &self.body[..limit] } else { self.body };
        let bytes = self.transfer.decode(body);
        let text = charset::decode(&bytes, || self.content.as_ref()?.parameter("charset"));
        (line_feeds(text), cut)
    }
}

impl<'x> Walker<'_, 'x> {
    /// Reads a header block within its limit. A block without any field is no header block: all is body.
    fn headers(&mut self, bytes: &'x [u8]) -> (Headers<'x>, usize) {
        let max = self.limits.max_header_bytes;
        if bytes.len() <= max {
            return Headers::read(Cow::Borrowed(bytes), false);
        }
        let (headers, body) = Headers::read(Cow::Borrowed(&bytes[..max]), false);
        if body == max {
            self.hit(Limit::HeaderBytes);
            let rest = end_of_headers(bytes, max);
            return (headers, rest);
        }
        (headers, body)
    }

    fn hit(&mut self, limit: Limit) {
        if !self.message.limits.contains(&limit) {
            self.message.limits.push(limit);
        }
    }

    fn part(&mut self, part: &Part<'_, 'x>, depth: usize, texts: &mut Vec<Text>) {
        self.parts += 1;
        let media = part.media();
        if media.starts_with("multipart/") && self.multipart(part, depth, texts) {
            return;
        }
        match media {
            "message/delivery-status" | "message/global-delivery-status" => {
                self.machine(part, MachineKind::DeliveryStatus);
            }
            "message/feedback-report" => self.machine(part, MachineKind::FeedbackReport),
            "message/disposition-notification" | "message/global-disposition-notification" => {
                self.machine(part, MachineKind::DispositionNotification);
            }
            "message/rfc822"
            | "message/global"
            | "message/partial"
            | "text/rfc822-headers"
            | "text/rfc822"
            | "message/global-headers"
            | "message/rfc822-headers"
            | "message/news" => self.returned(part),
            "" | "text" | "text/html" => self.text(part, texts),
            // A multipart without a boundary that can be found is the text that it looks like.
            _ if media.starts_with("text/") || media.starts_with("multipart/") || !media.contains('/') => {
                self.text(part, texts);
            }
            "application/octet-stream" => self.unlabelled(part),
            _ => self.attachment(part),
        }
    }

    /// Gateways that trust no media type make files of a report's parts: what lies in one is told by its first field.
    fn unlabelled(&mut self, part: &Part<'_, 'x>) {
        let body = part.body.trim_ascii_start();
        let beginning = part.transfer.decode(&body[..body.len().min(FIRST_FIELDS)]);
        let (fields, _) = Headers::read(beginning, true);
        if fields.has("reporting-mta") {
            self.machine(part, MachineKind::DeliveryStatus);
        } else if fields.is_empty() {
            self.attachment(part);
        } else {
            self.plain_returned(part);
        }
    }

    /// Walks the parts of a multipart. False when no boundary line can be found.
    fn multipart(&mut self, part: &Part<'_, 'x>, depth: usize, texts: &mut Vec<Text>) -> bool {
        let mut boundary = part.parameter("boundary").as_bytes();
        let mut starts = delimiters(part.body, boundary, self.limits.max_parts);
        if starts.is_empty() {
            boundary = sniff_boundary(part.body).unwrap_or_default();
            starts = delimiters(part.body, boundary, self.limits.max_parts);
        }
        if starts.is_empty() {
            return false;
        }
        if depth >= self.limits.max_depth {
            self.hit(Limit::Depth);
            return true;
        }
        let mut inner = Vec::new();
        let alternative = part.media() == "multipart/alternative";
        let outer = std::mem::replace(&mut self.alternative, alternative);
        for (n, delimiter) in starts.iter().enumerate() {
            if self.parts >= self.limits.max_parts {
                self.hit(Limit::Parts);
                break;
            }
            if delimiter.closing {
                break;
            }
            let end = starts.get(n + 1).map_or(part.body.len(), |next| next.start);
            let entity = &part.body[delimiter.end..end.max(delimiter.end)];
            let (headers, body) = self.headers(entity);
            if is_message(&headers) && self.message.returned.is_none() {
                // The returned mail itself, without a header of its own as a part.
                self.message.returned = Some(headers);
                continue;
            }
            self.part(&Part::of(&headers, &entity[body..]), depth + 1, &mut inner);
        }
        self.alternative = outer;
        if alternative {
            keep_best(&mut inner);
        }
        texts.append(&mut inner);
        true
    }

    fn machine(&mut self, part: &Part<'_, 'x>, kind: MachineKind) {
        let (text, cut) = part.text(self.limits.max_text_bytes);
        if cut {
            self.hit(Limit::Text);
        }
        self.message.machine.push(Machine { kind, text });
    }

    /// Keeps the headers of the first returned mail; of its body, only where it lies.
    fn returned(&mut self, part: &Part<'_, 'x>) {
        let identity = part.transfer == Transfer::Identity;
        if identity && self.message.embedded.is_none() {
            self.message.embedded = Some(part.body);
        }
        if self.message.returned.is_some() {
            return;
        }
        let start = part.body.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
        let body = if identity { &part.body[start..] } else { part.body };
        let window = &body[..body.len().min(self.limits.max_header_bytes)];
        let block = part.transfer.decode(window);
        let (headers, _) = Headers::read(block, false);
        if !headers.is_empty() {
            self.message.returned = Some(headers);
        }
    }

    fn text(&mut self, part: &Part<'_, 'x>, texts: &mut Vec<Text>) {
        let after_report = !self.message.machine.is_empty() || self.message.returned.is_some();
        let attached = !texts.is_empty() && part.content.is_some() && !part.name().is_empty();
        if after_report && (!texts.is_empty() || attached) || attached && part.media() == "text/html" {
            // What follows the report is the returned mail or a footer, whatever its label.
            self.plain_returned(part);
            return;
        }
        if part.media() == "text/html" && self.alternative && texts.iter().any(is_plain_text) {
            return;
        }
        let (text, cut) = part.text(self.limits.max_text_bytes);
        if cut {
            self.hit(Limit::Text);
        }
        let html =
            part.media() == "text/html" || part.media().is_empty() && text.trim_start().starts_with("<html");
        texts.push(Text { text: if html { html::to_text(&text) } else { text }, html });
    }

    /// A text part after the report: the returned mail's headers, where it starts with some.
    fn plain_returned(&mut self, part: &Part<'_, 'x>) {
        if self.message.returned.is_none() {
            let window = &part.body[..part.body.len().min(self.limits.max_header_bytes)];
            let (headers, _) = Headers::read(part.transfer.decode(window), true);
            if headers.len() >= 3 && (headers.has("from") || headers.has("received")) {
                self.message.returned = Some(headers);
                return;
            }
        }
        self.attachment(part);
    }

    fn attachment(&mut self, part: &Part<'_, 'x>) {
        // JSON notifications arrive as parts of their own; everything else is only named.
        if part.media() == "application/json" && part.body.len() < self.limits.max_text_bytes {
            let bytes = part.decode();
            if self.message.text.is_empty() {
                self.message.text = String::from_utf8_lossy(&bytes).into_owned();
            }
        }
        let (media, name) = (part.media().to_owned(), part.name().into_owned());
        self.message.attachments.push(Attachment { media, name });
    }
}

/// Fields that only a message carries, never a part.
fn is_message(headers: &Headers<'_>) -> bool {
    headers.has("received") && (headers.has("message-id") || headers.has("subject") || headers.has("from"))
}

/// The first empty line from `from` on.
fn end_of_headers(bytes: &[u8], from: usize) -> usize {
    let rest = &bytes[from..];
    let lf = memmem::find(rest, b"\n\n").map(|n| n + 2);
    let crlf = memmem::find(rest, b"\n\r\n").map(|n| n + 3);
    from + lf.into_iter().chain(crlf).min().unwrap_or(rest.len())
}

/// A boundary line: where it starts, where the part after it starts, and whether it closes the multipart.
struct Delimiter {
    start: usize,
    end: usize,
    closing: bool,
}

/// How boundary lines begin, with the line end before them.
static DASHES: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("\n--"));

/// Boundary lines of RFC 2046 section 5.1.1, at most one more than `max`.
fn delimiters(body: &[u8], boundary: &[u8], max: usize) -> Vec<Delimiter> {
    let mut found = Vec::new();
    if boundary.is_empty() {
        return found;
    }
    let needle = [b"--", boundary].concat();
    // Dashes at the start of a line are looked for with what was made once for all mail. A boundary with a line end in
    // it, which none should have, is looked for whole.
    let odd = boundary.contains(&b'\n').then(|| memmem::Finder::new(&needle));
    let lines = odd.as_ref().unwrap_or(&DASHES).find_iter(body);
    let first = odd.is_none().then_some(0);
    for at in first.into_iter().chain(lines.map(|at| at + usize::from(odd.is_none()))) {
        let line_start = at == 0 || body[at - 1] == b'\n';
        if !line_start || !body[at..].starts_with(&needle) {
            continue;
        }
        let tail = &body[at + needle.len()..];
        let closing = tail.starts_with(b"--");
        let ends = tail.first().is_none_or(u8::is_ascii_whitespace);
        if !closing && !ends {
            continue;
        }
        let end = memchr::memchr(b'\n', tail).map_or(body.len(), |n| at + needle.len() + n + 1);
        found.push(Delimiter { start: at, end, closing });
        if closing || found.len() > max {
            break;
        }
    }
    found
}

/// The boundary that a multipart uses though its header names another or none.
fn sniff_boundary(body: &[u8]) -> Option<&[u8]> {
    let window = &body[..body.len().min(4096)];
    let mut lines = window.split(|b| *b == b'\n').peekable();
    while let Some(line) = lines.next() {
        let line = line.trim_ascii_end();
        let next_is_field =
            lines.peek().is_some_and(|next| contains_ignore_case(&next[..next.len().min(8)], b"content-"));
        if line.len() > 6 && line.starts_with(b"--") && next_is_field {
            return Some(&line[2..]);
        }
    }
    None
}

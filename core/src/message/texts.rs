//! The pieces of a message's text: which of their forms counts, and how they become one.

use std::borrow::Cow;

use crate::limits::Limits;
use crate::vocabulary::Limit;

/// A text part on its way into [`Message::text`].
pub(super) struct Text {
    pub(super) text: String,
    pub(super) html: bool,
}

/// Of the forms of one text, the plain one if it says anything.
pub(super) fn keep_best(texts: &mut Vec<Text>) {
    let best = texts
        .iter()
        .position(is_plain_text)
        .or_else(|| texts.iter().position(|text| !text.text.trim().is_empty()));
    if let Some(best) = best {
        texts.swap(0, best);
        texts.truncate(1);
    }
}

/// A plain form that says anything.
pub(super) fn is_plain_text(text: &Text) -> bool {
    !text.html && text.text.trim().len() > 20
}

/// All of them one after another, within the limit.
pub(super) fn join(texts: Vec<Text>, limits: &Limits, hit: &mut Vec<Limit>) -> String {
    let mut texts = texts.into_iter();
    let mut all = texts.next().map_or_else(String::new, |first| first.text);
    for text in texts {
        if !all.is_empty() && !all.ends_with('\n') {
            all.push('\n');
        }
        all.push_str(&text.text);
    }
    if all.len() > limits.max_text_bytes {
        let cut = all.floor_char_boundary(limits.max_text_bytes);
        all.truncate(cut);
        if !hit.contains(&Limit::Text) {
            hit.push(Limit::Text);
        }
    }
    all
}

/// Text with line feeds alone as line ends.
pub(super) fn line_feeds(text: Cow<'_, str>) -> String {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return text.into_owned();
    }
    // A return is a line end of its own, or goes with the line feed behind it.
    let mut lines = String::with_capacity(text.len());
    let mut from = 0;
    for at in memchr::memchr_iter(b'\r', text.as_bytes()) {
        lines.push_str(&text[from..at]);
        if text.as_bytes().get(at + 1) != Some(&b'\n') {
            lines.push('\n');
        }
        from = at + 1;
    }
    lines.push_str(&text[from..]);
    lines
}

//! HTML bodies as lines of text, so that the same readers work on both.

use mail_parser::decoders::html::html_to_text;

/// Tags whose start or end breaks a line.
const BLOCKS: &[&str] = &[
    "div",
    "td",
    "tr",
    "th",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "table",
    "hr",
    "pre",
    "blockquote",
    "dt",
    "dd",
    "title",
    "center",
    "p",
];

/// Text with a line for each block. Line breaks inside `<pre>` stay.
pub(crate) fn to_text(html: &str) -> String {
    let mut marked = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    let mut preformatted = false;
    while let Some(at) = rest.find('<') {
        push_text(&mut marked, &rest[..at], preformatted);
        let tag_end = rest[at..].find('>').map_or(rest.len(), |n| at + n + 1);
        let tag = &rest[at..tag_end];
        let name = tag.trim_start_matches(['<', '/']);
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        if name.eq_ignore_ascii_case("pre") {
            preformatted = !tag.starts_with("</");
        }
        if BLOCKS.iter().any(|b| name.eq_ignore_ascii_case(b)) {
            marked.push_str("<br>");
        }
        marked.push_str(tag);
        rest = &rest[tag_end..];
    }
    push_text(&mut marked, rest, preformatted);
    squeeze(&html_to_text(&marked).replace('\u{a0}', " "))
}

fn push_text(marked: &mut String, text: &str, preformatted: bool) {
    if !preformatted {
        marked.push_str(text);
        return;
    }
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            marked.push_str("<br>");
        }
        marked.push_str(line);
    }
}

/// Trims lines and keeps at most one empty line between two.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if empty > 0 && !out.is_empty() {
            out.push('\n');
        }
        empty = 0;
        out.push_str(line);
        out.push('\n');
    }
    out
}

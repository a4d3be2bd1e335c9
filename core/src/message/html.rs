//! HTML bodies as lines of text, so that the same readers work on both.

use super::entity::entity;

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

/// Elements whose content is not for the reader.
const HIDDEN: &[&str] = &["head", "style", "script", "template"];

/// Text with a line for each block. Line breaks inside `<pre>` stay.
pub(crate) fn to_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    let mut preformatted = false;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        push_text(&mut text, &rest[..at], preformatted);
        rest = &rest[at..];
        if rest.starts_with("<!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
            continue;
        }
        if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            push_text(&mut text, "<", preformatted);
            rest = &rest[1..];
            continue;
        }
        let (tag, behind) = rest.split_at(rest.find('>').map_or(rest.len(), |end| end + 1));
        if is_address(tag) {
            push_text(&mut text, tag, preformatted);
            rest = behind;
            continue;
        }
        let (name, closing) = name_of(tag);
        rest = behind;
        if name.eq_ignore_ascii_case("pre") {
            preformatted = !closing;
        }
        if name.eq_ignore_ascii_case("br") || is_one_of(BLOCKS, name) {
            text.push('\n');
        } else if !closing && is_one_of(HIDDEN, name) {
            rest = behind_element(rest, name);
        }
    }
    push_text(&mut text, rest, preformatted);
    squeeze(&text)
}

/// Reporters forget to encode `<user@example.org>`.
fn is_address(tag: &str) -> bool {
    tag.len() < 330 && tag.contains('@') && !tag.contains([' ', '=', '"', '\n'])
}

/// The name in the tag that stands first, and whether the tag closes its element.
fn name_of(tag: &str) -> (&str, bool) {
    let inner = &tag[1..];
    let name = inner.strip_prefix('/').unwrap_or(inner);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    (&name[..end], inner.starts_with('/'))
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// What stands behind the closing tag of `name`; nothing, where it is never closed.
fn behind_element<'x>(html: &'x str, name: &str) -> &'x str {
    let mut rest = html;
    while let Some(at) = rest.find("</") {
        rest = &rest[at..];
        if name_of(rest).0.eq_ignore_ascii_case(name) {
            return rest.find('>').map_or("", |end| &rest[end + 1..]);
        }
        rest = &rest[2..];
    }
    ""
}

/// Adds words with one space between them and entities decoded.
fn push_text(text: &mut String, html: &str, preformatted: bool) {
    let mut rest = html;
    loop {
        // The first byte of a no-break space stands before other characters too.
        let special = |b: u8| b.is_ascii_whitespace() || b == b'&' || b == 0xc2;
        let end = rest.bytes().position(special).unwrap_or(rest.len());
        text.push_str(&rest[..end]);
        rest = &rest[end..];
        let Some(c) = rest.chars().next() else { return };
        let mut length = c.len_utf8();
        if c == '\n' && preformatted {
            text.push('\n');
        } else if c.is_ascii_whitespace() || c == '\u{a0}' {
            push_space(text);
        } else if c == '&'
            && let Some((decoded, all)) = entity(rest)
        {
            length = all;
            if decoded == '\u{a0}' {
                push_space(text);
            } else {
                text.push(decoded);
            }
        } else {
            text.push(c);
        }
        rest = &rest[length..];
    }
}

fn push_space(text: &mut String) {
    if !text.ends_with([' ', '\n']) {
        text.push(' ');
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

#[cfg(test)]
mod tests {
    use super::to_text;

    #[test]
    fn blocks_become_lines_and_markup_goes() {
        let html = "<html><head><title>no</title></head><body><p>Ihre Nachricht<br>an <b>taro</b>&#64;example.jp</p>\
                    <!-- <p>no --><style>p{}</style><div>wurde nicht&nbsp;  zugestellt &lt;&uuml;&gt;</div></body>";
        assert_eq!(to_text(html), "Ihre Nachricht\nan taro@example.jp\n\nwurde nicht zugestellt <ü>\n");
    }

    #[test]
    fn what_is_no_tag_is_text() {
        assert_eq!(to_text("<p><taro@example.jp>: 3 < 5<p>b"), "<taro@example.jp>: 3 < 5\nb\n");
        assert_eq!(to_text("<a href=mailto:taro@example.jp>x</a>"), "x\n");
    }

    #[test]
    fn lines_of_pre_stay() {
        assert_eq!(to_text("a\nb<pre>550 5.1.1\nUser  unknown</pre>c"), "a b\n550 5.1.1\nUser unknown\nc\n");
    }

    #[test]
    fn what_is_never_closed_ends_the_text() {
        for html in ["a<style>b", "a<!-- b", "a<div b", "a<head>b</hea>c"] {
            assert_eq!(to_text(html), "a\n", "{html}");
        }
    }
}

//! The `From ` line that begins a message in an mbox, and how to tell it from a sentence that begins with "From".
//!
//! RFC 4155 asks for `From address asctime-date`. Writers add zones, drop seconds, put dates in other orders, or write no
//! date at all; people write "From Monday on". So two things are asked of a line: how much it looks like a postmark, and what stands
//! around it. A line with a date needs little else. One without needs an empty line above and a well-known header below.

/// Whether a message begins at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Yes,
    No,
    /// The bytes end too early to say.
    More,
}

/// A postmark longer than this is none.
const MAX_LINE: usize = 1_000;
/// As much of the line below as is looked at.
const MAX_NAME: usize = 80;
/// As much of what stands before it on the same line as is looked at.
const MAX_BEFORE: usize = 200;

/// Looks at `From ` at `at`. `whole` says that nothing follows `bytes`; `first` that nothing stands before `at` in the source.
pub(super) fn separator(bytes: &[u8], at: usize, whole: bool, first: bool) -> Separator {
    separator_before(bytes, at, whole, first, Below::Header)
}

/// As [`separator`], for a file that is called one message: a further one must show that it was delivered, or a bounce that
/// includes mail with its postmark would fall in two.
pub(super) fn separator_of_delivered(bytes: &[u8], at: usize, whole: bool) -> Separator {
    separator_before(bytes, at, whole, false, Below::Trace)
}

fn separator_before(bytes: &[u8], at: usize, whole: bool, first: bool, least: Below) -> Separator {
    let rest = &bytes[at..];
    if !rest.starts_with(b"From") {
        return Separator::No;
    }
    let Some(length) = memchr::memchr2(b'\n', b'\r', &rest[..rest.len().min(MAX_LINE)]) else {
        if rest.len() >= MAX_LINE {
            return Separator::No;
        }
        // A mailbox that was cut inside a postmark.
        let cut = whole && above(bytes, at, first) == Above::Empty;
        return if !whole {
            Separator::More
        } else if cut {
            Separator::Yes
        } else {
            Separator::No
        };
    };
    let mark = strength(&rest[..length]);
    if mark == Strength::None {
        return Separator::No;
    }
    let below = &rest[length..];
    let below = below.strip_prefix(b"\r\n").or_else(|| below.get(1..)).unwrap_or_default();
    // A CRLF may be split, and the line below may not be there yet.
    let name = &below[..below.len().min(MAX_NAME)];
    if !whole && below.len() < MAX_NAME && !name.contains(&b':') {
        return Separator::More;
    }
    let below = header(name, whole);
    let enough = match (mark, above(bytes, at, first)) {
        (_, Above::Quoted) | (Strength::None, _) | (Strength::Bare, Above::Text) => return Separator::No,
        (Strength::Dated, Above::Empty) => Below::Header,
        (Strength::Dated, Above::Text) | (Strength::Bare, Above::Empty) => Below::Known,
    };
    if below >= enough.max(least) { Separator::Yes } else { Separator::No }
}

/// Whether a source whose first bytes are `head` is an mbox: it begins with a dated postmark, or is called one and holds one, or
/// begins with bytes that are no text and holds one.
pub(super) fn looks_like_mbox(head: &[u8], name: &str) -> bool {
    let start = head.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
    let text = &head[start..];
    let line =
        |text: &[u8]| text.len().min(memchr::memchr2(b'\n', b'\r', text).unwrap_or(text.len()).min(MAX_LINE));
    if text.starts_with(b"From ") && strength(&text[..line(text)]) == Strength::Dated {
        return true;
    }
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    let called = file.contains("mbox") || file.ends_with(".mbx");
    let first = &text[..line(text)];
    let begins = |from: &[u8]| {
        memchr::memmem::find_iter(from, b"From").any(|at| separator(head, at, false, true) == Separator::Yes)
    };
    // A mailbox that was cut in its first line, with another one appended.
    if start == 0 && begins(first) {
        return true;
    }
    let garbage = first.iter().any(|&b| b < 0x20 && b != b'\t');
    (called || garbage) && begins(head)
}

/// How much a line looks like a postmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strength {
    None,
    /// `From address`, `From -` or an empty one, as some programs write them.
    Bare,
    /// With a date.
    Dated,
}

const DAYS: [&[u8]; 7] = [b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun"];
const MONTHS: [&[u8]; 12] =
    [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];

fn strength(line: &[u8]) -> Strength {
    let Some(rest) = line.strip_prefix(b"From") else { return Strength::None };
    if !rest.is_empty() && !rest.starts_with(b" ") {
        return Strength::None;
    }
    let words = || rest.split(|&b| b == b' ' || b == b'\t').filter(|word| !word.is_empty());
    let among = |list: &[&[u8]], word: &[u8]| {
        let word = word.strip_suffix(b",").unwrap_or(word);
        list.iter().any(|name| word.eq_ignore_ascii_case(name))
    };
    let year = |word: &[u8]| {
        word.len() == 4 && word.iter().all(u8::is_ascii_digit) && matches!(word[0], b'1' | b'2')
    };
    let time = |word: &[u8]| {
        matches!(word.len(), 4..=8)
            && word.contains(&b':')
            && word.iter().all(|b| b.is_ascii_digit() || *b == b':')
    };
    if words().any(|w| among(&DAYS, w))
        && words().any(|w| among(&MONTHS, w))
        && words().any(time)
        && words().any(year)
    {
        return Strength::Dated;
    }
    match words().next() {
        None | Some(b"-" | b"<>") => Strength::Bare,
        Some(word) if word.contains(&b'@') || word.eq_ignore_ascii_case(b"MAILER-DAEMON") => Strength::Bare,
        Some(_) => Strength::None,
    }
}

/// What stands above a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Above {
    /// An empty line, the start of the source, or bytes that are no text.
    Empty,
    /// A line of text, or text on the same line: the message above was cut.
    Text,
    /// `>`: a quoted line is never a postmark.
    Quoted,
}

fn above(bytes: &[u8], at: usize, first: bool) -> Above {
    let before = &bytes[at.saturating_sub(MAX_BEFORE)..at];
    match before.last() {
        None if first => return Above::Empty,
        None => return Above::Text,
        Some(_) => {}
    }
    let quotes = before.iter().rev().take_while(|b| **b == b'>').count();
    if quotes > 0 && before.iter().rev().nth(quotes).is_none_or(|b| matches!(b, b'\n' | b'\r')) {
        return Above::Quoted;
    }
    if [&b"\n\n"[..], b"\n\r\n", b"\r\r"].iter().any(|end| before.ends_with(end)) {
        return Above::Empty;
    }
    if first && matches!(before, b"\n" | b"\r\n" | b"\r") {
        return Above::Empty;
    }
    // Garbage between two messages need not end in a line break, and need not be an empty line.
    let line = before.strip_suffix(b"\n").unwrap_or(before);
    let line = line.rsplit(|&b| b == b'\n').next().unwrap_or_default();
    let garbage = line.iter().any(|&b| b < 0x20 && !matches!(b, b'\t' | b'\r' | 0x0c | 0x1b));
    if garbage { Above::Empty } else { Above::Text }
}

/// What the line below a postmark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Below {
    Text,
    Header,
    /// A header that begins messages in the wild.
    Known,
    /// A header that delivery puts on top.
    Trace,
}

const TRACE: [&[u8]; 5] = [b"return-path", b"received", b"delivered-to", b"x-original-to", b"envelope-to"];
const KNOWN: [&[u8]; 20] = [
    b"from",
    b"to",
    b"cc",
    b"date",
    b"subject",
    b"message-id",
    b"mime-version",
    b"dkim-signature",
    b"authentication-results",
    b"received-spf",
    b"reply-to",
    b"sender",
    b"status",
    b"delivery-date",
    b"auto-submitted",
    b"precedence",
    b"in-reply-to",
    b"references",
    b"errors-to",
    b"lines",
];
const KNOWN_STARTS: [&[u8]; 5] = [b"x-", b"arc-", b"content-", b"list-", b"resent-"];

fn header(line: &[u8], whole: bool) -> Below {
    let Some(colon) = memchr::memchr(b':', line) else {
        // The end of a mailbox that was cut in the first header. An old writer's second postmark is quoted.
        let cut = whole && line.iter().all(u8::is_ascii_graphic);
        return if cut || line.starts_with(b">From ") { Below::Header } else { Below::Text };
    };
    let name = line[..colon].trim_ascii_end();
    if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) {
        return Below::Text;
    }
    let starts = |start: &&[u8]| name.len() > start.len() && name[..start.len()].eq_ignore_ascii_case(start);
    if TRACE.iter().any(|known| name.eq_ignore_ascii_case(known)) {
        Below::Trace
    } else if KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known)) || KNOWN_STARTS.iter().any(starts) {
        Below::Known
    } else {
        Below::Header
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_marker(text: &str, whole: bool) -> Separator {
        let at = text.find('|').expect("a | marks the place");
        separator(text.replace('|', "").as_bytes(), at, whole, true)
    }

    #[test]
    fn dated_lines_of_many_writers_begin_a_message() {
        for line in [
            "From MAILER-DAEMON Sat Nov 21 12:00:00 2020",
            "From a@example.com  Mon Jan  1 00:00 2001",
            "From - Mon Jan 01 00:00:00 2001",
            "From 1234567890@xxx Mon Jan 01 00:00:00 +0000 2018",
            "From a@example.com Mon Jan  1 00:00:00 PST 2001 remote from example",
            "From \"a b\"@example.com Mon, 1 Jan 2001 00:00:00 +0900",
        ] {
            let text = format!("end.\n\n|{line}\nX: y\n\n");
            assert_eq!(at_marker(&text, true), Separator::Yes, "{line}");
            assert_eq!(at_marker(&text.replace('\n', "\r\n"), true), Separator::Yes, "CRLF {line}");
        }
    }

    #[test]
    fn sentences_and_quotes_do_not() {
        for text in [
            "end.\n\n|From Monday on we meet\nTo: nobody\n",
            "end.\n\n>|From a@example.com Mon Jan  1 00:00:00 2001\nReceived: x\n",
            "end.\n|From a@example.com Mon Jan  1 00:00:00 2001\nand so on\n",
            "end.\n\n|From a@example.com Mon Jan  1 00:00:00 2001\nand so on\n",
            "end.\n|From a@example.com\nReceived: x\n",
            "end.\n\n|From the start\nReceived: x\n",
            "end.\n\n|Fromage\nReceived: x\n",
        ] {
            assert_eq!(at_marker(text, true), Separator::No, "{text}");
        }
    }

    #[test]
    fn a_message_that_was_cut_or_garbage_may_stand_above() {
        for text in [
            "Subj|From a@example.com Mon Jan  1 00:00:00 2001\nReceived: x\n",
            "cut line\n|From a@example.com Mon Jan  1 00:00:00 2001\nReceived: x\n",
            "\u{1}\u{2}x|From a@example.com Mon Jan  1 00:00:00 2001\nX: y\n",
            "|From\nReceived: x\n",
            "end\n\n|From a@exam",
            "end\n\n|From a@example.com Mon Jan  1 00:00:00 2001\nRece",
        ] {
            assert_eq!(at_marker(text, true), Separator::Yes, "{text}");
        }
    }

    #[test]
    fn a_window_that_ends_early_asks_for_more() {
        let text = "end\n\n|From a@example.com Mon Jan  1 00:00:00 2001\nReceived: x\n";
        let below = text.find(": x").expect("the header below");
        for end in text.find("example").expect("the address")..=below {
            assert_eq!(at_marker(&text[..end], false), Separator::More, "{end}");
        }
        assert_eq!(at_marker(&text[..=below], false), Separator::Yes);
        assert_eq!(at_marker("end\n\n|From a@exam", false), Separator::More);
    }
}

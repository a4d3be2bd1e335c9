//! What stands before the text of a line beside its stamp: syslog's priority, host and program (RFC 3164, RFC 5424), and what
//! collectors of containers' output put before it.

use super::Line;

/// All text.
pub(super) fn bare(text: &str) -> Line<'_> {
    Line { host: None, program: "", text }
}

/// Takes off the priority. True where the version of RFC 5424 follows it.
pub(super) fn priority(line: &str) -> (bool, &str) {
    let Some((number, rest)) = line.strip_prefix('<').and_then(|rest| rest.split_once('>')) else {
        return (false, line);
    };
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return (false, line);
    }
    rest.strip_prefix("1 ").map_or((false, rest), |rest| (true, rest))
}

/// `mail-1  | text`: the container's name, as `docker compose logs` prints it.
pub(super) fn behind_container(line: &str) -> &str {
    let named = line.split_once(' ').and_then(|(name, rest)| {
        let text = rest.trim_start().strip_prefix("| ")?;
        (!name.is_empty()).then_some(text)
    });
    named.unwrap_or(line)
}

/// `stdout F text`: the stream, and whether the line is whole, as Kubernetes' container runtimes write them.
pub(super) fn behind_stream(rest: &str) -> &str {
    ["stdout F ", "stderr F "].into_iter().find_map(|stream| rest.strip_prefix(stream)).unwrap_or(rest)
}

/// `host program[pid]: text`, or without the host. Text without such a header stays whole.
pub(super) fn plain(rest: &str) -> Line<'_> {
    let Some((head, text)) = rest.split_once(": ") else { return bare(rest) };
    let mut words = head.split(' ');
    let (host, tag) = match (words.next(), words.next(), words.next(), words.next()) {
        // Without a host a program is known by its process.
        (Some(tag), None, ..) if tag.ends_with(']') => (None, tag),
        (host, Some(tag), None, _) => (host, tag),
        (host, Some(level), Some(tag), None) if is_level(level) => (host, tag),
        _ => return bare(rest),
    };
    if tag.is_empty() {
        return bare(rest);
    }
    let program = tag.split(['[', '(']).next().unwrap_or(tag);
    Line { host, program, text: behind_id(text.trim_start()) }
}

/// `mail.info` as FreeBSD prints it, `mail:info` as AIX does.
fn is_level(word: &str) -> bool {
    let word = word.trim_matches(['<', '>']);
    word.split_once(['.', ':']).is_some_and(|(facility, level)| {
        let name = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
        name(facility) && name(level)
    })
}

/// Takes off the message's id as Solaris prints it: `[ID 197553 mail.info] text`.
fn behind_id(text: &str) -> &str {
    text.strip_prefix("[ID ").and_then(|rest| rest.split_once("] ")).map_or(text, |(_, text)| text)
}

/// `host program pid message-id [structured data] text` (RFC 5424 section 6).
pub(super) fn structured(rest: &str) -> Line<'_> {
    let mut parts = rest.splitn(5, ' ');
    let (Some(host), Some(program), Some(_), Some(_), Some(behind)) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return plain(rest);
    };
    let text = behind_data(behind).trim_start_matches('\u{feff}');
    Line { host: (host != "-").then_some(host), program, text }
}

/// What follows structured data: `-`, or elements in brackets whose values are quoted.
fn behind_data(text: &str) -> &str {
    if let Some(rest) = text.strip_prefix('-') {
        return rest.trim_start();
    }
    let (mut quoted, mut escaped, mut open) = (false, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' if !quoted => open = true,
            b']' if !quoted => open = false,
            b' ' if !open => return &text[at + 1..],
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: Line<'_>) -> (Option<&str>, &str, &str) {
        (line.host, line.program, line.text)
    }

    #[test]
    fn headers_of_many_systems() {
        for (header, host) in [
            ("mx postfix/smtp[1]: 4C7D1: to=<a>", Some("mx")),
            ("mx postfix/smtp[1]: [ID 197553 mail.info] 4C7D1: to=<a>", Some("mx")),
            ("mx mail:info postfix/smtp[1]: 4C7D1: to=<a>", Some("mx")),
            ("mx <mail.info> postfix/smtp[1]: 4C7D1: to=<a>", Some("mx")),
            ("postfix/smtp[1]: 4C7D1: to=<a>", None),
        ] {
            assert_eq!(read(plain(header)), (host, "postfix/smtp", "4C7D1: to=<a>"), "{header}");
        }
        for text in ["1abc-1-2 ** a@example.org: said no", "a b c d: e", "", ": x"] {
            assert_eq!(read(plain(text)), (None, "", text));
        }
    }

    #[test]
    fn structured_data_is_passed_over() {
        for data in ["-", "[meta sequenceId=\"29\"]", "[a b=\"] \\\" x\"][c]"] {
            let line = format!("mx postfix/smtp 1 - {data} 4C7D1: to=<a>");
            assert_eq!(read(structured(&line)), (Some("mx"), "postfix/smtp", "4C7D1: to=<a>"), "{data}");
        }
    }

    #[test]
    fn collectors_prefixes_are_taken_off() {
        assert_eq!(behind_container("mail-1  | Nov 21"), "Nov 21");
        assert_eq!(behind_container("Nov 21 | x"), "Nov 21 | x");
        assert_eq!(behind_stream("stdout F a"), "a");
        assert_eq!(priority("<22>1 2026"), (true, "2026"));
        assert_eq!(priority("<22>Nov"), (false, "Nov"));
        assert_eq!(priority("<a@example.org>"), (false, "<a@example.org>"));
    }
}

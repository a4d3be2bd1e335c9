//! What one SMTP reply says in codes: reply code (RFC 5321), enhanced status (RFC 3463), and details it states.

use crate::vocabulary::Command;
use crate::words::Groups;

use super::{address, stage};

/// The facts of one reply text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) code: Option<u16>,
    pub(crate) status: Option<String>,
    pub(crate) command: Option<Command>,
    pub(crate) source_ip: Option<String>,
    pub(crate) retry_after: Option<u64>,
    pub(crate) new_address: Option<String>,
}

/// Reads a reply; the text may hold the words that an MTA put around it.
pub(crate) fn read(text: &str) -> Reply {
    let codes = codes(text);
    let [retries, moves] = DETAILS.any(text);
    Reply {
        code: codes.code,
        status: codes.status.map(str::to_owned),
        command: stage::of(text),
        source_ip: source_ip(text),
        retry_after: retries.then(|| retry_after(text)).flatten(),
        new_address: moves.then(|| new_address(text)).flatten(),
    }
}

/// Reply code and enhanced status of the deciding reply in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Codes<'a> {
    pub(crate) code: Option<u16>,
    pub(crate) status: Option<&'a str>,
}

/// Finds the codes. A code with an enhanced status beside it outranks a code alone; a telling status outranks x.0.0.
pub(crate) fn codes(text: &str) -> Codes<'_> {
    let mut best: Option<(u8, Codes<'_>)> = None;
    let mut alone = None;
    for (at, token) in tokens(text) {
        if let Some(code) = reply_code(text, at, token) {
            let status = following_status(text, at + 3);
            let rank = match status {
                Some(status) if !is_generic(status) => 4,
                Some(_) => 2,
                None if stands_like_a_reply(text, at) => 3,
                None => 1,
            };
            if best.is_none_or(|(found, _)| rank > found) {
                best = Some((rank, Codes { code: Some(code), status }));
            }
        } else if let Some(status) = status_token(token) {
            let better = alone.is_none_or(|found: &str| is_generic(found) && !is_generic(status));
            if better {
                alone = Some(status);
            }
        }
    }
    let mut codes = best.map(|(_, codes)| codes).unwrap_or_default();
    let replace = codes.status.is_none_or(is_generic);
    if replace && alone.is_some_and(|status| fits(codes, status)) {
        codes.status = alone.filter(|status| codes.status.is_none() || !is_generic(status)).or(codes.status);
    }
    codes
}

/// A status elsewhere in the text belongs to the reply when its class does.
fn fits(codes: Codes<'_>, status: &str) -> bool {
    codes.code.is_none_or(|code| status.as_bytes()[0] == b'0' + (code / 100) as u8)
}

/// Tokens that start with a digit, at a word boundary.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at;
            if !bytes[start].is_ascii_digit() || start > 0 && is_word(bytes[start - 1]) {
                at += 1;
                continue;
            }
            while at < bytes.len() && (bytes[at].is_ascii_digit() || bytes[at] == b'.') {
                at += 1;
            }
            return Some((start, &text[start..at]));
        }
        None
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'@') || byte >= 0x80
}

/// A three-digit token of class 4 or 5 (or 2 at the very start) that is no part of a size, date, port or id.
fn reply_code(text: &str, at: usize, token: &str) -> Option<u16> {
    let trimmed = token.trim_end_matches('.');
    if trimmed.len() != 3 || token.len() > 4 {
        return None;
    }
    let code: u16 = trimmed.parse().ok()?;
    let second = trimmed.as_bytes()[1];
    let known =
        matches!(code, 400..=599) && matches!(second, b'0'..=b'7') || at == 0 && matches!(code, 200..=299);
    let after = text.as_bytes().get(at + 3).copied();
    let closed = after.is_none_or(|b| {
        matches!(
            b,
            b' ' | b'-'
                | b'\n'
                | b'\t'
                | b':'
                | b','
                | b';'
                | b'.'
                | b')'
                | b']'
                | b'_'
                | b'"'
                | b'\''
                | b'/'
                | b'<'
                | b'#'
                | b'+'
        )
    });
    (known && closed && !measures(&text[at + 3..]) && !numbers(&text[..at])).then_some(code)
}

/// Whether the words after a number make it an amount.
fn measures(after: &str) -> bool {
    const UNITS: &[&str] = &[
        "bytes",
        "byte",
        "kb",
        "mb",
        "gb",
        "seconds",
        "secs",
        "sec",
        "minutes",
        "minute",
        "hours",
        "hour",
        "days",
        "messages",
        "recipients",
        "ms",
    ];
    let word = after.trim_start_matches([' ', '-']);
    let word = &word[..word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len())];
    !word.is_empty() && UNITS.iter().any(|unit| word.eq_ignore_ascii_case(unit))
}

/// Whether the words before a number make it a size, a port or a key.
fn numbers(before: &str) -> bool {
    const KEYS: &[&str] = &["size", "size=", "port", "line", "id", "id=", "score", "limit", "than"];
    let before = before.trim_end_matches([' ', ':', '(']);
    let word = &before[before.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '=').len()..];
    !word.is_empty() && KEYS.iter().any(|key| word.eq_ignore_ascii_case(key))
        || before.ends_with(['=', '/', '$'])
}

/// At the start of a line or after what introduces a reply.
fn stands_like_a_reply(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches([' ', '"', '\'', '(', '[']);
    before.is_empty()
        || before.ends_with(['\n', ':', ';', '<', '>', ',', '#', '|'])
        || ends_with_word(
            before,
            &["said", "error", "code", "smtp", "reply", "response", "status", "returned", "with"],
        )
        || before.ends_with(|c: char| c.is_ascii_digit()) && reply_before(before)
}

/// `550 550 5.1.1`: the second code repeats the first.
fn reply_before(before: &str) -> bool {
    before.len() >= 3 && before.as_bytes()[before.len() - 3..].iter().all(u8::is_ascii_digit)
}

fn ends_with_word(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        text.len() >= word.len()
            && text.is_char_boundary(text.len() - word.len())
            && text[text.len() - word.len()..].eq_ignore_ascii_case(word)
    })
}

/// The enhanced status right after a reply code, perhaps after the code again, a `#` or an opening bracket.
fn following_status(text: &str, from: usize) -> Option<&str> {
    let mut rest = &text[from..];
    for _ in 0..2 {
        rest = rest.trim_start_matches([' ', '-', '#', '(', '[', ':', ';', ',', '\t', '\n', '\'', '"']);
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let token = &rest[..end];
        if let Some(status) = status_token(token) {
            return Some(status);
        }
        if token.len() != 3 {
            return None;
        }
        rest = &rest[end..];
    }
    None
}

/// `5.1.1` and the like: class 2, 4 or 5, subject up to 7, nothing more before or after.
pub(crate) fn status_token(token: &str) -> Option<&str> {
    let token = token.trim_end_matches('.');
    let mut parts = token.split('.');
    let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str, max: usize| {
        !part.is_empty() && part.len() <= max && part.bytes().all(|b| b.is_ascii_digit())
    };
    let valid = parts.next().is_none()
        && matches!(class, "2" | "4" | "5")
        && digits(subject, 1)
        && subject <= "7"
        && digits(detail, 3);
    valid.then_some(token)
}

/// x.0.0 says only that something failed (RFC 3463 section 3.1).
pub(crate) fn is_generic(status: &str) -> bool {
    status.ends_with(".0.0")
}

/// The sending address that a reply names: in brackets or after words such as "your IP" or "from".
fn source_ip(text: &str) -> Option<String> {
    let mut candidates = Vec::new();
    for (start, token) in ip_tokens(text) {
        if token.parse::<std::net::IpAddr>().is_err() {
            continue;
        }
        let before = &text[..start];
        if is_sender_side(before) {
            return Some(token.to_owned());
        }
        if !is_remote_side(before) {
            candidates.push(token);
        }
    }
    // A lone address in the reply's own words is the sender's: servers do not print their own.
    match candidates.as_slice() {
        [one] => Some((*one).to_owned()),
        _ => None,
    }
}

fn ip_tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_ip = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':');
    text.split(move |c: char| !is_ip(c))
        .filter(|token| token.len() >= 7)
        .map(move |token| {
            let trimmed = token.trim_matches(['.', ':']);
            (trimmed.as_ptr() as usize - text.as_ptr() as usize, trimmed)
        })
        .filter(|(_, token)| {
            token.len() >= 7 && (token.matches('.').count() == 3 || token.matches(':').count() >= 2)
        })
}

fn is_sender_side(before: &str) -> bool {
    const WORDS: &[&str] = &[
        "ip",
        "ip address",
        "from",
        "client",
        "client host",
        "sender",
        "ip:",
        "ip=",
        "address",
        "your ip",
        "mail server",
        "server",
        "for",
        "ips",
    ];
    let before = before.trim_end_matches([' ', '[', '(', '<', '"', '\'', ':', '=']);
    ends_with_word(before, WORDS)
}

/// Postfix's `host mx.example[192.0.2.1] said`, Exim's `host mx.example [192.0.2.1]:`, qmail's `192.0.2.1 does not like`.
fn is_remote_side(before: &str) -> bool {
    let line = &before[before.rfind(['\n', ';']).map_or(0, |n| n + 1)..];
    let trimmed = line.trim_start();
    trimmed.is_empty()
        || follows_host(line)
        || ["host ", "connect to ", "connected to ", "while talking to ", "lost connection with "]
            .iter()
            .any(|words| line.rfind(words).is_some_and(|at| line.len() - at < 90))
}

/// `mx.example.org [192.0.2.1]`: an address in brackets after a host name, where nothing makes it the client's.
fn follows_host(line: &str) -> bool {
    let Some(name) = line.strip_suffix(['[', '(']).map(str::trim_end) else { return false };
    let word = name.rsplit([' ', '(', ';', ',']).next().unwrap_or("").trim_end_matches('.');
    let host = word.contains('.') && word.bytes().any(|b| b.is_ascii_alphabetic());
    let lower = line.to_ascii_lowercase();
    host && !["client", "sender", "your", "from"].iter().any(|side| lower.contains(side))
}

/// What stands before the time after which one may try again, lower case.
const RETRIES: &[&str] =
    &["again in ", "again after ", "retry in ", "retry after ", "wait ", "come back in ", "retry-after: "];

/// What stands before an address that mail shall go to instead, lower case.
const MOVES: &[&str] = &[
    "moved to",
    "new address",
    "please try",
    "forward to",
    "new e-mail address",
    "changed to",
    "please use",
];

/// Most replies have neither.
static DETAILS: Groups<2> = Groups::new([RETRIES, MOVES]);

/// "try again in 300 seconds", "retry after 5 minutes".
fn retry_after(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    for lead in RETRIES {
        let Some(at) = lower.find(lead) else { continue };
        let rest = lower[at + lead.len()..].trim_start_matches("at least ").trim_start_matches("about ");
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let Ok(number) = rest[..digits].parse::<u64>() else { continue };
        let unit = rest[digits..].trim_start_matches([' ', '-']);
        let clock =
            rest[digits..].strip_prefix(':').and_then(|r| r.get(..2)).and_then(|m| m.parse::<u64>().ok());
        let seconds = match unit.get(..3).unwrap_or(unit) {
            _ if clock.is_some() => number * 60 + clock.unwrap_or(0),
            "sec" | "s" | "" => number,
            "min" => number.saturating_mul(60),
            "hou" | "hr" | "hrs" => number.saturating_mul(3600),
            "day" => number.saturating_mul(86400),
            _ if lead.starts_with("retry-after") => number,
            _ => continue,
        };
        return Some(seconds);
    }
    None
}

/// The address after "has moved to", "please try", "new address" or a 551/251 reply.
fn new_address(text: &str) -> Option<String> {
    if !text.contains('@') {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let start = MOVES.iter().filter_map(|lead| lower.find(lead).map(|at| at + lead.len())).min()?;
    let found = address::find(&text[start..]).into_iter().next()?;
    (found.start < 40).then(|| address::usable(&text[start..][found])).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, code: Option<u16>, status: Option<&str>) {
        assert_eq!(codes(text), Codes { code, status }, "{text}");
    }

    #[test]
    fn reads_codes_where_replies_have_them() {
        check("550 5.1.1 <a@example.org>: User unknown", Some(550), Some("5.1.1"));
        check("550-5.1.1 The account\n550 5.1.1 does not exist", Some(550), Some("5.1.1"));
        check(
            "host a.example[192.0.2.1] said: 550 no such user (in reply to RCPT TO command)",
            Some(550),
            None,
        );
        check("552 message size exceeds 500 bytes (#5.3.4)", Some(552), Some("5.3.4"));
        check("550 550 5.2.2 <a@example.org>... Mailbox Full (state 14).", Some(550), Some("5.2.2"));
        check(
            "<<< 550 5.6.9 improper use of 8-bit data 554 5.0.0 Service unavailable",
            Some(550),
            Some("5.6.9"),
        );
        check("smtp; 550 #5.1.0 Address rejected", Some(550), Some("5.1.0"));
        check("User unknown", None, None);
        check("SIZE=550 is fine", None, None);
        check("5.1.2", None, Some("5.1.2"));
    }

    #[test]
    fn reads_details_that_a_reply_states() {
        assert_eq!(retry_after("450 4.7.1 Greylisted, please try again in 300 seconds"), Some(300));
        assert_eq!(retry_after("451 try again in 5 minutes"), Some(300));
        assert_eq!(
            source_ip("554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked"),
            Some("192.0.2.7".into())
        );
        assert_eq!(source_ip("host mx.example[192.0.2.9] said: 550 no"), None);
        assert_eq!(new_address("551 user has moved to b@example.net"), Some("b@example.net".into()));
    }
}

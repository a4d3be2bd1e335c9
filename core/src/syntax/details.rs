//! Details that some replies state: whose address they refuse, when to try again, where the mailbox went.

use crate::words::{Words, lines};

use super::address;
use super::reply::ends_with_word;

/// The details of one reply text.
#[derive(Clone, Debug, Default)]
pub(super) struct Details {
    pub(super) source_ip: Option<String>,
    /// In seconds.
    pub(super) retry_after: Option<u64>,
    pub(super) new_address: Option<String>,
}

/// Which details may be in a text: most replies state none, and the numbers in them tell so.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signs {
    ip: bool,
    time: bool,
}

impl Signs {
    /// A number with the dots in and behind it, and all that stands before.
    pub(super) fn number(&mut self, before: &[u8], number: &str) {
        /// The letters before a number behind one of [`RETRIES`], or behind "at least" or "about" there.
        const ENDS: [[u8; 2]; 6] = [*b"in", *b"er", *b"it", *b"r:", *b"st", *b"ut"];
        self.ip |= number.len() >= 7 && number.bytes().filter(|byte| *byte == b'.').count() >= 3;
        if let [.., first, last, b' '] = before {
            self.time |= ENDS.contains(&[first.to_ascii_lowercase(), last.to_ascii_lowercase()]);
        }
    }

    /// A colon, with what follows it.
    pub(super) fn colon(&mut self, from: &[u8]) {
        self.ip |= from.get(1).is_some_and(|next| next.is_ascii_hexdigit() || *next == b':');
    }
}

/// Reads the details.
pub(super) fn of(text: &str, signs: Signs) -> Details {
    Details {
        source_ip: if signs.ip { source_ip(text) } else { None },
        retry_after: if signs.time { retry_after(text) } else { None },
        new_address: new_address(text),
    }
}

/// The sending address that a reply names: in brackets or after words such as "your IP" or "from".
fn source_ip(text: &str) -> Option<String> {
    let (mut candidates, mut line, mut end) = (Vec::new(), 0, 0);
    for (start, token) in ip_tokens(text) {
        if token.parse::<std::net::IpAddr>().is_err() {
            continue;
        }
        if is_sender_side(&text[..start]) {
            return Some(token.to_owned());
        }
        // Where the line begins is looked for from the last address on.
        line = text[end..start].rfind(['\n', ';']).map_or(line, |at| end + at + 1);
        end = start;
        // Of three or more none is alone either.
        if candidates.len() < 2 && !is_remote_side(&text[line..start]) {
            candidates.push(token);
        }
    }
    // A lone address in the reply's own words is the sender's: servers do not print their own.
    match candidates.as_slice() {
        [one] => Some((*one).to_owned()),
        _ => None,
    }
}

/// What may be an address, and where: three dots or two colons among digits. Digits and both signs are ASCII.
fn ip_tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_ip = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':');
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        // The shortest has seven letters: whatever stands there, one of them is the seventh from here or from there on.
        while let Some(seventh) = bytes.get(at + 6) {
            if !is_ip(seventh) {
                at += 7;
                continue;
            }
            let start = at + 6 - bytes[at..at + 6].iter().rev().take_while(|byte| is_ip(byte)).count();
            let end = at + 6 + bytes[at + 6..].iter().take_while(|byte| is_ip(byte)).count();
            at = end;
            if end - start < 7 {
                continue;
            }
            let token = text[start..end].trim_start_matches(['.', ':']);
            let (start, token) = (end - token.len(), token.trim_end_matches(['.', ':']));
            let signs = |sign: u8| token.bytes().filter(|byte| *byte == sign).count();
            if token.len() >= 7 && (signs(b'.') == 3 || signs(b':') >= 2) {
                return Some((start, token));
            }
        }
        None
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
fn is_remote_side(line: &str) -> bool {
    const LEADS: [&[u8]; 7] = [
        b"host ",
        b"connect to ",
        b"connected to ",
        b"while talking to ",
        b"lost connection with ",
        b"relay=",
        b"refused by ",
    ];
    let near = &line.as_bytes()[line.len().saturating_sub(89)..];
    let ends_word = |at: &usize| {
        matches!(near[*at..], [b't' | b'o' | b'h' | b'y', b' ', ..])
            || matches!(near[*at..], [b'y', b'=', ..])
    };
    let led = |at: usize| LEADS.iter().any(|lead| near[..at + 2].ends_with(lead));
    (0..near.len()).filter(ends_word).any(led) || follows_host(line) || line.trim_start().is_empty()
}

/// `mx.example.org [192.0.2.1]`: an address in brackets after a host name, where nothing makes it the client's.
fn follows_host(line: &str) -> bool {
    // A host name has 253 letters at the most (RFC 1035); a line may hold thousands of addresses.
    let near = &line[line.ceil_char_boundary(line.len().saturating_sub(400))..];
    let Some(name) = near.strip_suffix(['[', '(']).map(str::trim_end) else { return false };
    let start = name.rfind([' ', '(', ';', ',']).map_or(0, |at| at + 1);
    let word = name[start..].trim_end_matches('.');
    let host = word.contains('.') && word.bytes().any(|b| b.is_ascii_alphabetic());
    // "error from remote server, host: mx.example.org (" is no client: only the words right before the name tell.
    let mut near = name[..start].split_ascii_whitespace().rev().take(3);
    let client = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        ["client", "sender", "your", "from"].iter().any(|side| word.eq_ignore_ascii_case(side))
    };
    host && !near.any(client)
}

/// What stands before the time after which one may try again, lower case.
const RETRIES: &str = lines![
    "again in ",
    "again after ",
    "retry in ",
    "retry after ",
    "wait ",
    "come back in ",
    "retry-after: "
];

/// What stands before an address that mail shall go to instead, lower case.
const MOVES: &str = lines![
    "moved to",
    "new address",
    "please try",
    "forward to",
    "new e-mail address",
    "changed to",
    "please use",
];

/// "try again in 300 seconds", "retry after 5 minutes".
fn retry_after(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    for lead in RETRIES.lines() {
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
    static LEADS: Words = Words::new(MOVES);
    // Most addresses are the recipient's, near the beginning: what leads to one stands before the last of them.
    if !LEADS.any(&text[..text.rfind('@')?]) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let start = MOVES.lines().filter_map(|lead| lower.find(lead).map(|at| at + lead.len())).min()?;
    let found = address::first(&text[start..])?;
    (found.start < 40).then(|| address::usable(&text[start..][found])).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::reply;

    #[test]
    fn reads_details_that_a_reply_states() {
        let retry_after = |text: &str| reply::read(text).retry_after;
        let source_ip = |text: &str| reply::read(text).source_ip;
        assert_eq!(retry_after("450 4.7.1 Greylisted, please try again in 300 seconds"), Some(300));
        assert_eq!(retry_after("451 try again in 5 minutes"), Some(300));
        for ip in ["192.0.2.7", "2001:db8::7"] {
            for around in ["", ".", "_", "x", "\u{e9}"] {
                assert_eq!(source_ip(&format!("from {around}{ip}")).as_deref(), Some(ip));
            }
        }
        assert_eq!(
            source_ip("554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked"),
            Some("192.0.2.7".into())
        );
        assert_eq!(source_ip("host mx.example[192.0.2.9] said: 550 no"), None);
        assert_eq!(
            source_ip("error from remote server, host: mx.example.org (192.0.2.9) reason: 550 no"),
            None
        );
        assert_eq!(new_address("551 user has moved to b@example.net"), Some("b@example.net".into()));
    }
}

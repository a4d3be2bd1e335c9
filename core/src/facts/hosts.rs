//! The remote host, from the words that MTAs put around a reply.

use crate::finder::Match;
use crate::words::{Words, lines};

/// What stands before a remote host's name, lower case; the first of the list that one follows tells. Behind it what
/// stands after one, where nothing leads to it, as it is written.
static SIGNS: Words = Words::new(lines![
    "host ",
    "host: ",
    "while talking to ",
    "lost connection with ",
    "conversation with ",
    "connect to ",
    "connection to ",
    "remote server ",
    "remote host ",
    "server ",
    "giving up on ",
    "connected to ",
    " did not like ",
    " does not like ",
    " failed after ",
    " said:",
    " reported",
    " returned",
    " responded",
]);

/// How many of them lead to a name.
const LEADS: usize = 12;

/// The host that a text says refused the message: its name, else its address.
pub(crate) fn remote(text: &str) -> Option<String> {
    let mut signs = SIGNS.all(text);
    signs.sort_unstable_by_key(|hit| (hit.word, hit.start));
    let (leads, tails) = signs.split_at(signs.partition_point(|hit| hit.word < LEADS));
    leads.iter().find_map(|hit| led(text, hit)).or_else(|| {
        // As they are written, and each only where it stands first.
        let mut last = None;
        tails
            .iter()
            .filter(|hit| text[hit.start..hit.end].bytes().all(|byte| !byte.is_ascii_uppercase()))
            .filter(|hit| last.replace(hit.word) != Some(hit.word))
            .find_map(|hit| followed(&text[..hit.start]))
    })
}

/// The host behind a lead.
fn led(text: &str, hit: &Match) -> Option<String> {
    let before = &text.as_bytes()[..hit.start];
    let starts = before.last().is_none_or(|byte| !byte.is_ascii_alphanumeric());
    // "Client host [192.0.2.1] blocked", "your host 192.0.2.1 is blocked": the other side's.
    let own = |word: &[u8]| {
        before.len().checked_sub(word.len()).is_some_and(|at| before[at..].eq_ignore_ascii_case(word))
    };
    let client = own(b"client ") || own(b"your ") || own(b"sending ");
    (starts && !client).then(|| host_at(&text[hit.end..])).flatten()
}

/// The host at the end of what stands before a tail.
fn followed(before: &str) -> Option<String> {
    let before = before.trim_end();
    // `mx.example.org [192.0.2.1] did not like`: the name stands before the address.
    let before = match before.strip_suffix(']').and_then(|b| b.rsplit_once('[')) {
        Some((name, _)) if !name.trim_end().is_empty() => name.trim_end(),
        _ => before,
    };
    host_at(before.rsplit([' ', '\t', '\n']).next()?)
}

/// A host name with a dot in it, or an address, at the start of a text.
fn host_at(text: &str) -> Option<String> {
    let text = text.trim_start_matches(['[', '(', '<', '"', '\'']);
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':')))
        .unwrap_or(text.len());
    let word = text[..end].trim_end_matches(['.', ':', '-']);
    let address = word.parse::<std::net::IpAddr>().is_ok();
    let word = if address { word } else { word.split(':').next().unwrap_or(word).trim_end_matches('.') };
    let letters = word.bytes().any(|b| b.is_ascii_alphabetic());
    let named = word.contains('.') && !word.starts_with('.') && letters && !text[end..].starts_with('@');
    (address || named).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::remote;

    #[test]
    fn names_the_host_as_each_mta_writes_it() {
        let cases = [
            ("host mx.example.jp[192.0.2.1] said: 550 no", Some("mx.example.jp")),
            ("host mx.example.jp [192.0.2.1]: 550 no", Some("mx.example.jp")),
            ("192.0.2.7 does not like recipient. Remote host said: 550 no", Some("192.0.2.7")),
            ("mx.example.jp [192.0.2.1] did not like our RCPT TO: 550 no", Some("mx.example.jp")),
            ("connect to mx.example.jp[192.0.2.1]:25: Connection refused", Some("mx.example.jp")),
            (
                "error from remote server after RCPT command: host: mx.example.jp: 552 no",
                Some("mx.example.jp"),
            ),
            ("Service unavailable; Client host [192.0.2.1] blocked", None),
            ("554 5.7.1 mx.example.jp: your host 192.0.2.1 is blocked", None),
            ("Host or domain name not found", None),
            ("550 5.1.1 User unknown", None),
        ];
        for (text, host) in cases {
            assert_eq!(remote(text).as_deref(), host, "{text}");
        }
    }
}

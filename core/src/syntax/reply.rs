//! What one SMTP reply says in codes: reply code (RFC 5321), enhanced status (RFC 3463), and details it states.

use crate::lanes::{bits, each_bit, each_block, within};

use super::details::{self, Signs};

/// The facts of one reply text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) code: Option<u16>,
    pub(crate) status: Option<String>,
    pub(crate) source_ip: Option<String>,
    pub(crate) retry_after: Option<u64>,
    pub(crate) new_address: Option<String>,
}

/// Reads a reply; the text may hold the words that an MTA put around it.
pub(crate) fn read(text: &str) -> Reply {
    let (codes, signs) = codes_and_signs(text);
    let details = details::of(text, signs);
    Reply {
        code: codes.code,
        status: codes.status.map(str::to_owned),
        source_ip: details.source_ip,
        retry_after: details.retry_after,
        new_address: details.new_address,
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
    codes_and_signs(text).0
}

/// Whether [`codes`] finds a reply code. Most replies begin with theirs.
pub(crate) fn has_code(text: &str) -> bool {
    let number = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    reply_code(text, 0, &text[..number]).is_some() || codes(text).code.is_some()
}

/// The codes, and which details there may be: both are told by the numbers in the text.
fn codes_and_signs(text: &str) -> (Codes<'_>, Signs) {
    let mut best: Option<(u8, Codes<'_>)> = None;
    let mut alone = None;
    let signs = each_number(text, |at, token| {
        if in_word(text, at) {
            return;
        }
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
    });
    let mut codes = best.map(|(_, codes)| codes).unwrap_or_default();
    let replace = codes.status.is_none_or(is_generic);
    if replace && alone.is_some_and(|status| fits(codes, status)) {
        codes.status = alone.filter(|status| codes.status.is_none() || !is_generic(status)).or(codes.status);
    }
    (codes, signs)
}

/// A status elsewhere in the text belongs to the reply when its class does.
fn fits(codes: Codes<'_>, status: &str) -> bool {
    codes.code.is_none_or(|code| status.as_bytes()[0] == b'0' + (code / 100) as u8)
}

/// Shows the numbers with the dots in and behind them, and tells what details they may be part of.
fn each_number<'t>(text: &'t str, mut visit: impl FnMut(usize, &'t str)) -> Signs {
    let bytes = text.as_bytes();
    let (mut signs, mut before, mut end) = (Signs::default(), 0, 0);
    each_block(bytes, |at, block| {
        let digits = bits(block, |eight| within(eight, b'0', b'9'));
        let colons = bits(block, |eight| within(eight, b':', b':'));
        each_bit(colons, |n| signs.colon(&bytes[at + n..]));
        each_bit(digits & !(digits << 1 | before), |n| {
            let start = at + n;
            if start < end {
                return;
            }
            let more = |byte: &&u8| byte.is_ascii_digit() || **byte == b'.';
            end = start + bytes[start..].iter().take_while(more).count();
            let token = &text[start..end];
            signs.number(&bytes[..start], token);
            visit(start, token);
        });
        before = digits >> 63;
    });
    signs
}

/// Whether what stands before goes on in what starts here. Signs end a word, and so do letters that need no spaces.
fn in_word(text: &str, start: usize) -> bool {
    match text.as_bytes()[..start].last() {
        None => false,
        Some(byte) if byte.is_ascii() => byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'@'),
        Some(_) => text[..start].chars().next_back().is_some_and(|c| c.is_alphanumeric() && c < '\u{2e80}'),
    }
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
    let other = || measures(&text[at + 3..]) || numbers(&text[..at]) || is_telephone(text, at);
    (known && closed && !other()).then_some(code)
}

/// Whether a number is part of a telephone or order number: groups of digits that follow `+`, or whose last has four
/// (`550 555 5511`, `552-5511`).
fn is_telephone(text: &str, at: usize) -> bool {
    /// No telephone number is longer.
    const LONGEST: usize = 20;
    let bytes = text.as_bytes();
    let part =
        |n: usize| bytes.get(n).is_some_and(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'(' | b')'));
    let (mut from, mut end) = (at, at + 3);
    while from > 0 && at - from < LONGEST && part(from - 1) {
        from -= 1;
    }
    let (mut digits, mut group) = (0, 0);
    let mut last = 0;
    while end - at < LONGEST && part(end) {
        end += 1;
    }
    for byte in &bytes[from..end] {
        group = if byte.is_ascii_digit() { group + 1 } else { 0 };
        digits += usize::from(group > 0);
        last = if group > 0 { group } else { last };
    }
    // "550 5.1.1" goes on with a status; "+0900 550" is a time zone before a reply.
    let status = bytes[end..].starts_with(b".") && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    let plus = digits > 7 && from > 0 && bytes[from - 1] == b'+';
    let four = last == 4 && (digits > 9 || digits == 7 && bytes[at + 3..].starts_with(b"-"));
    !status && (plus || four)
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
        || before.ends_with(['\n', ':', '：', ';', '<', '>', ',', '#', '|'])
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

pub(super) fn ends_with_word(text: &str, words: &[&str]) -> bool {
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
        let between = |byte: &u8| {
            matches!(
                byte,
                b' ' | b'-' | b'#' | b'(' | b'[' | b':' | b';' | b',' | b'\t' | b'\n' | b'\'' | b'"'
            )
        };
        rest = &rest[rest.bytes().take_while(between).count()..];
        let end = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
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
    let [b'2' | b'4' | b'5', b'.', b'0'..=b'7', b'.', detail @ ..] = token.as_bytes() else { return None };
    let valid = matches!(detail.len(), 1..=3) && detail.iter().all(u8::is_ascii_digit);
    valid.then_some(token)
}

/// x.0.0 says only that something failed (RFC 3463 section 3.1).
pub(crate) fn is_generic(status: &str) -> bool {
    status.ends_with(".0.0")
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
        check("返回550 5.1.1 用户不存在", Some(550), Some("5.1.1"));
        check("エラー内容：552 容量超過", Some(552), None);
        check("é550 is no code", None, None);
        check("User unknown", None, None);
        check("SIZE=550 is fine", None, None);
        check("5.1.2", None, Some("5.1.2"));
        for number in
            ["+1 550 555 5511", "Tel: 550 555 5511", "(550) 555-5511", "1-550-555-5511", "tel. 0550 551 5512"]
        {
            check(&format!("For help call us: {number}, or write"), None, None);
            check(&format!("{number} 550 5.1.1 unknown"), Some(550), Some("5.1.1"));
        }
        check("GMT+0900 550 no such user", Some(550), None);
        check("order 552-5511 was returned", None, None);
        check("550-123 no such user", Some(550), None);
        check("554 554 5.7.1 [192.0.2.1] 4511 refused", Some(554), Some("5.7.1"));
    }
}

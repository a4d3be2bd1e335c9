//! Dates: RFC 5322 first, then what MTAs write in its place; given back as RFC 3339 with the offset as written.

use mail_parser::DateTime;
use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;

/// Reads a raw date field. `None` when it is no date.
pub(crate) fn parse(value: &[u8]) -> Option<DateTime> {
    parse_text(&super::headers::folded(&super::charset::utf8(value)))
}

/// Reads a date in text form.
pub(crate) fn parse_text(text: &str) -> Option<DateTime> {
    let text = text.trim();
    if text.len() < 8 || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    usual(text).or_else(|| rfc3339(text)).or_else(|| rfc5322(text)).or_else(|| ctime(text)).filter(plausible)
}

/// `Thu, 29 Apr 2010 23:34:45 +0900 (JST)`, as nearly all dates are written: no parser is needed.
fn usual(text: &str) -> Option<DateTime> {
    let bytes = match text.as_bytes() {
        [a, b, c, b',', b' ', rest @ ..] if [a, b, c].iter().all(|letter| letter.is_ascii_alphabetic()) => {
            rest
        }
        bytes => bytes,
    };
    let (day, rest) = match bytes {
        [day, b' ', rest @ ..] => (two(b'0', *day)?, rest),
        [ten, day, b' ', rest @ ..] => (two(*ten, *day)?, rest),
        _ => return None,
    };
    let (name, rest) = rest.split_at_checked(3)?;
    let [
        b' ',
        y1,
        y2,
        y3,
        y4,
        b' ',
        h1,
        h2,
        b':',
        m1,
        m2,
        b':',
        s1,
        s2,
        b' ',
        sign,
        z1,
        z2,
        z3,
        z4,
        rest @ ..,
    ] = rest
    else {
        return None;
    };
    let comment = |text: &[u8]| text.iter().all(|b| *b == b' ' || b.is_ascii_alphanumeric());
    let ends = rest.is_empty() || matches!(rest, [b' ', b'(', zone @ .., b')'] if comment(zone));
    let year = u16::from(two(*y1, *y2)?) * 100 + u16::from(two(*y3, *y4)?);
    if !ends || year < 1900 || !matches!(sign, b'+' | b'-') {
        return None;
    }
    Some(DateTime {
        year,
        month: MONTHS.iter().position(|month| name.eq_ignore_ascii_case(month.as_bytes()))? as u8 + 1,
        day,
        hour: two(*h1, *h2)?,
        minute: two(*m1, *m2)?,
        second: two(*s1, *s2)?,
        tz_before_gmt: *sign == b'-',
        tz_hour: two(*z1, *z2)? % 24,
        tz_minute: two(*z3, *z4)? % 60,
    })
}

/// A number of two digits.
fn two(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + ones - b'0')
}

/// As RFC 3339 writes it: mail-parser's own, without the machinery of formats.
pub(crate) fn to_rfc3339(date: &DateTime) -> String {
    let mut text = *b"0000-00-00T00:00:00+00:00";
    let century = (date.year / 100 % 100) as u8;
    let zone_sign = if date.tz_before_gmt { b'-' } else { b'+' };
    let parts = [
        (0, century),
        (2, (date.year % 100) as u8),
        (5, date.month),
        (8, date.day),
        (11, date.hour),
        (14, date.minute),
        (17, date.second),
        (20, date.tz_hour),
        (23, date.tz_minute),
    ];
    for (at, number) in parts {
        text[at] = b'0' + number / 10 % 10;
        text[at + 1] = b'0' + number % 10;
    }
    text[19] = zone_sign;
    let local = date.tz_hour != 0 || date.tz_minute != 0;
    let mut text = String::from_utf8_lossy(&text).into_owned();
    if !local {
        text.truncate(19);
        text.push('Z');
    }
    text
}

fn rfc3339(text: &str) -> Option<DateTime> {
    let bytes = text.as_bytes();
    let shaped =
        bytes.len() >= 19 && bytes[4] == b'-' && bytes[7] == b'-' && matches!(bytes[10], b'T' | b' ');
    if !shaped {
        return None;
    }
    let joined = text.replacen(' ', "T", 1).replace(' ', "");
    DateTime::parse_rfc3339(&joined)
}

fn rfc5322(text: &str) -> Option<DateTime> {
    match MessageStream::new([text, "\n"].concat().as_bytes()).parse_date() {
        HeaderValue::DateTime(date) => Some(date),
        _ => None,
    }
}

/// `Thu Apr 29 23:34:45 2010`, with an optional zone before or after the year.
fn ctime(text: &str) -> Option<DateTime> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words.iter().position(|word| month(word))?;
    let (month, day, time) = (words.get(at)?, words.get(at + 1)?, words.get(at + 2)?);
    if !time.contains(':') {
        return None;
    }
    let mut year = None;
    let mut zone = "+0000";
    for word in words.iter().skip(at + 3) {
        if word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()) {
            year = Some(*word);
        } else if word.starts_with(['+', '-']) || word.bytes().all(|b| b.is_ascii_uppercase()) {
            zone = word;
        }
    }
    rfc5322(&format!("{} {} {} {} {}", day.trim_end_matches(','), month, year?, time, zone))
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn month(word: &str) -> bool {
    word.get(..3).is_some_and(|start| MONTHS.iter().any(|m| start.eq_ignore_ascii_case(m)))
}

/// Whether RFC 3339 has it, and mail can have had it.
pub(crate) fn plausible(date: &DateTime) -> bool {
    (1970..=9999).contains(&date.year)
        && (1..=12).contains(&date.month)
        && (1..=days(date.year, date.month)).contains(&date.day)
        && date.hour < 24
        && date.minute < 60
        && date.second <= 60
        && date.tz_hour <= 14
        && date.tz_minute < 60
}

/// The last day of a month.
fn days(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u8::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{parse_text, rfc5322, to_rfc3339, usual};

    #[test]
    fn usual_dates_are_what_the_parser_reads() {
        for text in [
            "Thu, 29 Apr 2010 23:34:45 +0900 (JST)",
            "1 Jan 1999 00:00:00 -0000",
            "01 feb 2000 24:61:61 -1234",
            "Mon, 31 Dec 9999 01:02:03 +9999 (GMT Daylight Time)",
        ] {
            let date = usual(text);
            assert!(date.is_some(), "{text}");
            assert_eq!(date, rfc5322(text), "{text}");
            assert_eq!(date.map(|date| to_rfc3339(&date)), date.map(|date| date.to_rfc3339()), "{text}");
        }
        for text in
            ["29 Apr 10 23:34:45 +0900", "29 Apr 2010 23:34 +0900", "29 Apr 2010 23:34:45 GMT", "29", ""]
        {
            assert_eq!(usual(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_that_no_calendar_has_is_no_date() {
        for good in ["29 Feb 2024 00:00:00 +0900", "2000-02-29T00:00:00Z", "30 Nov 2026 00:00:00 Z"] {
            assert!(parse_text(good).is_some(), "{good}");
        }
        for wrong in [
            "29 Feb 2025 00:00:00 +0900",
            "29 Feb 2100 00:00:00 GMT",
            "2026-02-30T00:00:00Z",
            "31 Nov 2026 00:00:00 Z",
        ] {
            assert_eq!(parse_text(wrong), None, "{wrong}");
        }
    }
}

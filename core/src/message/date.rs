//! Dates: RFC 5322 first, then what MTAs write in its place; given back as RFC 3339 with the offset as written.

use mail_parser::DateTime;
use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;

/// Reads a raw date field. `None` when it is no date.
pub(crate) fn parse(value: &[u8]) -> Option<DateTime> {
    let text = super::headers::fold_white(&String::from_utf8_lossy(value));
    parse_text(&text)
}

/// Reads a date in text form.
pub(crate) fn parse_text(text: &str) -> Option<DateTime> {
    let text = text.trim();
    if text.len() < 8 || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    rfc3339(text).or_else(|| rfc5322(text)).or_else(|| ctime(text)).filter(plausible)
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
    let mut bytes = text.as_bytes().to_vec();
    bytes.push(b'\n');
    match MessageStream::new(&bytes).parse_date() {
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

fn month(word: &str) -> bool {
    const MONTHS: &[&str] =
        &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
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
    use super::parse_text;

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

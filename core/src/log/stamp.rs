//! Time stamps of log lines: RFC 3339, syslog's without a year (RFC 3164), Exim's, and seconds since 1970.

use mail_parser::DateTime;

use super::zone::{self, TimeZone};
use super::{Line, header};

/// Reads stamps; remembers the day, so that a log may run over New Year.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    year: Option<u16>,
    /// Month and day of the line before.
    last: (u8, u8),
    zone: TimeZone,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Clock {
    pub(super) fn new(year: Option<u16>, zone: Option<TimeZone>) -> Self {
        Self { year, last: (0, 0), zone: zone.unwrap_or_default() }
    }

    /// Takes the stamp and the syslog header off a line. A line without them is all text.
    pub(super) fn split<'l>(&mut self, line: &'l str) -> (Option<DateTime>, Line<'l>) {
        let (structured, line) = header::priority(header::behind_container(line));
        let (date, rest) = self.stamp(line);
        if date.is_none() && rest.len() == line.len() {
            return (None, header::bare(line));
        }
        // Whoever collects a container's lines puts a stamp of its own before theirs.
        let (inner, rest) = self.stamp(header::behind_stream(rest));
        let mut line = if structured { header::structured(rest) } else { header::plain(rest) };
        // Exim writes its own stamp through syslog, too.
        if line.program.starts_with("exim") {
            line.text = self.stamp(line.text).1;
        }
        (date.or(inner), line)
    }

    fn stamp<'l>(&mut self, line: &'l str) -> (Option<DateTime>, &'l str) {
        if line.len() >= 19 && line.as_bytes()[4] == b'-' && line.as_bytes()[7] == b'-' {
            return self.iso(line);
        }
        let Some((mut date, rest)) = rfc3164(line) else { return (None, line) };
        if date.year == 0 {
            date.year = self.year_of(date.month, date.day).unwrap_or_default();
        }
        let mut date = Some(date).filter(|date| date.year > 0 && crate::message::date::plausible(date));
        if let Some(date) = date.as_mut() {
            self.zone.complete(date);
        }
        (date, rest)
    }

    /// `2026-11-21T10:00:00.123+09:00`, `2026-11-21 10:00:00` with an offset after a space or none.
    fn iso<'l>(&self, line: &'l str) -> (Option<DateTime>, &'l str) {
        let Some((day, time)) = line.get(..10).zip(line.get(11..19)) else { return (None, line) };
        let rest = behind_fraction(&line[19..]);
        let zoned = rest.strip_prefix(' ').filter(|zone| {
            zone.starts_with(['+', '-'])
                && zone.get(1..5).is_some_and(|z| z.bytes().all(|b| b.is_ascii_digit()))
        });
        let zone = zoned.unwrap_or(rest);
        let end = zone.find(' ').unwrap_or(zone.len());
        let named = zone::fixed(&zone[..end]);
        let mut date = crate::message::date::parse_text(&format!("{day}T{time}Z"));
        if let Some(date) = date.as_mut() {
            named.as_ref().unwrap_or(&self.zone).complete(date);
        }
        let rest = if named.is_some() { &zone[end..] } else { rest };
        (date, rest.trim_start())
    }

    /// The year of a stamp without one: a month that is far behind the last one is the next year's.
    fn year_of(&mut self, month: u8, day: u8) -> Option<u16> {
        // Lines of two processes may change places at midnight.
        if (self.last, (month, day)) == ((1, 1), (12, 31)) {
            return self.year.map(|year| year.saturating_sub(1));
        }
        if self.last.0 > month + 6 {
            self.year = self.year.map(|year| year.saturating_add(1));
        }
        self.last = (month, day);
        self.year
    }

    /// A stamp in a column or field, with the same rules.
    pub(super) fn field(&self, text: &str) -> Option<DateTime> {
        let shaped = text.len() >= 19 && text.as_bytes()[4] == b'-';
        if shaped { self.iso(text).0 } else { crate::message::date::parse_text(text) }
    }
}

/// `Nov 21 10:00:00`, a day below ten with a space before it; some write the year first, or fractions of the second. Without a year
/// it is 0.
fn rfc3164(line: &str) -> Option<(DateTime, &str)> {
    let named = line.split_once(' ').and_then(|(year, rest)| {
        let year = (year.len() == 4).then(|| year.parse::<u16>().ok()).flatten()?;
        Some((year, rest))
    });
    let (year, line) = named.unwrap_or((0, line));
    let month = MONTHS.iter().position(|name| line.get(..3) == Some(*name))? as u8 + 1;
    let day: u8 = line.get(4..6)?.trim().parse().ok()?;
    let time = line.get(7..15)?;
    let number = |range: std::ops::Range<usize>| time.get(range).and_then(|text| text.parse::<u8>().ok());
    let (hour, minute, second) = (number(0..2)?, number(3..5)?, number(6..8)?);
    let rest = behind_fraction(line.get(15..)?).trim_start();
    let (tz_before_gmt, tz_hour, tz_minute) = (false, 0, 0);
    Some((DateTime { year, month, day, hour, minute, second, tz_before_gmt, tz_hour, tz_minute }, rest))
}

/// Month and day of a line's stamp, where that has no year.
pub(super) fn day_without_year(line: &str) -> Option<(u8, u8)> {
    let (_, line) = header::priority(header::behind_container(line));
    let (date, _) = rfc3164(line)?;
    (date.year == 0).then_some((date.month, date.day))
}

/// Seconds since 1970 as a date in UTC, up to the last year that RFC 3339 has.
pub(super) fn epoch(seconds: i64) -> Option<DateTime> {
    const END: i64 = 253_402_300_800;
    (0..END).contains(&seconds).then(|| DateTime::from_timestamp(seconds))
}

/// What follows a fraction of a second, where there is one.
fn behind_fraction(text: &str) -> &str {
    text.strip_prefix(['.', ',']).map_or(text, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(clock: &mut Clock, line: &str) -> Option<String> {
        clock.split(line).0.map(|date| date.to_rfc3339())
    }

    #[test]
    fn gives_no_date_that_rfc_3339_lacks() {
        let mut clock = Clock::new(Some(2026), None);
        assert_eq!(stamp(&mut clock, "Feb 29 10:00:00 mx postfix/smtp[1]: A: x"), None);
        for wrong in [i64::MIN, -1, 253_402_300_800, i64::MAX] {
            assert_eq!(epoch(wrong), None, "{wrong}");
        }
        assert_eq!(
            epoch(253_402_300_799).map(|date| date.to_rfc3339()).as_deref(),
            Some("9999-12-31T23:59:59Z")
        );
    }

    #[test]
    fn reads_the_stamps_of_logs() {
        let mut clock = Clock::new(Some(2025), TimeZone::minutes(540).ok());
        assert_eq!(
            stamp(&mut clock, "Dec 31 23:59:59 mx postfix/smtp[1]: A: x").as_deref(),
            Some("2025-12-31T23:59:59+09:00")
        );
        assert_eq!(
            stamp(&mut clock, "Jan  1 00:00:01 mx postfix/smtp[1]: A: x").as_deref(),
            Some("2026-01-01T00:00:01+09:00")
        );
        // Out of order by a second.
        assert_eq!(
            stamp(&mut clock, "Dec 31 23:59:59 mx postfix/smtp[1]: A: x").as_deref(),
            Some("2025-12-31T23:59:59+09:00")
        );
        assert_eq!(
            stamp(&mut clock, "Jan  1 00:00:02 mx postfix/smtp[1]: A: x").as_deref(),
            Some("2026-01-01T00:00:02+09:00")
        );
        assert_eq!(
            stamp(&mut clock, "2026-11-21 10:00:00 1abc-1 ** x").as_deref(),
            Some("2026-11-21T10:00:00+09:00")
        );
        assert_eq!(
            stamp(&mut clock, "2026-11-21 10:00:00.123 -0500 1abc-1 ** x").as_deref(),
            Some("2026-11-21T10:00:00-05:00")
        );
        assert_eq!(
            stamp(&mut clock, "2026-11-21T10:00:00.1+01:00 mx a[1]: b").as_deref(),
            Some("2026-11-21T10:00:00+01:00")
        );
        assert_eq!(stamp(&mut Clock::new(None, None), "Nov 21 10:00:00 mx a: b"), None);
        assert_eq!(
            stamp(&mut Clock::new(None, None), "2026 Nov 21 10:00:00 mx a: b").as_deref(),
            Some("2026-11-21T10:00:00Z")
        );
    }
}

//! The year of stamps that lack one.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use komainu::log::day_without_year;
use std::path::Path;

/// The year of the first stamp in `head`, where it is one of syslog's without a year: the last in which it is not behind the day
/// that the file is known by. That day is the date in its name, else the one when it was last written to, else today.
pub(super) fn of_first_stamp(head: &[u8], named: Option<Date>, path: &Path) -> Option<u16> {
    let head = String::from_utf8_lossy(head);
    let (month, day) = head.lines().take(1_000).find_map(day_without_year)?;
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let known = named.or_else(|| changed(path)).unwrap_or_else(|| Zoned::now().date());
    // Clocks differ, and a file is rotated shortly after midnight.
    let latest = known.checked_add(1.day()).unwrap_or(known);
    let year = (0..9).filter_map(|back| latest.year().checked_sub(back)).find(|year| {
        // The 29th of February passes over years that have none.
        Date::new(*year, month, day).is_ok_and(|date| date <= latest)
    })?;
    year.try_into().ok()
}

/// The day a file was last written to.
fn changed(path: &Path) -> Option<Date> {
    let time = std::fs::metadata(path).ok()?.modified().ok()?;
    Some(Timestamp::try_from(time).ok()?.to_zoned(TimeZone::system()).date())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn year(line: &str, named: Date) -> Option<u16> {
        of_first_stamp(line.as_bytes(), Some(named), Path::new("mail.log"))
    }

    #[test]
    fn a_log_ends_where_its_file_says() {
        let line = "Dec 28 06:25:01 mail postfix/smtp[1]: A: x";
        assert_eq!(year(line, date(2027, 1, 3)), Some(2026));
        assert_eq!(year(line, date(2026, 12, 28)), Some(2026));
        assert_eq!(year("Jan  1 00:00:01 mail a: b", date(2026, 12, 31)), Some(2027));
        assert_eq!(year("<22>Jan 10 00:00:01 mail a: b", date(2026, 12, 31)), Some(2026));
        assert_eq!(year("mail-1  | Jan 10 00:00:01 mail a: b", date(2026, 12, 31)), Some(2026));
        assert_eq!(year("Feb 29 00:00:01 mail a: b", date(2027, 3, 1)), Some(2024));
        assert_eq!(year("2026-11-21T10:00:00Z mail a: b", date(2026, 12, 1)), None);
    }
}

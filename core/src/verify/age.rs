//! How old a report is, from dates as records carry them.

use crate::record::Record;

/// A report dated this far in the future still counts as of now: clocks differ.
const CLOCK_SKEW: i64 = 86_400;

/// The key and the date that make a record too old, or too far in the future.
pub(super) fn older_than(record: &Record, limit: u64, now: Option<u64>) -> Option<(&'static str, String)> {
    let date = |text: &Option<String>| text.as_deref().and_then(seconds);
    let now = now.and_then(|now| i64::try_from(now).ok()).or_else(|| date(&record.timestamp))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    [("arrival_date", &record.arrival_date), ("timestamp", &record.timestamp)].into_iter().find_map(
        |(field, text)| {
            let then = date(text)?;
            let age = now - then;
            (age > limit || age < -CLOCK_SKEW).then(|| (field, text.clone().unwrap_or_default()))
        },
    )
}

/// Seconds since 1970 of `2026-11-21T18:40:32+09:00`.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| -> Option<i64> {
        let digits = text.get(range)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let zone = text.get(19..)?.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let offset = match zone.get(..1)? {
        "Z" | "z" => 0,
        sign @ ("+" | "-") => {
            let (hours, minutes) =
                (zone.get(1..3)?.parse::<i64>().ok()?, zone.get(4..6)?.parse::<i64>().ok()?);
            (hours * 3_600 + minutes * 60) * if sign == "-" { -1 } else { 1 }
        }
        _ => return None,
    };
    Some(days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset)
}

/// Days since 1970-01-01 in the Gregorian calendar, counted in years that begin with March so that a leap day is last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468
}

/// The system's clock. The browser's module has none: asking there would panic.
pub(super) fn system_time() -> Option<u64> {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    return None;
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok().map(|since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn dates_become_seconds() {
        for (text, wanted) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T12:00:00+09:00", Some(951_793_200)),
            ("2026-11-21T18:40:32-05:30", Some(1_795_306_232)),
            ("1969-12-31T23:59:59Z", Some(-1)),
            ("2026-13-01T00:00:00Z", None),
            ("2026-11-21", None),
            ("2026-11-21T18:40:32", None),
            ("２０２６-11-21T18:40:32Z", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), wanted, "{text}");
        }
    }
}

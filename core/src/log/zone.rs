//! Time zones, for stamps that name none.

use mail_parser::DateTime;

use crate::error::Error;

/// A time zone: an offset from UTC that is the same all year, or, with the feature `time-zones`, a zone of the IANA time
/// zone database, such as `Europe/Berlin`, whose offset changes with the date.
///
/// ```
/// use komainu::log::TimeZone;
///
/// assert!("+09:00".parse::<TimeZone>().is_ok());
/// assert!("Nowhere/Land".parse::<TimeZone>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeZone(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Minutes east of UTC.
    Fixed(i16),
    #[cfg(feature = "time-zones")]
    Named(jiff::tz::TimeZone),
}

impl TimeZone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self(Kind::Fixed(0));

    /// A zone that is always so many minutes east of UTC, at most 14 hours either way.
    ///
    /// # Errors
    /// A number beyond that.
    pub fn minutes(minutes: i16) -> Result<Self, Error> {
        if minutes.unsigned_abs() > 14 * 60 {
            return Err(Error::new(format!("{minutes} minutes are no offset from UTC; use -840 to 840")));
        }
        Ok(Self(Kind::Fixed(minutes)))
    }

    /// Says in a local time how far it is from UTC. Where clocks are put back, an hour comes twice: the first is meant.
    pub(super) fn complete(&self, date: &mut DateTime) {
        let minutes = match &self.0 {
            Kind::Fixed(minutes) => *minutes,
            #[cfg(feature = "time-zones")]
            Kind::Named(zone) => named::offset(zone, date),
        };
        date.tz_before_gmt = minutes < 0;
        date.tz_hour = (minutes.unsigned_abs() / 60) as u8;
        date.tz_minute = (minutes.unsigned_abs() % 60) as u8;
    }
}

impl Default for TimeZone {
    fn default() -> Self {
        Self::UTC
    }
}

impl std::str::FromStr for TimeZone {
    type Err = Error;

    /// Reads `+09:00`, `-0530`, `+9` or `Z`; with the feature `time-zones` also `Europe/Berlin` and the like.
    fn from_str(text: &str) -> Result<Self, Error> {
        if let Some(zone) = fixed(text) {
            return Ok(zone);
        }
        #[cfg(feature = "time-zones")]
        if let Some(zone) = named::find(text) {
            return Ok(Self(Kind::Named(zone)));
        }
        let known = if cfg!(feature = "time-zones") { " or a name such as Europe/Berlin" } else { "" };
        Err(Error::new(format!(
            "{text:?} is no time zone; write an offset such as +09:00, -0530 or Z{known}"
        )))
    }
}

/// The zone of an offset from UTC.
pub(super) fn fixed(text: &str) -> Option<TimeZone> {
    if text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("utc") {
        return Some(TimeZone::UTC);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let digits = rest.replace(':', "");
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.as_str(), "0"),
        4 => digits.split_at_checked(2)?,
        _ => return None,
    };
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    let offset = sign * (i16::from(hours) * 60 + i16::from(minutes));
    if minutes < 60 { TimeZone::minutes(offset).ok() } else { None }
}

#[cfg(feature = "time-zones")]
mod named {
    use jiff::{civil, tz};
    use mail_parser::DateTime;

    /// A zone by its name; the system's database goes before the one that is built in.
    pub(super) fn find(name: &str) -> Option<tz::TimeZone> {
        tz::TimeZone::get(name).ok()
    }

    /// Minutes east of UTC at a local time. A time that no calendar has counts as UTC.
    pub(super) fn offset(zone: &tz::TimeZone, date: &DateTime) -> i16 {
        let part = |number: u8| i8::try_from(number).unwrap_or(i8::MAX);
        let year = i16::try_from(date.year).unwrap_or(i16::MAX);
        let (month, day) = (part(date.month), part(date.day));
        let (hour, minute, second) = (part(date.hour), part(date.minute), part(date.second));
        let local = civil::DateTime::new(year, month, day, hour, minute, second, 0).ok();
        let exact = local.and_then(|local| zone.to_ambiguous_zoned(local).compatible().ok());
        exact.map_or(0, |exact| i16::try_from(exact.offset().seconds() / 60).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_offsets() {
        assert_eq!("+09:00".parse(), TimeZone::minutes(540));
        assert_eq!("-0530".parse(), TimeZone::minutes(-330));
        assert_eq!("utc".parse(), Ok(TimeZone::UTC));
        for wrong in ["09:00", "+20:00", "+0960", "+é1", "", "Nowhere/Land"] {
            assert!(wrong.parse::<TimeZone>().is_err(), "{wrong}");
        }
        assert!(TimeZone::minutes(-900).is_err());
    }

    #[cfg(feature = "time-zones")]
    #[test]
    fn a_named_zone_has_summers_and_winters() {
        let zone: TimeZone = "America/New_York".parse().unwrap();
        let at = |text: &str| {
            let mut date = crate::message::date::parse_text(text).unwrap();
            zone.complete(&mut date);
            date.to_rfc3339()
        };
        assert_eq!(at("2026-07-01T12:00:00Z"), "2026-07-01T12:00:00-04:00");
        assert_eq!(at("2026-12-01T12:00:00Z"), "2026-12-01T12:00:00-05:00");
        // The hour that comes twice, and the one that never comes.
        assert_eq!(at("2026-11-01T01:30:00Z"), "2026-11-01T01:30:00-04:00");
        assert_eq!(at("2026-03-08T02:30:00Z"), "2026-03-08T02:30:00-04:00");
    }
}

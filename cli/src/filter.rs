//! Which records to keep.

use std::borrow::Cow;

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};
use komainu::{Analyzer, Kind, Reason, Record};

use crate::commands::closed;
use crate::exit::Problem;
use crate::options::known_providers;

/// Of which time.
#[derive(Args, Default)]
pub(crate) struct Period {
    /// From this time on: a date, an RFC 3339 time, or an age such as 30d. Records without a time pass
    #[arg(long, value_name = "WHEN", value_parser = moment, help_heading = FILTERS)]
    since: Option<Timestamp>,

    /// Before this time
    #[arg(long, value_name = "WHEN", value_parser = moment, help_heading = FILTERS)]
    until: Option<Timestamp>,
}

const FILTERS: &str = "Filters (records must pass all; several values of one are alternatives)";

/// Which records to print.
#[derive(Args, Default)]
#[command(next_help_heading = FILTERS)]
pub(crate) struct FilterArgs {
    #[command(flatten)]
    period: Period,

    /// These kinds only
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = closed(Kind::ALL, Kind::as_str))]
    kind: Vec<Kind>,

    /// These reasons only
    #[arg(long, value_name = "REASON", value_delimiter = ',', hide_possible_values = true, value_parser = closed(Reason::ALL, Reason::as_str))]
    reason: Vec<Reason>,

    /// Recipients of these domains only; `.example.com` also of those below it
    #[arg(long, value_name = "DOMAIN", value_delimiter = ',', value_parser = wanted_domain)]
    domain: Vec<String>,

    /// These providers only, such as google
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    provider: Vec<String>,

    /// Failures for good only
    #[arg(long, conflicts_with = "soft")]
    hard: bool,

    /// Failures that may pass only
    #[arg(long)]
    soft: bool,
}

impl FilterArgs {
    /// Keeps these kinds where the user names none, nor a reason that stands for a kind.
    pub(crate) fn or_kinds(mut self, kinds: &[Kind]) -> Self {
        let stands_for_kind = [Reason::Delivered, Reason::Feedback, Reason::Vacation];
        if self.kind.is_empty() && !self.reason.iter().any(|reason| stands_for_kind.contains(reason)) {
            self.kind = kinds.to_vec();
        }
        self
    }

    /// Refuses names that no record can have.
    pub(crate) fn check(&self, analyzer: &Analyzer) -> Result<(), Problem> {
        known_providers(analyzer, &self.provider)
    }

    /// Whether a record is wanted.
    pub(crate) fn passes(&self, record: &Record) -> bool {
        any(&self.kind, |kind| *kind == record.kind)
            && any(&self.reason, |reason| *reason == record.reason)
            && any(&self.provider, |name| record.provider.as_deref() == Some(name))
            && any(&self.domain, |domain| domain_of(record).is_some_and(|own| is_in(own, domain)))
            && (!self.hard || record.hard)
            && (!self.soft || !record.hard)
            && self.period.contains(record)
    }
}

impl Period {
    /// Whether a record's time is in it, or unknown.
    pub(crate) fn contains(&self, record: &Record) -> bool {
        if self.since.is_none() && self.until.is_none() {
            return true;
        }
        let Some(time) = record.timestamp.as_deref().and_then(|time| time.parse::<Timestamp>().ok()) else {
            return true;
        };
        self.since.is_none_or(|since| time >= since) && self.until.is_none_or(|until| time < until)
    }
}

fn any<T>(wanted: &[T], is: impl FnMut(&T) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(is)
}

/// The domain of the recipient.
pub(crate) fn domain_of(record: &Record) -> Option<&str> {
    record.recipient.as_deref().and_then(|address| address.rsplit_once('@')).map(|(_, domain)| domain)
}

/// A domain as it is asked for, in A-labels (RFC 5890): mail writes one name in both ways.
fn wanted_domain(domain: &str) -> Result<String, String> {
    let (dot, name) = domain.split_at(usize::from(domain.starts_with('.')));
    let ascii = idna::domain_to_ascii(name).ok().filter(|ascii| !ascii.is_empty());
    ascii.map(|ascii| format!("{dot}{ascii}")).ok_or_else(|| format!("{domain:?} is no domain"))
}

/// Whether a domain is the one that is asked for, or below it.
fn is_in(own: &str, wanted: &str) -> bool {
    let ascii = if own.is_ascii() { None } else { idna::domain_to_ascii(own).ok() };
    let own = ascii.map_or(Cow::Borrowed(own), Cow::Owned);
    match wanted.strip_prefix('.') {
        None => own.eq_ignore_ascii_case(wanted),
        Some(parent) => {
            let start = own.len().checked_sub(parent.len());
            start.is_some_and(|start| {
                own.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(parent))
                    && (start == 0 || own.as_bytes()[start - 1] == b'.')
            })
        }
    }
}

/// A point in time, or an age.
fn moment(text: &str) -> Result<Timestamp, String> {
    let local = |date: Date| date.to_zoned(TimeZone::system()).map(|zoned| zoned.timestamp());
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    if let Ok(zoned) =
        text.parse::<Date>().map_err(|e| e.to_string()).and_then(|d| local(d).map_err(|e| e.to_string()))
    {
        return Ok(zoned);
    }
    let ago = text.parse::<Span>().ok().and_then(|age| Zoned::now().checked_sub(age.abs()).ok());
    ago.map(|zoned| zoned.timestamp()).ok_or_else(|| {
        format!(
            "{text:?} is no time; write 2026-01-31, 2026-01-31T09:00:00+09:00, or an age such as 30d or 12h"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_with_a_dot_take_those_below() {
        assert!(is_in("example.com", "EXAMPLE.com"));
        assert!(!is_in("mail.example.com", "example.com"));
        assert!(is_in("mail.example.com", ".example.com") && is_in("example.com", ".example.com"));
        assert!(!is_in("badexample.com", ".example.com") && !is_in("com", ".example.com"));
    }

    #[test]
    fn a_domain_is_one_in_a_labels_and_in_its_own_letters() {
        for wanted in ["bücher.example", "BÜCHER.example", "xn--bcher-kva.example"] {
            let wanted = wanted_domain(wanted).expect("a domain");
            for own in ["bücher.example", "Bücher.Example", "xn--bcher-kva.example", "XN--BCHER-KVA.example"]
            {
                assert!(is_in(own, &wanted), "{own} in {wanted}");
            }
        }
        let below = wanted_domain(".bücher.example").expect("a domain");
        assert!(is_in("mail.bücher.example", &below) && !is_in("bucher.example", &below));
        assert!(wanted_domain("").is_err() && wanted_domain(".").is_err());
    }

    #[test]
    fn times_are_dates_moments_and_ages() {
        assert!(moment("2026-01-31").is_ok());
        assert_eq!(moment("2026-01-31T09:00:00+09:00"), moment("2026-01-31T00:00:00Z"));
        let day = moment("1d").expect("an age");
        let hours = Timestamp::now().duration_since(day).as_hours();
        assert!((23..=25).contains(&hours), "{hours}");
        assert!(moment("yesterday-ish").is_err());
    }
}

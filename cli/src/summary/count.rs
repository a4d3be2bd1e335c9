//! What is counted.

use jiff::Span;
use jiff::civil::Date;
use komainu::{Kind, Record, Report};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::ops::AddAssign;

use crate::filter::domain_of;

/// A number of records, by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Split {
    /// Failed for good.
    pub(crate) hard: u64,
    /// Failed, or still waits.
    pub(crate) soft: u64,
    /// Complaints.
    pub(crate) feedback: u64,
    /// Auto-replies and success notices.
    pub(crate) other: u64,
}

impl Split {
    fn of(record: &Record) -> Self {
        let mut one = Self::default();
        match record.kind {
            Kind::Bounce if record.hard => one.hard = 1,
            Kind::Bounce | Kind::Delay => one.soft = 1,
            Kind::Feedback => one.feedback = 1,
            _ => one.other = 1,
        }
        one
    }

    pub(crate) fn total(&self) -> u64 {
        self.hard + self.soft + self.feedback + self.other
    }

    /// Its parts with their names, in the order in which they are drawn.
    pub(crate) fn parts(&self) -> [(&'static str, u64); 4] {
        [("hard", self.hard), ("soft", self.soft), ("feedback", self.feedback), ("other", self.other)]
    }
}

impl AddAssign for Split {
    fn add_assign(&mut self, more: Self) {
        self.hard += more.hard;
        self.soft += more.soft;
        self.feedback += more.feedback;
        self.other += more.other;
    }
}

/// All counts of a run.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) messages: u64,
    pub(crate) ordinary: u64,
    pub(crate) all: Split,
    pub(crate) reasons: HashMap<String, Split>,
    pub(crate) advice: HashMap<String, Split>,
    pub(crate) providers: HashMap<String, Split>,
    pub(crate) domains: HashMap<String, Split>,
    pub(crate) days: BTreeMap<Date, Split>,
}

/// A section of a summary: what is counted, and its rows, the most frequent first.
pub(crate) struct Section {
    pub(crate) title: &'static str,
    pub(crate) key: &'static str,
    pub(crate) rows: Vec<(String, Split)>,
    /// How many more there are, and their records.
    pub(crate) rest: Option<(usize, Split)>,
}

impl Counts {
    /// Counts one message.
    pub(crate) fn add(&mut self, report: &Report) {
        self.messages += 1;
        self.ordinary += u64::from(report.kind == Kind::Other);
        for record in &report.records {
            let one = Split::of(record);
            self.all += one;
            count(&mut self.reasons, record.reason.as_str(), one);
            count(&mut self.advice, record.advice.as_str(), one);
            count(&mut self.providers, record.provider.as_deref().unwrap_or("(unknown)"), one);
            count(&mut self.domains, domain_of(record).unwrap_or("(none)"), one);
            let day = record.timestamp.as_deref().and_then(|time| time.get(..10)?.parse::<Date>().ok());
            if let Some(day) = day {
                *self.days.entry(day).or_default() += one;
            }
        }
    }

    /// The sections, each with at most `top` rows.
    pub(crate) fn sections(&self, top: usize) -> Vec<Section> {
        [
            ("Reasons", "reasons", &self.reasons),
            ("What to do", "advice", &self.advice),
            ("Providers", "providers", &self.providers),
            ("Domains", "domains", &self.domains),
        ]
        .map(|(title, key, counts)| section(title, key, counts, top))
        .into()
    }

    /// Records by time, in steps so long that there are at most `most` of them, without gaps.
    pub(crate) fn timeline(&self, most: usize) -> Vec<(String, Split)> {
        let (Some((&first, _)), Some((&last, _))) = (self.days.first_key_value(), self.days.last_key_value())
        else {
            return Vec::new();
        };
        let steps = Steps::between(first, last, most);
        // A Date is whatever a sender wrote: its year 9999 must not cost a row for every day until then.
        let mut rows: Vec<_> = (0..=steps.number(last)).map(|n| (steps.name(n), Split::default())).collect();
        for (day, split) in &self.days {
            rows[steps.number(*day)].1 += *split;
        }
        rows
    }

    /// The same as JSON.
    pub(crate) fn to_json(&self, top: usize) -> Value {
        let split = |split: &Split| {
            let mut object = Map::new();
            object.insert("records".into(), split.total().into());
            object.extend(split.parts().map(|(name, count)| (name.to_owned(), Value::from(count))));
            Value::Object(object)
        };
        let mut object = json!({
            "messages": self.messages,
            "ordinary": self.ordinary,
            "records": self.all.total(),
            "all": split(&self.all),
        });
        for section in self.sections(top) {
            let rows: Map<String, Value> =
                section.rows.iter().map(|(name, s)| (name.clone(), split(s))).collect();
            object[section.key] = Value::Object(rows);
        }
        let days: Map<String, Value> = self.days.iter().map(|(day, s)| (day.to_string(), split(s))).collect();
        object["days"] = Value::Object(days);
        object
    }
}

/// Steps of time, counted from the one that holds the first day.
enum Steps {
    Days(Date),
    Months(Date),
    Years { first: Date, each: usize },
}

impl Steps {
    /// The shortest steps that need at most `most` of them.
    fn between(first: Date, last: Date, most: usize) -> Self {
        let years = Self::Years { first, each: 1 }.number(last) + 1;
        let each = years.div_ceil(most.max(1));
        [Self::Days(first), Self::Months(first)]
            .into_iter()
            .find(|steps| steps.number(last) < most)
            .unwrap_or(Self::Years { first, each })
    }

    /// Which step a day is in.
    fn number(&self, day: Date) -> usize {
        let months = |day: Date| i32::from(day.year()) * 12 + i32::from(day.month());
        let number = match *self {
            Self::Days(first) => (day - first).get_days(),
            Self::Months(first) => months(day) - months(first),
            Self::Years { first, .. } => i32::from(day.year()) - i32::from(first.year()),
        };
        let number = usize::try_from(number).unwrap_or_default();
        if let Self::Years { each, .. } = *self { number / each } else { number }
    }

    /// `2026-01-31`, `2026-01`, `2026` or, where a step is longer than a year, `2020–2029`.
    fn name(&self, number: usize) -> String {
        let number = i64::try_from(number).unwrap_or_default();
        match *self {
            Self::Days(first) => (first + Span::new().days(number)).to_string(),
            Self::Months(first) => {
                (first.first_of_month() + Span::new().months(number)).strftime("%Y-%m").to_string()
            }
            Self::Years { first, each } => {
                let each = i64::try_from(each).unwrap_or(1);
                let start = i64::from(first.year()) + number * each;
                if each == 1 { start.to_string() } else { format!("{start}–{}", start + each - 1) }
            }
        }
    }
}

fn count(counts: &mut HashMap<String, Split>, name: &str, one: Split) {
    // Most names are there: they are not copied to look them up.
    match counts.get_mut(name) {
        Some(split) => *split += one,
        None => _ = counts.insert(name.to_owned(), one),
    }
}

fn section(title: &'static str, key: &'static str, counts: &HashMap<String, Split>, top: usize) -> Section {
    let mut rows: Vec<_> = counts.iter().map(|(name, split)| (name.clone(), *split)).collect();
    rows.sort_unstable_by(|a, b| b.1.total().cmp(&a.1.total()).then_with(|| a.0.cmp(&b.0)));
    let rest = (rows.len() > top).then(|| {
        let rest = rows.split_off(top);
        let mut sum = Split::default();
        rest.iter().for_each(|(_, split)| sum += *split);
        (rest.len(), sum)
    });
    Section { title, key, rows, rest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::columns::sample;

    #[test]
    fn rows_are_sorted_and_the_rest_is_summed() {
        let mut counts = Counts::default();
        let mut report = sample().report;
        for (domain, times) in [("b.example", 2), ("a.example", 2), ("c.example", 1), ("d.example", 5)] {
            report.records[0].recipient = Some(format!("x@{domain}"));
            (0..times).for_each(|_| counts.add(&report));
        }
        let domains = counts.sections(2).pop().expect("the domains");
        let names: Vec<_> = domains.rows.iter().map(|(name, split)| (name.as_str(), split.hard)).collect();
        assert_eq!(names, [("d.example", 5), ("a.example", 2)]);
        assert_eq!(domains.rest.map(|(count, split)| (count, split.total())), Some((2, 3)));
        assert_eq!((counts.messages, counts.all.total()), (10, 10));
        assert_eq!(counts.to_json(9)["domains"]["b.example"]["hard"], 2);
    }

    #[test]
    fn the_timeline_has_no_gaps_and_takes_longer_steps_when_it_is_long() {
        let mut counts = Counts::default();
        let mut report = sample().report;
        for time in ["2026-01-30T23:00:00+09:00", "2026-02-02T01:00:00+09:00", "broken"] {
            report.records[0].timestamp = Some(time.to_owned());
            counts.add(&report);
        }
        let days: Vec<_> = counts.timeline(10).into_iter().map(|(day, split)| (day, split.total())).collect();
        let expected = [("2026-01-30", 1), ("2026-01-31", 0), ("2026-02-01", 0), ("2026-02-02", 1)];
        assert_eq!(days, expected.map(|(day, count)| (day.to_owned(), count)));
        let months: Vec<_> =
            counts.timeline(3).into_iter().map(|(month, split)| (month, split.total())).collect();
        assert_eq!(months, [("2026-01".to_owned(), 1), ("2026-02".to_owned(), 1)]);
    }

    #[test]
    fn a_date_far_away_costs_no_row_for_every_day_until_then() {
        let mut counts = Counts::default();
        let mut report = sample().report;
        for time in ["2001-01-01T00:00:00Z", "2026-11-21T12:00:00Z", "9999-12-31T23:59:59Z"] {
            report.records[0].timestamp = Some(time.to_owned());
            counts.add(&report);
        }
        let rows = counts.timeline(31);
        assert!(rows.len() <= 31, "{}", rows.len());
        let full: Vec<_> =
            rows.iter().filter(|row| row.1.total() > 0).map(|row| (row.0.as_str(), row.1.total())).collect();
        assert_eq!(full, [("2001–2259", 2), ("9771–10029", 1)]);
        assert_eq!(counts.timeline(0).len(), 1);
    }
}

//! `--fail-above`: rates that must not be passed.

use serde::Serialize;
use std::fmt;
use std::str::FromStr;

use super::{Reconciled, Row};

/// A rate that can be limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Rate {
    Hard,
    Soft,
    Complaint,
}

/// A rate and the percentage above which the check fails.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limit {
    rate: Rate,
    percent: f64,
}

/// A rate that is above its limit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Above {
    rate: Rate,
    /// The row's name.
    of: String,
    percent: f64,
    limit: f64,
}

impl FromStr for Limit {
    type Err = String;

    /// Reads `hard=5` or `complaint=0.1%`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            |why: &str| format!("{why}: write a rate and a percentage, such as hard=5 or complaint=0.1");
        let (name, number) = text.split_once('=').ok_or_else(|| wrong("there is no ="))?;
        let rate = match name.trim() {
            "hard" => Rate::Hard,
            "soft" => Rate::Soft,
            "complaint" | "complaints" => Rate::Complaint,
            other => return Err(wrong(&format!("{other:?} is none of hard, soft and complaint"))),
        };
        let number = number.trim().trim_end_matches('%').trim_end();
        let percent = number.parse::<f64>().ok().filter(|percent| (0.0..=100.0).contains(percent));
        let percent = percent.ok_or_else(|| wrong(&format!("{number:?} is no percentage from 0 to 100")))?;
        Ok(Self { rate, percent })
    }
}

impl Limit {
    fn check(&self, row: &Row) -> Option<Above> {
        let part = match self.rate {
            Rate::Hard => row.hard,
            Rate::Soft => row.soft,
            Rate::Complaint => row.complaints,
        };
        let percent = row.percent(part).filter(|percent| *percent > self.percent)?;
        Some(Above { rate: self.rate, of: row.name.clone(), percent, limit: self.percent })
    }
}

/// What is above its limit: of all mail, and of every provider that was sent at least so much.
pub(crate) fn above(limits: &[Limit], reconciled: &Reconciled, min_sent: u64) -> Vec<Above> {
    let providers = reconciled.providers.iter().filter(|row| row.sent >= min_sent);
    let rows: Vec<&Row> = std::iter::once(&reconciled.all).chain(providers).collect();
    limits.iter().flat_map(|limit| rows.iter().filter_map(|row| limit.check(row))).collect()
}

impl fmt::Display for Above {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.rate {
            Rate::Hard => "hard bounces",
            Rate::Soft => "soft bounces",
            Rate::Complaint => "complaints",
        };
        let Self { of, percent, limit, .. } = self;
        let of = if of == "all" { "all mail" } else { of };
        write!(f, "{what} of {of}: {percent:.2} % is above {limit} %")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_rates_with_a_percentage() {
        assert_eq!("hard=5".parse(), Ok(Limit { rate: Rate::Hard, percent: 5.0 }));
        assert_eq!("complaint=0.1%".parse(), Ok(Limit { rate: Rate::Complaint, percent: 0.1 }));
        assert_eq!(" soft = 12.5 % ".parse(), Ok(Limit { rate: Rate::Soft, percent: 12.5 }));
        for wrong in ["", "5", "hard", "hard=", "hard=-1", "hard=101", "hard=NaN", "bounce=5", "hard=5,5"] {
            assert!(wrong.parse::<Limit>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_rate_at_its_limit_passes_and_small_providers_are_not_judged() {
        let row = |name: &str, sent, hard| Row { name: name.to_owned(), sent, hard, ..Row::default() };
        let reconciled = Reconciled {
            groups: Vec::new(),
            all: row("all", 1_000, 50),
            providers: vec![row("big.example", 900, 49), row("small.example", 2, 1)],
            mail: Default::default(),
            period: None,
            local: 0,
        };
        let limit: Limit = "hard=5".parse().expect("a limit");
        let found = above(&[limit], &reconciled, 100);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].to_string(), "hard bounces of big.example: 5.44 % is above 5 %");
        assert_eq!(above(&[limit], &reconciled, 0).len(), 2);
        let nothing = Reconciled { all: row("all", 0, 0), providers: Vec::new(), ..reconciled };
        assert!(above(&[limit], &nothing, 0).is_empty());
    }
}

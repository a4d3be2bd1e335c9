//! Hard bounces and complaints against what was sent, by whose mailboxes they are.

use serde::Serialize;
use std::collections::HashMap;

use super::ledger::{Outcome, Sent};

/// One provider's numbers, or those of all.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Row {
    /// A provider's name, or a domain where none is known.
    pub(crate) name: String,
    /// Recipients of messages: delivered, failed or still queued.
    pub(crate) sent: u64,
    pub(crate) delivered: u64,
    /// Failed for good, in the session or later.
    pub(crate) hard: u64,
    pub(crate) soft: u64,
    pub(crate) queued: u64,
    pub(crate) complaints: u64,
}

impl Row {
    /// A part of what was sent, in percent; `None` where nothing was.
    pub(crate) fn percent(&self, part: u64) -> Option<f64> {
        (self.sent > 0).then(|| 100.0 * part as f64 / self.sent as f64)
    }

    /// Several rows as one.
    pub(super) fn sum<'r>(name: String, rows: impl IntoIterator<Item = &'r Self>) -> Self {
        let mut sum = Self { name, ..Self::default() };
        rows.into_iter().for_each(|row| sum.add(row));
        sum
    }

    fn add(&mut self, more: &Self) {
        self.sent += more.sent;
        self.delivered += more.delivered;
        self.hard += more.hard;
        self.soft += more.soft;
        self.queued += more.queued;
        self.complaints += more.complaints;
    }
}

/// Rows that are being counted.
#[derive(Debug, Default)]
pub(super) struct Rates {
    domains: HashMap<String, u32>,
    rows: Vec<Domain>,
}

/// A domain's row, and who runs its mailboxes.
#[derive(Debug, Default)]
struct Domain {
    row: Row,
    provider: Option<String>,
    /// Whether a delivery showed it: the words of a refusal may be anybody's.
    sure: bool,
}

impl Rates {
    /// Whose mailbox it is: a number for [`complain`](Self::complain) and [`Sent::owner`].
    ///
    /// A refused connection does not show who runs a domain, a delivery to it does (`sure`): so domains are counted, and put
    /// together by provider at the end.
    pub(super) fn owner(&mut self, provider: Option<&str>, domain: Option<&str>, sure: bool) -> u32 {
        let domain = domain.or(provider).unwrap_or("(unknown)");
        let at = match self.domains.get(domain) {
            Some(at) => *at,
            None => {
                let at = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
                self.domains.insert(domain.to_owned(), at);
                let row = Row { name: domain.to_owned(), ..Row::default() };
                self.rows.push(Domain { row, ..Domain::default() });
                at
            }
        };
        let known = &mut self.rows[at as usize];
        if (sure || !known.sure && known.provider.is_none()) && known.provider.as_deref() != provider {
            known.provider = provider.map(str::to_owned);
        }
        known.sure |= sure;
        at
    }

    /// The same for what is sent to already.
    pub(super) fn known_owner(&self, provider: Option<&str>, domain: Option<&str>) -> Option<u32> {
        let by_domain = domain.and_then(|domain| self.domains.get(domain)).copied();
        by_domain.or_else(|| {
            let provider = provider?;
            let at = self.rows.iter().position(|known| known.provider.as_deref() == Some(provider))?;
            u32::try_from(at).ok()
        })
    }

    pub(super) fn complain(&mut self, owner: u32) {
        self.rows[owner as usize].row.complaints += 1;
    }

    pub(super) fn count(&mut self, sent: &Sent) {
        let row = &mut self.rows[sent.owner as usize].row;
        row.sent += 1;
        match sent.outcome {
            Outcome::Delivered if !sent.mailed => row.delivered += 1,
            Outcome::Queued if !sent.mailed => row.queued += 1,
            _ if sent.hard => row.hard += 1,
            _ => row.soft += 1,
        }
    }

    /// All of it, and by provider, the most mail first.
    pub(super) fn rows(self) -> (Row, Vec<Row>) {
        let mut all = Row { name: "all".to_owned(), ..Row::default() };
        let mut rows: HashMap<String, Row> = HashMap::new();
        let used = self.rows.into_iter().filter(|domain| domain.row.sent + domain.row.complaints > 0);
        for Domain { row, provider, .. } in used {
            all.add(&row);
            let name = provider.unwrap_or_else(|| row.name.clone());
            let sum = rows.entry(name.clone()).or_insert_with(|| Row { name, ..Row::default() });
            sum.add(&row);
        }
        let mut rows: Vec<Row> = rows.into_values().collect();
        rows.sort_unstable_by(|a, b| b.sent.cmp(&a.sent).then_with(|| a.name.cmp(&b.name)));
        (all, rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_shows_who_runs_a_domain_and_words_do_not() {
        let mut rates = Rates::default();
        let sent = |owner, outcome| Sent { outcome, hard: true, mailed: false, rated: true, owner };
        for (provider, outcome) in [
            (Some("yahoo"), Outcome::Failed),
            (Some("google"), Outcome::Delivered),
            (Some("yahoo"), Outcome::Failed),
        ] {
            let owner = rates.owner(provider, Some("example.org"), outcome == Outcome::Delivered);
            rates.count(&sent(owner, outcome));
        }
        let owner = rates.owner(None, Some("example.net"), true);
        rates.count(&sent(owner, Outcome::Delivered));
        let (all, rows) = rates.rows();
        let names: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.sent, row.hard)).collect();
        assert_eq!(names, [("google", 3, 2), ("example.net", 1, 0)]);
        assert_eq!((all.sent, all.delivered, all.percent(all.hard)), (4, 2, Some(50.0)));
    }
}

//! The join itself: recipients by message, from the log first, then from the mail.

use jiff::Timestamp;
use komainu::log::LogFormat;
use komainu::{Kind, Record, Redactor};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use super::rates::Rates;
use super::{Example, Group, Mail, Reconciled, Told};
use crate::filter::domain_of;

/// Stands for a message of several recipients, where one was looked for.
const MANY: u32 = u32::MAX;

/// How a recipient's delivery ended by the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Delivered,
    /// Into a mailbox of the server's own, or to a content filter: not sent to anybody.
    Local,
    Failed,
    Queued,
}

/// One recipient of one message. There may be millions of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) outcome: Outcome,
    pub(super) hard: bool,
    /// A bounce mail told of it.
    pub(super) mailed: bool,
    /// Whether this log names whom it delivered to as well: else its failures have no rate.
    pub(super) rated: bool,
    /// Whose mailbox it is: see [`Rates::owner`].
    pub(super) owner: u32,
}

/// Recipients that were sent to, and what came back.
pub(crate) struct Ledger {
    /// Keys are hashes: texts of millions of recipients would fill the memory.
    hasher: RandomState,
    sent: Vec<Sent>,
    keys: HashMap<u64, u32>,
    messages: HashMap<u64, u32>,
    seen: HashSet<u64>,
    rates: Rates,
    told: HashMap<Group, Told>,
    /// Failures in the log: which of them no mail tells of is known at the end.
    refused: Vec<(u32, Example)>,
    mail: Mail,
    period: Option<(Timestamp, Timestamp)>,
    most: usize,
    redactor: Option<Redactor>,
}

impl Ledger {
    /// Keeps up to `most` examples of each group.
    pub(crate) fn new(most: usize, redactor: Option<Redactor>) -> Self {
        Self {
            hasher: RandomState::new(),
            sent: Vec::new(),
            keys: HashMap::new(),
            messages: HashMap::new(),
            seen: HashSet::new(),
            rates: Rates::default(),
            told: HashMap::new(),
            refused: Vec::new(),
            mail: Mail::default(),
            period: None,
            most,
            redactor,
        }
    }

    /// Takes a record of a log. A later one about the same recipient and message replaces it: what a content filter took over
    /// and gave back is sent once.
    pub(crate) fn log(&mut self, source: &str, index: u64, record: &Record) {
        let outcome = match record.kind {
            Kind::Delivery if record.remote_mta.as_deref().is_none_or(is_loopback) => Outcome::Local,
            Kind::Delivery => Outcome::Delivered,
            Kind::Bounce => Outcome::Failed,
            Kind::Delay => Outcome::Queued,
            _ => return,
        };
        if let Some(time) = time(record) {
            let (first, last) = self.period.unwrap_or((time, time));
            self.period = Some((first.min(time), last.max(time)));
        }
        let owner =
            self.rates.owner(record.provider.as_deref(), domain_of(record), outcome == Outcome::Delivered);
        let rated = record.format != LogFormat::Haraka.as_str();
        let sent = Sent { outcome, hard: record.hard, mailed: false, rated, owner };
        let keys = self.keys_of(record);
        let at = match keys.iter().find_map(|key| self.keys.get(key)) {
            Some(&at) => {
                // The filter may have given it back, and it may have failed, before the handing over is logged.
                if outcome != Outcome::Local {
                    self.sent[at as usize] = sent;
                }
                at
            }
            None => {
                self.sent.push(sent);
                u32::try_from(self.sent.len() - 1).unwrap_or(MANY - 1)
            }
        };
        for key in keys {
            self.keys.insert(key, at);
        }
        if let Some(message) = self.message_of(record) {
            self.messages
                .entry(message)
                .and_modify(|known| *known = if *known == at { at } else { MANY })
                .or_insert(at);
        }
        // Some of them will turn out to be told of by mail as well.
        if outcome == Outcome::Failed && self.refused.len() < self.most.saturating_mul(20).max(1_000) {
            let example = self.example(source, index, record);
            self.refused.push((at, example));
        }
    }

    /// Counts a message of the mail.
    pub(crate) fn message(&mut self) {
        self.mail.messages += 1;
    }

    /// Takes a record of the mail. All of the log must have been taken before.
    pub(crate) fn mail(&mut self, source: &str, index: u64, record: &Record) {
        match record.kind {
            Kind::Bounce => self.bounce(source, index, record),
            Kind::Feedback => self.complaint(record),
            _ => {}
        }
    }

    fn bounce(&mut self, source: &str, index: u64, record: &Record) {
        self.mail.bounces += 1;
        let known = self.find(record);
        let again = !self.seen.insert(self.hasher.hash_one(&record.id));
        let group = match known.map(|at| self.sent[at]) {
            _ if again => Group::Copies,
            Some(sent) if sent.mailed => Group::Copies,
            Some(Sent { outcome: Outcome::Delivered | Outcome::Local, .. }) => Group::AcceptedThenBounced,
            Some(_) => Group::Both,
            None if self.is_outside(record) => {
                self.mail.outside += 1;
                return;
            }
            None => Group::Unlogged,
        };
        if let Some(at) = known.filter(|_| group != Group::Copies) {
            let sent = &mut self.sent[at];
            sent.mailed = true;
            sent.hard |= record.hard;
        }
        let most = self.most;
        let example = (self.told.get(&group).map_or(0, |told| told.examples.len()) < most)
            .then(|| self.example(source, index, record));
        let told = self.told.entry(group).or_default();
        told.add(record.hard);
        told.examples.extend(example);
    }

    fn complaint(&mut self, record: &Record) {
        if !self.seen.insert(self.hasher.hash_one(&record.id)) {
            return;
        }
        self.mail.complaints += 1;
        // Who reports complaints often takes the recipient out, and leaves the message id.
        let known = self.find(record).map(|at| self.sent[at].owner);
        if known.is_none() && self.is_outside(record) {
            self.mail.outside += 1;
            return;
        }
        match known.or_else(|| self.rates.known_owner(record.provider.as_deref(), domain_of(record))) {
            Some(owner) => self.rates.complain(owner),
            None => self.mail.unlogged_complaints += 1,
        }
    }

    /// The log's entry that a mail is about.
    fn find(&self, record: &Record) -> Option<usize> {
        let by_recipient = self.keys_of(record).iter().find_map(|key| self.keys.get(key)).copied();
        let by_message = || {
            let alone = record.recipient.is_none() || record.kind == Kind::Feedback;
            let at =
                self.message_of(record).filter(|_| alone).and_then(|message| self.messages.get(&message));
            at.copied().filter(|at| *at != MANY)
        };
        by_recipient.or_else(by_message).map(|at| at as usize)
    }

    /// What a recipient's delivery is known by: message id, queue id, and the record's own id, which is made of the first.
    fn keys_of(&self, record: &Record) -> Vec<u64> {
        let mut keys = Vec::with_capacity(5);
        let ids = [("message", &record.message_id), ("queue", &record.queue_id)];
        for (kind, id) in ids.into_iter().filter_map(|(kind, id)| Some((kind, id.as_deref()?))) {
            for address in [&record.recipient, &record.original_recipient].into_iter().flatten() {
                keys.push(self.hasher.hash_one((kind, id, address.to_lowercase())));
            }
        }
        if record.kind == Kind::Bounce {
            keys.push(self.hasher.hash_one(("id", &record.id)));
        }
        keys
    }

    fn message_of(&self, record: &Record) -> Option<u64> {
        record.message_id.as_deref().map(|id| self.hasher.hash_one(id))
    }

    fn is_outside(&self, record: &Record) -> bool {
        let Some(((first, last), time)) = self.period.zip(time(record)) else { return false };
        let arrived = record.arrival_date.as_deref().and_then(|time| time.parse().ok()).unwrap_or(time);
        time.min(arrived) < first || time > last
    }

    fn example(&self, source: &str, index: u64, record: &Record) -> Example {
        match &self.redactor {
            None => Example::of(source, index, record),
            Some(redactor) => {
                let mut masked = record.clone();
                redactor.apply_to_record(&mut masked);
                Example::of(source, index, &masked)
            }
        }
    }

    /// Adds everything up.
    pub(crate) fn close(mut self) -> Reconciled {
        let mut refused = Told::default();
        let mut local = 0;
        for sent in &self.sent {
            if sent.outcome == Outcome::Failed && !sent.mailed {
                refused.add(sent.hard);
            }
            match sent.outcome {
                Outcome::Local => local += 1,
                _ if sent.rated => self.rates.count(sent),
                _ => {}
            }
        }
        let alone = |at: u32| {
            let sent = &self.sent[at as usize];
            sent.outcome == Outcome::Failed && !sent.mailed
        };
        let examples = std::mem::take(&mut self.refused);
        let mut shown = HashSet::new();
        refused.examples = examples
            .into_iter()
            .filter(|(at, _)| alone(*at) && shown.insert(*at))
            .map(|(_, example)| example)
            .take(self.most)
            .collect();
        self.told.insert(Group::Refused, refused);
        let groups = Group::ALL.map(|group| (group, self.told.remove(&group).unwrap_or_default()));
        let (all, providers) = self.rates.rows();
        let (mail, period) = (self.mail, self.period);
        Reconciled { groups: groups.into(), all, providers, mail, period, local }
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.starts_with("127.") || host == "::1"
}

fn time(record: &Record) -> Option<Timestamp> {
    record.timestamp.as_deref()?.parse().ok()
}

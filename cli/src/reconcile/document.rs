//! The reconciliation as one JSON object.

use serde::{Serialize, Serializer};

use super::{Above, Group, Mail, Reconciled, Row, Told};
use crate::logs::LogTally;

/// Everything, in the order in which a person reads it.
#[derive(Serialize)]
pub(crate) struct Document<'a> {
    log: Log,
    mail: Mail,
    #[serde(serialize_with = "by_key")]
    groups: &'a [(Group, Told)],
    all: Rated<'a>,
    providers: Vec<Rated<'a>>,
    above: &'a [Above],
}

#[derive(Serialize)]
struct Log {
    #[serde(flatten)]
    tally: LogTally,
    from: Option<String>,
    to: Option<String>,
    /// Deliveries into mailboxes of the server's own.
    local: u64,
}

/// A row with its rates in percent of what was sent.
#[derive(Serialize)]
struct Rated<'a> {
    #[serde(flatten)]
    row: &'a Row,
    hard_rate: Option<f64>,
    soft_rate: Option<f64>,
    complaint_rate: Option<f64>,
}

impl<'a> Document<'a> {
    pub(crate) fn new(found: &'a Reconciled, tally: LogTally, above: &'a [Above]) -> Self {
        let (from, to) = found.period.map(|(from, to)| (from.to_string(), to.to_string())).unzip();
        Self {
            log: Log { tally, from, to, local: found.local },
            mail: found.mail,
            groups: &found.groups,
            all: Rated::of(&found.all),
            providers: found.providers.iter().map(Rated::of).collect(),
            above,
        }
    }
}

impl<'a> Rated<'a> {
    fn of(row: &'a Row) -> Self {
        let [hard_rate, soft_rate, complaint_rate] =
            [row.hard, row.soft, row.complaints].map(|part| row.percent(part));
        Self { row, hard_rate, soft_rate, complaint_rate }
    }
}

fn by_key<S: Serializer>(groups: &&[(Group, Told)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(groups.iter().map(|(group, told)| (group.key(), told)))
}

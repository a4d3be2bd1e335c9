//! bytes → message → report → facts → decision → record, one way.

use crate::analyzer::Options;
use crate::record::Report;
use crate::vocabulary::Kind;

/// Runs every stage once.
pub(crate) fn run(_raw: &[u8], options: &Options) -> Report {
    let mut report = Report { kind: Kind::Other, subject_tag: None, records: Vec::new(), limits: Vec::new() };
    options.finish(&mut report, &[]);
    report
}

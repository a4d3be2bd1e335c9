//! `komainu log`: mail servers' logs in, records out.

use komainu::io::ParsedMail;
use komainu::{Analyzer, Kind, Report};
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::exit::{Code, Problem};
use crate::filter::FilterArgs;
use crate::logs::{Found, LogArgs, LogTally};
use crate::options::{AddressArgs, RuleArgs};
use crate::output::{Format, record_formats, taxonomies, taxonomy};
use crate::progress::Progress;
use crate::run::{Writing, block, tell};
use crate::style;

const EXAMPLES: &str = "\
Examples:
  komainu log /var/log/mail.log*
  komainu log /var/log/mail.log* --timezone +09:00 --hard --since 7d --format csv > hard.csv
  komainu log /var/log/exim4/mainlog --all --format ndjson
  journalctl -u postfix --since yesterday -o json | komainu log -
  docker compose logs --timestamps mail | komainu log -
  komainu log acct-2026-11-*.csv.gz --log-format powermta --format parquet > november.parquet

Reads the logs of Postfix, Exim, Sendmail, OpenSMTPD, PowerMTA (CSV), KumoMTA and Haraka, as syslog (RFC 3164 or RFC 5424), \
journald, Docker or Kubernetes wrote them. One record for each recipient, in the \
order in which deliveries came to an end; what was still queued comes last, with its last status. Without --all and --kind, \
records of what was delivered are left out.

Every record names the line that settled it: `source` (the file), `index` (the line, from 0) and `offset` (its first byte). \
Files of one rotated log (mail.log, mail.log.1, mail.log.2.gz; maillog, maillog-20261101) are read as one, oldest first, in \
whatever order they are named. Lines that cannot be read are counted and told on stderr, and the rest is read.";

/// Read mail servers' logs: one record for each recipient that was refused, is still waited for, or (--all) was reached
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// How to print records [default: table on a terminal, else ndjson]
    #[arg(long, short, value_parser = record_formats())]
    format: Option<Format>,

    /// Print `reason` in another system's words (formats ndjson and json); null where it has none
    #[arg(long, value_name = "SYSTEM", value_parser = taxonomies())]
    taxonomy: Option<String>,

    /// Also what was delivered
    #[arg(long, conflicts_with = "kind")]
    all: bool,

    /// No progress bar
    #[arg(long)]
    no_progress: bool,

    #[command(flatten)]
    logs: LogArgs,

    #[command(flatten)]
    filter: FilterArgs,

    #[command(flatten)]
    rules: RuleArgs,

    #[command(flatten)]
    addresses: AddressArgs,
}

impl Args {
    pub(crate) fn run(self) -> Result<Code, Problem> {
        let terminal = io::stdout().is_terminal();
        let format = self.format.unwrap_or(if terminal { Format::Table } else { Format::Ndjson });
        let analyzer = self.addresses.apply(self.rules.apply(Analyzer::builder())?)?.build()?;
        let filter = if self.all { self.filter } else { self.filter.or_kinds(&[Kind::Bounce, Kind::Delay]) };
        filter.check(&analyzer)?;
        let sink = format.sink(taxonomy(self.taxonomy.as_deref()), true)?;
        let render = sink.renderer();
        let read = Arc::new(AtomicU64::new(0));
        let wanted = !self.no_progress && !sink.on_terminal();
        let progress = Progress::new(wanted, self.logs.paths()?, Arc::clone(&read));
        let mut writing = Writing::begin(sink, None, progress)?;
        let mut odd = Vec::new();
        let mut lines: u64 = 0;
        let tally = self.logs.read(&analyzer, &read, &mut |found| {
            match found {
                Found::Record(place, record) => {
                    let report = Report::from(*record);
                    let mail = ParsedMail::new(place.source, place.index, place.offset, place.end, report);
                    let block = block(mail, &filter, &*render);
                    if block.records > 0 {
                        writing.write(block)?;
                    }
                }
                Found::Problem(problem) => writing.problem(&problem),
                Found::Odd(said) => odd.push(said),
                Found::Line => {
                    lines += 1;
                    let records = writing.tally.records;
                    writing.show(|| format!("{lines} lines, {records} records"));
                }
            }
            Ok(())
        })?;
        let written = writing.finish()?;
        odd.iter().for_each(tell);
        if format == Format::Table && io::stderr().is_terminal() {
            sum_up(&tally, written.records);
        }
        Ok(written.code().max(if odd.is_empty() { Code::Fine } else { Code::Partly }))
    }
}

/// One line for people, so that an empty table says why.
fn sum_up(tally: &LogTally, records: u64) {
    let faint = style::FAINT;
    let LogTally { files, lines, understood, unreadable } = tally;
    let mut line = format!("files: {files}, lines: {lines}, of deliveries: {understood}, records: {records}");
    if *unreadable > 0 {
        line.push_str(&format!(", could not be read: {unreadable}"));
    }
    anstream::eprintln!("{faint}{line}{faint:#}");
}

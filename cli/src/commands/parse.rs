//! `komainu parse`: mail in, records out.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use crate::exit::{Code, Problem, misuse};
use crate::filter::FilterArgs;
use crate::input::InputArgs;
use crate::output::{Format, taxonomies, taxonomy};
use crate::run::{Tally, run};
use crate::state::State;
use crate::style;

const EXAMPLES: &str = "\
Examples:
  komainu parse bounce.eml
  komainu parse ~/Maildir /var/mail/bounces old/*.mbox.gz --format ndjson > records.ndjson
  komainu parse - < bounce.eml
  komainu parse bounces.mbox --hard --since 30d --format json | jq '.[].recipient'

Every record names where it was read: `source` (the file), `index` (the message in it, from 0) and `offset` (its first byte). \
A mail that is no bounce gives no record and is no failure. What cannot be read is told on stderr, and the rest is read.";

/// Read mail: one record for each recipient that a bounce, delay, complaint or auto-reply speaks of
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// How to print records [default: table on a terminal, else ndjson]
    #[arg(long, short, value_enum)]
    format: Option<Format>,

    /// Print `reason` in another system's words (formats ndjson and json); null where it has none
    #[arg(long, value_name = "SYSTEM", value_parser = taxonomies())]
    taxonomy: Option<String>,

    /// Note in this file how far every source was read, and go on there: only what is new is printed, without a CSV header
    /// (parquet: into a new file each time)
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    filter: FilterArgs,
}

impl Args {
    pub(crate) fn run(self) -> Result<Code, Problem> {
        let terminal = io::stdout().is_terminal();
        let format = self.format.unwrap_or(if terminal { Format::Table } else { Format::Ndjson });
        let (going, resumed) = match &self.state {
            None => (None, false),
            Some(_) if self.input.paths()?.iter().any(|path| path.as_os_str() == "-") => {
                return Err(misuse(
                    "--state is for files and folders: standard input cannot be gone back to",
                ));
            }
            Some(file) => {
                let (state, resume, resumed) = State::open(file)?;
                (Some((state, resume)), resumed)
            }
        };
        let sink = format.sink(taxonomy(self.taxonomy.as_deref()), !resumed)?;
        let tally = run(&self.input, self.filter, sink, going)?;
        if format == Format::Table && io::stderr().is_terminal() {
            sum_up(&tally);
        }
        Ok(tally.code())
    }
}

/// One line for people, so that an empty table says why.
fn sum_up(tally: &Tally) {
    let faint = style::FAINT;
    let Tally { messages, records, ordinary, problems, .. } = tally;
    let mut line = format!("messages: {messages}, records: {records}, ordinary mail: {ordinary}");
    if *problems > 0 {
        line.push_str(&format!(", could not be read: {problems}"));
    }
    anstream::eprintln!("{faint}{line}{faint:#}");
}

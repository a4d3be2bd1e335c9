//! `komainu summary`: counts and plots.

use clap::ValueEnum;
use std::path::PathBuf;

use crate::exit::{Code, Problem};
use crate::filter::FilterArgs;
use crate::input::InputArgs;
use crate::run::run;
use crate::summary::Summary;

const EXAMPLES: &str = "\
Examples:
  komainu summary ~/Maildir
  komainu summary bounces.mbox --since 30d --top 30
  komainu summary old/*.mbox.gz --html report.html
  komainu summary ~/Maildir --kind bounce --format json | jq .reasons";

/// Count records by reason, advice, provider, domain and day, with plots in the terminal or as an HTML report
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// How to print the counts
    #[arg(long, short, value_enum, default_value = "text")]
    format: Format,

    /// Also write an HTML report with charts: one file, no script, nothing fetched
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Rows of each section
    #[arg(long, value_name = "N", default_value_t = 15)]
    top: usize,

    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    filter: FilterArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with bars
    Text,
    /// One JSON object
    Json,
}

impl Args {
    pub(crate) fn run(self) -> Result<Code, Problem> {
        let summary = Summary::new(self.top, self.format == Format::Json, self.html);
        let tally = run(&self.input, self.filter, Box::new(summary), None)?;
        Ok(tally.code())
    }
}

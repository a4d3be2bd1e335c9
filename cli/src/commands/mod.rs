//! The command line. Every subcommand is one file here.

mod classify;
mod explain;
mod generate;
mod log;
mod parse;
mod reconcile;
mod rules;
mod summary;
mod undefined;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};
use std::str::FromStr;

use crate::exit::{Code, Problem};

const EXAMPLES: &str = "\
Examples:
  komainu parse bounce.eml                          one bounce, as a table
  komainu parse ~/Maildir --format ndjson           one JSON record a line
  komainu parse old.mbox.gz --since 2020-01-01      ten years of mail, the newest only
  komainu log /var/log/mail.log*                    what a mail server's log says was not delivered
  komainu classify '550 5.1.1 User unknown'         one SMTP reply

Exit codes:
  0    everything was read (ordinary mail among it is no failure)
  1    some of it could not be read, or a check said no
  2    a path does not exist, or wrong usage; all other paths were still read
  3    a rate is above what `komainu reconcile --fail-above` allows
  130  stopped by Ctrl-C, with whole lines written";

/// Reads what comes back when mail could not be delivered: who failed, why, whose fault it is, what to do now.
#[derive(Parser)]
#[command(name = "komainu", version, max_term_width = 110, after_help = EXAMPLES)]
pub(crate) struct Cli {
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = false)]
    pub(crate) color: Color,

    #[command(subcommand)]
    command: Command,
}

/// When to use colours.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Also into files and pipes
    Always,
    /// Not at all
    Never,
}

impl Color {
    pub(crate) fn write_global(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

#[derive(Subcommand)]
enum Command {
    Parse(parse::Args),
    Classify(classify::Args),
    Log(log::Args),
    Reconcile(reconcile::Args),
    Explain(explain::Args),
    Summary(summary::Args),
    Undefined(undefined::Args),
    Rules(rules::Args),
    Completions(generate::Completions),
    Man(generate::Man),
}

/// A parser for one value of a closed list, which help and completions then show.
pub(crate) fn closed<T>(all: &'static [T], name: fn(T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + FromStr<Err = komainu::Error> + 'static,
{
    PossibleValuesParser::new(all.iter().map(|value| name(*value))).try_map(|name| name.parse::<T>())
}

impl Cli {
    pub(crate) fn run(self) -> Result<Code, Problem> {
        match self.command {
            Command::Parse(args) => args.run(),
            Command::Classify(args) => args.run(),
            Command::Log(args) => args.run(),
            Command::Reconcile(args) => args.run(),
            Command::Explain(args) => args.run(),
            Command::Summary(args) => args.run(),
            Command::Undefined(args) => args.run(),
            Command::Rules(args) => args.run(),
            Command::Completions(args) => args.run(),
            Command::Man(args) => args.run(),
        }
    }
}

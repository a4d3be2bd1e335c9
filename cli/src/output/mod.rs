//! What records are printed as.

pub(crate) mod columns;
mod csv;
mod json;
mod parquet;
mod sisimai;
mod table;

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use komainu::Reason;
use komainu::io::ParsedMail;
use std::io::{self, IsTerminal};

use crate::exit::{Problem, misuse};

/// One message on its way to the output.
pub(crate) struct Block {
    /// The message. Its records are left out where `text` says all.
    pub(crate) mail: ParsedMail,
    /// How many records passed the filters.
    pub(crate) records: u64,
    /// The lines to print, made in the worker threads.
    pub(crate) text: Vec<u8>,
}

/// Renders one message as whole lines, and says whether the sink needs the records themselves as well.
pub(crate) type Render = dyn Fn(&ParsedMail, &mut Vec<u8>) -> bool + Send + Sync;

/// Where blocks go, in order.
pub(crate) trait Sink: Send {
    /// What the worker threads do for it.
    fn renderer(&self) -> Box<Render>;
    /// Takes one block: prints whole lines, or holds it back.
    fn write(&mut self, block: Block) -> io::Result<()>;
    /// Prints what was held back, as far as the format lets it.
    fn flush(&mut self) -> io::Result<()>;
    /// Prints what was held back and whatever closes the output. Nothing is written after it.
    fn finish(&mut self) -> io::Result<()>;
    /// Whether it prints on a terminal.
    fn on_terminal(&self) -> bool;
    /// Whether what was flushed can be read where [`Sink::finish`] never comes.
    fn lasts(&self) -> bool {
        true
    }
}

/// What records are printed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: one row a record
    Table,
    /// One JSON record a line
    Ndjson,
    /// A list of JSON records
    Json,
    /// Comma-separated values, lists and objects as JSON
    Csv,
    /// Apache Parquet, for DuckDB, pandas, Spark and their like
    Parquet,
    /// A list with the keys of Sisimai 5
    Sisimai,
    /// A list with the 22 keys of Sisimai 4
    #[value(name = "sisimai-4")]
    Sisimai4,
    /// One JSON report a line, also for ordinary mail: kind, records, limits
    Report,
}

impl Format {
    /// The sink for this format, printing to stdout. `fresh` is false where what is printed goes behind an earlier output.
    pub(crate) fn sink(self, taxonomy: Option<&'static str>, fresh: bool) -> Result<Box<dyn Sink>, Problem> {
        if taxonomy.is_some() && !matches!(self, Self::Ndjson | Self::Json) {
            return Err(misuse("--taxonomy is for the formats ndjson and json"));
        }
        if self == Self::Parquet && io::stdout().is_terminal() {
            return Err(misuse("parquet is no text: redirect it to a file"));
        }
        Ok(match self {
            Self::Table => Box::new(table::Table::new()),
            Self::Ndjson => Box::new(json::Lines::new(json::records(taxonomy))),
            Self::Json => Box::new(json::List::new(json::records(taxonomy))),
            Self::Csv => Box::new(csv::Csv::new(fresh)),
            Self::Parquet => Box::new(parquet::Parquet::new()?),
            Self::Sisimai => Box::new(json::List::new(Box::new(sisimai::five))),
            Self::Sisimai4 => Box::new(json::List::new(Box::new(sisimai::four))),
            Self::Report => Box::new(json::Lines::new(Box::new(json::report))),
        })
    }
}

/// A parser of the formats that print records; a report is of a message.
pub(crate) fn record_formats() -> impl TypedValueParser<Value = Format> {
    let values = || Format::value_variants().iter().filter(|format| **format != Format::Report);
    PossibleValuesParser::new(values().filter_map(Format::to_possible_value))
        .try_map(|name| <Format as ValueEnum>::from_str(&name, false))
}

/// A sink that prints what `to_lines` makes of each message, whole lines of text.
pub(crate) fn lines(to_lines: fn(&ParsedMail, &mut Vec<u8>)) -> Box<dyn Sink> {
    Box::new(json::Lines::new(Box::new(to_lines)))
}

/// The names of other systems' taxonomies, for `--taxonomy`.
pub(crate) fn taxonomies() -> PossibleValuesParser {
    Reason::systems().iter().copied().into()
}

/// One of [`Reason::systems`] as a name that lives as long as the program.
pub(crate) fn taxonomy(name: Option<&str>) -> Option<&'static str> {
    Reason::systems().iter().copied().find(|known| name == Some(known))
}

/// A record or verdict as JSON, its `reason` in another system's words; null where that system has none.
pub(crate) fn in_words_of(system: &str, reason: Reason, json: &str) -> String {
    let name = serde_json::to_string(&reason.name_in(system).ok().flatten()).unwrap_or_default();
    // Compact or indented.
    let key = if json.starts_with("{\n") { "\"reason\": " } else { "\"reason\":" };
    let own = format!("{key}\"{}\"", reason.as_str());
    let theirs = format!("{key}{name}");
    // Inside a JSON text the quotes would be escaped: the first match is the key itself.
    json.replacen(&own, &theirs, 1)
}

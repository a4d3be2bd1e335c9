//! What records are printed as.

mod json;
mod table;

use clap::ValueEnum;
use komainu::io::ParsedMail;
use std::io;

use crate::exit::Problem;

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
    /// Prints what was held back and whatever closes the output. Nothing is written after it.
    fn finish(&mut self) -> io::Result<()>;
    /// Whether it prints on a terminal.
    fn on_terminal(&self) -> bool;
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
    /// One JSON report a line, also for ordinary mail: kind, records, limits
    Report,
}

impl Format {
    /// The sink for this format, printing to stdout.
    pub(crate) fn sink(self) -> Result<Box<dyn Sink>, Problem> {
        Ok(match self {
            Self::Table => Box::new(table::Table::new()),
            Self::Ndjson => Box::new(json::Lines::new(json::records)),
            Self::Report => Box::new(json::Lines::new(json::report)),
            Self::Json => Box::new(json::List::new(json::records)),
        })
    }
}

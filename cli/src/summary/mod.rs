//! Counts of many records, for people.

mod count;
mod html;
mod text;

pub(crate) use count::Counts;

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use crate::output::{Block, Render, Sink};

/// Counts everything and prints it at the end.
pub(crate) struct Summary {
    counts: Counts,
    /// Rows of a section.
    top: usize,
    json: bool,
    html: Option<PathBuf>,
}

impl Summary {
    pub(crate) fn new(top: usize, json: bool, html: Option<PathBuf>) -> Self {
        Self { counts: Counts::default(), top, json, html }
    }
}

impl Sink for Summary {
    fn renderer(&self) -> Box<Render> {
        Box::new(|_, _| true)
    }

    fn write(&mut self, block: Block) -> io::Result<()> {
        self.counts.add(&block.mail.report);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if let Some(path) = &self.html {
            let page = html::page(&self.counts, self.top);
            fs::write(path, page)
                .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
        }
        if self.json {
            let mut out = io::stdout().lock();
            writeln!(out, "{}", serde_json::to_string_pretty(&self.counts.to_json(self.top))?)
        } else {
            text::print(&mut anstream::stdout().lock(), &self.counts, self.top)
        }
    }

    fn on_terminal(&self) -> bool {
        // The bar is gone when the summary is printed.
        io::stdout().is_terminal() && !io::stderr().is_terminal()
    }
}

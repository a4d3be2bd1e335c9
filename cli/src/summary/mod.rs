//! Counts of many records, for people.

mod count;
mod html;
mod text;

pub(crate) use count::Counts;

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

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

    fn write_page(&self, path: &Path) -> io::Result<()> {
        let page = html::page(&self.counts, self.top);
        fs::write(path, page)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
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
        // A page that cannot be written must not cost the counts of hours, nor a closed pipe the page.
        let written = self.html.as_deref().map_or(Ok(()), |path| self.write_page(path));
        if self.json {
            let mut out = io::stdout().lock();
            writeln!(out, "{}", serde_json::to_string_pretty(&self.counts.to_json(self.top))?)?;
        } else {
            text::print(&mut anstream::stdout().lock(), &self.counts, self.top)?;
        }
        written
    }

    fn on_terminal(&self) -> bool {
        // The bar is gone when the summary is printed.
        io::stdout().is_terminal() && !io::stderr().is_terminal()
    }
}

//! Comma-separated values (RFC 4180), the record's keys as columns; lists and objects are JSON in a cell.

use std::io;

use super::columns::{COLUMNS, Value};
use super::json::Out;
use super::{Block, Render, Sink};

/// CSV with a line of names on top.
pub(super) struct Csv {
    out: Out,
    header: bool,
}

impl Csv {
    /// `header` is false where the lines are appended to a file that has it.
    pub(super) fn new(header: bool) -> Self {
        Self { out: Out::new(), header }
    }

    fn begin(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.header) {
            let names = line(COLUMNS.iter().map(|column| column.name.to_owned()));
            self.out.write(&names)?;
        }
        Ok(())
    }
}

/// One line. Nothing in memory can fail to be written to, so an error gives an empty line's bytes.
fn line(cells: impl Iterator<Item = String>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = writer.write_record(cells);
    debug_assert!(written.is_ok());
    writer.into_inner().unwrap_or_default()
}

impl Sink for Csv {
    fn renderer(&self) -> Box<Render> {
        Box::new(|mail, text| {
            for record in &mail.report.records {
                let cells = COLUMNS.iter().map(|column| Value::into_cell((column.read)(mail, record)));
                text.extend_from_slice(&line(cells));
            }
            false
        })
    }

    fn write(&mut self, block: Block) -> io::Result<()> {
        self.begin()?;
        self.out.write(&block.text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.begin()?;
        self.out.flush()
    }

    fn on_terminal(&self) -> bool {
        self.out.on_terminal()
    }
}

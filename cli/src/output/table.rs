//! Records as rows for people.

use comfy_table::{
    Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Row, Table as Grid, Width, presets,
};
use komainu::{Kind, Record, printable};
use std::io;

use super::json::Out;
use super::{Block, Render, Sink};

/// Rows that are laid out together: a mailbox does not fit into memory.
const ROWS: usize = 200;

/// Columns below which a layout by columns shows nothing any more.
const NARROW: u16 = 60;

/// A table on stdout, laid out a block of rows at a time.
pub(super) struct Table {
    out: Out,
    rows: Vec<[Cell; 6]>,
    begun: bool,
}

impl Table {
    pub(super) fn new() -> Self {
        Self { out: Out::new(), rows: Vec::new(), begun: false }
    }

    fn print(&mut self) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let terminal = self.on_terminal();
        let mut grid = grid(terminal);
        if !self.begun {
            let bold = |name| Cell::new(name).add_attribute(Attribute::Bold);
            grid.set_header(["recipient", "reason", "", "status", "provider", "what was said"].map(bold));
            self.begun = true;
        }
        for cells in self.rows.drain(..) {
            let mut row = Row::from(cells);
            if terminal {
                row.max_height(2);
            }
            grid.add_row(row);
        }
        let mut text = String::new();
        for line in grid.lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        self.out.write(text.as_bytes())
    }
}

impl Sink for Table {
    fn renderer(&self) -> Box<Render> {
        Box::new(|_, _| true)
    }

    fn write(&mut self, block: Block) -> io::Result<()> {
        self.rows.extend(block.mail.report.records.iter().map(row));
        if self.rows.len() >= ROWS { self.print() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.print()?;
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.print()?;
        self.out.flush()
    }

    fn on_terminal(&self) -> bool {
        self.out.on_terminal()
    }
}

/// An empty grid with the columns' widths: the same for every block on a terminal, as wide as needed elsewhere.
pub(super) fn grid(terminal: bool) -> Grid {
    let mut grid = Grid::new();
    grid.load_style(presets::NOTHING);
    if anstream::AutoStream::choice(&io::stdout()) == anstream::ColorChoice::Never {
        grid.force_no_tty();
    } else {
        grid.enforce_styling();
    }
    // A terminal that does not know its width says 0.
    if terminal && grid.width().is_some_and(|width| width >= NARROW) {
        let width = |columns| ColumnConstraint::Absolute(Width::Fixed(columns));
        grid.set_content_arrangement(ContentArrangement::Dynamic);
        grid.set_constraints([
            ColumnConstraint::Absolute(Width::Percentage(30)),
            width(17),
            width(6),
            width(8),
            width(14),
        ]);
    } else {
        grid.set_content_arrangement(ContentArrangement::Disabled);
    }
    grid
}

fn row(record: &Record) -> [Cell; 6] {
    let text = |value: &Option<String>| Cell::new(printable(value.as_deref().unwrap_or("-")));
    let color = match record.kind {
        Kind::Bounce if record.hard => Color::Red,
        Kind::Bounce | Kind::Delay => Color::Yellow,
        Kind::Feedback => Color::Magenta,
        _ => Color::Green,
    };
    let hardness = match record.kind {
        Kind::Bounce if record.hard => "hard",
        Kind::Bounce => "soft",
        Kind::Delay => "delay",
        _ => "",
    };
    [
        text(&record.recipient),
        Cell::new(record.reason.as_str()).fg(color),
        Cell::new(hardness).fg(color),
        text(&record.status),
        text(&record.provider),
        text(&record.diagnostic),
    ]
}

//! JSON: a record a line, a report a line, or one list.

use komainu::io::ParsedMail;
use std::io::{self, IsTerminal, StdoutLock, Write};
use std::sync::Arc;

use super::{Block, Render, Sink};

/// Bytes that are gathered before they are written, always up to the end of a line.
const GATHER: usize = 64 << 10;

/// Whole lines to stdout.
pub(super) struct Out {
    out: io::Stdout,
    gathered: Vec<u8>,
}

impl Out {
    pub(super) fn new() -> Self {
        Self { out: io::stdout(), gathered: Vec::with_capacity(2 * GATHER) }
    }

    pub(super) fn on_terminal(&self) -> bool {
        self.out.is_terminal()
    }

    pub(super) fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        self.gathered.extend_from_slice(lines);
        if self.gathered.len() >= GATHER || self.on_terminal() { self.flush() } else { Ok(()) }
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        let mut out: StdoutLock<'_> = self.out.lock();
        out.write_all(&self.gathered)?;
        self.gathered.clear();
        out.flush()
    }
}

/// Adds the lines of one message.
pub(super) type ToLines = Box<dyn Fn(&ParsedMail, &mut Vec<u8>) + Send + Sync>;

/// A line for each record, its reason in the words of another system if one is named.
pub(super) fn records(taxonomy: Option<&'static str>) -> ToLines {
    Box::new(move |mail, lines| {
        for record in &mail.report.records {
            let mut json = mail.record_json(record);
            if let Some(system) = taxonomy {
                json = super::in_words_of(system, record.reason, &json);
            }
            lines.extend_from_slice(json.as_bytes());
            lines.push(b'\n');
        }
    })
}

/// A line for each message.
pub(super) fn report(mail: &ParsedMail, lines: &mut Vec<u8>) {
    lines.extend_from_slice(mail.report_json().as_bytes());
    lines.push(b'\n');
}

/// Lines that need nothing around them.
pub(super) struct Lines {
    out: Out,
    lines: Arc<ToLines>,
}

impl Lines {
    pub(super) fn new(lines: ToLines) -> Self {
        Self { out: Out::new(), lines: Arc::new(lines) }
    }
}

impl Sink for Lines {
    fn renderer(&self) -> Box<Render> {
        let lines = Arc::clone(&self.lines);
        Box::new(move |mail, text| {
            lines(mail, text);
            false
        })
    }

    fn write(&mut self, block: Block) -> io::Result<()> {
        self.out.write(&block.text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn on_terminal(&self) -> bool {
        self.out.on_terminal()
    }
}

/// One JSON list, a record a line.
pub(super) struct List {
    out: Out,
    lines: Arc<ToLines>,
    open: bool,
}

impl List {
    pub(super) fn new(lines: ToLines) -> Self {
        Self { out: Out::new(), lines: Arc::new(lines), open: false }
    }
}

impl Sink for List {
    fn renderer(&self) -> Box<Render> {
        let lines = Arc::clone(&self.lines);
        Box::new(move |mail, text| {
            lines(mail, text);
            false
        })
    }

    fn write(&mut self, block: Block) -> io::Result<()> {
        let mut text = Vec::with_capacity(block.text.len() + 16);
        for line in block.text.split(|&b| b == b'\n').filter(|line| !line.is_empty()) {
            text.extend_from_slice(if self.open { b",\n" } else { b"[\n" });
            text.extend_from_slice(line);
            self.open = true;
        }
        self.out.write(&text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.write(if self.open { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()
    }

    fn on_terminal(&self) -> bool {
        self.out.on_terminal()
    }
}

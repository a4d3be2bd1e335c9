//! Mail through the parser into an output, with problems told, progress shown, and Ctrl-C leaving whole lines.

use komainu::io::{ParsedMail, ProblemKind, ScanError, in_order};
use std::io;
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::exit::{Code, Problem};
use crate::filter::FilterArgs;
use crate::input::InputArgs;
use crate::output::{Block, Sink};
use crate::progress::Progress;
use crate::style;

/// What a run read, in numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) messages: u64,
    pub(crate) records: u64,
    pub(crate) ordinary: u64,
    pub(crate) limited: u64,
    pub(crate) problems: u64,
    missing: u64,
}

impl Tally {
    pub(crate) fn code(&self) -> Code {
        match (self.missing, self.problems) {
            (1.., _) => Code::Usage,
            (_, 1..) => Code::Partly,
            _ => Code::Fine,
        }
    }

    fn count(&mut self, block: &Block) {
        self.messages += 1;
        self.records += block.records;
        self.ordinary += u64::from(block.mail.report.kind == komainu::Kind::Other);
        self.limited += u64::from(!block.mail.report.limits.is_empty());
    }
}

/// The output behind a lock: whoever holds it writes whole lines or nothing, so a signal that takes it finds whole lines.
type Shared = Arc<Mutex<Box<dyn Sink>>>;

fn lock(sink: &Shared) -> MutexGuard<'_, Box<dyn Sink>> {
    sink.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads everything that `input` names and writes the records that pass to the sink.
pub(crate) fn run(input: &InputArgs, filter: FilterArgs, sink: Box<dyn Sink>) -> Result<Tally, Problem> {
    let analyzer = input.analyzer()?;
    let render = sink.renderer();
    let scan = input.scan(input.scan_options())?;
    let progress =
        Progress::new(!input.no_progress && !sink.on_terminal(), input.paths()?, scan.bytes_read());
    let sink: Shared = Arc::new(Mutex::new(sink));
    end_on_signal(Arc::clone(&sink))?;
    let mut tally = Tally::default();
    let work = move |mail: &komainu::io::Mail| block(mail.parse(&analyzer), &filter, &*render);
    for item in in_order(scan, input.jobs(), work) {
        match item {
            Ok(block) => {
                tally.count(&block);
                lock(&sink).write(block)?;
            }
            Err(problem) => {
                tally.problems += 1;
                tally.missing += u64::from(problem.kind == ProblemKind::Missing);
                progress.above(|| tell(&problem));
            }
        }
        progress.tell(tally.messages, tally.records);
    }
    progress.finish();
    lock(&sink).finish()?;
    Ok(tally)
}

/// What of one message goes to the sink. Runs in the worker threads.
fn block(mut mail: ParsedMail, filter: &FilterArgs, render: &crate::output::Render) -> Block {
    mail.report.records.retain(|record| filter.passes(record));
    let records = mail.report.records.len() as u64;
    let mut text = Vec::new();
    let keep = render(&mail, &mut text);
    if !keep {
        mail.report.records = Vec::new();
    }
    Block { mail, records, text }
}

fn end_on_signal(sink: Shared) -> Result<(), Problem> {
    ctrlc::set_handler(move || {
        // Waits for a line that is being written; nobody gets the lock back.
        let mut sink = lock(&sink);
        let _: io::Result<()> = sink.finish();
        process::exit(Code::Interrupted as i32);
    })?;
    Ok(())
}

/// Tells a problem of the scan on stderr.
pub(crate) fn tell(problem: &ScanError) {
    let color = style::PROBLEM;
    anstream::eprintln!("{color}komainu:{color:#} {problem}");
}

//! Mail through the parser into an output, with problems told, progress shown, and Ctrl-C leaving whole lines.

use komainu::io::{ParsedMail, ProblemKind, Resume, ScanError, in_order};
use komainu::printable;
use std::io;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::exit::{Code, Problem};
use crate::filter::FilterArgs;
use crate::input::InputArgs;
use crate::numbers::count;
use crate::output::{Block, Sink};
use crate::progress::Progress;
use crate::state::State;
use crate::style;

/// How often the state file is brought up to date.
const SAVE_EVERY: Duration = Duration::from_secs(2);

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

/// The output, and the state that says how far it goes.
struct Output {
    sink: Box<dyn Sink>,
    state: Option<State>,
    saved: Instant,
    /// A signal may come behind the end, and a list must not be closed twice.
    finished: bool,
}

impl Output {
    fn write(&mut self, block: Block) -> io::Result<()> {
        if let Some(state) = &mut self.state {
            state.note(&block.mail);
        }
        self.sink.write(block)?;
        if self.state.is_some() && self.sink.lasts() && self.saved.elapsed() > SAVE_EVERY {
            self.sink.flush()?;
            self.save()?;
        }
        Ok(())
    }

    fn save(&mut self) -> io::Result<()> {
        self.saved = Instant::now();
        self.state.as_mut().map_or(Ok(()), State::save)
    }

    fn finish(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.finished, true) {
            return Ok(());
        }
        self.sink.finish()?;
        self.save()
    }
}

/// The output behind a lock: whoever holds it writes whole lines or nothing, so a signal that takes it finds whole lines.
type Shared = Arc<Mutex<Output>>;

fn lock(output: &Shared) -> MutexGuard<'_, Output> {
    output.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Set when a signal came: whoever wants to write then waits for the end.
static STOPPING: AtomicBool = AtomicBool::new(false);

fn lock_unless_stopping(output: &Shared) -> MutexGuard<'_, Output> {
    while STOPPING.load(Ordering::SeqCst) {
        thread::park();
    }
    lock(output)
}

/// An output that is being written to: problems are told, progress is shown, Ctrl-C leaves whole lines.
pub(crate) struct Writing {
    output: Shared,
    progress: Progress,
    pub(crate) tally: Tally,
}

impl Writing {
    /// From here on a signal ends the command.
    pub(crate) fn begin(
        sink: Box<dyn Sink>,
        state: Option<State>,
        progress: Progress,
    ) -> Result<Self, Problem> {
        let output = Arc::new(Mutex::new(Output { sink, state, saved: Instant::now(), finished: false }));
        end_on_signal(Arc::clone(&output))?;
        Ok(Self { output, progress, tally: Tally::default() })
    }

    pub(crate) fn write(&mut self, block: Block) -> io::Result<()> {
        self.tally.count(&block);
        lock_unless_stopping(&self.output).write(block)
    }

    pub(crate) fn problem(&mut self, problem: &ScanError) {
        self.tally.problems += 1;
        self.tally.missing += u64::from(problem.kind == ProblemKind::Missing);
        self.progress.above(|| tell(problem));
    }

    /// Shows how far it is.
    pub(crate) fn show(&self, what: impl FnOnce() -> String) {
        self.progress.tell(what);
    }

    pub(crate) fn finish(self) -> io::Result<Tally> {
        self.progress.finish();
        lock_unless_stopping(&self.output).finish()?;
        Ok(self.tally)
    }
}

/// Where an earlier run stopped, and where this one notes how far it came.
pub(crate) type Going = Option<(State, Resume)>;

/// Reads everything that `input` names and writes the records that pass to the sink.
pub(crate) fn run(
    input: &InputArgs,
    filter: FilterArgs,
    sink: Box<dyn Sink>,
    going: Going,
) -> Result<Tally, Problem> {
    let analyzer = input.analyzer()?;
    filter.check(&analyzer)?;
    let render = sink.renderer();
    let (state, resume) = going.unzip();
    let mut options = input.scan_options();
    options.resume = resume;
    let scan = input.scan(options)?;
    let progress =
        Progress::new(!input.no_progress && !sink.on_terminal(), input.paths()?, scan.bytes_read());
    let mut writing = Writing::begin(sink, state, progress)?;
    let work = move |mail: &komainu::io::Mail| block(mail.parse(&analyzer), &filter, &*render);
    for item in in_order(scan, input.jobs(), work) {
        match item {
            Ok(block) => writing.write(block)?,
            Err(problem) => writing.problem(&problem),
        }
        let Tally { messages, records, .. } = writing.tally;
        writing.show(|| format!("{messages} messages, {records} records"));
    }
    let tally = writing.finish()?;
    if tally.limited > 0 {
        // The records alone do not show it.
        let messages = count(tally.limited, "message");
        tell(&format!("{messages} cut at a limit: --format report of `komainu parse` names which"));
    }
    Ok(tally)
}

/// What of one message goes to the sink. Runs in the worker threads.
pub(crate) fn block(mut mail: ParsedMail, filter: &FilterArgs, render: &crate::output::Render) -> Block {
    mail.report.records.retain(|record| filter.passes(record));
    let records = mail.report.records.len() as u64;
    let mut text = Vec::new();
    let keep = render(&mail, &mut text);
    if !keep {
        mail.report.records = Vec::new();
    }
    Block { mail, records, text }
}

fn end_on_signal(output: Shared) -> Result<(), Problem> {
    ctrlc::set_handler(move || {
        STOPPING.store(true, Ordering::SeqCst);
        // Waits for a line that is being written; nobody gets the lock back.
        let mut output = lock(&output);
        let _: io::Result<()> = output.finish();
        process::exit(Code::Interrupted as i32);
    })?;
    Ok(())
}

/// Tells a problem on stderr.
pub(crate) fn tell(problem: &impl std::fmt::Display) {
    let color = style::PROBLEM;
    anstream::eprintln!("{color}komainu:{color:#} {}", printable(&problem.to_string()));
}

//! `parse_many`: an iterator over reports whose messages are parsed on other threads.
//!
//! The thread that iterates reads messages ahead and hands them over in batches; results come back in the order of the
//! messages. Whoever waits gives the GIL away.

use komainu::{Analyzer, Report};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyByteArray, PyBytes, PyIterator, PyMemoryView, PyString};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use crate::analyzer::default_analyzer;
use crate::guard;
use crate::input::{message_bytes, whole};
use crate::report::PyReport;

/// Messages and bytes in a batch: so many that handing them over costs little beside parsing them.
const BATCH: usize = 16;
const BATCH_BYTES: usize = 64 << 10;
/// Messages that are read ahead for each thread, if the caller says nothing else.
const AHEAD_PER_THREAD: usize = 64;
/// Bytes that are read ahead at most, beside the message that goes over them.
const AHEAD_BYTES: usize = 64 << 20;

/// Reads many messages over several threads and gives their reports one by one, in the order of the messages.
///
/// Each message is what parse() takes. The messages may come from a generator: no more than `ahead` of them (64 for
/// each thread) are read before the first report of them is asked for. `threads` is the number of cores by default.
///
/// An error of the iterable comes after the reports of the messages before it.
///
/// >>> import komainu
/// >>> mails = [b"Subject: one\r\n\r\n", b"Subject: two\r\n\r\n"]
/// >>> [report.kind.value for report in komainu.parse_many(mails)]
/// ['other', 'other']
#[pyfunction]
#[pyo3(signature = (messages, /, *, threads=None, ahead=None))]
pub(crate) fn parse_many(
    messages: &Bound<'_, PyAny>,
    threads: Option<&Bound<'_, PyAny>>,
    ahead: Option<&Bound<'_, PyAny>>,
) -> PyResult<ReportIterator> {
    ReportIterator::new(Arc::clone(default_analyzer()), messages, threads, ahead)
}

/// The reports of parse_many(), one by one.
#[pyclass(module = "komainu._native", frozen)]
pub(crate) struct ReportIterator {
    state: Mutex<State>,
}

/// A message and what became of it; the message goes back so that it is released with the GIL held.
type Parsed = (PyBackedBytes, Result<Report, String>);

enum Pending {
    Batch(Receiver<Vec<Parsed>>),
    /// The iterable failed here; nothing comes after it.
    Failed(PyErr),
}

struct State {
    analyzer: Arc<Analyzer>,
    source: Option<Py<PyIterator>>,
    threads: usize,
    ahead: usize,
    /// Started with the first message.
    workers: Option<Workers>,
    batch: Vec<PyBackedBytes>,
    batch_bytes: usize,
    pending: VecDeque<Pending>,
    ready: VecDeque<Parsed>,
    /// Messages and bytes that were read and whose report was not asked for yet.
    messages: usize,
    bytes: usize,
}

impl ReportIterator {
    pub(crate) fn new(
        analyzer: Arc<Analyzer>,
        messages: &Bound<'_, PyAny>,
        threads: Option<&Bound<'_, PyAny>>,
        ahead: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let one = messages.is_instance_of::<PyBytes>()
            || messages.is_instance_of::<PyByteArray>()
            || messages.is_instance_of::<PyMemoryView>()
            || messages.is_instance_of::<PyString>();
        let wrong = "parse_many() takes an iterable of messages; parse() takes one message";
        let source = messages.try_iter().ok().filter(|_| !one).ok_or_else(|| PyTypeError::new_err(wrong))?;
        let threads = thread_count(threads)?;
        let ahead = whole("ahead", ahead, "a number of messages from 1 on")?;
        let state = State {
            analyzer,
            source: Some(source.unbind()),
            threads,
            ahead: ahead.unwrap_or(threads * AHEAD_PER_THREAD),
            workers: None,
            batch: Vec::new(),
            batch_bytes: 0,
            pending: VecDeque::new(),
            ready: VecDeque::new(),
            messages: 0,
            bytes: 0,
        };
        Ok(Self { state: Mutex::new(state) })
    }
}

#[pymethods]
impl ReportIterator {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<PyReport>> {
        // Waiting for the lock with the GIL held would never end; a generator says the same.
        let mut state = match self.state.try_lock() {
            Ok(state) => state,
            Err(std::sync::TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(std::sync::TryLockError::WouldBlock) => {
                return Err(PyValueError::new_err("this iterator is being advanced by another thread"));
            }
        };
        state.next(py)
    }
}

/// More threads than this only wait for each other, and the system may not have them.
const MOST_THREADS: usize = 256;

/// How many threads to use.
pub(crate) fn thread_count(threads: Option<&Bound<'_, PyAny>>) -> PyResult<usize> {
    let threads = whole("threads", threads, "a number from 1 on")?;
    let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    Ok(threads.min(MOST_THREADS))
}

impl State {
    fn next(&mut self, py: Python<'_>) -> PyResult<Option<PyReport>> {
        let mut read = false;
        loop {
            // Every report that goes out makes room for a message that comes in; a slow source is not read further than
            // that while there is something to give.
            if (read || !self.may_read()) && self.take_ready(py, false)? {
                return self.give();
            }
            if self.may_read() {
                self.read(py)?;
                read = true;
            } else {
                self.send_batch();
                return if self.take_ready(py, true)? { self.give() } else { Ok(None) };
            }
        }
    }

    fn may_read(&self) -> bool {
        self.source.is_some() && self.messages < self.ahead && self.bytes < AHEAD_BYTES
    }

    /// Reads one message into the batch, and sends the batch when it is full or somebody has nothing to do.
    fn read(&mut self, py: Python<'_>) -> PyResult<()> {
        let Some(source) = &self.source else { return Ok(()) };
        match source.bind(py).clone().next() {
            None => self.source = None,
            Some(message) => match message.and_then(|message| message_bytes(&message)) {
                Err(error) => {
                    self.source = None;
                    self.send_batch();
                    self.pending.push_back(Pending::Failed(error));
                }
                Ok(message) => {
                    self.messages += 1;
                    self.bytes += message.len();
                    self.batch_bytes += message.len();
                    self.batch.push(message);
                    let (analyzer, threads) = (&self.analyzer, self.threads);
                    let workers = self.workers.get_or_insert_with(|| Workers::start(analyzer, threads));
                    let idle = workers.busy.load(Ordering::Relaxed) < threads;
                    if idle || self.batch.len() >= BATCH || self.batch_bytes >= BATCH_BYTES {
                        self.send_batch();
                    }
                }
            },
        }
        Ok(())
    }

    fn send_batch(&mut self) {
        if let Some(workers) = self.workers.as_ref().filter(|_| !self.batch.is_empty()) {
            self.pending.push_back(Pending::Batch(workers.send(std::mem::take(&mut self.batch))));
            self.batch_bytes = 0;
        }
    }

    /// Whether there is a report to give; `wait` says whether to wait for it.
    fn take_ready(&mut self, py: Python<'_>, wait: bool) -> PyResult<bool> {
        if !self.ready.is_empty() {
            return Ok(true);
        }
        let results = match self.pending.front() {
            None => return Ok(false),
            Some(Pending::Failed(_)) => {
                return match self.pending.pop_front() {
                    Some(Pending::Failed(error)) => Err(error),
                    _ => Ok(false),
                };
            }
            Some(Pending::Batch(results)) => match results.try_recv() {
                Err(TryRecvError::Empty) if !wait => return Ok(false),
                Err(TryRecvError::Empty) => {
                    // A receiver can be sent to another thread but not shared with one: it goes out and comes back.
                    let Some(Pending::Batch(results)) = self.pending.pop_front() else { return Ok(false) };
                    py.detach(move || results.recv()).map_err(|_| guard::error("a worker thread ended"))?
                }
                Ok(results) => {
                    self.pending.pop_front();
                    results
                }
                Err(TryRecvError::Disconnected) => return Err(guard::error("a worker thread ended")),
            },
        };
        self.ready.extend(results);
        Ok(!self.ready.is_empty())
    }

    fn give(&mut self) -> PyResult<Option<PyReport>> {
        let Some((message, report)) = self.ready.pop_front() else { return Ok(None) };
        self.messages -= 1;
        self.bytes -= message.len();
        report.map(|report| Some(PyReport::from(report))).map_err(|text| guard::error(&text))
    }
}

/// Threads that parse batches until nobody sends any more.
struct Workers {
    jobs: Sender<Job>,
    /// Batches that were sent and are not parsed yet.
    busy: Arc<AtomicUsize>,
}

struct Job {
    batch: Vec<PyBackedBytes>,
    done: SyncSender<Vec<Parsed>>,
}

impl Workers {
    fn start(analyzer: &Arc<Analyzer>, threads: usize) -> Self {
        let (jobs, queue) = channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        let busy = Arc::new(AtomicUsize::new(0));
        for _ in 0..threads {
            let (queue, busy, analyzer) = (Arc::clone(&queue), Arc::clone(&busy), Arc::clone(analyzer));
            std::thread::spawn(move || work(&queue, &busy, &analyzer));
        }
        Self { jobs, busy }
    }

    fn send(&self, batch: Vec<PyBackedBytes>) -> Receiver<Vec<Parsed>> {
        let (done, results) = sync_channel(1);
        self.busy.fetch_add(1, Ordering::Relaxed);
        // Workers end when the sender does, never before.
        let _ = self.jobs.send(Job { batch, done });
        results
    }
}

fn work(queue: &Mutex<Receiver<Job>>, busy: &AtomicUsize, analyzer: &Analyzer) {
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { batch, done }) = job else { return };
        let parse = |message: PyBackedBytes| {
            let report = guard::caught(|| analyzer.parse(&message));
            (message, report)
        };
        let results = batch.into_iter().map(parse).collect();
        busy.fetch_sub(1, Ordering::Relaxed);
        // The iterator may be gone: then nobody wants them.
        let _ = done.send(results);
    }
}

//! Many threads, one order.
//!
//! One thread reads and hands out batches of messages; the others work on them; whoever calls `next` gets the results in the
//! order of the messages. Batches are bounded by number and by bytes, so that a slow consumer stops the reader.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use super::mail::{Mail, ParsedMail, ProblemKind, ScanError};
use super::scan::Scan;
use crate::analyzer::Analyzer;

/// More threads than this only wait for each other.
const MOST_JOBS: usize = 256;
/// Messages in a batch: so many that handing them over costs little beside parsing them.
const BATCH: usize = 64;
/// Bytes of messages in a batch.
const BATCH_BYTES: usize = 256 << 10;
/// Bytes of messages that are read and not yet worked on: so many, and so many more for each thread.
const BYTES: usize = 8 << 20;
const BYTES_PER_JOB: usize = 2 << 20;

/// The reports of a scan, in order. Made by [`Scan::reports`].
pub struct Reports {
    inner: InOrder<ParsedMail>,
}

impl Reports {
    pub(super) fn new(scan: Scan, analyzer: Analyzer, jobs: usize) -> Self {
        Self { inner: in_order(scan, jobs, move |mail| mail.parse(&analyzer)) }
    }
}

impl Iterator for Reports {
    type Item = Result<ParsedMail, ScanError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.inner.next()
    }
}

/// The results of [`in_order`].
pub struct InOrder<T> {
    way: Way<T>,
}

enum Way<T> {
    Here { scan: Box<Scan>, work: Arc<Work<T>> },
    Threads { batches: Receiver<Receiver<Done<T>>>, ready: VecDeque<Result<T, ScanError>> },
}

type Work<T> = dyn Fn(&Mail) -> T + Send + Sync;
type Item<T> = Result<T, ScanError>;
type Done<T> = Vec<Item<T>>;

/// A batch on its way to a worker, and where its results go.
struct Batch<T> {
    mails: Vec<Item<Mail>>,
    bytes: usize,
    done: SyncSender<Done<T>>,
}

/// Does the same work on every message of a scan, over `jobs` threads, and gives the results in the order of the messages.
///
/// `jobs` 0 is one for each core; 1 works in the calling thread; more than 256 are 256, and where the system gives fewer threads,
/// these do the work. A message on which `work` panics becomes an `Err` item.
pub fn in_order<T, F>(scan: Scan, jobs: usize, work: F) -> InOrder<T>
where
    T: Send + 'static,
    F: Fn(&Mail) -> T + Send + Sync + 'static,
{
    let jobs = if jobs == 0 { thread::available_parallelism().map_or(1, usize::from) } else { jobs };
    let jobs = jobs.min(MOST_JOBS);
    let work: Arc<Work<T>> = Arc::new(work);
    if jobs == 1 {
        return InOrder { way: Way::Here { scan: Box::new(scan), work } };
    }
    let budget = Arc::new(Budget::new(BYTES + jobs * BYTES_PER_JOB));
    let (to_workers, from_reader) = sync_channel::<Batch<T>>(jobs);
    let (to_consumer, batches) = sync_channel(4 * jobs);
    let from_reader = Arc::new(Mutex::new(from_reader));
    let start = |_: &usize| {
        let (queue, work, budget) = (Arc::clone(&from_reader), Arc::clone(&work), Arc::clone(&budget));
        thread::Builder::new().spawn(move || run_worker(&queue, &*work, &budget)).is_ok()
    };
    if (0..jobs).take_while(start).count() == 0 {
        return InOrder { way: Way::Here { scan: Box::new(scan), work } };
    }
    thread::spawn(move || run_reader(scan, &to_workers, &to_consumer, &budget));
    InOrder { way: Way::Threads { batches, ready: VecDeque::new() } }
}

/// Ends when the scan does, or when nobody waits for results any more.
fn run_reader<T>(
    scan: Scan,
    workers: &SyncSender<Batch<T>>,
    consumer: &SyncSender<Receiver<Done<T>>>,
    budget: &Budget,
) {
    let mut mails = Vec::new();
    let mut bytes = 0;
    let send = |mails: Vec<Item<Mail>>, bytes: usize| -> bool {
        budget.take(bytes);
        let (done, results) = sync_channel(1);
        consumer.send(results).is_ok() && workers.send(Batch { mails, bytes, done }).is_ok()
    };
    for mail in scan {
        let size = mail.as_ref().map_or(0, |mail| mail.raw.len());
        // A big message does not wait for company, nor keep what is before it waiting.
        if bytes + size > BATCH_BYTES && !mails.is_empty() {
            if !send(std::mem::take(&mut mails), bytes) {
                return;
            }
            bytes = 0;
        }
        mails.push(mail);
        bytes += size;
        if mails.len() >= BATCH || bytes >= BATCH_BYTES {
            if !send(std::mem::take(&mut mails), bytes) {
                return;
            }
            bytes = 0;
        }
    }
    if !mails.is_empty() {
        send(mails, bytes);
    }
}

fn run_worker<T>(queue: &Mutex<Receiver<Batch<T>>>, work: &Work<T>, budget: &Budget) {
    loop {
        let batch = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Batch { mails, bytes, done }) = batch else { return };
        let results = mails.into_iter().map(|mail| attempt(mail, work)).collect();
        budget.give(bytes);
        // The consumer may have gone: then the reader ends, and with it the queue.
        let _ = done.send(results);
    }
}

/// One message; a panic is a defect of ours, and costs this message only.
fn attempt<T>(mail: Item<Mail>, work: &Work<T>) -> Item<T> {
    let mail = mail?;
    catch_unwind(AssertUnwindSafe(|| work(&mail))).map_err(|_| {
        let message = "this message made the parser fail; please report it";
        ScanError::new(ProblemKind::Damaged, Arc::clone(&mail.source), message).at(mail.offset)
    })
}

impl<T> Iterator for InOrder<T> {
    type Item = Result<T, ScanError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.way {
            Way::Here { scan, work } => scan.next().map(|mail| attempt(mail, &**work)),
            Way::Threads { batches, ready } => loop {
                if let Some(item) = ready.pop_front() {
                    return Some(item);
                }
                ready.extend(batches.recv().ok()?.recv().ok()?);
            },
        }
    }
}

/// Bytes that may be in flight. A message larger than all of it goes alone.
struct Budget {
    free: Mutex<Free>,
    given: Condvar,
}

struct Free {
    bytes: usize,
    all: usize,
}

impl Budget {
    fn new(all: usize) -> Self {
        Self { free: Mutex::new(Free { bytes: all, all }), given: Condvar::new() }
    }

    fn take(&self, bytes: usize) {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self
            .given
            .wait_while(free, |free| free.bytes < bytes.min(free.all))
            .unwrap_or_else(PoisonError::into_inner);
        free.bytes -= bytes.min(free.all);
    }

    fn give(&self, bytes: usize) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.bytes += bytes.min(free.all);
        self.given.notify_all();
    }
}

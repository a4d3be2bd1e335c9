//! Many threads, one order.
//!
//! Each thread in turn takes a batch of messages out of the scan, and works on it while the next one reads: what was read is
//! parsed where it lies in the processor's cache, and nothing is handed from thread to thread but results. Who takes a batch
//! also takes its place among the results; whoever calls `next` gets them in that order. Batches are bounded by number and by
//! bytes, and those that wait to be consumed by number, so that a slow consumer stops the reading.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::mail::{Mail, ParsedMail, ProblemKind, ScanError};
use super::scan::Scan;
use crate::analyzer::Analyzer;

/// More threads than this only wait for each other.
const MOST_JOBS: usize = 256;
/// Messages in a batch: so many that taking turns costs little beside parsing them.
const BATCH: usize = 64;
/// Bytes of messages after which a batch takes no more.
const BATCH_BYTES: usize = 256 << 10;
/// Batches for each thread that are done, or being worked on, and not yet consumed.
const AHEAD: usize = 4;

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

/// What the threads take turns at: the scan, and where the results of a batch get their place.
struct Turn<T> {
    scan: Scan,
    consumer: SyncSender<Receiver<Done<T>>>,
    /// Whether the scan has ended, or nobody waits for results any more.
    over: bool,
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
    let (consumer, batches) = sync_channel(AHEAD * jobs);
    let turn = Arc::new(Mutex::new(Turn { scan, consumer, over: false }));
    let start = |_: &usize| {
        let (turn, work) = (Arc::clone(&turn), Arc::clone(&work));
        thread::Builder::new().spawn(move || while turn_of(&turn, &*work) {}).is_ok()
    };
    let started = (0..jobs).take_while(start).count();
    if started == 0
        && let Some(turn) = Arc::into_inner(turn)
    {
        let scan = turn.into_inner().unwrap_or_else(PoisonError::into_inner).scan;
        return InOrder { way: Way::Here { scan: Box::new(scan), work } };
    }
    InOrder { way: Way::Threads { batches, ready: VecDeque::new() } }
}

/// Some messages, and where their results go.
struct Batch<T> {
    mails: Vec<Item<Mail>>,
    done: SyncSender<Done<T>>,
}

/// Takes a batch and works on it; `false` when there is none any more.
fn turn_of<T>(turn: &Mutex<Turn<T>>, work: &Work<T>) -> bool {
    let batch = turn.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(Batch { mails, done }) = batch else { return false };
    // The consumer may have gone: then there is no place for the next batch.
    let _ = done.send(mails.into_iter().map(|mail| attempt(mail, work)).collect());
    true
}

impl<T> Turn<T> {
    /// The next batch, with a place for its results.
    fn take(&mut self) -> Option<Batch<T>> {
        if self.over {
            return None;
        }
        let (mut mails, mut bytes) = (Vec::new(), 0);
        while mails.len() < BATCH && bytes < BATCH_BYTES && !self.over {
            match self.scan.next() {
                Some(mail) => {
                    bytes += mail.as_ref().map_or(0, |mail| mail.raw.len());
                    mails.push(mail);
                }
                None => self.over = true,
            }
        }
        if mails.is_empty() {
            return None;
        }
        let (done, results) = sync_channel(1);
        self.over |= self.consumer.send(results).is_err();
        Some(Batch { mails, done })
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

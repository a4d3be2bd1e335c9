//! Mail servers' logs: the lines of one message joined by its queue id, into the record that a bounce mail gives.
//!
//! A bounce mail does not tell the whole story: what a server refused in the session is only in the log of the sending
//! side. [`LogReader`] is fed line by line and gives a [`Record`] for each recipient whose delivery came to an end.
//!
//! ```
//! use komainu::{Reason, log::{LogOptions, LogReader}};
//!
//! let mut reader = LogReader::new(komainu::Analyzer::default(), LogOptions::default());
//! let lines = [
//!     "2026-11-21T10:00:00+09:00 mail postfix/qmgr[9]: 4C7D1: from=<news@example.org>, size=900, nrcpt=1",
//!     "2026-11-21T10:00:01+09:00 mail postfix/smtp[9]: 4C7D1: to=<taro@example.jp>, relay=mx.example.jp[192.0.2.1]:25, \
//!      delay=1, dsn=5.1.1, status=bounced (host mx.example.jp[192.0.2.1] said: 550 5.1.1 User unknown \
//!      (in reply to RCPT TO command))",
//! ];
//! let records: Vec<_> = lines.iter().flat_map(|line| reader.push(line)).collect();
//! assert_eq!(records[0].recipient.as_deref(), Some("taro@example.jp"));
//! assert_eq!(records[0].reason, Reason::UserUnknown);
//! assert!(reader.finish().is_empty());
//! ```

mod collector;
mod exim;
mod haraka;
mod header;
mod kumomta;
mod opensmtpd;
mod pairs;
mod postfix;
mod powermta;
mod queue;
mod sendmail;
mod stamp;
mod zone;

use mail_parser::DateTime;

use crate::analyzer::Analyzer;
use crate::record::Record;
use crate::report::Delivery;
use crate::vocabulary::closed_list;
use queue::Queues;
use stamp::Clock;
pub use zone::TimeZone;

closed_list! {
    /// Whose log it is.
    LogFormat {
        /// Postfix, through syslog or its own logger.
        Postfix = "postfix",
        /// Exim's main log.
        Exim = "exim",
        /// Sendmail, through syslog.
        Sendmail = "sendmail",
        /// OpenSMTPD, through syslog.
        OpenSmtpd = "opensmtpd",
        /// PowerMTA's accounting file, CSV with its header line.
        PowerMta = "powermta",
        /// KumoMTA's log, one JSON object a line.
        KumoMta = "kumomta",
        /// Haraka's log with `format=json`, or its text.
        Haraka = "haraka",
    }
}

/// What a log's lines lack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogOptions {
    /// The format; found by each line itself where this is `None`.
    pub format: Option<LogFormat>,
    /// The year of the first line, for stamps without one; it goes on by itself at New Year. Without it such stamps
    /// give no timestamp.
    pub year: Option<u16>,
    /// The zone of stamps that name none; without it they count as UTC.
    pub timezone: Option<TimeZone>,
}

impl LogOptions {
    /// Sets the format.
    #[must_use]
    pub fn format(mut self, format: LogFormat) -> Self {
        self.format = Some(format);
        self
    }

    /// Sets the year of the first line.
    #[must_use]
    pub fn year(mut self, year: u16) -> Self {
        self.year = Some(year);
        self
    }

    /// Sets the zone of stamps that name none.
    #[must_use]
    pub fn timezone(mut self, zone: TimeZone) -> Self {
        self.timezone = Some(zone);
        self
    }
}

/// Joins log lines into records. See the [module's documentation](self).
#[derive(Clone, Debug)]
pub struct LogReader {
    analyzer: Analyzer,
    format: Option<LogFormat>,
    clock: Clock,
    queues: Queues,
    columns: Option<powermta::Columns>,
    lines: u64,
    understood: u64,
    unreadable: u64,
}

impl Default for LogReader {
    fn default() -> Self {
        Self::new(Analyzer::default(), LogOptions::default())
    }
}

/// What one line says.
#[derive(Clone, Debug)]
enum Fact {
    Sender(String),
    MessageId(String),
    Subject(String),
    /// A recipient's delivery was tried.
    Tried(Box<Delivery>),
    /// The message's time in the queue is over: what was deferred has failed. The log's own words for it.
    Expired(String),
    /// The message left the queue.
    Done,
    /// The line begins like one that tells of a delivery, and is cut or damaged.
    Broken,
}

/// A fact about one message.
#[derive(Clone, Debug)]
struct Event {
    queue: String,
    fact: Fact,
}

/// A line without its syslog header.
#[derive(Clone, Copy, Debug)]
struct Line<'l> {
    host: Option<&'l str>,
    program: &'l str,
    text: &'l str,
}

impl LogReader {
    /// Starts reading.
    #[must_use]
    pub fn new(analyzer: Analyzer, options: LogOptions) -> Self {
        Self {
            analyzer,
            clock: Clock::new(options.year, options.timezone),
            format: options.format,
            queues: Queues::default(),
            columns: None,
            lines: 0,
            understood: 0,
            unreadable: 0,
        }
    }

    /// Takes one line, with or without its line end, and gives the records that it completes.
    ///
    /// A delivery that failed or succeeded is complete at once; one that was deferred when its message left the queue.
    pub fn push(&mut self, line: &str) -> Vec<Record> {
        self.lines += 1;
        let line = line.trim_end_matches(['\r', '\n']);
        let mut events = self.events(line);
        let found = events.len();
        events.retain(|event| !matches!(event.fact, Fact::Broken));
        self.unreadable += u64::from(events.len() < found);
        self.understood += u64::from(!events.is_empty());
        let done: Vec<Delivery> = events.into_iter().flat_map(|event| self.queues.apply(event)).collect();
        done.into_iter().map(|delivery| self.analyzer.record_of_log(delivery)).collect()
    }

    /// Gives the records of messages that were still queued at the end of the log: their last status.
    pub fn finish(&mut self) -> Vec<Record> {
        let left = self.queues.drain();
        left.into_iter().map(|delivery| self.analyzer.record_of_log(delivery)).collect()
    }

    /// How many lines were pushed.
    #[must_use]
    pub const fn lines(&self) -> u64 {
        self.lines
    }

    /// How many of them said something about a delivery.
    #[must_use]
    pub const fn understood(&self) -> u64 {
        self.understood
    }

    /// How many of them should have said something and could not be read: a JSON object or a row of CSV that is not whole, a
    /// delivery whose outcome is cut off.
    #[must_use]
    pub const fn unreadable(&self) -> u64 {
        self.unreadable
    }

    fn wanted(&self, format: LogFormat) -> bool {
        self.format.is_none_or(|only| only == format)
    }

    fn events(&mut self, line: &str) -> Vec<Event> {
        if line.starts_with('{') {
            return match serde_json::from_str(line) {
                Ok(json) => self.object(&json),
                Err(_) => vec![event("", Fact::Broken)],
            };
        }
        if self.wanted(LogFormat::PowerMta) {
            if let Some(columns) = powermta::Columns::of(line) {
                self.columns = Some(columns);
                return Vec::new();
            }
            if let Some(columns) = &self.columns {
                return columns.read(line, &self.clock);
            }
        }
        let (date, line) = self.clock.split(line);
        dated(self.text(&line), date, line.host)
    }

    /// A line that is a JSON object: a server's own, or one that a collector wrapped around a server's line.
    fn object(&mut self, json: &serde_json::Value) -> Vec<Event> {
        if let Some(entry) = collector::Entry::of(json) {
            let line = entry.line();
            return dated(self.text(&line), entry.date, line.host);
        }
        if let Some((line, date)) = collector::docker(json, &self.clock) {
            let mut events = self.events(line);
            for delivery in tries(&mut events) {
                // Docker names the zone; a stamp of the line itself may not.
                delivery.last_attempt_date = date.or(delivery.last_attempt_date);
            }
            return events;
        }
        if self.wanted(LogFormat::KumoMta) && kumomta::is(json) {
            kumomta::read(json)
        } else if self.wanted(LogFormat::Haraka) {
            haraka::json(json)
        } else {
            Vec::new()
        }
    }

    /// A line of text, told by its program and its shape.
    fn text(&self, line: &Line<'_>) -> Vec<Event> {
        let exim = self.wanted(LogFormat::Exim).then(|| exim::read(line.text)).flatten();
        let facts = if exim.is_some() {
            exim
        } else if self.wanted(LogFormat::OpenSmtpd) && line.program == "smtpd" {
            opensmtpd::read(line)
        } else if self.wanted(LogFormat::Postfix) && postfix::is(line) {
            postfix::read(line)
        } else if self.wanted(LogFormat::Sendmail) && sendmail::is(line) {
            Some(sendmail::read(line))
        } else if self.wanted(LogFormat::Haraka) {
            Some(haraka::text(line.text))
        } else {
            None
        };
        facts.unwrap_or_default()
    }
}

/// Month and day of a line's stamp, where that has no year (RFC 3164): what one needs to choose [`LogOptions::year`]. `None` for
/// other lines.
///
/// ```
/// use komainu::log::day_without_year;
///
/// assert_eq!(day_without_year("Nov 21 10:00:00 mail postfix/qmgr[9]: 4C7D1: removed"), Some((11, 21)));
/// assert_eq!(day_without_year("2026-11-21T10:00:00Z mail postfix/qmgr[9]: 4C7D1: removed"), None);
/// ```
#[must_use]
pub fn day_without_year(line: &str) -> Option<(u8, u8)> {
    stamp::day_without_year(line)
}

/// Gives every try the time and the host of its line.
fn dated(mut events: Vec<Event>, date: Option<DateTime>, host: Option<&str>) -> Vec<Event> {
    for delivery in tries(&mut events) {
        delivery.last_attempt_date = delivery.last_attempt_date.or(date);
        if delivery.reporting_mta.is_none() {
            delivery.reporting_mta = host.map(str::to_owned);
        }
    }
    events
}

/// The deliveries that were tried.
fn tries(events: &mut [Event]) -> impl Iterator<Item = &mut Delivery> {
    events.iter_mut().filter_map(|event| match &mut event.fact {
        Fact::Tried(delivery) => Some(&mut **delivery),
        _ => None,
    })
}

/// One event, for the readers.
fn event(queue: &str, fact: Fact) -> Event {
    Event { queue: queue.to_owned(), fact }
}

/// A try with its format, queue id and recipient set. `None` for names without an address.
fn tried(format: LogFormat, queue: &str, recipient: &str) -> Option<Delivery> {
    let mut delivery = Delivery::new(format.as_str());
    delivery.queue_id = (!queue.is_empty()).then(|| queue.to_owned());
    delivery.name(recipient, crate::vocabulary::RecipientSource::Log).then_some(delivery)
}

//! `komainu reconcile`: log and bounce mail joined.

use clap::ValueEnum;
use komainu::Analyzer;
use komainu::io::{ProblemKind, ScanError, ScanOptions, in_order};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::exit::{Code, Problem, misuse};
use crate::filter::Period;
use crate::input::scan_of;
use crate::logs::{Found, LogArgs, LogTally};
use crate::options::{AddressArgs, RuleArgs, SenderArgs};
use crate::progress::Progress;
use crate::reconcile::{Document, Ledger, Limit, above, print};
use crate::run::tell;

const EXAMPLES: &str = "\
Examples:
  komainu reconcile /var/log/mail.log* --mail ~/Maildir
  komainu reconcile /var/log/mail.log* --mail bounces.mbox complaints.mbox --timezone +09:00 --since 30d
  komainu reconcile mail.log* --mail ~/Maildir --fail-above hard=5,complaint=0.1 || echo 'look at the list'
  komainu reconcile mail.log* --mail ~/Maildir --format json --examples 1000 | jq '.groups.unlogged.examples'

A bounce mail alone does not tell what was refused in the session, and a log does not tell what came back later. Recipients are \
joined by Message-ID and address, else by queue id and address. Each failure is counted once, in the group that says who told of \
it; what comes from outside the time that the log covers is left out.

Rates are of all recipients that were sent to by the log: delivered, failed or still queued. What was delivered into mailboxes \
of the server's own is no part of them, nor are bounces without a log line, nor what Haraka's log tells, which does not name \
whom it delivered to. The exit code is 3 when a rate is above what \
--fail-above allows: that of all mail, or that of a provider with at least --min-sent recipients.";

/// Join logs and bounce mail: what each alone does not tell, and the rates of bounces and complaints
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, override_usage = "komainu reconcile [OPTIONS] <LOG>... --mail <PATH>...")]
pub(crate) struct Args {
    /// How to print what was found
    #[arg(long, short, value_enum, default_value = "text")]
    format: Format,

    /// The bounces and complaints: files, folders, Maildirs and mboxes, also as .gz, .zst, .xz, .bz2 or .zip; `-` is standard input
    #[arg(long, value_name = "PATH", num_args = 1.., required = true)]
    mail: Vec<PathBuf>,

    /// Fail with exit code 3 when a rate is above a percentage: hard, soft or complaint, such as hard=5,complaint=0.1
    #[arg(long, value_name = "RATE=PERCENT", value_delimiter = ',')]
    fail_above: Vec<Limit>,

    /// Judge a provider's own rates from so many recipients on
    #[arg(long, value_name = "N", default_value_t = 100)]
    min_sent: u64,

    /// Failures to show of each group
    #[arg(long, value_name = "N", default_value_t = 3)]
    examples: usize,

    /// Providers to show; JSON has all
    #[arg(long, value_name = "N", default_value_t = 15)]
    top: usize,

    /// Threads that parse mail [default: one for each core]
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,

    /// No progress bar
    #[arg(long)]
    no_progress: bool,

    #[command(flatten)]
    logs: LogArgs,

    #[command(flatten)]
    period: Period,

    #[command(flatten)]
    rules: RuleArgs,

    #[command(flatten)]
    addresses: AddressArgs,

    #[command(flatten)]
    sender: SenderArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
}

/// What could not be read.
#[derive(Default)]
struct Trouble {
    missing: u64,
    other: u64,
}

impl Trouble {
    fn add(&mut self, problem: &ScanError) {
        match problem.kind {
            ProblemKind::Missing => self.missing += 1,
            _ => self.other += 1,
        }
    }

    fn code(&self) -> Code {
        match (self.missing, self.other) {
            (1.., _) => Code::Usage,
            (_, 1..) => Code::Partly,
            _ => Code::Fine,
        }
    }
}

impl Args {
    pub(crate) fn run(self) -> Result<Code, Problem> {
        let stdin = |paths: &[PathBuf]| paths.iter().any(|path| path.as_os_str() == "-");
        if stdin(&self.mail) && stdin(&self.logs.paths()?) {
            return Err(misuse("standard input cannot be both log and mail: name one of them as a file"));
        }
        // Names are joined as they are, and masked where they are shown.
        let builder = self.addresses.apply_plain(self.rules.apply(Analyzer::builder())?)?;
        let analyzer = self.sender.apply(builder)?.build()?;
        let mut ledger = Ledger::new(self.examples, self.addresses.redactor()?);
        let mut trouble = Trouble::default();
        let tally = self.read_logs(&analyzer, &mut ledger, &mut trouble)?;
        self.read_mail(analyzer, &mut ledger, &mut trouble);
        let found = ledger.close();
        let above = above(&self.fail_above, &found, self.min_sent);
        match self.format {
            Format::Text => {
                let mut out = io::BufWriter::new(anstream::stdout().lock());
                print(&mut out, &found, &tally, self.top)?;
                out.flush()?;
            }
            Format::Json => {
                writeln!(
                    io::stdout(),
                    "{}",
                    serde_json::to_string_pretty(&Document::new(&found, tally, &above))?
                )?;
            }
        }
        above.iter().for_each(tell);
        let mut code = trouble.code();
        if !self.fail_above.is_empty() && found.all.sent == 0 {
            tell(&"no line of the log tells that anything was sent: --fail-above has nothing to judge");
            code = code.max(Code::Partly);
        }
        Ok(if above.is_empty() { code } else { Code::Above })
    }

    fn read_logs(
        &self,
        analyzer: &Analyzer,
        ledger: &mut Ledger,
        trouble: &mut Trouble,
    ) -> Result<LogTally, Problem> {
        let read = Arc::new(AtomicU64::new(0));
        let progress = Progress::new(!self.no_progress, self.logs.paths()?, Arc::clone(&read));
        let mut odd = Vec::new();
        let mut lines: u64 = 0;
        let tally = self.logs.read(analyzer, &read, &mut |found| {
            match found {
                Found::Record(place, record) if self.period.contains(&record) => {
                    ledger.log(&place.source, place.index, &record);
                }
                Found::Record(..) => {}
                Found::Problem(problem) => {
                    trouble.add(&problem);
                    progress.above(|| tell(&problem));
                }
                Found::Odd(said) => odd.push(said),
                Found::Line => {
                    lines += 1;
                    progress.tell(|| format!("{lines} lines"));
                }
            }
            Ok(())
        })?;
        progress.finish();
        odd.iter().for_each(tell);
        trouble.other += odd.len() as u64;
        Ok(tally)
    }

    fn read_mail(&self, analyzer: Analyzer, ledger: &mut Ledger, trouble: &mut Trouble) {
        let scan = scan_of(&self.mail, ScanOptions::default());
        let progress = Progress::new(!self.no_progress, self.mail.clone(), scan.bytes_read());
        let mails = in_order(scan, self.jobs.unwrap_or(0), move |mail| mail.parse(&analyzer));
        for (messages, item) in (1_u64..).zip(mails) {
            match item {
                Ok(mail) => {
                    ledger.message();
                    for record in mail.report.records.iter().filter(|record| self.period.contains(record)) {
                        ledger.mail(&mail.source, mail.index, record);
                    }
                }
                Err(problem) => {
                    trouble.add(&problem);
                    progress.above(|| tell(&problem));
                }
            }
            progress.tell(|| format!("{messages} messages"));
        }
        progress.finish();
    }
}

//! SMTP dialogues quoted in reports: `>>>` what the reporter said, `<<<` what it was told.

use crate::message::headers::fold_white;
use crate::message::lines;
use crate::syntax::known::Known;
use crate::syntax::{address, reply};
use crate::vocabulary::Command;
use crate::words::{contains_ignore_case, find_ignore_case};

use super::super::Delivery;

/// One refusal in a dialogue, and whom it refused.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    /// The words, continuation lines joined.
    pub(super) text: String,
    pub(super) command: Option<Command>,
    pub(super) host: Option<String>,
    /// The addresses in its words.
    names: Known,
    /// How many of them have a remark.
    remarked: usize,
}

/// A line that the reporter added about a recipient: `550 5.1.1 <user@example.org>... User unknown`.
#[derive(Clone, Debug)]
pub(super) struct Remark {
    pub(super) address: String,
    pub(super) text: String,
    /// The refusal that it sums up.
    pub(super) refusal: Option<usize>,
}

/// A quoted dialogue.
#[derive(Clone, Debug, Default)]
pub(super) struct Transcript {
    pub(super) refusals: Vec<Refusal>,
    pub(super) remarks: Vec<Remark>,
    /// By the addresses that they name: the first refusal and the first remark.
    refused: Known,
    remarked: Known,
}

impl Refusal {
    /// Whether it is about this recipient: a refusal of RCPT names its own; one of another command is everybody's.
    pub(super) fn is_about(&self, name: &str) -> bool {
        self.command != Some(Command::Rcpt) || self.names.is_empty() || self.names.holds(name)
    }

    /// Whether it names, at RCPT, somebody beside these who has a remark.
    fn is_about_others(&self, names: &[&str], transcript: &Transcript) -> bool {
        let own = |name: &&&str| self.names.holds(name) && transcript.remarked.holds(name);
        self.command == Some(Command::Rcpt) && self.remarked > names.iter().filter(own).count()
    }
}

impl Transcript {
    /// The refusal that names this recipient, else the one that a remark on it follows, else the only one; never one of
    /// somebody else.
    pub(super) fn refusal_of(&self, delivery: &Delivery) -> Option<&Refusal> {
        let mut names: Vec<&str> = delivery.names().collect();
        names.dedup_by(|a, b| address::same(a, b));
        let by_name = self.refused.first(delivery.names());
        let by_remark = || {
            let remark = self.remarked.first(delivery.names())?;
            self.remarks[remark].refusal
        };
        let refusal = self.refusals.get(by_name.or_else(by_remark).unwrap_or_default())?;
        let named = names.iter().any(|name| refusal.names.holds(name));
        (named || !refusal.is_about_others(&names, self)).then_some(refusal)
    }

    /// Files what was read by the addresses in it.
    fn file(&mut self) {
        for (n, remark) in self.remarks.iter().enumerate() {
            self.remarked.add(&remark.address, n);
        }
        for (n, refusal) in self.refusals.iter_mut().enumerate() {
            for at in address::find(&refusal.text) {
                let name = &refusal.text[at];
                if refusal.names.add(name, 0) {
                    refusal.remarked += usize::from(self.remarked.holds(name));
                    self.refused.add(name, n);
                }
            }
        }
    }
}

/// Reads the dialogue lines of a text. `None` when it quotes none.
pub(super) fn read(text: &str) -> Option<Transcript> {
    if !may_quote(text) {
        return None;
    }
    let lines = dialogue(text)?;
    let mut transcript = Transcript::default();
    let mut command = None;
    let mut host = None;
    let mut spoke = false;
    let mut open: Option<usize> = None;
    let mut ahead = Ahead::default();
    for (n, line) in lines.iter().enumerate() {
        let line = line.trim();
        if let Some(talking) = find_ignore_case(line.as_bytes(), b"while talking to ") {
            host = line[talking + 17..]
                .split_whitespace()
                .next()
                .map(|h| h.trim_end_matches([':', '.']).to_owned());
            (command, open) = (None, None);
        } else if let Some(said) = after(line, SAID) {
            command = verb(said);
            spoke = true;
            open = None;
        } else if let Some(told) = after(line, TOLD) {
            if !matches!(told.as_bytes().first(), Some(b'4' | b'5')) {
                continue;
            }
            if is_aftermath(told, command) {
                continue;
            }
            match open {
                Some(at) => {
                    let all = &mut transcript.refusals[at].text;
                    all.push(' ');
                    all.push_str(&fold_white(told));
                }
                None => {
                    // A local delivery agent's reply stands in no dialogue with a host.
                    let greeting = (host.is_some() || spoke).then_some(Command::Conn);
                    let command = ahead.pipelined(&lines, n, command, told).or(greeting);
                    let (text, host) = (fold_white(told), host.clone());
                    transcript.refusals.push(Refusal {
                        text,
                        command,
                        host,
                        names: Known::default(),
                        remarked: 0,
                    });
                }
            }
            let continues = told.as_bytes().get(3) == Some(&b'-');
            open = continues.then(|| transcript.refusals.len() - 1);
        } else if let Some((address, text)) = remark(line) {
            let refusal = transcript.refusals.len().checked_sub(1);
            transcript.remarks.push(Remark { address, text, refusal });
            open = None;
        }
    }
    transcript.file();
    (!transcript.refusals.is_empty() || !transcript.remarks.is_empty()).then_some(transcript)
}

/// Whether the text may hold any of what a dialogue starts with: most quote none, and need not be cut into lines.
fn may_quote(text: &str) -> bool {
    let bytes = text.as_bytes();
    let marks = |at: usize| match bytes[at] {
        b':' => bytes[..at].ends_with(b"sent") || bytes[..at].ends_with(b"send"),
        angle => bytes[at..].starts_with(&[angle; 3]) || bytes[..=at].ends_with(b"-->"),
    };
    memchr::memchr3_iter(b'<', b'>', b':', bytes).any(marks) || contains_ignore_case(bytes, HEADING_END)
}

/// What stands above a dialogue, in any case, and before the first line of one that starts with a reply.
const HEADING: &[u8] = b"transcript of session";
/// Of its pairs of letters the first of these is the rarest.
const HEADING_END: &[u8] = b"pt of session";
const FIRST_TOLD: &str = "<<< ";

/// The lines from the heading, or from the first `>>>` or `<<<`, to the end of the text.
fn dialogue(text: &str) -> Option<Vec<&str>> {
    let lines: Vec<&str> = lines(text).collect();
    let starts = |line: &&str| {
        let line = line.trim_start();
        contains_ignore_case(line.as_bytes(), HEADING)
            || after(line, SAID).is_some_and(|said| verb(said).is_some())
            || line.starts_with(FIRST_TOLD)
    };
    let start = lines.iter().position(starts)?;
    Some(lines[start..].to_vec())
}

/// What marks a line that the reporter said. Others than Sendmail have marks of their own.
const SAID: &[&str] = &[">>>", "Sent <<<", "Sent >>>", "hMailServer sent:", "send:", "--> "];

/// What marks a line that it was told.
const TOLD: &[&str] = &["<<<", "Received >>>", "Received <<<", "Remote server replied:", "recv:", "<-- "];

/// The line without its mark; a log's date may stand before an arrow.
fn after<'l>(line: &'l str, marks: &[&str]) -> Option<&'l str> {
    let dated = |mark: &str| {
        let arrow = mark.ends_with(' ');
        let at = arrow.then(|| find(line, mark)).flatten().filter(|at| line[..*at].ends_with(": "))?;
        Some(&line[at + mark.len()..])
    };
    marks.iter().find_map(|mark| line.strip_prefix(mark).or_else(|| dated(mark))).map(str::trim)
}

/// Where a mark stands in a line.
fn find(line: &str, mark: &str) -> Option<usize> {
    let (line, mark) = (line.as_bytes(), mark.as_bytes());
    memchr::memchr_iter(mark[0], line).find(|at| line[*at..].starts_with(mark))
}

/// The stage of a command line.
pub(super) fn verb(line: &str) -> Option<Command> {
    let end = line.bytes().position(|b| !b.is_ascii_alphabetic()).unwrap_or(line.len());
    Some(match line[..end].to_ascii_uppercase().as_str() {
        "EHLO" | "HELO" | "LHLO" => Command::Ehlo,
        "STARTTLS" => Command::StartTls,
        "AUTH" => Command::Auth,
        "MAIL" => Command::Mail,
        "RCPT" => Command::Rcpt,
        "DATA" | "BDAT" | "TEXT" => Command::Data,
        "QUIT" | "RSET" => Command::Quit,
        _ => return None,
    })
}

/// "503 Need RCPT" and "554 no valid recipients" follow from refusals of recipients; they refuse nobody themselves.
fn is_aftermath(told: &str, command: Option<Command>) -> bool {
    command == Some(Command::Data)
        && (told.starts_with("503") || told.starts_with("554"))
        && names_recipients(told)
}

fn names_recipients(told: &str) -> bool {
    let lower = told.to_ascii_lowercase();
    [
        "need rcpt",
        "valid recipient",
        "no recipient",
        "all rcpt",
        "recipients specified",
        "bad sequence",
        "(recipient)",
    ]
    .iter()
    .any(|words| lower.contains(words))
}

/// What stands below a line of a dialogue, up to what is said next. Kept, so that no line is looked at again and again.
#[derive(Default)]
struct Ahead {
    /// The next line that is no reply, and whether it sums up a refusal for good.
    summary: (usize, bool),
    /// Where the next thing is said, and the last line before it that follows from refusals of recipients.
    said: (usize, Option<usize>),
}

impl Ahead {
    /// Sendmail pipelines: DATA may stand above the refusal of a recipient. What follows it tells: the aftermath, or its
    /// own summary, which names the recipient only where RCPT was refused.
    fn pipelined(
        &mut self,
        lines: &[&str],
        n: usize,
        command: Option<Command>,
        told: &str,
    ) -> Option<Command> {
        if command != Some(Command::Data) {
            return command;
        }
        let below = |from: usize| lines.iter().enumerate().skip(from).map(|(n, line)| (n, line.trim()));
        if self.summary.0 <= n {
            let next = below(n + 1).find(|(_, line)| !line.starts_with("<<<"));
            let sums_up = |line: &str| {
                !line.starts_with(">>>") && remark(line).is_some_and(|(_, text)| text.starts_with('5'))
            };
            self.summary = next.map_or((lines.len(), false), |(n, line)| (n, sums_up(line)));
        }
        if self.summary.1 {
            return Some(Command::Rcpt);
        }
        if self.said.0 <= n {
            let end = below(n + 1).find(|(_, line)| line.starts_with(">>>")).map_or(lines.len(), |(n, _)| n);
            let follows =
                |line: &str| line.strip_prefix("<<<").is_some_and(|told| is_aftermath(told.trim(), command));
            let last = (n + 1..end).rev().find(|n| follows(lines[*n].trim()));
            self.said = (end, last);
        }
        let aftermath = self.said.1.is_some_and(|last| last > n);
        let greeting = told.to_ascii_lowercase().contains("sender") && !told.contains("recipient");
        if aftermath && !greeting { Some(Command::Rcpt) } else { command }
    }
}

/// `550 5.1.1 <user@example.org>... User unknown`, `<user@example.org>... Deferred: …`.
fn remark(line: &str) -> Option<(String, String)> {
    let dots = find(line, "... ").or_else(|| line.ends_with("...").then(|| line.len() - 3))?;
    let before = &line[..dots];
    let range = address::first(before)?;
    let lead = before[..range.start].trim_end_matches(['<', ' ']);
    let coded = lead.is_empty()
        || reply::has_code(lead)
        || lead.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ' ');
    if !coded || lead.starts_with("250") {
        return None;
    }
    // `554 <user@example.org>... 550 Host unknown`: the inner reply is the telling one.
    let inner = line[dots..].trim_start_matches(['.', ' ']);
    let text = if reply::has_code(inner) && inner.starts_with(['4', '5']) { inner } else { line };
    Some((before[range].to_owned(), fold_white(text)))
}

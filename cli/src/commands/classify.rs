//! `komainu classify`: SMTP replies instead of mails.

use clap::ValueEnum;
use komainu::{Analyzer, Command, Hints, Verdict, printable};
use serde::Deserialize;
use std::io::{self, BufRead, IsTerminal, Write};

use crate::exit::{Code, Problem, misuse};
use crate::options::{RuleArgs, known_providers};
use crate::output::{in_words_of, taxonomies, taxonomy};
use crate::style;

const EXAMPLES: &str = "\
Examples:
  komainu classify '550 5.1.1 <nobody@example.jp>: User unknown'
  komainu classify '554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org' --explain
  komainu classify '550 Unknown user' --provider docomo --command DATA --date 2014-01-01 --format json
  grep -o 'said: .*' mail.log | komainu classify - --format ndjson
  echo '{\"text\": \"550 5.4.1 Access denied\", \"provider\": \"microsoft365\"}' | komainu classify -

With `-`, every line of standard input is one reply: plain text, or a JSON object with the keys text, provider, \
command, status, date, format. Every line that is not empty is answered by one line.";

/// Decide SMTP replies: why, how hard, whose fault, what to do
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The reply, or `-` for one reply a line on standard input
    #[arg(allow_hyphen_values = true)]
    text: String,

    /// How to print verdicts [default: text for a reply on a terminal, else ndjson]
    #[arg(long, short, value_enum)]
    format: Option<Format>,

    /// Who runs the mailbox, such as google, or a domain or mail server of theirs
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,

    /// The stage that the reply answered
    #[arg(long = "command", value_name = "STAGE", value_parser = super::closed(Command::ALL, Command::as_str))]
    stage: Option<Command>,

    /// An enhanced status code from elsewhere, such as a Status field
    #[arg(long, value_name = "CODE")]
    status: Option<String>,

    /// The date of the reply: YYYY-MM-DD, RFC 3339, or as in a Date field
    #[arg(long)]
    date: Option<String>,

    /// The format of the report that the reply was read from, such as postfix
    #[arg(long, value_name = "NAME")]
    report_format: Option<String>,

    /// Print `reason` in another system's words; null where it has none
    #[arg(long, value_name = "SYSTEM", value_parser = taxonomies())]
    taxonomy: Option<String>,

    /// Say in plain words what was decided, on which words, and what to do
    #[arg(long, conflicts_with_all = ["format", "taxonomy"])]
    explain: bool,

    #[command(flatten)]
    rules: RuleArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For people, with all that was seen (`--explain`)
    #[value(skip)]
    Explained,
    /// One JSON object, indented; a list of them with `-`
    Json,
    /// One JSON object a line
    Ndjson,
}

/// A line of standard input that is a JSON object.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    text: String,
    provider: Option<String>,
    command: Option<String>,
    status: Option<String>,
    date: Option<String>,
    format: Option<String>,
}

/// How verdicts are printed.
struct Printer {
    format: Format,
    taxonomy: Option<&'static str>,
}

impl Args {
    pub(crate) fn run(self) -> Result<Code, Problem> {
        let analyzer = self.rules.apply(Analyzer::builder())?.build()?;
        let name = self.provider.as_deref().map(str::to_lowercase).filter(|name| !name.contains('.'));
        known_providers(&analyzer, name.as_slice())?;
        let hints = Hints {
            provider: self.provider,
            command: self.stage,
            status: self.status,
            date: self.date,
            format: self.report_format,
        };
        let lines = self.text == "-";
        let format = match self.format {
            _ if self.explain => Format::Explained,
            Some(format) => format,
            None if !lines && io::stdout().is_terminal() => Format::Text,
            None => Format::Ndjson,
        };
        let printer = Printer { format, taxonomy: taxonomy(self.taxonomy.as_deref()) };
        if lines {
            return answer_lines(&analyzer, &hints, &printer);
        }
        let verdict = analyzer.classify(&self.text, &hints);
        let mut out = anstream::stdout().lock();
        match format {
            Format::Text => print_text(&mut out, &verdict)?,
            Format::Explained => write!(out, "{}", verdict.explain(&self.text))?,
            Format::Json | Format::Ndjson => writeln!(out, "{}", printer.json(&verdict)?)?,
        }
        Ok(Code::Fine)
    }
}

impl Printer {
    fn json(&self, verdict: &Verdict) -> Result<String, Problem> {
        let json = match self.format {
            Format::Json => serde_json::to_string_pretty(verdict)?,
            Format::Text | Format::Explained | Format::Ndjson => verdict.to_json(),
        };
        Ok(match self.taxonomy {
            Some(system) => in_words_of(system, verdict.reason, &json),
            None => json,
        })
    }
}

/// Answers every line of standard input.
fn answer_lines(analyzer: &Analyzer, hints: &Hints, printer: &Printer) -> Result<Code, Problem> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let mut input = io::BufReader::new(io::stdin());
    let mut line = Vec::new();
    let mut number = 0;
    let mut answered = 0;
    while input.read_until(b'\n', &mut line)? > 0 {
        number += 1;
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\r', '\n']);
        if !text.trim().is_empty() {
            let (reply, verdict) =
                answer(analyzer, hints, text).map_err(|why| misuse(format!("line {number}: {why}")))?;
            match printer.format {
                Format::Text => {
                    let faint = style::FAINT;
                    writeln!(out, "{faint}{}{faint:#}", printable(&reply))?;
                    print_text(&mut out, &verdict)?;
                    writeln!(out)?;
                }
                Format::Explained => writeln!(out, "{}", verdict.explain(&reply))?,
                Format::Json => {
                    let open = if answered == 0 { "[" } else { "," };
                    write!(out, "{open}\n{}", printer.json(&verdict)?)?;
                }
                Format::Ndjson => writeln!(out, "{}", printer.json(&verdict)?)?,
            }
            answered += 1;
        }
        line.clear();
        // Whoever writes one line and waits for its answer shall have it.
        if input.buffer().is_empty() {
            out.flush()?;
        }
    }
    if printer.format == Format::Json {
        writeln!(out, "{}]", if answered == 0 { "[" } else { "\n" })?;
    }
    out.flush()?;
    Ok(Code::Fine)
}

/// One line: an object if it begins like one, else a reply in plain text.
fn answer(analyzer: &Analyzer, hints: &Hints, line: &str) -> Result<(String, Verdict), Problem> {
    if !line.trim_start().starts_with('{') {
        return Ok((line.to_owned(), analyzer.classify(line, hints)));
    }
    let ask: Ask = serde_json::from_str(line)?;
    let command = match ask.command {
        Some(name) => Some(name.parse()?),
        None => hints.command,
    };
    let hints = Hints {
        provider: ask.provider.or_else(|| hints.provider.clone()),
        command,
        status: ask.status.or_else(|| hints.status.clone()),
        date: ask.date.or_else(|| hints.date.clone()),
        format: ask.format.or_else(|| hints.format.clone()),
    };
    let verdict = analyzer.classify(&ask.text, &hints);
    Ok((ask.text, verdict))
}

/// A verdict for people.
fn print_text(out: &mut impl Write, verdict: &Verdict) -> io::Result<()> {
    let (strong, faint) = (style::STRONG, style::FAINT);
    let color = if verdict.hard { style::HARD } else { style::SOFT };
    let hardness = if verdict.hard { "hard" } else { "soft" };
    writeln!(out, "{color}{}{color:#} ({hardness})", verdict.reason)?;
    writeln!(out, "  {}", verdict.reason.definition())?;
    let mut row = |name: &str, value: &str| writeln!(out, "  {faint}{name:<12}{faint:#}{value}");
    row("blame", verdict.blame.as_str())?;
    row("advice", verdict.advice.as_str())?;
    row("decided by", verdict.decided_by.as_str())?;
    for (name, value) in [
        ("status", verdict.status.clone()),
        ("reply code", verdict.reply_code.map(|code| code.to_string())),
        ("stage", verdict.command.map(|stage| stage.to_string())),
        ("provider", verdict.provider.clone()),
        ("source ip", verdict.source_ip.clone()),
        ("moved to", verdict.new_address.clone()),
        ("retry after", verdict.retry_after.map(|seconds| format!("{seconds} s"))),
    ] {
        if let Some(value) = value {
            row(name, &printable(&value))?;
        }
    }
    for evidence in &verdict.evidence {
        let text = &evidence.text;
        row("because", &format!("{strong}{text:?}{strong:#} in {} ({})", evidence.field, evidence.rule))?;
    }
    if !verdict.also.is_empty() {
        let also: Vec<_> = verdict.also.iter().map(|reason| reason.as_str()).collect();
        row("or else", &also.join(", "))?;
    }
    Ok(())
}

//! `komainu rules`: what the decisions rest on, and one's own rules checked.

use clap::{Subcommand, ValueEnum};
use komainu::rules::{self, RuleDoc};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use crate::exit::{Code, Problem, about, complain, misuse};
use crate::style;

/// List and show rules, and check a file of own ones
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// List the built-in rules
    List {
        /// Those whose id begins with this, such as a reason
        start: Option<String>,

        /// How to print them
        #[arg(long, short, value_enum, default_value = "text")]
        format: Format,
    },
    /// Show one rule: its phrases, source and examples
    Show {
        /// The id, as `evidence` names it
        id: String,

        /// How to print it
        #[arg(long, short, value_enum, default_value = "text")]
        format: Format,
    },
    /// Check a rule file: every rule must prove itself by its examples. Exit code 1 when one does not
    #[command(after_help = FILE)]
    Check {
        /// The TOML file
        file: PathBuf,
    },
}

const EXAMPLES: &str = "\
Examples:
  komainu rules list mailboxfull
  komainu rules show userunknown.user
  komainu rules check own.toml";

const FILE: &str = r#"A rule file:
  [[rule]]
  id       = "suspend.example-parked"
  phrases  = ["parked for the winter"]
  source   = "our own partner's gateway"
  examples = ["550 5.1.1 this mailbox is parked for the winter"]

It is used by `komainu parse --rules FILE`."#;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object a line
    Ndjson,
}

impl Args {
    pub(crate) fn run(self) -> Result<Code, Problem> {
        match self.what {
            What::List { start, format } => list(start.as_deref().unwrap_or_default(), format),
            What::Show { id, format } => show(&id, format),
            What::Check { file } => check(&file),
        }
    }
}

fn list(start: &str, format: Format) -> Result<Code, Problem> {
    let mut out = std::io::BufWriter::new(anstream::stdout().lock());
    let wanted: Vec<_> = rules::list().iter().filter(|rule| rule.id.starts_with(start)).collect();
    if wanted.is_empty() {
        return Err(misuse(format!("no rule's id begins with {start:?}")));
    }
    let width = wanted.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    for rule in wanted {
        match format {
            Format::Ndjson => writeln!(out, "{}", to_json(rule))?,
            Format::Text => {
                let faint = style::FAINT;
                let more = rule.phrases.len().saturating_sub(1);
                let first = rule.phrases.first().map_or("", |phrase| phrase.as_ref());
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                writeln!(out, "{:<width$}  {first}{faint}{more}{faint:#}", rule.id)?;
            }
        }
    }
    out.flush()?;
    Ok(Code::Fine)
}

fn show(id: &str, format: Format) -> Result<Code, Problem> {
    let rule = rules::show(id)
        .ok_or_else(|| misuse(format!("no rule has the id {id:?}: `komainu rules list` names them all")))?;
    let mut out = anstream::stdout().lock();
    if format == Format::Ndjson {
        writeln!(out, "{}", to_json(rule))?;
        return Ok(Code::Fine);
    }
    let (strong, faint) = (style::STRONG, style::FAINT);
    writeln!(out, "{strong}{}{strong:#}", rule.id)?;
    let mut rows = |title: &str, rows: &[std::borrow::Cow<'static, str>]| {
        for (n, row) in rows.iter().enumerate() {
            writeln!(out, "  {faint}{:<10}{faint:#}{row}", if n == 0 { title } else { "" })?;
        }
        std::io::Result::Ok(())
    };
    rows("phrases", &rule.phrases)?;
    let when: Vec<_> = rule.when.lines().map(|line| line.to_owned().into()).collect();
    rows("when", &when)?;
    rows("source", std::slice::from_ref(&rule.source))?;
    rows("examples", &rule.examples)?;
    Ok(Code::Fine)
}

fn check(file: &std::path::Path) -> Result<Code, Problem> {
    let text = fs::read_to_string(file).map_err(|error| about(file, &error))?;
    let faults = rules::check(&text).map_err(|error| misuse(format!("{}: {error}", file.display())))?;
    if faults.is_empty() {
        anstream::println!("{}: every rule is proven", file.display());
        return Ok(Code::Fine);
    }
    for fault in faults {
        complain(&misuse(format!("{}: {fault}", file.display())));
    }
    Ok(Code::Partly)
}

fn to_json(rule: &RuleDoc) -> Value {
    json!({
        "id": rule.id,
        "phrases": rule.phrases,
        "when": rule.when,
        "source": rule.source,
        "examples": rule.examples,
    })
}

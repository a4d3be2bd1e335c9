//! `komainu undefined`: replies that no rule understood, by family, ready to become rules.

use clap::ValueEnum;
use komainu::{Reason, Record, printable};
use serde_json::json;
use std::collections::HashMap;
use std::io::{self, IsTerminal, Write};

use crate::exit::{Code, Problem};
use crate::filter::FilterArgs;
use crate::input::InputArgs;
use crate::output::{Block, Render, Sink};
use crate::run::run;
use crate::style;

const EXAMPLES: &str = "\
Examples:
  komainu undefined ~/Maildir
  komainu undefined bounces.mbox --top 5 --format rules > own.toml   then edit, and: komainu rules check own.toml

Addresses, hosts, numbers and ids are folded, so that replies with the same wording are one template.";

/// More different templates than this are not kept apart: memory has an end.
const MOST: usize = 200_000;

/// Group the replies that no rule understood, most frequent first
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// How to print the groups
    #[arg(long, short, value_enum, default_value = "text")]
    format: Format,

    /// How many groups to print
    #[arg(long, value_name = "N", default_value_t = 30)]
    top: usize,

    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    filter: FilterArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object a line
    Ndjson,
    /// A rule file to fill in
    Rules,
}

/// Replies of one wording.
struct Group {
    count: u64,
    /// The first one.
    example: String,
    source: String,
}

struct Undefined {
    groups: HashMap<String, Group>,
    records: u64,
    lost: u64,
    format: Format,
    top: usize,
}

impl Args {
    pub(crate) fn run(self) -> Result<Code, Problem> {
        let sink =
            Undefined { groups: HashMap::new(), records: 0, lost: 0, format: self.format, top: self.top };
        let tally = run(&self.input, self.filter, Box::new(sink), None)?;
        Ok(tally.code())
    }
}

impl Undefined {
    fn add(&mut self, source: &str, record: &Record) {
        self.records += 1;
        let Some(text) = record.diagnostic.as_deref().filter(|_| record.reason == Reason::Undefined) else {
            return;
        };
        let template = komainu::template(text);
        let room = self.groups.len() < MOST;
        match self.groups.get_mut(&template) {
            Some(group) => group.count += 1,
            None if room => {
                let group = Group { count: 1, example: text.to_owned(), source: source.to_owned() };
                self.groups.insert(template, group);
            }
            None => self.lost += 1,
        }
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let mut groups: Vec<_> = self.groups.iter().collect();
        groups.sort_unstable_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(b.0)));
        let undefined: u64 = self.lost + groups.iter().map(|(_, group)| group.count).sum::<u64>();
        let (strong, faint) = (style::STRONG, style::FAINT);
        if self.format == Format::Text {
            writeln!(out, "{strong}{undefined}{strong:#} of {} records are undefined", self.records)?;
        }
        for (template, group) in groups.iter().take(self.top) {
            match self.format {
                Format::Text => {
                    let (source, example) = (printable(&group.source), printable(&group.example));
                    writeln!(out, "\n{strong}{:>6}{strong:#}  {}", group.count, printable(template))?;
                    writeln!(out, "        {faint}{source}: {example}{faint:#}")?;
                }
                Format::Ndjson => {
                    let Group { count, example, source } = group;
                    let line =
                        json!({"count": count, "template": template, "example": example, "source": source});
                    writeln!(out, "{line}")?;
                }
                Format::Rules => print_rule(out, template, group)?,
            }
        }
        if self.format == Format::Text && groups.len() > self.top {
            writeln!(out, "\n{faint}{} more groups: --top shows them{faint:#}", groups.len() - self.top)?;
        }
        Ok(())
    }
}

/// A rule whose reason and phrase a person has to choose.
fn print_rule(out: &mut impl Write, template: &str, group: &Group) -> io::Result<()> {
    // JSON's strings are TOML's.
    let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
    // TOML takes no control characters in comments.
    writeln!(out, "# {} times: {}", group.count, printable(template))?;
    writeln!(out, "[[rule]]\nid       = \"REASON.NAME\"")?;
    writeln!(out, "phrases  = [{}]", quoted(&phrase(template)))?;
    writeln!(out, "source   = {}\nexamples = [{}]\n", quoted(&group.source), quoted(&group.example))
}

/// The longest run of words that are the same in every reply of the group.
fn phrase(template: &str) -> String {
    let mut best = "";
    for piece in template.split('{').map(|piece| piece.split_once('}').map_or(piece, |(_, rest)| rest)) {
        let words = piece.trim_matches(|c: char| !c.is_alphabetic());
        if words.len() > best.len() {
            best = words;
        }
    }
    best.to_owned()
}

impl Sink for Undefined {
    fn renderer(&self) -> Box<Render> {
        Box::new(|_, _| true)
    }

    fn write(&mut self, block: Block) -> io::Result<()> {
        for record in &block.mail.report.records {
            self.add(&block.mail.source, record);
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let mut out = io::BufWriter::new(anstream::stdout().lock());
        self.print(&mut out)?;
        out.flush()
    }

    fn on_terminal(&self) -> bool {
        io::stdout().is_terminal() && !io::stderr().is_terminal()
    }
}

#[cfg(test)]
mod tests {
    use super::phrase;

    #[test]
    fn the_phrase_is_the_longest_text_between_what_differs() {
        assert_eq!(phrase("550 5.7.0 nope <{address}>, the door is shut ({id})"), "the door is shut");
        assert_eq!(phrase("{n}"), "");
    }
}

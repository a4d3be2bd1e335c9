//! `komainu explain`: what was decided and on what, for people who answer questions about mail.

use komainu::io::ParsedMail;
use komainu::printable;

use crate::exit::{Code, Problem};
use crate::filter::FilterArgs;
use crate::input::InputArgs;
use crate::output::lines;
use crate::run::run;
use crate::style;

const EXAMPLES: &str = "\
Examples:
  komainu explain bounce.eml
  pbpaste | komainu explain -
  komainu explain ~/Maildir --reason undefined";

/// Say in plain words who failed, why, on which words that rests, and what to do
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    filter: FilterArgs,
}

impl Args {
    pub(crate) fn run(self) -> Result<Code, Problem> {
        let tally = run(&self.input, self.filter, lines(explain), None)?;
        Ok(tally.code())
    }
}

/// The explanation of every record of one mail.
fn explain(mail: &ParsedMail, text: &mut Vec<u8>) {
    let (strong, faint) = (style::STRONG, style::FAINT);
    let place = format!("{faint}{} message {}{faint:#}\n", printable(&mail.source), mail.index);
    let mut page = String::new();
    if mail.report.kind == komainu::Kind::Other {
        page = format!("{place}no bounce, delay, complaint or automatic reply: nothing to explain\n\n");
    }
    for record in &mail.report.records {
        let explained = record.explain();
        let (first, rest) = explained.split_once('\n').unwrap_or((&explained, ""));
        page += &format!("{place}{strong}{first}{strong:#}\n{rest}\n");
    }
    text.extend_from_slice(style::for_stdout(&page).as_bytes());
}

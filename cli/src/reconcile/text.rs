//! The reconciliation for people.

use comfy_table::{Attribute, Cell, CellAlignment, ContentArrangement, Table, presets};
use komainu::printable;
use std::io::{self, Write};

use super::{Example, Group, Reconciled, Row, Told};
use crate::logs::LogTally;
use crate::numbers::{count, grouped};
use crate::style;

/// Prints everything, `top` providers of all.
pub(crate) fn print(out: &mut impl Write, found: &Reconciled, log: &LogTally, top: usize) -> io::Result<()> {
    let (strong, faint) = (style::STRONG, style::FAINT);
    let period = found.period.map_or(String::new(), |(first, last)| {
        format!(", {} to {} (UTC)", first.strftime("%Y-%m-%d %H:%M"), last.strftime("%Y-%m-%d %H:%M"))
    });
    let (lines, files) = (count(log.lines, "line"), count(log.files, "file"));
    writeln!(out, "{strong}log{strong:#}   {} sent, in {lines} of {files}{period}", grouped(found.all.sent))?;
    let mail = &found.mail;
    let (bounces, complaints) = (count(mail.bounces, "bounce"), count(mail.complaints, "complaint"));
    writeln!(
        out,
        "{strong}mail{strong:#}  {bounces} and {complaints} in {}",
        count(mail.messages, "message")
    )?;
    for (number, what) in [
        (mail.outside, "from another time than the log's, left out"),
        (mail.unlogged_complaints, "of the complaints without a log line"),
        (found.local, "delivered into the server's own mailboxes, not counted as sent"),
    ] {
        if number > 0 {
            writeln!(out, "      {faint}{} {what}{faint:#}", grouped(number))?;
        }
    }
    for (group, told) in &found.groups {
        self::group(out, *group, told)?;
    }
    writeln!(out)?;
    providers(out, found, top)
}

fn group(out: &mut impl Write, group: Group, told: &Told) -> io::Result<()> {
    let (strong, faint, hard, soft) = (style::STRONG, style::FAINT, style::HARD, style::SOFT);
    write!(out, "\n{strong}{:>7}{strong:#}  {}", grouped(told.count), group.title())?;
    if told.count > 0 {
        let [h, s] = [told.hard, told.soft].map(grouped);
        write!(out, "  {hard}{h} hard{hard:#}, {soft}{s} soft{soft:#}")?;
    }
    writeln!(out)?;
    let shown = &told.examples;
    let width =
        |text: fn(&Example) -> &str| shown.iter().map(|one| text(one).chars().count()).max().unwrap_or(0);
    let (names, reasons) = (width(name).min(40), width(|one| one.reason));
    for one in shown {
        let color = if one.hard { hard } else { soft };
        let words = one.diagnostic.as_deref().unwrap_or("-");
        writeln!(
            out,
            "         {:<names$}  {color}{:<reasons$}{color:#}  {}",
            printable(name(one)),
            one.reason,
            printable(&shorten(words, 100))
        )?;
        // As an editor takes the place in a log, and as `komainu explain` names one in the mail.
        let source = printable(&one.source);
        match group {
            Group::Refused => writeln!(out, "         {faint}{source}:{}{faint:#}", one.index + 1)?,
            _ => writeln!(out, "         {faint}{source} message {}{faint:#}", one.index)?,
        }
    }
    if told.count > shown.len() as u64 && !shown.is_empty() {
        writeln!(out, "         {faint}and {} more{faint:#}", grouped(told.count - shown.len() as u64))?;
    }
    Ok(())
}

fn name(one: &Example) -> &str {
    one.recipient.as_deref().unwrap_or("(nobody named)")
}

fn shorten(words: &str, most: usize) -> String {
    if words.chars().count() <= most {
        return words.to_owned();
    }
    words.chars().take(most - 1).chain(['…']).collect()
}

fn providers(out: &mut impl Write, found: &Reconciled, top: usize) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    let bold = |name| Cell::new(name).add_attribute(Attribute::Bold);
    let names = ["sent to", "sent", "delivered", "hard", "", "soft", "", "queued", "complaints", ""];
    table.set_header(names.map(bold));
    for row in found.providers.iter().take(top) {
        table.add_row(cells(row));
    }
    if found.providers.len() > top {
        let rest: Vec<&Row> = found.providers.iter().skip(top).collect();
        let name = format!("{} more", grouped(rest.len() as u64));
        table.add_row(cells(&Row::sum(name, rest)));
    }
    table.add_row(cells(&found.all));
    if anstream::AutoStream::choice(&io::stdout()) == anstream::ColorChoice::Never {
        table.force_no_tty();
    } else {
        table.enforce_styling();
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn cells(row: &Row) -> Vec<Cell> {
    let percent = |part| row.percent(part).map_or(String::new(), |percent| format!("{percent:.2} %"));
    let Row { name, sent, delivered, hard, soft, queued, complaints } = row;
    vec![
        Cell::new(printable(name)),
        Cell::new(grouped(*sent)),
        Cell::new(grouped(*delivered)),
        Cell::new(grouped(*hard)),
        Cell::new(percent(*hard)),
        Cell::new(grouped(*soft)),
        Cell::new(percent(*soft)),
        Cell::new(grouped(*queued)),
        Cell::new(grouped(*complaints)),
        Cell::new(percent(*complaints)),
    ]
}

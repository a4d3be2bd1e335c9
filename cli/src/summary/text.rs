//! The summary on a terminal: bars of block characters.

use anstyle::Style;
use komainu::printable;
use std::io::{self, Write};

use super::count::{Counts, Split};
use crate::numbers::{count, grouped};
use crate::style;

/// Columns of the longest bar.
const BAR: u64 = 40;
/// Columns of the longest name.
const NAME: usize = 32;
/// Rows of the timeline.
const TIMES: usize = 31;

/// Prints everything.
pub(super) fn print(out: &mut impl Write, counts: &Counts, top: usize) -> io::Result<()> {
    let (strong, faint) = (style::STRONG, style::FAINT);
    let total = counts.all.total();
    let (records, messages) = (count(total, "record"), count(counts.messages, "message"));
    let ordinary = grouped(counts.ordinary);
    writeln!(
        out,
        "{strong}{records}{strong:#} from {strong}{messages}{strong:#}, {ordinary} of them ordinary mail"
    )?;
    let legend: Vec<_> = counts
        .all
        .parts()
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| {
            let color = color(name);
            format!("{color}█{color:#} {name} {count}")
        })
        .collect();
    writeln!(out, "{}", legend.join("   "))?;
    for section in counts.sections(top) {
        rows(out, section.title, &section.rows, total)?;
        if let Some((more, split)) = section.rest {
            writeln!(out, "  {faint}{more} more with {} records{faint:#}", split.total())?;
        }
    }
    rows(out, "Time", &counts.timeline(TIMES), total)
}

fn rows(out: &mut impl Write, title: &str, rows: &[(String, Split)], total: u64) -> io::Result<()> {
    let Some(most) = rows.iter().map(|(_, split)| split.total()).max().filter(|most| *most > 0) else {
        return Ok(());
    };
    let strong = style::STRONG;
    writeln!(out, "\n{strong}{title}{strong:#}")?;
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(NAME);
    for (name, split) in rows {
        let share = 100.0 * split.total() as f64 / total.max(1) as f64;
        write!(out, "  {:<width$} {:>7} {share:>5.1} % ", printable(&shorten(name, width)), split.total())?;
        bar(out, split, most)?;
        writeln!(out)?;
    }
    Ok(())
}

/// A bar of coloured parts. What is there at all is seen: its share of an eighth of a column at least.
fn bar(out: &mut impl Write, split: &Split, most: u64) -> io::Result<()> {
    let mut done = 0;
    let mut drawn = 0;
    let whole = (split.total() * BAR * 8 / most).max(u64::from(split.total() > 0));
    let last = split.parts().iter().rposition(|(_, count)| *count > 0);
    for (n, (name, count)) in split.parts().into_iter().enumerate() {
        done += count;
        // Parts meet at whole columns; only the end of the bar is finer.
        let end = if last == Some(n) { whole } else { whole * done / split.total().max(1) / 8 * 8 };
        let eighths = end.saturating_sub(drawn);
        drawn = drawn.max(end);
        if eighths > 0 {
            let color = color(name);
            let full = "█".repeat((eighths / 8) as usize);
            let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][(eighths % 8) as usize];
            write!(out, "{color}{full}{part}{color:#}")?;
        }
    }
    Ok(())
}

fn color(part: &str) -> Style {
    match part {
        "hard" => style::HARD,
        "soft" => style::SOFT,
        "feedback" => style::NOTE,
        _ => style::GOOD,
    }
}

fn shorten(name: &str, width: usize) -> String {
    if name.chars().count() <= width {
        return name.to_owned();
    }
    name.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(split: Split, most: u64) -> String {
        let mut out = Vec::new();
        bar(&mut out, &split, most).expect("written");
        anstream::adapter::strip_str(&String::from_utf8(out).expect("UTF-8")).to_string()
    }

    #[test]
    fn the_longest_bar_is_full_and_the_shortest_is_seen() {
        let of = |hard, soft| Split { hard, soft, ..Split::default() };
        assert_eq!(drawn(of(3, 4), 7).chars().count(), BAR as usize);
        assert_eq!(drawn(of(1, 0), 1_000_000), "▏");
        assert_eq!(drawn(of(0, 1), 2), "█".repeat(BAR as usize / 2));
        assert_eq!(drawn(of(0, 0), 2), "");
    }
}

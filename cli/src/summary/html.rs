//! The summary as one HTML file: inline SVG and CSS, no script, nothing fetched.

use std::fmt::Write;

use super::count::{Counts, Section, Split};
use crate::numbers::grouped;

/// Columns of the timeline.
const TIMES: usize = 120;
const CHART: f64 = 900.0;
const HEIGHT: f64 = 180.0;

const STYLE: &str = include_str!("report.css");

/// The whole page.
pub(super) fn page(counts: &Counts, top: usize) -> String {
    let mut page = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.push_str("<title>Bounces</title>\n<style>\n");
    page.push_str(STYLE);
    page.push_str("</style>\n</head>\n<body>\n<main>\n<h1>What came back</h1>\n");
    tiles(&mut page, counts);
    timeline(&mut page, &counts.timeline(TIMES));
    page.push_str("<div class=\"grid\">\n");
    for section in counts.sections(top) {
        bars(&mut page, &section, counts.all.total());
    }
    page.push_str("</div>\n<footer>Made by komainu ");
    page.push_str(env!("CARGO_PKG_VERSION"));
    page.push_str("</footer>\n</main>\n</body>\n</html>\n");
    page
}

fn tiles(page: &mut String, counts: &Counts) {
    let share = |count: u64| percent(count, counts.all.total());
    let tile = |page: &mut String, class: &str, number: u64, what: &str, more: &str| {
        let number = grouped(number);
        push(
            page,
            format_args!(
                "<div class=\"tile {class}\"><b>{number}</b><span>{what}</span><i>{more}</i></div>\n"
            ),
        );
    };
    page.push_str("<div class=\"tiles\">\n");
    tile(page, "", counts.messages, "messages", &format!("{} ordinary mail", grouped(counts.ordinary)));
    tile(page, "", counts.all.total(), "records", "one a recipient");
    tile(page, "hard", counts.all.hard, "hard", &share(counts.all.hard));
    tile(page, "soft", counts.all.soft, "soft", &share(counts.all.soft));
    tile(page, "feedback", counts.all.feedback, "complaints", &share(counts.all.feedback));
    tile(page, "other", counts.all.other, "other", &share(counts.all.other));
    page.push_str("</div>\n");
}

/// Stacked columns over time.
fn timeline(page: &mut String, rows: &[(String, Split)]) {
    let Some(most) = rows.iter().map(|(_, split)| split.total()).max().filter(|most| *most > 0) else {
        return;
    };
    page.push_str("<section>\n<h2>Time</h2>\n");
    push(
        page,
        format_args!(
            "<svg class=\"time\" viewBox=\"0 0 {CHART} {}\" role=\"img\" aria-label=\"Records over time\">\n",
            HEIGHT + 24.0
        ),
    );
    push(page, format_args!("<text class=\"axis\" x=\"0\" y=\"10\">{}</text>\n", grouped(most)));
    let step = CHART / rows.len() as f64;
    for (n, (label, split)) in rows.iter().enumerate() {
        let x = n as f64 * step;
        let mut y = HEIGHT;
        push(page, format_args!("<g><title>{}: {}</title>", escape(label), describe(split)));
        for (name, count) in split.parts() {
            let height = (HEIGHT - 14.0) * count as f64 / most as f64;
            y -= height;
            if count > 0 {
                push(
                    page,
                    format_args!(
                        "<rect class=\"{name}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{height:.1}\"/>",
                        (step * 0.86).min(40.0)
                    ),
                );
            }
        }
        page.push_str("</g>\n");
    }
    push(
        page,
        format_args!("<line class=\"base\" x1=\"0\" y1=\"{HEIGHT}\" x2=\"{CHART}\" y2=\"{HEIGHT}\"/>\n"),
    );
    // As many labels as have room.
    let every = rows.len().div_ceil(9);
    for (n, (label, _)) in rows.iter().enumerate().step_by(every) {
        push(
            page,
            format_args!(
                "<text class=\"axis\"{} x=\"{:.1}\" y=\"{:.1}\">{}</text>\n",
                if n + 1 == rows.len() && n > 0 { " text-anchor=\"end\"" } else { "" },
                if n + 1 == rows.len() && n > 0 { CHART } else { n as f64 * step },
                HEIGHT + 18.0,
                escape(label)
            ),
        );
    }
    page.push_str("</svg>\n</section>\n");
}

/// A table whose cells hold bars.
fn bars(page: &mut String, section: &Section, total: u64) {
    let Some(most) = section.rows.first().map(|(_, split)| split.total()) else { return };
    push(page, format_args!("<section>\n<h2>{}</h2>\n<table>\n", section.title));
    for (name, split) in &section.rows {
        push(
            page,
            format_args!("<tr title=\"{}\"><th scope=\"row\">{}</th><td>", describe(split), escape(name)),
        );
        push(
            page,
            format_args!("<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"),
        );
        let mut x = 0.0;
        for (part, count) in split.parts() {
            let width = 100.0 * count as f64 / most as f64;
            if count > 0 {
                push(
                    page,
                    format_args!(
                        "<rect class=\"{part}\" x=\"{x:.2}\" y=\"0\" width=\"{width:.2}\" height=\"10\"/>"
                    ),
                );
            }
            x += width;
        }
        push(
            page,
            format_args!(
                "</svg></td><td>{}</td><td>{}</td></tr>\n",
                grouped(split.total()),
                percent(split.total(), total)
            ),
        );
    }
    page.push_str("</table>\n");
    if let Some((more, split)) = &section.rest {
        push(page, format_args!("<p>{more} more with {} records</p>\n", grouped(split.total())));
    }
    page.push_str("</section>\n");
}

/// A string takes everything that is written to it.
fn push(page: &mut String, text: std::fmt::Arguments<'_>) {
    let written = page.write_fmt(text);
    debug_assert!(written.is_ok());
}

fn describe(split: &Split) -> String {
    let parts: Vec<_> = split
        .parts()
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{} {name}", grouped(count)))
        .collect();
    parts.join(", ")
}

fn percent(count: u64, total: u64) -> String {
    format!("{:.1} %", 100.0 * count as f64 / total.max(1) as f64)
}

/// Names come out of other people's mail.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::columns::sample;

    #[test]
    fn a_page_stands_alone_and_names_cannot_break_it() {
        let mut counts = Counts::default();
        let mut report = sample().report;
        report.records[0].recipient = Some("x@<script>alert(1)</script>\"&.example".to_owned());
        counts.add(&report);
        let page = page(&counts, 10);
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;.example"));
        for alien in ["<script", "http:", "https:", "src=", "url(", "@import"] {
            assert!(!page.contains(alien), "{alien}");
        }
        assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
        assert!(page.contains("userunknown") && page.contains("2010-04-29"));
    }
}

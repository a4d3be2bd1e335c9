//! The few colours of the command. They say something twice, never alone.

use anstyle::{AnsiColor, Style};

/// Errors.
pub(crate) const PROBLEM: Style = AnsiColor::Red.on_default().bold();
/// Headings and names.
pub(crate) const STRONG: Style = Style::new().bold();
/// What matters less.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// A failure for good.
pub(crate) const HARD: Style = AnsiColor::Red.on_default();
/// A failure that may pass.
pub(crate) const SOFT: Style = AnsiColor::Yellow.on_default();
/// Nothing failed.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// Complaints and other feedback.
pub(crate) const NOTE: Style = AnsiColor::Magenta.on_default();

/// Text for stdout, without its colours where those are not wanted.
pub(crate) fn for_stdout(text: &str) -> String {
    match anstream::AutoStream::choice(&std::io::stdout()) {
        anstream::ColorChoice::Never => anstream::adapter::strip_str(text).to_string(),
        _ => text.to_owned(),
    }
}

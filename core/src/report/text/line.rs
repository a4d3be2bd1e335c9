//! What one line of a report's text is.

use crate::words::contains_ignore_case;

/// Whether words are more than a code or a stray mark.
pub(super) fn says_something(text: &str) -> bool {
    text.len() > 12 && text.chars().filter(|c| c.is_alphanumeric()).nth(3).is_some()
        || !text.is_ascii() && text.chars().nth(4).is_some()
}

/// Sendmail's own word on what it does next.
pub(super) fn is_remark(line: &str) -> bool {
    line.starts_with("Warning: ") || line.starts_with("Will keep trying")
}

/// A line of a list that repeats the returned mail's header.
pub(super) fn is_label(line: &str) -> bool {
    const LABELS: &[&str] = &[
        "from:",
        "to:",
        "cc:",
        "subject:",
        "sent:",
        "date:",
        "sent date:",
        "mail from:",
        "size (in bytes):",
        "number of lines:",
        "message-id:",
    ];
    let line = line.trim_start().as_bytes();
    let starts = |label: &&str| {
        line.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label.as_bytes()))
    };
    // indimail writes "From: … RCPT: … does not like recipient." on one line.
    LABELS.iter().any(starts) && !contains_ignore_case(line, b"rcpt")
}

//! What one line of a report's text is.

/// Whether words are more than a code or a stray mark.
pub(super) fn says_something(text: &str) -> bool {
    text.len() > 12 && text.chars().filter(|c| c.is_alphanumeric()).count() > 3
        || !text.is_ascii() && text.chars().count() > 4
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
    let line = line.trim_start().to_ascii_lowercase();
    // indimail writes "From: … RCPT: … does not like recipient." on one line.
    LABELS.iter().any(|label| line.starts_with(label)) && !line.contains("rcpt")
}

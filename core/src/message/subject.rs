//! Subjects: a gateway's tag set apart.

use crate::letters::lowercase;

/// Words that gateways put before a subject, lower case.
const TAGS: &[&str] = &[
    "spam",
    "bulk",
    "junk",
    "suspected spam",
    "probable spam",
    "possible spam",
    "spam?",
    "?spam?",
    "spam detected",
    "spam suspect",
    "virus",
    "ext",
    "external",
    "external email",
    "extern",
    "caution",
    "warning",
    "phishing",
    "suspicious",
    "bulk mail",
    "graymail",
    "marketing",
];

/// Splits `[SPAM] text`, `***SPAM*** text`, `{Spam?} text` into tag and text.
pub(crate) fn split_tag(subject: &str) -> (Option<&str>, &str) {
    let text = subject.trim_start();
    let Some(first) = text.chars().next().filter(|c| matches!(c, '[' | '*' | '{' | '(' | '<')) else {
        return (None, subject);
    };
    let open = text.len() - text.trim_start_matches(first).len();
    let close_char = match first {
        '[' => ']',
        '{' => '}',
        '(' => ')',
        '<' => '>',
        _ => '*',
    };
    let Some(close) = text[open..].find(close_char).map(|n| open + n) else { return (None, subject) };
    let end = text.len() - text[close..].trim_start_matches(close_char).len();
    let word = lowercase(text[open..close].trim());
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '?');
    if TAGS.contains(&bare) { (Some(&text[..end]), text[end..].trim_start()) } else { (None, subject) }
}

#[cfg(test)]
mod tests {
    use super::split_tag;

    #[test]
    fn tags_go_apart_and_lists_stay() {
        assert_eq!(split_tag("[SPAM] Returned mail"), (Some("[SPAM]"), "Returned mail"));
        assert_eq!(split_tag("***SPAM*** failure notice"), (Some("***SPAM***"), "failure notice"));
        assert_eq!(split_tag("[users] hello"), (None, "[users] hello"));
    }
}

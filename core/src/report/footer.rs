//! What mailing lists put below every mail that they pass on.

use crate::words::contains_ignore_case;

/// The text above a list's footer: a rule of underscores, and the name of the list below it. The address that follows is
/// nobody that a delivery failed to.
pub(super) fn without_footer(text: &str) -> &str {
    /// No footer is longer, and nothing else stands so near to the end.
    const LONGEST: usize = 1_000;
    /// The underscores of a rule, or more.
    const RULE: usize = 20;
    let end = text.ceil_char_boundary(text.len().saturating_sub(LONGEST));
    let Some(rule) = last_run(&text.as_bytes()[end..], RULE) else { return text };
    let (above, below) = text.split_at(end + rule);
    let above = above.trim_end_matches('_');
    let names_list = |line: &str| contains_ignore_case(line.as_bytes(), b"mailing list");
    let is_footer = below.starts_with('\n') && below.lines().nth(1).is_some_and(names_list);
    if is_footer && (above.is_empty() || above.ends_with('\n')) { above } else { text }
}

/// Where the last run of at least so many underscores ends. Most texts hold none, or few.
fn last_run(text: &[u8], least: usize) -> Option<usize> {
    let mut end = text.len();
    loop {
        end = memchr::memrchr(b'_', &text[..end])? + 1;
        let run = text[..end].iter().rev().take_while(|byte| **byte == b'_').count();
        if run >= least {
            return Some(end);
        }
        end -= run;
    }
}

#[cfg(test)]
mod tests {
    use super::without_footer;

    #[test]
    fn a_list_ends_the_text() {
        let report = "550 no such user\n\n";
        let rule = "_".repeat(47);
        let footer =
            format!("{rule}\nUsers mailing list\nUsers@lists.example.org\nhttps://lists.example.org/users\n");
        assert_eq!(without_footer(&format!("{report}{footer}")), report);
        assert_eq!(without_footer(&footer), "");
        for other in [
            format!("{report}{rule}\nThe original message follows\n"),
            format!("{report}x{footer}"),
            format!("{footer}{}", "and so on\n".repeat(200)),
            report.to_owned(),
            String::new(),
        ] {
            assert_eq!(without_footer(&other), other);
        }
    }
}

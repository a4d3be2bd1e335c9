//! `when` and `unless`: what must hold beside the words.

use super::Facts;
use crate::rules::table::{Condition, Rule, Str};

impl Rule {
    /// Whether the rule applies to the words of a field.
    pub(super) fn applies(&self, facts: &Facts<'_>, field: &str) -> bool {
        self.when.as_ref().is_none_or(|c| c.holds(facts, field))
            && !self.unless.as_ref().is_some_and(|c| c.holds(facts, field))
    }

    /// The facts that the rule asked for, as evidence: record key and value.
    pub(super) fn asked(&self, facts: &Facts<'_>) -> Vec<(&'static str, String)> {
        let Some(when) = &self.when else { return Vec::new() };
        let q = facts.question;
        let facts = [
            ("provider", !when.provider.is_empty(), facts.provider.map(str::to_owned)),
            ("command", !when.command.is_empty(), q.command.map(|c| c.to_string())),
            ("status", !when.status.is_empty(), q.status.map(str::to_owned)),
            ("reply_code", !when.reply_code.is_empty(), q.reply_code.map(|c| c.to_string())),
            ("timestamp", when.from.is_some() || when.until.is_some(), q.timestamp.map(str::to_owned)),
        ];
        facts
            .into_iter()
            .filter(|(_, asked, _)| *asked)
            .filter_map(|(key, _, value)| Some((key, value?)))
            .collect()
    }
}

impl Condition {
    fn holds(&self, facts: &Facts<'_>, field: &str) -> bool {
        let q = facts.question;
        let one_of = |list: &[Str], value: Option<&str>| {
            list.is_empty() || value.is_some_and(|v| list.iter().any(|known| known == v))
        };
        one_of(&self.provider, facts.provider)
            && one_of(&self.format, Some(q.format))
            && one_of(&self.field, Some(field))
            && (self.command.is_empty() || q.command.is_some_and(|c| self.command.contains(&c)))
            && (self.status.is_empty()
                || q.status.is_some_and(|s| self.status.iter().any(|p| is_status(p, s))))
            && is_reply_code(&self.reply_code, q.reply_code)
            && self.dates(q.timestamp)
    }

    /// Dates compare as text. Without a date, a rule that has ended does not apply, and one that has begun does.
    fn dates(&self, timestamp: Option<&str>) -> bool {
        match timestamp.and_then(|t| t.get(..10)) {
            Some(day) => {
                self.from.as_deref().is_none_or(|from| day >= from)
                    && self.until.as_deref().is_none_or(|until| day < until)
            }
            None => self.until.is_none(),
        }
    }
}

/// Whether a reply code is one of the patterns, `x` standing for any digit. No pattern asks nothing.
pub(super) fn is_reply_code(patterns: &[Str], code: Option<u16>) -> bool {
    if patterns.is_empty() {
        return true;
    }
    let Some(code) = code else { return false };
    let digits = [code / 100 % 10, code / 10 % 10, code % 10];
    patterns.iter().any(|pattern| {
        pattern.len() == 3
            && pattern.bytes().zip(digits).all(|(p, d)| p == b'x' || u16::from(p.wrapping_sub(b'0')) == d)
    })
}

/// Whether an enhanced code fits a pattern: `5.1.1`, `x.2.x`, `5.7.606-649`.
pub(super) fn is_status(pattern: &str, status: &str) -> bool {
    let (mut pattern, mut status) = (pattern, status);
    loop {
        let ((part, parts), (number, numbers)) = (first_part(pattern), first_part(status));
        if !is_part(part, number) {
            return false;
        }
        match (parts, numbers) {
            (None, None) => return true,
            (Some(rest), Some(others)) => (pattern, status) = (rest, others),
            _ => return false,
        }
    }
}

/// What stands before the first dot, and behind it. Codes are short: a search would take longer.
fn first_part(code: &str) -> (&str, Option<&str>) {
    match code.bytes().position(|byte| byte == b'.') {
        Some(dot) => (&code[..dot], Some(&code[dot + 1..])),
        None => (code, None),
    }
}

fn is_part(part: &str, number: &str) -> bool {
    if part == "x" {
        return true;
    }
    if !part.bytes().any(|byte| byte == b'-') {
        return part == number;
    }
    let range = part.split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    range.zip(number.parse().ok()).is_some_and(|((from, to), n): ((u16, u16), u16)| (from..=to).contains(&n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_patterns() {
        for (pattern, status, fits) in [
            ("5.1.1", "5.1.1", true),
            ("x.1.1", "4.1.1", true),
            ("5.1.1", "5.1.10", false),
            ("5.7.606-649", "5.7.620", true),
            ("5.7.606-649", "5.7.650", false),
            ("5.6.x", "5.6", false),
            ("5.6.x", "5.6.0.1", false),
        ] {
            assert_eq!(is_status(pattern, status), fits, "{pattern} {status}");
        }
    }

    #[test]
    fn reply_code_patterns() {
        assert!(is_reply_code(&["4xx".into()], Some(451)));
        assert!(!is_reply_code(&["4xx".into()], Some(551)));
        assert!(!is_reply_code(&["550".into()], None));
    }
}

//! One SMTP reply to a verdict.

use std::borrow::Cow;

use crate::decide::{Question, Searched, decide};
use crate::facts::provider::by_hint;
use crate::message::{date, headers::folded};
use crate::record::Verdict;
use crate::rules::RuleSet;
use crate::syntax::{reply, stage};
use crate::vocabulary::{Command, Kind};

/// What the caller knows beside the reply. All of it is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Who runs the mailbox: `google`, in any case, or a domain or mail server of theirs, such as `gmail.com`. Another one is passed
    /// over, and the reply's own words tell.
    pub provider: Option<String>,
    /// The stage that the reply answered.
    pub command: Option<Command>,
    /// An enhanced status code from elsewhere, such as a Status field. One in the text goes before it; what is none is
    /// passed over.
    pub status: Option<String>,
    /// The date of the reply: `YYYY-MM-DD`, RFC 3339, or as RFC 5322 writes it in header fields. Rules that have ended need one to
    /// apply; what is no date is passed over.
    pub date: Option<String>,
    /// The report format, such as `postfix`.
    pub format: Option<String>,
}

impl Hints {
    fn status(&self) -> Option<&str> {
        self.status.as_deref().and_then(|text| reply::codes(text).status)
    }

    fn provider<'r>(&self, rules: &'r RuleSet) -> Option<Cow<'r, str>> {
        let hint = self.provider.as_deref()?.trim();
        // A caller's own rules may ask for a provider that is not declared anywhere.
        let own = || rules.has_own().then(|| Cow::Owned(hint.to_ascii_lowercase()));
        by_hint(rules, hint).map(Cow::Borrowed).or_else(own)
    }

    /// As rules compare dates: the year first.
    fn day(&self) -> Option<String> {
        let text = self.date.as_deref()?.trim();
        let whole = date::parse_text(text).map(|date| date::to_rfc3339(&date));
        let day = || date::parse_text(&format!("{text}T00:00:00Z")).map(|_| text.to_owned());
        whole.or_else(day)
    }
}

pub(crate) fn classify_by(rules: &RuleSet, text: &str, hints: &Hints) -> Verdict {
    let line = folded(text);
    let reply = reply::read(&line);
    let (hinted, provider, day) = (hints.status(), hints.provider(rules), hints.day());
    // A code in the words is the deciding reply's own; x.0.0 says less than a hint does.
    let own = reply.status.filter(|status| hinted.is_none() || !reply::is_generic(status));
    let status = own.or_else(|| hinted.map(str::to_owned));
    // As it was given, so that evidence is a piece of it, line breaks and all.
    let diagnostic = (!line.is_empty()).then_some(text);
    let searched = diagnostic.map(|text| Searched::new(rules, "diagnostic", text));
    let told = || searched.as_ref().and_then(Searched::stage).unwrap_or_else(|| stage::of(&line));
    let command = hints.command.or_else(told);
    let question = Question {
        kind: Kind::Bounce,
        action: None,
        diagnostic,
        context: None,
        status: status.as_deref(),
        dsn_status: hinted,
        reply_code: reply.code,
        command,
        provider: provider.as_deref(),
        recipient: None,
        format: hints.format.as_deref().unwrap_or("smtp"),
        timestamp: day.as_deref(),
        feedback_type: None,
    };
    let decision = decide(rules, &question, searched);
    Verdict {
        reason: decision.reason,
        hard: decision.hard,
        blame: decision.blame,
        advice: decision.advice,
        status,
        derived_status: decision.derived_status,
        reply_code: reply.code,
        command,
        provider: decision.provider,
        source_ip: reply.source_ip,
        new_address: reply.new_address,
        retry_after: reply.retry_after,
        decided_by: decision.decided_by,
        evidence: decision.evidence,
        also: decision.also,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<String> {
        Hints { date: Some(text.to_owned()), ..Hints::default() }.day()
    }

    #[test]
    fn dates_of_every_form_compare() {
        assert_eq!(day("2014-01-02").as_deref(), Some("2014-01-02"));
        assert_eq!(day("2014-01-02T03:04:05+09:00").as_deref(), Some("2014-01-02T03:04:05+09:00"));
        assert_eq!(day("Thu, 02 Jan 2014 03:04:05 +0900").as_deref(), Some("2014-01-02T03:04:05+09:00"));
        for wrong in ["2014-99-99", "last week", "", "20140102"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn hints_are_taken_as_people_write_them() {
        let hints = Hints {
            provider: Some("Docomo".to_owned()),
            command: Some(Command::Data),
            date: Some("Thu, 02 Jan 2014 03:04:05 +0900".to_owned()),
            status: Some("511".to_owned()),
            ..Hints::default()
        };
        let verdict = crate::classify_with("550 Unknown user", &hints);
        assert_eq!((verdict.reason.as_str(), verdict.status), ("filtered", None));
        let named = |provider: &str| {
            let hints = Hints { provider: Some(provider.to_owned()), ..Hints::default() };
            crate::classify_with("550 no", &hints).provider
        };
        for google in ["google", " Google ", "gmail.com", "gmail-smtp-in.l.google.com"] {
            assert_eq!(named(google).as_deref(), Some("google"), "{google}");
        }
        assert_eq!(named("gmail"), None);
        let hints = Hints { status: Some(" 5.2.2 (mailbox)".to_owned()), ..Hints::default() };
        assert_eq!(crate::classify_with("refused", &hints).status.as_deref(), Some("5.2.2"));
    }
}

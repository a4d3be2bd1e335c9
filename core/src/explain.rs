//! Says in plain words what was decided and on what, for people who answer questions about mail.

mod typo;

use std::fmt::Write;

use crate::letters::lowercase;
use crate::printable::printable;
use crate::reason::Reason;
use crate::record::{Evidence, Record, Verdict};
use crate::rules::block_lists;
use crate::vocabulary::{Advice, Blame, DecidedBy, Kind};

impl Record {
    /// The record in plain words: who failed, why, on which words that rests, what else could have been meant, and what
    /// to do.
    #[must_use]
    pub fn explain(&self) -> String {
        Explained {
            kind: self.kind,
            recipient: self.recipient.as_deref(),
            words: self.diagnostic.as_deref(),
            reason: self.reason,
            hard: self.hard,
            blame: self.blame,
            advice: self.advice,
            decided_by: self.decided_by,
            provider: self.provider.as_deref(),
            new_address: self.new_address.as_deref(),
            retry_after: self.retry_after,
            evidence: &self.evidence,
            also: &self.also,
        }
        .text()
    }
}

impl Verdict {
    /// The verdict in plain words. Takes the reply that was classified: it may name a block list.
    ///
    /// ```
    /// let reply = "554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org";
    /// let text = komainu::classify(reply).explain(reply);
    /// assert!(text.contains("check.spamhaus.org"));
    /// ```
    #[must_use]
    pub fn explain(&self, reply: &str) -> String {
        Explained {
            kind: Kind::Bounce,
            recipient: None,
            words: Some(reply),
            reason: self.reason,
            hard: self.hard,
            blame: self.blame,
            advice: self.advice,
            decided_by: self.decided_by,
            provider: self.provider.as_deref(),
            new_address: self.new_address.as_deref(),
            retry_after: self.retry_after,
            evidence: &self.evidence,
            also: &self.also,
        }
        .text()
    }
}

/// What records and verdicts have in common here.
struct Explained<'a> {
    kind: Kind,
    recipient: Option<&'a str>,
    words: Option<&'a str>,
    reason: Reason,
    hard: bool,
    blame: Blame,
    advice: Advice,
    decided_by: DecidedBy,
    provider: Option<&'a str>,
    new_address: Option<&'a str>,
    retry_after: Option<u64>,
    evidence: &'a [Evidence],
    also: &'a [Reason],
}

impl Explained<'_> {
    fn text(&self) -> String {
        let mut out = String::new();
        // Writing into a String cannot fail.
        let _ = self.write(&mut out);
        // It is made to be printed, and holds words of whoever wrote the mail.
        printable(&out).into_owned()
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        match self.recipient {
            Some(recipient) => writeln!(out, "{recipient}: {}", kind(self.kind))?,
            None => writeln!(out, "{}", kind(self.kind))?,
        }
        writeln!(out, "Why:     {} ({})", self.reason.definition(), self.reason)?;
        if self.kind == Kind::Bounce {
            let lasting = if self.hard { "for good (hard)" } else { "for now (not hard)" };
            writeln!(out, "Lasting: {lasting}")?;
        }
        writeln!(out, "Fault:   {}", fault(self.blame))?;
        writeln!(out, "Do now:  {}", what_to_do(self.advice))?;
        if let Some(provider) = self.provider {
            writeln!(out, "Mailbox: run by {}", title(provider))?;
        }
        self.ground(out)?;
        self.hints(out)
    }

    /// What the decision rests on.
    fn ground(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "Because: {}", ground(self.decided_by))?;
        for evidence in self.evidence {
            writeln!(out, "         {} says {:?} (rule {})", evidence.field, evidence.text, evidence.rule)?;
        }
        if let Some(words) = self.words.map(str::trim).filter(|words| !words.is_empty()) {
            let lines: Vec<&str> = words.lines().collect();
            writeln!(out, "Reply:   {}", lines.join("\n         "))?;
        }
        if !self.also.is_empty() {
            let also: Vec<&str> = self.also.iter().map(|reason| reason.as_str()).collect();
            writeln!(out, "Not:     {} (matched too, and lost)", also.join(", "))?;
        }
        Ok(())
    }

    fn hints(&self, out: &mut String) -> std::fmt::Result {
        if let Some(address) = self.new_address {
            writeln!(out, "Hint:    the reply names a new address: {address}")?;
        }
        if let Some(seconds) = self.retry_after {
            writeln!(out, "Hint:    the reply asks to wait {seconds} seconds")?;
        }
        if matches!(self.reason, Reason::Blocked | Reason::SpamDetected | Reason::BadReputation) {
            self.lists(out)?;
        }
        if self.reason == Reason::NoRelaying {
            writeln!(
                out,
                "Hint:    often the domain's MX record is stale and points to a server that no longer serves it"
            )?;
        }
        let gone = matches!(self.reason, Reason::HostUnknown | Reason::UserUnknown | Reason::NotAccept)
            || matches!(self.reason, Reason::NoRelaying | Reason::NetworkError | Reason::Expired);
        let domain =
            self.recipient.and_then(|recipient| recipient.rsplit_once('@')).map(|(_, domain)| domain);
        if let Some(likely) = domain.filter(|_| gone).and_then(typo::likely) {
            writeln!(out, "Hint:    the domain looks like a typing error of {likely}")?;
        }
        Ok(())
    }

    /// The block lists that the reply names, and where a listing is looked up.
    fn lists(&self, out: &mut String) -> std::fmt::Result {
        let words = lowercase(self.words.unwrap_or_default());
        for list in block_lists() {
            if list.names.iter().any(|name| words.contains(name)) {
                writeln!(out, "List:    {}; look up and delist: {}", list.title, list.page)?;
                if !list.note.is_empty() {
                    writeln!(out, "         {}", list.note)?;
                }
            }
        }
        Ok(())
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Bounce => "could not be delivered",
        Kind::Delay => "is delayed; nothing has failed yet",
        Kind::Delivery => "was delivered",
        Kind::Feedback => "a feedback report came back",
        Kind::AutoReply => "answered automatically",
        Kind::Other => "no report",
    }
}

fn fault(blame: Blame) -> &'static str {
    match blame {
        Blame::Recipient => "the recipient's: the mailbox itself",
        Blame::Sender => "the sender's: the message, its origin or its volume",
        Blame::Receiver => "the receiving system's",
        Blame::Path => "the way between: DNS, connection or route",
        Blame::Nobody => "nobody's",
        Blame::Unknown => "the report does not say",
    }
}

fn what_to_do(advice: Advice) -> &'static str {
    match advice {
        Advice::None => "nothing",
        Advice::Suppress => "send no more mail to this address",
        Advice::Retry => "send again later",
        Advice::SlowDown => "send slower, or less, to this provider",
        Advice::FixContent => "change the message",
        Advice::ContactRecipient => "reach the recipient another way; only they can change this",
        Advice::FixSender => "repair the sending side: DNS, authentication, listing or TLS",
        Advice::Review => "have a person look at the reply",
    }
}

fn ground(by: DecidedBy) -> &'static str {
    match by {
        DecidedBy::Provider => "the provider's own words",
        DecidedBy::Phrase => "words that mean the same from anyone",
        DecidedBy::ProviderCode => "what this provider means by the code",
        DecidedBy::Status => "the registered meaning of the code",
        DecidedBy::Stage => "the stage of the dialogue or the reply code alone",
        DecidedBy::None => "nothing: no rule understands the reply, or there is none",
        DecidedBy::Format => "the kind of the message",
    }
}

/// The provider's name for people.
fn title(provider: &str) -> String {
    let known = crate::rules::builtin().tables.providers.iter().find(|p| p.name == provider);
    known.map_or_else(|| provider.to_owned(), |p| format!("{} ({provider})", p.title))
}

#[cfg(test)]
mod tests {
    use crate::{Hints, classify_with};

    #[test]
    fn says_what_and_why() {
        let reply = "550 5.7.1 relaying denied for taro@example.jp";
        let text = classify_with(reply, &Hints::default()).explain(reply);
        for words in
            ["(norelaying)", "not hard", "\"relaying denied\"", "norelaying.relay", "MX record is stale"]
        {
            assert!(text.contains(words), "{words} in:\n{text}");
        }
    }

    #[test]
    fn a_reply_cannot_command_the_terminal() {
        let reply = "550-5.1.1 \u{1b}[2JUser unknown\r\n550 5.1.1 \u{202e}bye";
        let text = classify_with(reply, &Hints::default()).explain(reply);
        assert!(
            text.contains("Reply:   550-5.1.1 ␛[2JUser unknown\n         550 5.1.1 \u{fffd}bye\n"),
            "{text}"
        );
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    }

    #[test]
    fn a_mistyped_domain_is_named() {
        let mail = b"From: MAILER-DAEMON@example.net\r\nTo: sender@example.com\r\nSubject: failure\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n\
            --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; example.net\r\n\r\n\
            Final-Recipient: rfc822; taro@ezweb.be.jp\r\nAction: failed\r\nStatus: 5.1.2\r\n\
            Diagnostic-Code: smtp; 550 5.1.2 Host unknown\r\n\r\n--b--\r\n";
        let report = crate::parse(mail);
        let text = report.records[0].explain();
        assert!(text.contains("typing error of ezweb.ne.jp"), "{text}");
    }
}

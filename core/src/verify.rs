//! Whether a report answers mail that the caller really sent.
//!
//! Anyone can write a bounce. A forged one that says `550 User unknown` takes a good address off a list, so what the
//! caller knows about its own mail is compared with what the report carries.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use crate::error::Error;
use crate::letters::lowercase;
use crate::record::{Evidence, Record, Report};
use crate::returnpath::{BatvCheck, BatvKey, Decoded, VerpPattern, batv};
use crate::syntax::address::a_domain;
use crate::vocabulary::{Advice, Authenticity, Kind};

mod age;
#[cfg(test)]
mod tests;

/// What a verifier looks at beside the records.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ReturnContext<'a> {
    /// The addresses that the report was sent to: To, Delivered-To, X-Original-To and their like, without names.
    pub(crate) returned_to: &'a [String],
}

type MessageIds = Arc<dyn Fn(&str) -> Option<bool> + Send + Sync>;
type Clock = Arc<dyn Fn() -> Option<u64> + Send + Sync>;

/// Knows the caller's own mail, and sets `authenticity` on every record.
///
/// | evidence | says | because |
/// |---|---|---|
/// | `verify.verp-token` | genuine | the report came to an address with a token for this very recipient |
/// | `verify.batv` | genuine | it came to an address that a BATV key of ours signed |
/// | `verify.message-id` | genuine | the returned mail's Message-ID is one of ours |
/// | `verify.verp-token-forged` | contradicted | the address has a token, and it is wrong |
/// | `verify.batv-forged` | contradicted | the address has a BATV tag of our key's number, and it is wrong |
/// | `verify.message-id-unknown` | contradicted | the returned mail's Message-ID is none of ours |
/// | `verify.foreign-sender` | contradicted | the returned mail's sender is not of our domains |
/// | `verify.unmarked` | contradicted | nothing of the above, though all our mail carries it ([`strict`](Self::strict)) |
/// | `verify.other-recipient` | unproven | the token is genuine, and for somebody else: a forward, or a token used again |
/// | `verify.too-old` | unproven | proven, but older than [`max_age`](Self::max_age) or than a BATV tag lives |
///
/// Tokens and tags go before Message-IDs, which every recipient of a mail has read; these go before domains. The
/// advice on a contradicted record is never `suppress`, but `review`.
///
/// Evidence names the record key that it is about. Where no key holds what was looked at, such as an address with a
/// wrong tag, it names `authenticity` itself.
///
/// ```
/// use komainu::{Analyzer, Authenticity, Verifier};
///
/// let verifier = Verifier::new().domains(["example.org"]).message_ids(["1@example.org", "2@example.org"]);
/// let analyzer = Analyzer::builder().verifier(verifier).build()?;
/// # Ok::<(), komainu::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Verifier {
    message_ids: Option<MessageIds>,
    verp: Vec<(VerpPattern, Vec<u8>)>,
    batv: Vec<BatvKey>,
    domains: Vec<String>,
    max_age: Option<u64>,
    clock: Option<Clock>,
    strict: bool,
}

impl Verifier {
    /// A verifier that knows nothing yet: every record is `unproven`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The Message-IDs of all mail that bounces may still answer. One that is missing contradicts a report.
    #[must_use]
    pub fn message_ids<I, S>(self, ids: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<str>,
    {
        let known: HashSet<String> = ids.into_iter().map(|id| bare_id(id.as_ref()).to_owned()).collect();
        self.message_ids_by(move |id| Some(known.contains(id)))
    }

    /// Asks the caller about a Message-ID, given without angle brackets: `Some(true)` ours, `Some(false)` not ours,
    /// `None` cannot tell.
    #[must_use]
    pub fn message_ids_by(mut self, known: impl Fn(&str) -> Option<bool> + Send + Sync + 'static) -> Self {
        self.message_ids = Some(Arc::new(known));
        self
    }

    /// Adds a VERP pattern with a `{token}` and the secret that its addresses were made with.
    ///
    /// # Errors
    /// A pattern without `{token}`, which proves nothing, or an empty secret.
    pub fn verp(mut self, pattern: VerpPattern, secret: impl Into<Vec<u8>>) -> Result<Self, Error> {
        let secret = secret.into();
        if !pattern.has_token() {
            return Err(Error::new(
                "the verifier's VERP pattern has no {token}: it could not prove anything",
            ));
        }
        if secret.is_empty() {
            return Err(Error::new("the verifier's VERP secret is empty; use a long random one"));
        }
        self.verp.push((pattern, secret));
        Ok(self)
    }

    /// Adds a BATV key.
    #[must_use]
    pub fn batv(mut self, key: BatvKey) -> Self {
        self.batv.push(key);
        self
    }

    /// Names the domains that we send from; their subdomains count as well.
    #[must_use]
    pub fn domains<I, S>(mut self, domains: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<str>,
    {
        self.domains.extend(domains.into_iter().map(|domain| a_domain(domain.as_ref())));
        self
    }

    /// Seconds after which a proof counts no more. The age is that of the returned mail (`arrival_date`) where the
    /// report states it, else that of the report.
    #[must_use]
    pub const fn max_age(mut self, seconds: u64) -> Self {
        self.max_age = Some(seconds);
        self
    }

    /// Sets the clock: seconds since 1970, or `None` where nobody knows. Without one it is the system's, and in the
    /// browser there is none: ages are then measured to the report's own date.
    #[must_use]
    pub fn clock(mut self, now: impl Fn() -> Option<u64> + Send + Sync + 'static) -> Self {
        self.clock = Some(Arc::new(now));
        self
    }

    /// Declares that all our mail carries what this verifier checks: a bounce, delay or success notice that shows none
    /// of it is contradicted.
    #[must_use]
    pub const fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// The patterns, which decode recipients as well.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = &VerpPattern> {
        self.verp.iter().map(|(pattern, _)| pattern)
    }

    /// Sets `authenticity` on every record.
    pub(crate) fn apply(&self, report: &mut Report, context: &ReturnContext<'_>) {
        let now = self.now();
        for record in &mut report.records {
            self.judge(record, context, now);
        }
    }

    fn judge(&self, record: &mut Record, context: &ReturnContext<'_>, now: Option<u64>) {
        let mut finding = self.find(record, context, now);
        if finding.verdict == Authenticity::Genuine
            && let Some(limit) = self.max_age
            && let Some((field, date)) = age::older_than(record, limit, now)
        {
            finding = Finding::new(Authenticity::Unproven, "verify.too-old", field, &date);
        }
        record.authenticity = Some(finding.verdict);
        if finding.verdict == Authenticity::Contradicted && record.advice == Advice::Suppress {
            record.advice = Advice::Review;
        }
        if let Some(rule) = finding.rule {
            let (field, text) =
                finding.place.unwrap_or_else(|| ("authenticity", finding.verdict.as_str().to_owned()));
            record.evidence.push(Evidence { rule: rule.to_owned(), field: field.to_owned(), text });
        }
    }

    /// The strongest finding: tokens and tags, Message-ID, domains, nothing.
    fn find(&self, record: &Record, context: &ReturnContext<'_>, now: Option<u64>) -> Finding {
        let marks = [self.verp_finding(record, context), self.batv_finding(record, context, now)];
        let mut marks: Vec<Finding> = marks.into_iter().flatten().collect();
        marks.sort_by_key(|finding| match finding.verdict {
            // A genuine token for somebody else must not be outweighed by a tag that the same mail carried.
            Authenticity::Unproven if finding.rule == Some("verify.other-recipient") => 0,
            Authenticity::Genuine => 1,
            Authenticity::Contradicted => 2,
            Authenticity::Unproven => 3,
        });
        let weaker = || self.message_id_finding(record).or_else(|| self.domain_finding(record));
        let mark = marks.into_iter().next();
        mark.or_else(weaker).unwrap_or_else(|| {
            let returned = matches!(record.kind, Kind::Bounce | Kind::Delay | Kind::Delivery);
            if self.strict && returned && self.knows_something() {
                Finding::bare(Authenticity::Contradicted, "verify.unmarked")
            } else {
                Finding { verdict: Authenticity::Unproven, rule: None, place: None }
            }
        })
    }

    fn knows_something(&self) -> bool {
        !self.verp.is_empty() || !self.batv.is_empty() || self.message_ids.is_some()
    }

    fn verp_finding(&self, record: &Record, context: &ReturnContext<'_>) -> Option<Finding> {
        let mut worst = None;
        for address in context.returned_to {
            for (pattern, secret) in &self.verp {
                let Some(found) = pattern.decode(address) else { continue };
                if !VerpPattern::token_matches(&found, secret) {
                    worst = worst.or_else(|| {
                        Some(Finding::bare(Authenticity::Contradicted, "verify.verp-token-forged"))
                    });
                    continue;
                }
                return Some(whose(&found, record));
            }
        }
        worst
    }

    fn batv_finding(
        &self,
        record: &Record,
        context: &ReturnContext<'_>,
        now: Option<u64>,
    ) -> Option<Finding> {
        let today = now.map(batv::day);
        let checks = context
            .returned_to
            .iter()
            .flat_map(|address| self.batv.iter().map(move |key| (address, key.check(address, today))));
        let mut finding = None;
        for (address, check) in checks {
            let place = || sender_of(record, address);
            match check {
                BatvCheck::Valid => {
                    return Some(Finding::at(Authenticity::Genuine, "verify.batv", place()));
                }
                BatvCheck::Expired => {
                    finding = Some(Finding::at(Authenticity::Unproven, "verify.too-old", place()));
                }
                BatvCheck::Forged => {
                    let forged = || Finding::bare(Authenticity::Contradicted, "verify.batv-forged");
                    finding = finding.or_else(|| Some(forged()));
                }
                BatvCheck::OtherKey | BatvCheck::Untagged => {}
            }
        }
        finding
    }

    fn message_id_finding(&self, record: &Record) -> Option<Finding> {
        let id = record.message_id.as_deref()?;
        match (self.message_ids.as_ref()?)(bare_id(id))? {
            true => Some(Finding::new(Authenticity::Genuine, "verify.message-id", "message_id", id)),
            false => {
                Some(Finding::new(Authenticity::Contradicted, "verify.message-id-unknown", "message_id", id))
            }
        }
    }

    fn domain_finding(&self, record: &Record) -> Option<Finding> {
        let sender = record.sender.as_deref()?;
        let (_, domain) = sender.rsplit_once('@')?;
        let domain = a_domain(domain);
        let ours = |own: &String| {
            domain.strip_suffix(own.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        (!self.domains.is_empty() && !self.domains.iter().any(ours))
            .then(|| Finding::new(Authenticity::Contradicted, "verify.foreign-sender", "sender", sender))
    }

    fn now(&self) -> Option<u64> {
        match &self.clock {
            Some(clock) => clock(),
            None => age::system_time(),
        }
    }
}

/// What one check says, and the record key and words that it is about.
struct Finding {
    verdict: Authenticity,
    rule: Option<&'static str>,
    place: Option<(&'static str, String)>,
}

impl Finding {
    fn new(verdict: Authenticity, rule: &'static str, field: &'static str, text: &str) -> Self {
        Self::at(verdict, rule, Some((field, text.to_owned())))
    }

    fn bare(verdict: Authenticity, rule: &'static str) -> Self {
        Self::at(verdict, rule, None)
    }

    fn at(verdict: Authenticity, rule: &'static str, place: Option<(&'static str, String)>) -> Self {
        Self { verdict, rule: Some(rule), place }
    }
}

/// A genuine token proves something about the recipient that it was made for, and about nobody else.
fn whose(found: &Decoded, record: &Record) -> Finding {
    let is = |address: &Option<String>| {
        address
            .as_deref()
            .filter(|address| lowercase(address) == lowercase(&found.recipient))
            .map(str::to_owned)
    };
    if let Some(text) = is(&record.recipient) {
        return Finding::at(Authenticity::Genuine, "verify.verp-token", Some(("recipient", text)));
    }
    let place = is(&record.original_recipient).map(|text| ("original_recipient", text));
    Finding::at(Authenticity::Unproven, "verify.other-recipient", place)
}

/// The record's sender, where it is the address that the tag was made for.
fn sender_of(record: &Record, tagged: &str) -> Option<(&'static str, String)> {
    let plain = lowercase(&crate::returnpath::original_sender(tagged));
    record.sender.clone().filter(|sender| lowercase(sender) == plain).map(|sender| ("sender", sender))
}

fn bare_id(id: &str) -> &str {
    id.trim().trim_start_matches('<').trim_end_matches('>')
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("message_ids", &self.message_ids.is_some())
            .field("verp", &self.verp.iter().map(|(pattern, _)| pattern).collect::<Vec<_>>())
            .field("batv", &self.batv)
            .field("domains", &self.domains)
            .field("max_age", &self.max_age)
            .field("strict", &self.strict)
            .finish_non_exhaustive()
    }
}

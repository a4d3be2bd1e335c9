//! Facts to reason: tiers, evidence, runners-up.
//!
//! The order is that of the rules' documentation: a provider's own words, words that mean the same from anyone, a
//! provider's reading of a bare code, the registered code, the stage, nothing.

mod codes;
mod condition;
mod outcome;
#[cfg(test)]
mod tests;
mod words;

use std::cell::LazyCell;

use crate::facts::provider::by_recipient;
use crate::reason::Reason;
use crate::record::Evidence;
use crate::rules::RuleSet;
use crate::rules::table::Answer;
use crate::vocabulary::{Action, Advice, Blame, Command, DecidedBy, Kind};
use words::Candidate;
pub(crate) use words::Searched;

/// Everything a decision may look at. Texts are the record's own values, so that evidence can point into them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) kind: Kind,
    pub(crate) action: Option<Action>,
    /// The record's `diagnostic`: the deciding reply's words.
    pub(crate) diagnostic: Option<&'a str>,
    /// Further words of the report that are no reply: searched only when the diagnostic decides nothing.
    pub(crate) context: Option<&'a str>,
    /// The record's `status`: of the deciding reply, else the Status field.
    pub(crate) status: Option<&'a str>,
    /// The Status field, untouched.
    pub(crate) dsn_status: Option<&'a str>,
    pub(crate) reply_code: Option<u16>,
    pub(crate) command: Option<Command>,
    /// Known from the caller, or from the host that refused; else the wording tells, else the recipient's domain.
    pub(crate) provider: Option<&'a str>,
    /// The record's `recipient`, for the provider.
    pub(crate) recipient: Option<&'a str>,
    pub(crate) format: &'a str,
    /// The record's `timestamp` (RFC 3339); its first ten characters are the date that rules compare with.
    pub(crate) timestamp: Option<&'a str>,
    /// Feedback-Type, for the advice on feedback reports.
    pub(crate) feedback_type: Option<&'a str>,
}

/// What was decided, and on what.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    pub(crate) reason: Reason,
    pub(crate) hard: bool,
    pub(crate) blame: Blame,
    pub(crate) advice: Advice,
    pub(crate) derived_status: Option<String>,
    /// The question's provider, else the one whose wording the diagnostic is.
    pub(crate) provider: Option<String>,
    pub(crate) decided_by: DecidedBy,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) also: Vec<Reason>,
}

/// A question with what was found out about it on the way.
pub(crate) struct Facts<'a> {
    question: &'a Question<'a>,
    provider: Option<&'a str>,
}

/// Reason and ground, before kind and class say what follows from them.
struct Choice {
    reason: Reason,
    decided_by: DecidedBy,
    answer: Answer,
    evidence: Vec<Evidence>,
    also: Vec<Reason>,
}

impl Choice {
    fn new(reason: Reason, decided_by: DecidedBy) -> Self {
        Self { reason, decided_by, answer: Answer::default(), evidence: Vec::new(), also: Vec::new() }
    }

    /// This choice, with a losing one in `also`.
    fn beside(mut self, loser: &Self) -> Self {
        let losers = std::iter::once(&loser.reason).chain(&loser.also);
        self.also = losers.copied().filter(|reason| *reason != self.reason).collect();
        self
    }

    fn because(mut self, rule: &str, field: &str, text: &str) -> Self {
        self.evidence.push(Evidence {
            rule: rule.to_owned(),
            field: field.to_owned(),
            text: text.to_owned(),
        });
        self
    }
}

/// Decides one question. Its diagnostic comes searched, for others ask it too.
pub(crate) fn decide(rules: &RuleSet, question: &Question<'_>, diagnostic: Option<Searched<'_>>) -> Decision {
    let wording = || {
        let n = diagnostic.as_ref()?.provider(rules)?;
        Some(&*rules.tables.providers[usize::from(n)].name)
    };
    let domain = || by_recipient(rules, question.recipient?);
    let facts = Facts { question, provider: question.provider.or_else(wording).or_else(domain) };
    let choice = match question.kind {
        Kind::Feedback => Choice::new(Reason::Feedback, DecidedBy::Format),
        Kind::AutoReply => Choice::new(Reason::Vacation, DecidedBy::Format),
        Kind::Delivery => Choice::new(Reason::Delivered, DecidedBy::Format),
        Kind::Bounce | Kind::Delay | Kind::Other => choose(rules, &facts, diagnostic.as_ref()),
    };
    outcome::decision(&facts, choice)
}

/// The reason of a bounce or delay: the tiers in their order.
fn choose(rules: &RuleSet, facts: &Facts<'_>, diagnostic: Option<&Searched<'_>>) -> Choice {
    // Most diagnostics decide by themselves: the words around them are searched only when they are asked for.
    let context = LazyCell::new(|| facts.question.context.map(|text| Searched::new(rules, "context", text)));
    let around = || context.as_ref().map(|c| c.candidates(rules, facts)).unwrap_or_default();
    let by_code = || codes::by_code(rules, facts);
    let by_context = || context.as_ref().and_then(|c| by_words(rules, facts, c, Vec::new));
    if let Some((choice, weak)) = diagnostic.and_then(|d| by_words(rules, facts, d, around)) {
        // General words give way to a code that says more, and stay beside it.
        let code = if weak && codes::is_telling(facts) {
            by_code().filter(|c| codes::outranks_weak(facts, c))
        } else {
            None
        };
        // "Service unavailable" says nothing where the report around it names a cause; that the queue's time is over
        // is none.
        let around = || {
            let vague = weak && choice.reason == Reason::SystemError;
            let found = vague.then(by_context).flatten();
            let cause = |other: &Choice, general: bool| !general && other.reason != Reason::Expired;
            found.filter(|(other, general)| cause(other, *general)).map(|(choice, _)| choice)
        };
        return match code.or_else(around) {
            Some(other) if other.reason != choice.reason => other.beside(&choice),
            _ => choice,
        };
    }
    let first = if codes::is_telling(facts) { by_code() } else { None };
    let choice = first.or_else(|| match by_context() {
        // A report holds more than the reply: a general word in a footer says less than any code.
        Some((general, true)) => by_code().or(Some(general)),
        Some((telling, false)) => Some(telling),
        None => by_code(),
    });
    choice.or_else(|| codes::by_stage(facts)).unwrap_or_else(|| nothing(facts, diagnostic))
}

/// The choice that the words of a field make, and whether they are general ones.
fn by_words<'r>(
    rules: &'r RuleSet,
    facts: &Facts<'_>,
    searched: &Searched<'_>,
    around: impl FnOnce() -> Vec<Candidate<'r>>,
) -> Option<(Choice, bool)> {
    let candidates = searched.candidates(rules, facts);
    let (mut winner, mut others) = words::ranked(&candidates, &[])?;
    // Only a winner that may give way, and to something, is worth a look at the words around.
    if winner.may_yield() && candidates.iter().any(|other| other.index != winner.index) {
        (winner, others) = words::ranked(&candidates, &around())?;
    }
    let by = if words::is_provider(&winner) { DecidedBy::Provider } else { DecidedBy::Phrase };
    let mut choice =
        Choice::new(winner.rule.reason, by).because(&winner.rule.id, searched.field, searched.text(&winner));
    for (field, text) in winner.rule.asked(facts) {
        choice = choice.because(&winner.rule.id, field, &text);
    }
    choice.answer = winner.rule.answer;
    choice.also = others;
    for &reason in winner.rule.also.iter().rev() {
        choice.also.retain(|r| *r != reason);
        choice.also.insert(0, reason);
    }
    Some((choice, winner.rule.weak))
}

/// No rule, code or stage says anything.
fn nothing(facts: &Facts<'_>, diagnostic: Option<&Searched<'_>>) -> Choice {
    let reason = if facts.question.kind == Kind::Delay {
        // A delay that names no cause is a queue that is waiting.
        Reason::Expired
    } else if diagnostic.is_some_and(Searched::has_words) {
        Reason::Undefined
    } else {
        Reason::OnHold
    };
    Choice::new(reason, DecidedBy::None)
}

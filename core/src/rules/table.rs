//! The shape of the rule tables, the same for those generated at build time and those a user gives at run time.

use std::borrow::Cow;

use crate::reason::Reason;
use crate::vocabulary::{Advice, Blame, Command};

pub(crate) type Str = Cow<'static, str>;
pub(crate) type List<T> = Cow<'static, [T]>;

/// Everything that decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tables {
    /// The distinct pieces of text that a scan looks for.
    pub(crate) segments: List<Segment>,
    /// Segments of which one may stand for another: `(user|mailbox|alias)`.
    pub(crate) sets: List<List<u16>>,
    pub(crate) phrases: List<Phrase>,
    pub(crate) rules: List<Rule>,
    /// Readings of enhanced status codes: the providers' and the registered ones.
    pub(crate) codes: List<Code>,
    pub(crate) providers: List<Provider>,
}

/// A piece of a phrase without gaps, folded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Segment {
    pub(crate) text: Str,
    /// Must not stand behind a letter or digit.
    pub(crate) left: bool,
    /// Must not stand before a letter or digit.
    pub(crate) right: bool,
}

impl Segment {
    /// A text in lower case that may begin and end within words.
    pub(crate) const fn anywhere(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text), left: false, right: false }
    }
}

/// Words that belong to a rule, or that tell a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phrase {
    pub(crate) owner: Owner,
    pub(crate) pieces: List<Piece>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Rule(u16),
    Provider(u16),
    /// Words that say nothing: what is found inside them does not count.
    Boilerplate,
}

/// One segment of a phrase, or a set of which one stands there, and what may stand before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) gap: Gap,
    pub(crate) words: Words,
}

/// Which words a piece is: numbers in [`Tables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    Segment(u16),
    Set(u16),
}

impl Words {
    /// The alternatives of a written set, without its brackets; `None` where the text is a segment.
    pub(crate) fn alternatives(text: &str) -> Option<impl Iterator<Item = &str>> {
        let inside = text.strip_prefix('(')?.strip_suffix(')')?;
        (inside.contains('|') && !inside.contains([')', '('])).then(|| inside.split('|'))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    /// Nothing is asked: the first piece of most phrases.
    None,
    /// `{..}`: at most 80 characters.
    Any,
    /// `{address}`: an address, and no more than brackets and punctuation around it.
    Address,
    /// `{host}`: likewise a host name or an IP address.
    Host,
}

impl Gap {
    /// As phrases write them.
    pub(crate) const NAMES: [(&'static str, Self); 3] =
        [("{..}", Self::Any), ("{address}", Self::Address), ("{host}", Self::Host)];
}

/// How strongly words speak (TAXONOMY section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tier {
    Provider,
    Phrase,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) id: Str,
    pub(crate) reason: Reason,
    pub(crate) tier: Tier,
    /// Whose words these are, where they are one provider's alone.
    pub(crate) provider: Option<Str>,
    /// Also looks inside addresses, host names and URLs.
    pub(crate) raw: bool,
    /// Most rules have neither of these, and a rule that is short is sooner looked at.
    pub(crate) when: Option<Box<Condition>>,
    pub(crate) unless: Option<Box<Condition>>,
    /// Words so general that a telling code says more.
    pub(crate) weak: bool,
    /// These lose against this rule wherever both match.
    pub(crate) beats: List<Target>,
    /// Words of these reasons win against this rule, whatever its tier. With its own among them it is a [frame](Self::is_frame).
    pub(crate) yields: Reasons,
    /// Reasons to name beside this one even where no words do.
    pub(crate) also: List<Reason>,
    pub(crate) answer: Answer,
}

impl Rule {
    /// What `*` among the reasons of `yields` stands for: every other reason that says anything.
    pub(crate) fn others(reason: Reason) -> impl Iterator<Item = Reason> {
        Reason::ALL.iter().copied().filter(move |other| *other < Reason::OnHold && *other != reason)
    }

    /// The words that stand before every refusal of some kind, such as "Recipient address rejected": even words that give
    /// way to all others say more.
    pub(crate) const fn is_frame(&self) -> bool {
        self.yields.holds(self.reason)
    }
}

/// A list of reasons that is quickly asked for one: the list, and one bit for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reasons {
    list: Vec<Reason>,
    bits: u64,
}

const _: () = assert!(Reason::ALL.len() <= 64, "a bit for each");

impl Reasons {
    pub(crate) const fn holds(&self, reason: Reason) -> bool {
        self.bits >> (reason as u32) & 1 != 0
    }
}

impl FromIterator<Reason> for Reasons {
    fn from_iter<I: IntoIterator<Item = Reason>>(reasons: I) -> Self {
        let list: Vec<Reason> = reasons.into_iter().collect();
        let bits = list.iter().fold(0, |bits, reason| bits | 1 << (*reason as u32));
        Self { list, bits }
    }
}

impl std::ops::Deref for Reasons {
    type Target = [Reason];

    fn deref(&self) -> &[Reason] {
        &self.list
    }
}

/// Where a rule says something else than its reason's default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) hard: Option<bool>,
    pub(crate) blame: Option<Blame>,
    pub(crate) advice: Option<Advice>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Rule(u16),
    Reason(Reason),
}

/// What must hold beside the words. A list that is empty asks nothing; of several keys all must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) provider: List<Str>,
    pub(crate) format: List<Str>,
    pub(crate) command: List<Command>,
    /// Enhanced codes; `x` stands for any number: `5.1.x`, `x.2.1`.
    pub(crate) status: List<Str>,
    /// Reply codes; `x` stands for any digit: `4xx`.
    pub(crate) reply_code: List<Str>,
    pub(crate) field: List<Str>,
    /// First day, `YYYY-MM-DD`.
    pub(crate) from: Option<Str>,
    /// First day on which it no longer holds.
    pub(crate) until: Option<Str>,
}

/// The reading of a bare enhanced status code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) id: Str,
    /// Whose reading this is; empty for the registered meaning.
    pub(crate) provider: List<Str>,
    /// `x.1.1`, `5.7.x`, or with a range at its end `5.7.606-649`.
    pub(crate) code: Str,
    /// Only beside these reply codes.
    pub(crate) reply_code: List<Str>,
    pub(crate) reason: Reason,
    pub(crate) answer: Answer,
}

/// Who runs mailboxes, and how one tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Provider {
    pub(crate) name: Str,
    pub(crate) title: Str,
    /// Domains under which its mail servers are.
    pub(crate) hosts: List<Str>,
    /// Domains of its mailboxes.
    pub(crate) domains: List<Str>,
}

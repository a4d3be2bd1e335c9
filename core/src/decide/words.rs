//! Words to a reason: which of the rules that hit wins.

use std::cmp::Reverse;

use super::Facts;
use crate::reason::Reason;
use crate::rules::RuleSet;
use crate::rules::fold::Folded;
use crate::rules::scan::Hit;
use crate::rules::table::{Owner, Rule, Target, Tier};
use crate::syntax::stage;
use crate::vocabulary::Command;

/// Hits that are compared with each other; replies in practice have fewer than 20.
const MOST: usize = 200;

/// One field of a question, folded and searched.
pub(crate) struct Searched<'a> {
    pub(super) field: &'static str,
    original: &'a str,
    folded: Folded,
    hits: Vec<Hit>,
    stage: Option<Command>,
}

/// A rule that hit, and where.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'r> {
    pub(super) rule: &'r Rule,
    pub(super) index: u16,
    hit: Hit,
}

impl Candidate<'_> {
    /// Which of two that are otherwise alike wins.
    fn is_before(&self, other: &Self) -> bool {
        let order = |c: &Self| (c.hit.start, Reverse(c.hit.end));
        self.rule.id.cmp(&other.rule.id).then_with(|| order(self).cmp(&order(other))).is_lt()
    }

    /// Whether it gives way to words of some reason, wherever they stand.
    pub(super) fn may_yield(&self) -> bool {
        !self.rule.yields.is_empty()
    }
}

impl<'a> Searched<'a> {
    pub(crate) fn new(rules: &RuleSet, field: &'static str, original: &'a str) -> Self {
        let folded = Folded::new(original);
        let mut hits = Vec::with_capacity(16);
        let mut stages = rules.scanner().scan(&rules.tables, &folded, &mut hits);
        stages.sort_unstable();
        let stage = stage::among(stages.into_iter());
        drop_boilerplate(&mut hits);
        Self { field, original, folded, hits, stage }
    }

    /// The stage that the text names, where folding did not change what stands there: what MTAs print is looked for as it is.
    pub(crate) fn stage(&self) -> Option<Option<Command>> {
        self.folded.plain.then_some(self.stage)
    }

    /// Whether there is anything but white space.
    pub(super) fn has_words(&self) -> bool {
        !self.folded.text.is_empty()
    }

    /// The provider whose wording this is.
    pub(super) fn provider(&self, rules: &RuleSet) -> Option<u16> {
        self.hits.iter().find_map(|hit| match hit.owner {
            Owner::Provider(n) => Some(n),
            Owner::Boilerplate => None,
            Owner::Rule(n) => {
                let rule = &rules.tables.rules[usize::from(n)];
                let name = rule.provider.as_deref().filter(|_| rule.raw || !hit.masked)?;
                let n = rules.tables.providers.iter().position(|p| p.name == name)?;
                u16::try_from(n).ok()
            }
        })
    }

    /// The words of a candidate as they were written.
    pub(super) fn text(&self, candidate: &Candidate<'_>) -> &'a str {
        self.folded.original(self.original, candidate.hit.start, candidate.hit.end)
    }

    /// Every rule that applies, with each of its hits.
    ///
    /// A text that hits more than [`MOST`] times is no reply: what came first decides, and comparing each with each stays
    /// cheap.
    pub(super) fn candidates<'r>(&self, rules: &'r RuleSet, facts: &Facts<'_>) -> Vec<Candidate<'r>> {
        let mut out = Vec::with_capacity(self.hits.len().min(MOST));
        for hit in self.hits.iter().take(MOST) {
            let Owner::Rule(index) = hit.owner else { continue };
            let rule = &rules.tables.rules[usize::from(index)];
            if (rule.raw || !hit.masked) && rule.applies(facts, self.field) {
                out.push(Candidate { rule, index, hit: *hit });
            }
        }
        out
    }
}

/// The candidate that wins, and the other reasons in the order in which they would: tier, `beats`, the hit that contains
/// another, the one order of reasons, the rule's id.
pub(super) fn ranked<'r>(
    all: &[Candidate<'r>],
    context: &[Candidate<'r>],
) -> Option<(Candidate<'r>, Vec<Reason>)> {
    let (first, others) = all.split_first()?;
    if others.is_empty() {
        return Some((*first, Vec::new()));
    }
    // What tells most of them apart, as numbers in the order in which they win.
    let key = |c: &Candidate<'r>| {
        let given_way = u64::from(yields(c, all, context)) * 4 + u64::from(defeats(c, all));
        given_way << 24 | (c.rule.tier as u64) << 16 | (c.rule.reason as u64) << 8 | u64::from(c.rule.weak)
    };
    let mut keys: Vec<u64> = all.iter().map(key).collect();
    let mut best = (keys[0], first);
    for (key, candidate) in keys.iter().zip(all) {
        if *key < best.0 || *key == best.0 && candidate.is_before(best.1) {
            best = (*key, candidate);
        }
    }
    keys.sort_unstable();
    // One bit for each reason that is told.
    let mut told = 1_u64 << best.1.rule.reason as u32;
    let mut also = Vec::new();
    for reason in keys.into_iter().map(|key| (key >> 8) as usize & 0xff) {
        if told >> reason & 1 == 0 {
            told |= 1 << reason;
            also.push(Reason::ALL[reason]);
        }
    }
    Some((*best.1, also))
}

/// Whether words of a reason are there to which this rule gives way, whatever its tier. Of two that would give way to each
/// other, neither does; and nothing gives way to a frame.
fn yields(c: &Candidate<'_>, all: &[Candidate<'_>], context: &[Candidate<'_>]) -> bool {
    let to = |by: &Candidate<'_>, other: &Candidate<'_>| {
        let (mine, its) = (by.rule.reason, other.rule.reason);
        mine != its && by.rule.yields.holds(its) && !other.rule.is_frame()
    };
    c.may_yield() && all.iter().chain(context).any(|other| to(c, other) && !to(other, c))
}

/// 0 for a candidate that nothing defeats, 1 for one inside another of its tier, 2 for one that another rule beats.
fn defeats(c: &Candidate<'_>, all: &[Candidate<'_>]) -> u8 {
    let mut inside = false;
    for by in all {
        if by.rule.beats(c) && by.index != c.index {
            return 2;
        }
        // How far it reaches beyond on either side: one question, since each by itself could not be foreseen.
        let before = c.hit.start.wrapping_sub(by.hit.start) as isize;
        let contains = before | by.hit.end.wrapping_sub(c.hit.end) as isize > 0;
        // However far general words reach, they say no more than telling ones among them; and where they would end an
        // address for good, no more than general ones of another reason.
        let (mine, its) = (c.rule.reason, by.rule.reason);
        let more = !by.rule.weak || c.rule.weak && (mine == its || !its.hard());
        inside |= contains && by.rule.tier == c.rule.tier && more;
    }
    u8::from(inside)
}

impl Rule {
    fn beats(&self, other: &Candidate<'_>) -> bool {
        self.beats.iter().any(|target| match target {
            Target::Rule(n) => *n == other.index,
            Target::Reason(reason) => *reason == other.rule.reason,
        })
    }
}

/// Takes out the boilerplate, every hit inside it, and every one that begins in its middle: a gap does not make the frame
/// before a reply part of the reply.
fn drop_boilerplate(hits: &mut Vec<Hit>) {
    let idle: Vec<(usize, usize)> =
        hits.iter().filter(|h| h.owner == Owner::Boilerplate).take(MOST).map(|h| (h.start, h.end)).collect();
    if idle.is_empty() {
        return;
    }
    hits.retain(|hit| {
        let inside = |&(start, end): &(usize, usize)| {
            hit.start < end && (start < hit.start || start == hit.start && hit.end <= end)
        };
        hit.owner != Owner::Boilerplate
            && (matches!(hit.owner, Owner::Provider(_)) || !idle.iter().any(inside))
    });
}

/// Whether a candidate's tier is the provider's.
pub(super) fn is_provider(c: &Candidate<'_>) -> bool {
    c.rule.tier == Tier::Provider
}

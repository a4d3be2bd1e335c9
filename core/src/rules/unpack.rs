//! The built-in tables, from the text in which the generated file holds them.

use std::borrow::Cow::{self, Borrowed};

use super::table::{
    Answer, Code, Condition, Gap, List, Owner, Phrase, Piece, Provider, Reasons, Rule, Segment, Str, Tables,
    Target, Tier, Words,
};
use crate::numbers::to_u16;
use crate::packed::{Numbered, fields};
use crate::reason::Reason;

/// What the generated file holds. [`super::render`] writes it. The items of a list stand with spaces between.
pub(crate) struct Packed {
    /// Phrases, one a line, behind the line of their owner, which begins with a tab: `=` and a rule, `@` and a provider's
    /// name, `!` for boilerplate. In a phrase, a `*` says that a word may go on there, and `(a|b)` that either may stand.
    pub(crate) phrases: &'static str,
    /// Readings of status codes, one a line: id, reason, and what else is to be said.
    pub(crate) codes: &'static str,
    /// Providers, one a line: name, title, hosts, domains.
    pub(crate) providers: &'static str,
}

impl Packed {
    pub(super) fn unpack(&self) -> Tables {
        let providers: Vec<Provider> = self.providers.lines().map(provider).collect();
        let mut rules = Vec::new();
        let mut words = Numbers { segments: Numbered::of(self.phrases), sets: Numbered::of("") };
        let mut pieces = Vec::new();
        // Where each phrase ends in `pieces`: one list for all, because thousands of small ones cost time.
        let mut ends = Vec::new();
        let mut owner = Owner::Boilerplate;
        for line in self.phrases.lines() {
            let Some(name) = line.strip_prefix('\t') else {
                pieces.extend(cut(line).map(|(gap, text)| Piece { gap, words: words.number(text) }));
                ends.push((owner, pieces.len()));
                continue;
            };
            owner = if let Some(fields) = name.strip_prefix('=') {
                rules.push(rule(fields));
                Owner::Rule(to_u16(rules.len() - 1))
            } else if let Some(name) = name.strip_prefix('@') {
                Owner::Provider(to_u16(providers.iter().take_while(|p| p.name != name).count()))
            } else {
                Owner::Boilerplate
            };
        }
        // The tables live as long as the program.
        let pieces: &'static [Piece] = pieces.leak();
        let starts = std::iter::once(0).chain(ends.iter().map(|(_, end)| *end));
        let phrases = ends
            .iter()
            .zip(starts)
            .map(|(&(owner, end), start)| Phrase { owner, pieces: Borrowed(&pieces[start..end]) });
        Tables {
            phrases: phrases.collect(),
            sets: words.sets(),
            segments: words.segments.all.into_iter().map(segment).collect(),
            rules: Cow::Owned(rules),
            codes: self.codes.lines().map(code).collect(),
            providers: Cow::Owned(providers),
        }
    }
}

fn rule(line: &'static str) -> Rule {
    let mut fields = fields(line);
    let (id, _) = fields.next().unwrap_or_default();
    let mut rule = Rule {
        id: Borrowed(id),
        reason: reason(id.split('.').next().unwrap_or_default()),
        tier: Tier::Phrase,
        provider: None,
        raw: false,
        when: None,
        unless: None,
        weak: false,
        beats: List::default(),
        yields: Reasons::default(),
        also: List::default(),
        answer: Answer::default(),
    };
    for (key, text) in fields {
        match key {
            "tier" => rule.tier = Tier::Provider,
            "provider" => rule.provider = Some(Borrowed(text)),
            "raw" => rule.raw = true,
            "weak" => rule.weak = true,
            "beats" => rule.beats = text.split(' ').map(target).collect(),
            "yields" if text == "*" => rule.yields = Rule::others(rule.reason).collect(),
            "frame" => rule.yields = Rule::others(rule.reason).chain([rule.reason]).collect(),
            "yields" => rule.yields = text.split(' ').map(reason).collect(),
            "also" => rule.also = text.split(' ').map(reason).collect(),
            _ => match key.split_once('-') {
                Some(("when", key)) => condition(rule.when.get_or_insert_default(), key, text),
                Some((_, key)) => condition(rule.unless.get_or_insert_default(), key, text),
                None => answer(&mut rule.answer, key, text),
            },
        }
    }
    rule
}

fn code(line: &'static str) -> Code {
    let mut fields = fields(line);
    let (id, _) = fields.next().unwrap_or_default();
    let mut code = Code {
        id: Borrowed(id),
        provider: List::default(),
        code: Borrowed(id.split_once('.').map_or("", |(_, code)| code)),
        reply_code: List::default(),
        reason: fields.next().map_or(Reason::Undefined, |(name, _)| reason(name)),
        answer: Answer::default(),
    };
    for (key, text) in fields {
        match key {
            "provider" => code.provider = list(text),
            "reply" => code.reply_code = list(text),
            _ => answer(&mut code.answer, key, text),
        }
    }
    code
}

fn provider(line: &'static str) -> Provider {
    let mut fields = line.split('\t');
    let mut next = || fields.next().unwrap_or_default();
    Provider { name: Borrowed(next()), title: Borrowed(next()), hosts: list(next()), domains: list(next()) }
}

fn condition(condition: &mut Condition, key: &str, text: &'static str) {
    match key {
        "provider" => condition.provider = list(text),
        "format" => condition.format = list(text),
        "command" => condition.command = text.split(' ').filter_map(|name| name.parse().ok()).collect(),
        "status" => condition.status = list(text),
        "reply" => condition.reply_code = list(text),
        "field" => condition.field = list(text),
        "from" => condition.from = Some(Borrowed(text)),
        _ => condition.until = Some(Borrowed(text)),
    }
}

fn answer(answer: &mut Answer, key: &str, text: &str) {
    match key {
        "hard" => answer.hard = text.parse().ok(),
        "blame" => answer.blame = text.parse().ok(),
        _ => answer.advice = text.parse().ok(),
    }
}

fn list(text: &'static str) -> List<Str> {
    text.split_whitespace().map(Borrowed).collect()
}

/// A rule by its number, or a reason.
fn target(name: &str) -> Target {
    name.parse().map_or_else(|_| Target::Reason(reason(name)), Target::Rule)
}

/// The tables name no other reasons than there are.
fn reason(name: &str) -> Reason {
    name.parse().unwrap_or(Reason::Undefined)
}

/// The segments, and the sets of them.
struct Numbers {
    segments: Numbered,
    sets: Numbered,
}

impl Numbers {
    fn number(&mut self, written: &'static str) -> Words {
        let Some(alternatives) = Words::alternatives(written) else {
            return Words::Segment(self.segments.number(written));
        };
        for text in alternatives {
            self.segments.number(text);
        }
        Words::Set(self.sets.number(written))
    }

    /// The numbers that the segments of each set were given.
    fn sets(&mut self) -> List<List<u16>> {
        let segments = &mut self.segments;
        let mut set = |written| {
            Words::alternatives(written).into_iter().flatten().map(|text| segments.number(text)).collect()
        };
        self.sets.all.iter().map(|written| set(written)).collect()
    }
}

fn segment(written: &'static str) -> Segment {
    let (text, left) = written.strip_prefix('*').map_or((written, true), |text| (text, false));
    let (text, right) = text.strip_suffix('*').map_or((text, true), |text| (text, false));
    Segment { text: Borrowed(text), left, right }
}

/// A phrase's segments as they are written, each with the gap before it.
fn cut(mut rest: &'static str) -> impl Iterator<Item = (Gap, &'static str)> {
    std::iter::from_fn(move || {
        let mut gap = Gap::None;
        for (name, kind) in Gap::NAMES {
            if let Some(behind) = rest.strip_prefix(name) {
                (gap, rest) = (kind, behind);
            }
        }
        let end = rest.find('{').unwrap_or(rest.len());
        let text;
        (text, rest) = rest.split_at(end);
        (!text.is_empty()).then_some((gap, text))
    })
}

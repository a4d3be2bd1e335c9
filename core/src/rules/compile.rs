//! Rule files to tables: phrases are folded and cut into segments, names resolved, contradictions refused.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::fold::{Folded, is_ideographic};
use super::source::{CodeSource, ConditionSource, File, OneOrMany, ProviderSource, RuleSource};
use super::table::{
    Code, Condition, Gap, Owner, Phrase, Piece, Provider, Rule, Segment, Str, Tables, Target, Tier, Words,
};
use crate::Error;
use crate::reason::Reason;
use crate::syntax::stage;

/// Where a file belongs: what its rules are when they do not say it themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `phrases/*.toml`, and a user's own file.
    Phrases,
    /// `providers/*.toml`.
    Providers,
}

/// Collects files into tables.
#[derive(Debug, Default)]
pub(crate) struct Compiler {
    segments: BTreeMap<Segment, u16>,
    order: Vec<Segment>,
    tables: Tables,
    /// `beats` by rule, to be resolved when all names are known.
    beats: Vec<(usize, Vec<String>)>,
}

impl Compiler {
    /// Starts with rules that are already compiled, for a user's own on top of them.
    pub(crate) fn on(tables: Tables) -> Self {
        let order = tables.segments.to_vec();
        let segments = order.iter().cloned().zip(0..).collect();
        Self { segments, order, tables, beats: Vec::new() }
    }

    /// Adds one file.
    pub(crate) fn add(&mut self, place: Place, file: &File) -> Result<(), Error> {
        for provider in &file.provider {
            self.provider(provider)?;
        }
        let own: Vec<&str> = file.provider.iter().map(|p| p.name.as_str()).collect();
        for code in &file.code {
            self.code(code, &own)?;
        }
        for boilerplate in &file.boilerplate {
            if boilerplate.source.trim().is_empty() {
                return Err(Error::new("boilerplate needs a source"));
            }
            boilerplate.phrases.iter().try_for_each(|phrase| self.phrase(Owner::Boilerplate, phrase))?;
        }
        for rule in &file.rule {
            self.rule(place, rule, &own).map_err(|e| Error::new(format!("rule {:?}: {e}", rule.id)))?;
        }
        Ok(())
    }

    /// The tables, with every name resolved.
    pub(crate) fn finish(mut self) -> Result<Tables, Error> {
        for (rule, names) in std::mem::take(&mut self.beats) {
            let targets: Result<Vec<Target>, Error> = names.iter().map(|name| self.target(name)).collect();
            self.tables.rules.to_mut()[rule].beats = Cow::Owned(targets?);
        }
        self.refuse_cycles()?;
        self.tables.segments = Cow::Owned(self.order);
        Ok(self.tables)
    }

    fn target(&self, name: &str) -> Result<Target, Error> {
        if let Some(n) = self.tables.rules.iter().position(|r| r.id == name) {
            return Ok(Target::Rule(index(n)?));
        }
        name.parse::<Reason>().map(Target::Reason).map_err(|_| {
            Error::new(format!(
                "beats {name:?}, which is neither a rule's id nor a reason; see `komainu rules list`"
            ))
        })
    }

    /// Two rules that beat each other, directly or through others, would make the answer depend on their order.
    fn refuse_cycles(&self) -> Result<(), Error> {
        let rules = &self.tables.rules;
        let beats = |n: usize| {
            (0..rules.len()).filter(move |&other| {
                other != n
                    && rules[n].beats.iter().any(|target| match target {
                        Target::Rule(rule) => usize::from(*rule) == other,
                        Target::Reason(reason) => *reason == rules[other].reason,
                    })
            })
        };
        // 0: not seen, 1: on the way here, 2: done.
        let mut state = vec![0_u8; rules.len()];
        for start in 0..rules.len() {
            let mut way = vec![(start, false)];
            while let Some((n, done)) = way.pop() {
                if done {
                    state[n] = 2;
                    continue;
                }
                if state[n] != 0 {
                    continue;
                }
                state[n] = 1;
                way.push((n, true));
                for other in beats(n) {
                    match state[other] {
                        1 => {
                            return Err(Error::new(format!(
                                "rules {:?} and {:?} beat each other; take one out of the other's `beats`",
                                rules[n].id, rules[other].id
                            )));
                        }
                        0 => way.push((other, false)),
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }

    fn provider(&mut self, source: &ProviderSource) -> Result<(), Error> {
        if source.source.trim().is_empty() {
            return Err(Error::new(format!("provider {:?} needs a source", source.name)));
        }
        let n = match self.tables.providers.iter().position(|p| p.name == source.name) {
            Some(n) => n,
            None => {
                self.tables.providers.to_mut().push(Provider {
                    name: owned(&source.name),
                    title: owned(&source.title),
                    hosts: list(&source.hosts),
                    domains: list(&source.domains),
                });
                self.tables.providers.len() - 1
            }
        };
        let owner = Owner::Provider(index(n)?);
        source.wordings.iter().try_for_each(|phrase| self.phrase(owner, phrase))
    }

    fn code(&mut self, source: &CodeSource, own: &[&str]) -> Result<(), Error> {
        let named: Vec<&str> = source.provider.iter().map(String::as_str).collect();
        let provider = if named.is_empty() { own } else { &named };
        if source.meaning.trim().is_empty() || source.source.trim().is_empty() {
            return Err(Error::new(format!("code {:?} needs a meaning and a source", source.code)));
        }
        let id = match provider.first() {
            Some(first) => format!("{first}.{}", source.code),
            None => format!("status.{}", source.code),
        };
        self.tables.codes.to_mut().push(Code {
            id: Cow::Owned(id),
            provider: provider.iter().map(|p| owned(p)).collect(),
            code: owned(&source.code),
            reply_code: many(&source.reply_code),
            reason: source.reason.parse()?,
            answer: source.answer()?,
        });
        Ok(())
    }

    fn rule(&mut self, place: Place, source: &RuleSource, own: &[&str]) -> Result<(), Error> {
        if self.tables.rules.iter().any(|r| r.id == source.id) {
            return Err(Error::new("this id stands twice; ids are unique"));
        }
        let Some((reason, _)) = source.id.split_once('.') else {
            return Err(Error::new("an id is `reason.name`, such as `userunknown.no-mailbox`"));
        };
        let reason = reason.parse::<Reason>()?;
        if source.phrases.is_empty() || source.examples.is_empty() || source.source.trim().is_empty() {
            return Err(Error::new("a rule needs phrases, examples and a source"));
        }
        let condition = |source: &ConditionSource| condition(source).map(Box::new);
        let when = source.when.as_ref().map(condition).transpose()?;
        let named = when.as_ref().is_some_and(|w| !w.provider.is_empty());
        let tier = if place == Place::Providers || named { Tier::Provider } else { Tier::Phrase };
        let provider = match &source.provider {
            Some(provider) if provider.is_empty() => None,
            Some(provider) => Some(owned(provider)),
            None if named => None,
            None => own.first().map(|p| owned(p)),
        };
        let rule = self.tables.rules.len();
        let reasons =
            |names: &[String]| names.iter().map(|n| n.parse::<Reason>()).collect::<Result<Vec<_>, _>>();
        self.tables.rules.to_mut().push(Rule {
            id: owned(&source.id),
            reason,
            tier,
            provider,
            raw: source.raw,
            weak: source.weak,
            when,
            unless: source.unless.as_ref().map(condition).transpose()?,
            beats: Cow::Borrowed(&[]),
            yields: match source.yields.as_slice() {
                [all, own @ ..] if all == "*" => Rule::others(reason).chain(reasons(own)?).collect(),
                names => reasons(names)?.into_iter().collect(),
            },
            also: Cow::Owned(reasons(&source.also)?),
            answer: source.answer()?,
        });
        self.beats.push((rule, source.beats.clone()));
        let owner = Owner::Rule(index(rule)?);
        source.phrases.iter().try_for_each(|phrase| self.phrase(owner, phrase))
    }

    fn phrase(&mut self, owner: Owner, phrase: &str) -> Result<(), Error> {
        let mut pieces = Vec::new();
        let mut gap = Gap::None;
        let mut rest = phrase;
        loop {
            let (text, next) = match rest.find('{') {
                Some(at) => (&rest[..at], Some(&rest[at..])),
                None => (rest, None),
            };
            if !text.trim().is_empty() {
                pieces.push(Piece { gap, words: self.words(text.trim())? });
            } else if !pieces.is_empty() || gap != Gap::None {
                return Err(Error::new(format!("phrase {phrase:?}: a gap needs words behind it")));
            }
            let Some(next) = next else { break };
            let wrong =
                || Error::new(format!("phrase {phrase:?}: gaps are {{..}}, {{address}} and {{host}}"));
            let end = next.find('}').ok_or_else(wrong)?;
            gap = match &next[1..end] {
                ".." if !pieces.is_empty() => Gap::Any,
                "address" => Gap::Address,
                "host" => Gap::Host,
                _ => return Err(wrong()),
            };
            rest = &next[end + 1..];
        }
        if pieces.is_empty() {
            return Err(Error::new(format!("phrase {phrase:?} holds no words")));
        }
        self.tables.phrases.to_mut().push(Phrase { owner, pieces: Cow::Owned(pieces) });
        Ok(())
    }

    /// One segment, or with `(a|b)` a set of them.
    fn words(&mut self, text: &str) -> Result<Words, Error> {
        let Some(alternatives) = Words::alternatives(text) else {
            if text.contains('(') && text.contains('|') {
                return Err(Error::new(format!(
                    "{text:?}: a set stands alone: (user|mailbox) {{..}} (left|gone)"
                )));
            }
            return self.segment(text).map(Words::Segment);
        };
        let set: Vec<u16> =
            alternatives.map(|text| self.segment(text.trim())).collect::<Result<_, Error>>()?;
        let sets = &mut self.tables.sets;
        let n = sets.iter().position(|known| **known == *set).unwrap_or(sets.len());
        if n == sets.len() {
            sets.to_mut().push(Cow::Owned(set));
        }
        index(n).map(Words::Set)
    }

    fn segment(&mut self, text: &str) -> Result<u16, Error> {
        let (text, left) = match text.strip_prefix('*') {
            Some(text) => (text, false),
            None => (text, true),
        };
        let (text, right) = match text.strip_suffix('*') {
            Some(text) => (text, false),
            None => (text, true),
        };
        let folded = Folded::new(text).text;
        let folded = folded.trim();
        let least = 2;
        if folded.chars().count() < least {
            return Err(Error::new(format!("{text:?} is too short to search for")));
        }
        let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_ideographic(c));
        let segment = Segment {
            left: left && word(folded.chars().next()),
            right: right && word(folded.chars().next_back()),
            text: owned(folded),
        };
        if let Some(n) = self.segments.get(&segment) {
            return Ok(*n);
        }
        let n = index(self.order.len())?;
        // The words of stages are counted behind them.
        index(usize::from(n) + stage::words().count())?;
        self.segments.insert(segment.clone(), n);
        self.order.push(segment);
        Ok(n)
    }
}

fn condition(source: &ConditionSource) -> Result<Condition, Error> {
    let day = |day: &Option<String>| match day {
        Some(day) if day.len() != 10 || !day.bytes().all(|b| b.is_ascii_digit() || b == b'-') => {
            Err(Error::new(format!("{day:?} is no day; write YYYY-MM-DD")))
        }
        Some(day) => Ok(Some(owned(day))),
        None => Ok(None),
    };
    let commands: Result<Vec<_>, _> = source.command.iter().map(|c| c.parse()).collect();
    Ok(Condition {
        provider: many(&source.provider),
        format: many(&source.format),
        command: Cow::Owned(commands?),
        status: many(&source.status),
        reply_code: many(&source.reply_code),
        field: many(&source.field),
        from: day(&source.from)?,
        until: day(&source.until)?,
    })
}

fn owned(text: &str) -> Str {
    Cow::Owned(text.to_owned())
}

fn list(texts: &[String]) -> super::table::List<Str> {
    texts.iter().map(|t| owned(t)).collect()
}

fn many(texts: &OneOrMany) -> super::table::List<Str> {
    texts.iter().map(|t| owned(t)).collect()
}

/// Tables count in 16 bits.
fn index(n: usize) -> Result<u16, Error> {
    u16::try_from(n).map_err(|_| Error::new("too many rules: tables hold 65,535 phrases"))
}

//! Every rule proves itself: its examples, its phrases, and what it must not take.

use super::RuleSet;
use super::fold::Folded;
use super::scan::Hit;
use super::source::{Ask, File, RuleSource};
use super::table::{Owner, Words};
use crate::Error;
use crate::classify::{Hints, classify_by};
use crate::reason::Reason;
use crate::record::Verdict;

/// What is wrong with the rules of a file, one sentence each; empty when all are proven.
pub(crate) fn prove(rules: &RuleSet, file: &File) -> Vec<String> {
    file.rule.iter().flat_map(|rule| prove_one(rules, rule)).collect()
}

fn prove_one(rules: &RuleSet, rule: &RuleSource) -> Vec<String> {
    let mut faults = Vec::new();
    let asks: Vec<Ask> = rule.examples.iter().map(super::source::Example::ask).collect();
    for ask in &asks {
        match answer(rules, ask) {
            Err(e) => faults.push(format!("{}: example {:?}: {e}", rule.id, ask.text)),
            Ok(verdict) => faults.extend(lost(rule, ask, &verdict)),
        }
    }
    for words in idle(rules, rule, &asks) {
        faults.push(format!("{}: no example holds {words}; add one, or take it out", rule.id));
    }
    for counter in &rule.not {
        let ask = counter.ask();
        match answer(rules, &ask) {
            Err(e) => faults.push(format!("{}: not {:?}: {e}", rule.id, ask.text)),
            Ok(verdict) if verdict.reason.as_str() != counter.reason => faults.push(format!(
                "{}: not {:?}: must be {}, and {} says {}; give the right rule a longer phrase or a `beats`",
                rule.id,
                ask.text,
                counter.reason,
                winner(&verdict),
                verdict.reason
            )),
            Ok(_) => {}
        }
    }
    faults
}

/// An example that this very rule does not win.
fn lost(rule: &RuleSource, ask: &Ask, verdict: &Verdict) -> Option<String> {
    let winner = winner(verdict);
    if winner != rule.id {
        return Some(format!(
            "{}: example {:?} is won by {winner} ({}, {:?}); make a phrase of {} longer, give it `beats = [{winner:?}]`, \
             or move the example there",
            rule.id,
            ask.text,
            verdict.reason,
            verdict.evidence.first().map_or("", |e| e.text.as_str()),
            rule.id,
        ));
    }
    if ask.hard.is_some_and(|hard| hard != verdict.hard) {
        return Some(format!("{}: example {:?}: hard is {}", rule.id, ask.text, verdict.hard));
    }
    let evidence = &verdict.evidence[0];
    (!ask.text.contains(&evidence.text)).then(|| {
        format!("{}: example {:?} does not hold its evidence {:?}", rule.id, ask.text, evidence.text)
    })
}

fn winner(verdict: &Verdict) -> String {
    verdict.evidence.first().map_or_else(|| "no rule".to_owned(), |e| e.rule.clone())
}

/// Phrases that no example of their rule hits, and words of a set that stand in no hit of their phrase.
fn idle(rules: &RuleSet, rule: &RuleSource, asks: &[Ask]) -> Vec<String> {
    let tables = &rules.tables;
    let Some(n) = tables.rules.iter().position(|r| r.id == rule.id) else { return Vec::new() };
    let owned =
        tables.phrases.iter().filter(|p| matches!(p.owner, Owner::Rule(owner) if usize::from(owner) == n));
    let texts: Vec<Folded> = asks.iter().map(|ask| Folded::new(&ask.text)).collect();
    let mut out = Vec::new();
    for (written, phrase) in rule.phrases.iter().zip(owned) {
        let found: Vec<&str> = texts.iter().flat_map(|text| found(rules, phrase, text)).collect();
        if found.is_empty() {
            out.push(format!("the phrase {written:?}"));
            continue;
        }
        for piece in phrase.pieces.iter() {
            let Words::Set(set) = piece.words else { continue };
            let words = tables.sets[usize::from(set)].iter().map(|n| &tables.segments[usize::from(*n)].text);
            let unused = words.filter(|word| !found.iter().any(|hit| hit.contains(&***word)));
            out.extend(unused.map(|word| format!("{word:?} of the phrase {written:?}")));
        }
    }
    out
}

/// The words with which one phrase is in a text, apart from all others.
fn found<'t>(rules: &RuleSet, phrase: &super::table::Phrase, folded: &'t Folded) -> Vec<&'t str> {
    let mut hits: Vec<Hit> = Vec::new();
    rules.scanner().scan_for(&rules.tables, folded, &mut hits, |p| std::ptr::eq(p, phrase));
    hits.iter().map(|hit| &folded.text[hit.start..hit.end]).collect()
}

fn answer(rules: &RuleSet, ask: &Ask) -> Result<Verdict, Error> {
    let hints = Hints {
        provider: ask.provider.clone(),
        command: ask.command.as_deref().map(str::parse).transpose()?,
        status: ask.status.clone(),
        date: ask.date.clone(),
        format: ask.format.clone(),
    };
    Ok(classify_by(rules, &ask.text, &hints))
}

/// Names in `not` that are no reasons are mistakes of their own.
pub(crate) fn unknown_reasons(file: &File) -> Result<(), Error> {
    for counter in file.rule.iter().flat_map(|r| &r.not) {
        counter.reason.parse::<Reason>()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule files: path below `core/rules`, and text.
    fn sources() -> Vec<(String, String)> {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let mut out = Vec::new();
        for folder in ["phrases", "providers", "."] {
            let entries = std::fs::read_dir(root.join(folder)).unwrap_or_else(|e| panic!("{folder}: {e}"));
            for path in entries.filter_map(|entry| entry.ok().map(|e| e.path())) {
                if path.extension().is_some_and(|e| e == "toml") && !path.ends_with("reasons.toml") {
                    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path:?}: {e}"));
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    out.push((format!("{folder}/{name}"), text));
                }
            }
            // The folders stand in their order, the files by name, as `cargo xtask generate` reads them.
            let at = out.iter().position(|(path, _)| path.starts_with(folder)).unwrap_or_default();
            out[at..].sort();
        }
        out
    }

    #[test]
    fn the_tables_are_what_the_files_say() {
        let (rules, _) = crate::rules::from_files(&sources()).unwrap();
        let tables = &crate::rules::builtin().tables;
        assert!(tables.segments == rules.tables.segments, "segments");
        assert!(tables.sets == rules.tables.sets, "sets");
        assert!(tables.phrases == rules.tables.phrases, "phrases");
        assert!(*tables == rules.tables, "rules, codes or providers");
    }

    /// Whoever doubts a provider's rule must be able to look it up, and to see how old it is.
    #[test]
    fn providers_say_where_and_when() {
        let dated = |source: &str| {
            source.split(|c: char| !c.is_ascii_digit()).any(|n| n.len() == 4 && n.starts_with("20"))
        };
        let mut seen = 0;
        for (path, text) in sources().iter().filter(|(path, _)| path.starts_with("providers/")) {
            let file: File = toml::from_str(text).unwrap_or_else(|e| panic!("{path}: {e}"));
            let providers = file.provider.iter().map(|p| &p.source);
            let rules = file.rule.iter().map(|r| &r.source).chain(file.code.iter().map(|c| &c.source));
            for source in providers.chain(rules) {
                assert!(dated(source), "{path}: no year in {source:?}");
                seen += 1;
            }
        }
        assert!(seen > 200, "{seen}");
    }

    #[test]
    fn every_rule_proves_itself() {
        let mut faults = Vec::new();
        let mut proven = 0;
        for (path, text) in sources() {
            let file: File = toml::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"));
            unknown_reasons(&file).unwrap_or_else(|e| panic!("{path}: {e}"));
            proven += file.rule.len();
            faults.extend(prove(crate::rules::builtin(), &file));
        }
        assert!(faults.is_empty(), "{} faults in {proven} rules:\n{}", faults.len(), faults.join("\n"));
        assert_eq!(
            proven,
            crate::rules::builtin().tables.rules.len(),
            "the tables are not what core/rules says"
        );
    }
}

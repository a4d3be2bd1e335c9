//! A caller's own rules at run time: read, merged with the built-in ones, and proven like them.

use super::compile::{Compiler, Place};
use super::source::{ConditionSource, File, RuleSource};
use super::{RuleDoc, RuleSet, builtin, proof};
use crate::Error;

impl RuleSet {
    /// The built-in rules with a caller's own, from the text of a rule file.
    ///
    /// A rule may beat a built-in one of any tier by naming its id, or all rules of a reason, in `beats`. Every rule proves
    /// itself: its examples must be won by it among all rules, every phrase must be hit by an example, and every `not` must
    /// give its named reason.
    ///
    /// ```
    /// let rules = komainu::rules::RuleSet::with_toml(r#"
    ///     [[rule]]
    ///     id       = "suspend.example-parked"
    ///     phrases  = ["parked for the winter"]
    ///     source   = "our own partner's gateway"
    ///     examples = ["550 5.1.1 this mailbox is parked for the winter"]
    /// "#)?;
    /// let analyzer = komainu::Analyzer::builder().rules(rules).build()?;
    /// let verdict = analyzer.classify("550 mailbox parked for the winter", &komainu::Hints::default());
    /// assert_eq!(verdict.reason, komainu::Reason::Suspend);
    /// # Ok::<(), komainu::Error>(())
    /// ```
    ///
    /// # Errors
    /// A text that is no rule file, a rule that contradicts another, or one that does not prove itself: the message says
    /// which rules and what to do.
    pub fn with_toml(text: &str) -> Result<Self, Error> {
        let (rules, faults) = merge(text)?;
        if faults.is_empty() { Ok(rules) } else { Err(Error::new(faults.join("\n"))) }
    }
}

/// Reads, merges and proves the rule files of `core/rules` as they are on disk, given as (path below it, text): for those
/// who write rules and do not want to generate and compile for every try.
///
/// # Errors
/// A file that is no rule file, or rules that cannot be merged.
#[doc(hidden)]
pub fn from_files(files: &[(String, String)]) -> Result<(RuleSet, Vec<String>), Error> {
    let mut compiler = Compiler::default();
    let files = read_files(files)?;
    for (path, file) in &files {
        compiler.add(place(path), file).map_err(|e| Error::new(format!("core/rules/{path}: {e}")))?;
    }
    let rules = RuleSet::new(compiler.finish()?);
    let faults = files.iter().flat_map(|(_, file)| proof::prove(&rules, file)).collect();
    Ok((rules, faults))
}

/// The rule files, read.
pub(super) fn read_files(files: &[(String, String)]) -> Result<Vec<(&str, File)>, Error> {
    let read = |(path, text): &'_ (String, String)| -> Result<File, Error> {
        let wrong = |e: &dyn std::fmt::Display| Error::new(format!("core/rules/{path}: {e}"));
        let file: File = toml::from_str(text).map_err(|e| wrong(&e))?;
        proof::unknown_reasons(&file).map_err(|e| wrong(&e))?;
        Ok(file)
    };
    files.iter().map(|pair| Ok((pair.0.as_str(), read(pair)?))).collect()
}

/// Rules in `providers/` are the providers' own words.
pub(super) fn place(path: &str) -> Place {
    if path.starts_with("providers/") { Place::Providers } else { Place::Phrases }
}

/// Checks a rule file as [`RuleSet::with_toml`] would use it: what is wrong, one sentence for each fault. No sentence
/// means that every rule is proven.
///
/// # Errors
/// A text that is no rule file at all, or rules that cannot be merged.
pub fn check(text: &str) -> Result<Vec<String>, Error> {
    Ok(merge(text)?.1)
}

fn merge(text: &str) -> Result<(RuleSet, Vec<String>), Error> {
    let file: File = toml::from_str(text).map_err(|e| Error::new(format!("no rule file: {e}")))?;
    proof::unknown_reasons(&file)?;
    let mut compiler = Compiler::on(builtin().tables.clone());
    compiler.add(Place::Phrases, &file)?;
    let mut rules = RuleSet::new(compiler.finish()?);
    rules.own = file.rule.iter().map(document).collect();
    let faults = proof::prove(&rules, &file);
    Ok((rules, faults))
}

fn document(rule: &RuleSource) -> RuleDoc {
    let texts = |texts: &[String]| texts.iter().map(|text| text.clone().into()).collect();
    RuleDoc {
        id: rule.id.clone().into(),
        phrases: texts(&rule.phrases),
        when: conditions(rule).into(),
        source: rule.source.clone().into(),
        examples: rule.examples.iter().map(|example| example.ask().text.into()).collect(),
    }
}

/// `when`, `unless`, `beats` and `yields` of a rule, on one line each.
pub(super) fn conditions(rule: &RuleSource) -> String {
    let condition = |name: &str, condition: Option<&ConditionSource>| {
        let parts: Vec<String> =
            condition?.parts().iter().map(|(key, value)| format!("{key} = {value}")).collect();
        Some(format!("{name} = {{ {} }}", parts.join(", ")))
    };
    let list = |name: &str, names: &[String]| (!names.is_empty()).then(|| format!("{name} = {names:?}"));
    [
        condition("when", rule.when.as_ref()),
        condition("unless", rule.unless.as_ref()),
        list("beats", &rule.beats),
        list("yields", &rule.yields),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join("\n")
}

impl ConditionSource {
    /// The keys that are given, with their values as TOML.
    fn parts(&self) -> Vec<(&'static str, String)> {
        let lists = [
            ("provider", &self.provider),
            ("format", &self.format),
            ("command", &self.command),
            ("status", &self.status),
            ("reply_code", &self.reply_code),
            ("field", &self.field),
        ];
        let dates = [("from", &self.from), ("until", &self.until)];
        let lists = lists.into_iter().filter_map(|(key, list)| {
            let values: Vec<&String> = list.iter().collect();
            (!values.is_empty()).then(|| (key, format!("{values:?}")))
        });
        lists
            .chain(dates.into_iter().filter_map(|(key, day)| Some((key, format!("{:?}", day.as_ref()?)))))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = r#"
        [[rule]]
        id       = "filtered.parked"
        phrases  = ["user unknown, or so we say"]
        beats    = ["userunknown"]
        source   = "test"
        examples = ["550 5.1.1 user unknown, or so we say"]
    "#;

    #[test]
    fn own_rules_are_merged_and_proven() {
        let rules = RuleSet::with_toml(RULE).expect("the rule proves itself");
        assert!(rules.show("filtered.parked").is_some());
        assert_eq!(rules.list().count(), builtin().list().count() + 1);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, word) in [
            ("nonsense", "no rule file"),
            (&RULE.replace("filtered.parked", "nosuchreason.parked"), "nosuchreason"),
            (&RULE.replace("[\"userunknown\"]", "[\"userunknow\"]"), "userunknow"),
            (
                &RULE.replace("550 5.1.1 user unknown, or so we say", "550 mailbox full"),
                "is won by mailboxfull.full",
            ),
            (&RULE.replace("filtered.parked", "userunknown.user"), "stands twice"),
            (&RULE.replace("phrases  = [", "phrases  = [\"never seen\", "), "no example holds"),
            (&RULE.replace("[\"user unknown,", "[\"(user|login) {..}"), "\"login\" of the phrase"),
            (&RULE.replace("[\"user unknown,", "[\"the (user|login)"), "a set stands alone"),
            (&RULE.replace("[\"user unknown,", "[\"(user|login) (gone|left)\", \""), "a set stands alone"),
        ] {
            let error = RuleSet::with_toml(text).expect_err(text).to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}

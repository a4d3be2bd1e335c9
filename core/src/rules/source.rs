//! Rule files: TOML to tables.
//!
//! The generator reads the files of `core/rules` with this, and a program its own rules at run time: the same checks and
//! the same meaning.

use serde::Deserialize;

use crate::vocabulary::{Advice, Blame};

/// One file of rules.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(default)]
    pub(crate) rule: Vec<RuleSource>,
    #[serde(default)]
    pub(crate) code: Vec<CodeSource>,
    #[serde(default)]
    pub(crate) provider: Vec<ProviderSource>,
    #[serde(default)]
    pub(crate) list: Vec<ListSource>,
    #[serde(default)]
    pub(crate) boilerplate: Vec<BoilerplateSource>,
}

/// Sentences that stand in many replies and say nothing of this one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BoilerplateSource {
    pub(crate) phrases: Vec<String>,
    pub(crate) source: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleSource {
    /// `reason.name`: the reason is the part before the dot.
    pub(crate) id: String,
    pub(crate) phrases: Vec<String>,
    #[serde(default)]
    pub(crate) raw: bool,
    #[serde(default)]
    pub(crate) weak: bool,
    /// Whose words these are. In a provider's file: that provider, unless `when` names one.
    pub(crate) provider: Option<String>,
    pub(crate) when: Option<ConditionSource>,
    pub(crate) unless: Option<ConditionSource>,
    #[serde(default)]
    pub(crate) beats: Vec<String>,
    #[serde(default)]
    pub(crate) yields: Vec<String>,
    #[serde(default)]
    pub(crate) also: Vec<String>,
    pub(crate) hard: Option<bool>,
    pub(crate) blame: Option<String>,
    pub(crate) advice: Option<String>,
    pub(crate) source: String,
    pub(crate) examples: Vec<Example>,
    #[serde(default)]
    pub(crate) not: Vec<Counter>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ConditionSource {
    pub(crate) provider: OneOrMany,
    pub(crate) format: OneOrMany,
    pub(crate) command: OneOrMany,
    pub(crate) status: OneOrMany,
    pub(crate) reply_code: OneOrMany,
    pub(crate) field: OneOrMany,
    pub(crate) from: Option<String>,
    pub(crate) until: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, String> {
        match self {
            Self::One(one) => std::slice::from_ref(one).iter(),
            Self::Many(many) => many.iter(),
        }
    }
}

/// A reply that the rule must win: the text, or the text with what is known beside it.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Example {
    Text(String),
    Full(Ask),
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Ask {
    pub(crate) text: String,
    pub(crate) provider: Option<String>,
    pub(crate) command: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) date: Option<String>,
    pub(crate) format: Option<String>,
    /// The value that the record's `hard` must have.
    pub(crate) hard: Option<bool>,
}

/// A reply that looks like the rule's and must give another reason.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Counter {
    pub(crate) reason: String,
    pub(crate) text: String,
    pub(crate) provider: Option<String>,
    pub(crate) command: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) date: Option<String>,
    pub(crate) format: Option<String>,
}

impl Example {
    pub(crate) fn ask(&self) -> Ask {
        match self {
            Self::Text(text) => Ask { text: text.clone(), ..Ask::default() },
            Self::Full(ask) => ask.clone(),
        }
    }
}

impl Counter {
    pub(crate) fn ask(&self) -> Ask {
        let it = self.clone();
        Ask {
            text: it.text,
            provider: it.provider,
            command: it.command,
            status: it.status,
            date: it.date,
            format: it.format,
            hard: None,
        }
    }
}

/// A reading of an enhanced status code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeSource {
    pub(crate) code: String,
    /// What the registry, or the provider, calls it.
    pub(crate) meaning: String,
    /// Whose reading; in a provider's file: its providers.
    #[serde(default)]
    pub(crate) provider: OneOrMany,
    #[serde(default)]
    pub(crate) reply_code: OneOrMany,
    pub(crate) reason: String,
    pub(crate) hard: Option<bool>,
    pub(crate) blame: Option<String>,
    pub(crate) advice: Option<String>,
    pub(crate) source: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderSource {
    pub(crate) name: String,
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) hosts: Vec<String>,
    #[serde(default)]
    pub(crate) domains: Vec<String>,
    /// Phrases that only this provider's replies hold. They are searched in host names and URLs too.
    #[serde(default)]
    pub(crate) wordings: Vec<String>,
    pub(crate) source: String,
}

/// A block list that replies name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListSource {
    pub(crate) title: String,
    pub(crate) names: Vec<String>,
    pub(crate) page: String,
    #[serde(default)]
    pub(crate) note: String,
}

impl RuleSource {
    pub(crate) fn answer(&self) -> Result<super::table::Answer, crate::Error> {
        answer(self.hard, self.blame.as_deref(), self.advice.as_deref())
    }
}

impl CodeSource {
    pub(crate) fn answer(&self) -> Result<super::table::Answer, crate::Error> {
        answer(self.hard, self.blame.as_deref(), self.advice.as_deref())
    }
}

fn answer(
    hard: Option<bool>,
    blame: Option<&str>,
    advice: Option<&str>,
) -> Result<super::table::Answer, crate::Error> {
    Ok(super::table::Answer {
        hard,
        blame: blame.map(str::parse::<Blame>).transpose()?,
        advice: advice.map(str::parse::<Advice>).transpose()?,
    })
}

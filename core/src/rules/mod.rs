//! The rules: what is known about the words and codes of replies, as data.

#[cfg(feature = "custom-rules")]
mod compile;
pub(crate) mod fold;
mod mask;
#[cfg(feature = "custom-rules")]
mod proof;
#[cfg(feature = "custom-rules")]
mod render;
pub(crate) mod scan;
#[cfg(feature = "custom-rules")]
mod source;
pub(crate) mod table;
#[rustfmt::skip]
mod tables;

use std::sync::OnceLock;

#[cfg(feature = "custom-rules")]
#[doc(hidden)]
pub use render::rust_tables;

use scan::Scanner;
use table::Tables;

/// A set of rules, ready to decide: the built-in ones, or these with a user's own.
#[derive(Debug)]
pub struct RuleSet {
    pub(crate) tables: Tables,
    scanner: OnceLock<Scanner>,
}

impl RuleSet {
    const fn new(tables: Tables) -> Self {
        Self { tables, scanner: OnceLock::new() }
    }

    /// The automaton is built at the first question, once.
    pub(crate) fn scanner(&self) -> &Scanner {
        self.scanner.get_or_init(|| Scanner::new(&self.tables))
    }
}

/// The rules that come with the crate.
pub(crate) fn builtin() -> &'static RuleSet {
    static BUILTIN: RuleSet = RuleSet::new(tables::TABLES);
    &BUILTIN
}

/// What a rule rests on, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleDoc {
    /// The id, as evidence names it.
    pub id: &'static str,
    /// The phrases that it looks for; `{..}` is a gap, `*` a word that goes on.
    pub phrases: &'static [&'static str],
    /// Where the wording is known from.
    pub source: &'static str,
    /// Replies that this rule wins.
    pub examples: &'static [&'static str],
}

/// A block list that replies name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct List {
    pub(crate) title: &'static str,
    /// What replies call it, folded.
    pub(crate) names: &'static [&'static str],
    /// Where one looks up a listing, and has it removed.
    pub(crate) page: &'static str,
    pub(crate) note: &'static str,
}

/// The rule files: path below `core/rules`, and text.
#[cfg(test)]
pub(crate) fn sources() -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut out = Vec::new();
    for folder in ["phrases", "providers", "."] {
        let mut files: Vec<_> = std::fs::read_dir(root.join(folder))
            .unwrap_or_else(|e| panic!("{folder}: {e}"))
            .filter_map(|entry| entry.ok().map(|e| e.path()))
            .filter(|p| p.extension().is_some_and(|e| e == "toml") && !p.ends_with("reasons.toml"))
            .collect();
        files.sort();
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{name}: {e}"));
            out.push((format!("{folder}/{name}"), text));
        }
    }
    out
}

//! The rules: what is known about the words and codes of replies, as data.
//!
//! [`list`] and [`show`] document the rules that come with the crate. With the feature `custom-rules`,
//! [`RuleSet::with_toml`] adds a caller's own.

#[cfg(feature = "custom-rules")]
mod compile;
#[cfg(feature = "custom-rules")]
mod custom;
pub(crate) mod fold;
mod index;
mod latin;
mod mask;
mod names;
mod pieces;
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
mod unpack;

use std::borrow::Cow;
use std::sync::{LazyLock, OnceLock};

#[cfg(feature = "custom-rules")]
pub use custom::check;
#[cfg(feature = "custom-rules")]
#[doc(hidden)]
pub use custom::from_files;
use names::Names;
#[cfg(feature = "custom-rules")]
#[doc(hidden)]
pub use render::rust_tables;
use scan::Scanner;
use table::Tables;

/// A set of rules, ready to decide: the built-in ones, or these with a caller's own.
pub struct RuleSet {
    pub(crate) tables: Tables,
    /// Documentation of the rules that did not come with the crate.
    own: Vec<RuleDoc>,
    scanner: OnceLock<Scanner>,
    names: OnceLock<Names>,
}

/// The tables are long: what tells one set from another is how many rules it has.
impl std::fmt::Debug for RuleSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RuleSet")
            .field("rules", &self.tables.rules.len())
            .field("own", &self.own.len())
            .finish()
    }
}

impl RuleSet {
    fn new(tables: Tables) -> Self {
        Self { tables, own: Vec::new(), scanner: OnceLock::new(), names: OnceLock::new() }
    }

    /// Whether some rules did not come with the crate.
    pub(crate) fn has_own(&self) -> bool {
        !self.own.is_empty()
    }

    /// The scanner is built at the first question, once.
    pub(crate) fn scanner(&self) -> &Scanner {
        self.scanner.get_or_init(|| Scanner::new(&self.tables))
    }

    /// By what names providers are known; read from the tables at the first question, once.
    pub(crate) fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::new(&self.tables))
    }

    /// Every rule of the set: the built-in ones, then the caller's.
    pub fn list(&self) -> impl Iterator<Item = &RuleDoc> {
        list().iter().chain(&self.own)
    }

    /// The rule of an id, as evidence names it.
    #[must_use]
    pub fn show(&self, id: &str) -> Option<&RuleDoc> {
        self.list().find(|rule| rule.id == id)
    }
}

/// The rules that come with the crate.
pub(crate) fn builtin() -> &'static RuleSet {
    static BUILTIN: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::new(tables::PACKED.unpack()));
    &BUILTIN
}

/// Every rule that comes with the crate.
#[must_use]
pub fn list() -> &'static [RuleDoc] {
    tables::DOCS
}

/// The built-in rule of an id, as evidence names it.
///
/// ```
/// let verdict = komainu::classify("550 5.1.1 User unknown");
/// let rule = komainu::rules::show(&verdict.evidence[0].rule).expect("evidence names a rule");
/// assert!(rule.phrases.iter().any(|phrase| phrase == "user {..} unknown"));
/// ```
#[must_use]
pub fn show(id: &str) -> Option<&'static RuleDoc> {
    list().iter().find(|rule| rule.id == id)
}

/// The block lists whose delisting pages are known.
pub(crate) fn block_lists() -> &'static [List] {
    tables::LISTS
}

/// What a rule looks for and rests on, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleDoc {
    /// The id, as evidence names it. The part before the dot is the reason.
    pub id: Cow<'static, str>,
    /// The phrases that it looks for; `{..}` is a gap, `*` a word that goes on, `(a|b)` either of them.
    pub phrases: Cow<'static, [Cow<'static, str>]>,
    /// What must hold beside the words, as the rule file writes it; empty for most.
    pub when: Cow<'static, str>,
    /// Where the wording is known from.
    pub source: Cow<'static, str>,
    /// Replies that this rule wins.
    pub examples: Cow<'static, [Cow<'static, str>]>,
}

/// A block list that replies name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct List {
    pub(crate) title: &'static str,
    /// What replies call it, in lower case.
    pub(crate) names: &'static [&'static str],
    /// Where one looks up a listing, and has it removed.
    pub(crate) page: &'static str,
    pub(crate) note: &'static str,
}

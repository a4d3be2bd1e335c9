//! The options that change what records say: own rules, addresses, privacy.

use clap::Args;
use komainu::returnpath::VerpPatterns;
use komainu::rules::RuleSet;
use komainu::{AddressBook, Analyzer, AnalyzerBuilder, Redactor, Verifier};
use std::fs;
use std::path::{Path, PathBuf};

use crate::exit::{Problem, about, misuse};

/// Own rules.
#[derive(Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleArgs {
    /// Add the rules of this TOML file to the built-in ones (see `komainu rules check`)
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

/// What people know of addresses, and how much of them is printed.
#[derive(Args)]
#[command(next_help_heading = "Addresses")]
pub(crate) struct AddressArgs {
    /// Addresses that people have judged: lines of `address<TAB>whitelisted` or `unstable`, or CSV, or JSON
    #[arg(long, value_name = "FILE")]
    address_book: Option<PathBuf>,

    /// Mask addresses in everything that is printed
    #[arg(long)]
    mask: bool,

    /// Replace addresses by hashes that are the same for the same address, under the key in this file
    #[arg(long, value_name = "KEYFILE", conflicts_with = "mask")]
    hash: Option<PathBuf>,
}

/// What is known of the mail that was sent, for reports that come by mail.
#[derive(Args)]
#[command(next_help_heading = "Addresses")]
pub(crate) struct SenderArgs {
    /// How this sender writes recipients into return paths, such as bounce+{local}={domain}@example.com
    #[arg(long, value_name = "PATTERN")]
    verp: Vec<String>,

    /// A domain that mail is sent from: reports about mail of others become `contradicted` in `authenticity`
    #[arg(long, value_name = "DOMAIN")]
    sent_domain: Vec<String>,

    /// Message-IDs of all mail that was sent, one a line: reports about them become `genuine`, others `contradicted`
    #[arg(long, value_name = "FILE")]
    sent_ids: Option<PathBuf>,
}

/// Refuses providers that no rule knows: a misspelt one would silently mean none.
pub(crate) fn known_providers(analyzer: &Analyzer, names: &[String]) -> Result<(), Problem> {
    let unknown = names.iter().find(|name| !analyzer.providers().any(|known| known == *name));
    let Some(unknown) = unknown else { return Ok(()) };
    let alike = |known: &&str| known.chars().next() == unknown.to_lowercase().chars().next();
    let mut near: Vec<&str> = analyzer.providers().filter(alike).collect();
    if near.is_empty() {
        near = analyzer.providers().collect();
    }
    near.sort_unstable();
    Err(misuse(format!("{unknown:?} is no provider that the rules know; there are {}", near.join(", "))))
}

impl RuleArgs {
    pub(crate) fn apply(&self, builder: AnalyzerBuilder) -> Result<AnalyzerBuilder, Problem> {
        let Some(file) = &self.rules else { return Ok(builder) };
        let rules = RuleSet::with_toml(&read(file)?)
            .map_err(|error| misuse(format!("{}: {error}", file.display())))?;
        Ok(builder.rules(rules))
    }
}

impl AddressArgs {
    pub(crate) fn apply(&self, builder: AnalyzerBuilder) -> Result<AnalyzerBuilder, Problem> {
        let builder = self.apply_plain(builder)?;
        Ok(match self.redactor()? {
            Some(redactor) => builder.redactor(redactor),
            None => builder,
        })
    }

    /// Everything but the masking of addresses.
    pub(crate) fn apply_plain(&self, builder: AnalyzerBuilder) -> Result<AnalyzerBuilder, Problem> {
        let Some(file) = &self.address_book else { return Ok(builder) };
        let book = AddressBook::parse(&read(file)?);
        Ok(builder.address_book(book.map_err(|error| misuse(format!("{}: {error}", file.display())))?))
    }

    pub(crate) fn redactor(&self) -> Result<Option<Redactor>, Problem> {
        Ok(match &self.hash {
            _ if self.mask => Some(Redactor::mask()),
            // Random bytes are a good key, and no text.
            Some(file) => {
                let key = fs::read(file).map_err(|error| about(file, &error))?;
                Some(Redactor::hash(key.trim_ascii_end())?)
            }
            None => None,
        })
    }
}

impl SenderArgs {
    pub(crate) fn apply(&self, mut builder: AnalyzerBuilder) -> Result<AnalyzerBuilder, Problem> {
        if !self.verp.is_empty() {
            let patterns = self.verp.iter().try_fold(VerpPatterns::usual(), |all, one| all.pattern(one))?;
            builder = builder.verp(patterns);
        }
        Ok(match self.verifier()? {
            Some(verifier) => builder.verifier(verifier),
            None => builder,
        })
    }

    fn verifier(&self) -> Result<Option<Verifier>, Problem> {
        if self.sent_domain.is_empty() && self.sent_ids.is_none() {
            return Ok(None);
        }
        let mut verifier = Verifier::new();
        if !self.sent_domain.is_empty() {
            verifier = verifier.domains(&self.sent_domain);
        }
        if let Some(file) = &self.sent_ids {
            verifier = verifier.message_ids(read(file)?.lines().map(str::trim).filter(|id| !id.is_empty()));
        }
        Ok(Some(verifier))
    }
}

fn read(file: &Path) -> Result<String, Problem> {
    fs::read_to_string(file).map_err(|error| about(file, &error))
}

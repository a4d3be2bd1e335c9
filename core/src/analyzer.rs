//! The options a caller can set, and the one way from bytes to records.

use std::sync::Arc;

use crate::address_book::AddressBook;
use crate::classify::{Hints, classify_by};
use crate::error::Error;
use crate::limits::Limits;
use crate::record::{Record, Report, Verdict};
use crate::redact::Redactor;
use crate::report::Delivery;
use crate::returnpath::VerpPatterns;
use crate::rules::RuleSet;
use crate::verify::{ReturnContext, Verifier};

/// A parser with options: limits, further headers, VERP, own rules, address book, verifier.
///
/// Building one costs a little; build it once and share it between threads.
///
/// ```
/// let analyzer = komainu::Analyzer::builder().headers(["X-Campaign"]).build()?;
/// let report = analyzer.parse(b"Subject: hello\r\n\r\nno bounce at all");
/// assert_eq!(report.kind, komainu::Kind::Other);
/// # Ok::<(), komainu::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Analyzer {
    pub(crate) options: Options,
}

/// What the builder collects.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) limits: Limits,
    /// Lower-case names of the returned mail's headers to copy into `headers`.
    pub(crate) headers: Vec<String>,
    /// How recipients are read out of the addresses that reports come to.
    pub(crate) verp: VerpPatterns,
    pub(crate) address_book: Option<AddressBook>,
    pub(crate) verifier: Option<Verifier>,
    pub(crate) redactor: Option<Redactor>,
    rules: Option<Arc<RuleSet>>,
}

impl Options {
    /// The caller's rules, else those that come with the crate.
    pub(crate) fn rules(&self) -> &RuleSet {
        self.rules.as_deref().unwrap_or_else(|| crate::rules::builtin())
    }

    /// The last stage: what the caller knows goes into the records. The redactor comes last, or nothing would be left
    /// for the others to look up.
    pub(crate) fn finish<'t>(&self, report: &mut Report, returned_to: impl FnOnce() -> &'t [String]) {
        if let Some(verifier) = &self.verifier {
            verifier.apply(report, &ReturnContext { returned_to: returned_to() });
        }
        if let Some(book) = &self.address_book {
            book.apply(report);
        }
        if let Some(redactor) = &self.redactor {
            redactor.apply(report);
        }
    }
}

impl Analyzer {
    /// Starts with the defaults.
    #[must_use]
    pub fn builder() -> AnalyzerBuilder {
        AnalyzerBuilder::default()
    }

    /// How much of a message it reads: what reads messages for it need not read more.
    #[must_use]
    pub const fn limits(&self) -> Limits {
        self.options.limits
    }

    /// The providers that its rules know, by the names that records, verdicts and [`Hints`] use.
    ///
    /// ```
    /// assert!(komainu::Analyzer::default().providers().any(|name| name == "google"));
    /// ```
    pub fn providers(&self) -> impl Iterator<Item = &str> {
        self.options.rules().tables.providers.iter().map(|provider| &*provider.name)
    }

    /// Reads one message. Ordinary mail gives `kind: other` and no records.
    #[must_use]
    pub fn parse(&self, raw: &[u8]) -> Report {
        crate::flow::run(raw, &self.options)
    }

    /// The record of a delivery that a log tells of.
    pub(crate) fn record_of_log(&self, delivery: Delivery) -> Record {
        crate::flow::run_delivery(delivery, &self.options)
    }

    /// Decides one SMTP reply. See [`crate::classify_with`].
    #[must_use]
    pub fn classify(&self, text: &str, hints: &Hints) -> Verdict {
        let mut verdict = classify_by(self.options.rules(), text, hints);
        if let Some(redactor) = &self.options.redactor {
            redactor.apply_to_verdict(&mut verdict);
        }
        verdict
    }
}

/// Collects options for an [`Analyzer`].
#[derive(Clone, Debug, Default)]
pub struct AnalyzerBuilder {
    options: Options,
}

impl AnalyzerBuilder {
    /// Sets how much of a message is read.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.limits = limits;
        self
    }

    /// Names headers of the returned mail that records shall carry in `headers`. Case does not matter.
    #[must_use]
    pub fn headers<I, S>(mut self, names: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        self.options.headers = names.into_iter().map(|name| name.into().to_ascii_lowercase()).collect();
        self
    }

    /// Sets how recipients are read out of the addresses that reports come to. The default is
    /// [`VerpPatterns::usual`].
    #[must_use]
    pub fn verp(mut self, patterns: VerpPatterns) -> Self {
        self.options.verp = patterns;
        self
    }

    /// Gives addresses that people have judged.
    #[must_use]
    pub fn address_book(mut self, book: AddressBook) -> Self {
        self.options.address_book = Some(book);
        self
    }

    /// Gives what the caller knows about its own mail, so that forged reports show.
    #[must_use]
    pub fn verifier(mut self, verifier: Verifier) -> Self {
        self.options.verifier = Some(verifier);
        self
    }

    /// Replaces the addresses in everything that is returned.
    #[must_use]
    pub fn redactor(mut self, redactor: Redactor) -> Self {
        self.options.redactor = Some(redactor);
        self
    }

    /// Decides with these rules: the built-in ones with the caller's own, as [`RuleSet::with_toml`] makes them.
    #[must_use]
    pub fn rules(mut self, rules: RuleSet) -> Self {
        self.options.rules = Some(Arc::new(rules));
        self
    }

    /// Checks the options.
    ///
    /// # Errors
    /// A limit of 0.
    pub fn build(mut self) -> Result<Analyzer, Error> {
        self.options.limits.check()?;
        if let Some(verifier) = &self.options.verifier {
            self.options.verp.prefer(verifier.patterns());
        }
        Ok(Analyzer { options: self.options })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_of_zero_is_an_error_that_names_it() {
        let limits = Limits { max_parts: 0, ..Limits::default() };
        let error = Analyzer::builder().limits(limits).build().unwrap_err().to_string();
        assert!(error.contains("the limit of parts is 0"), "{error}");
        let limits = Limits { max_parts: 1, ..limits };
        assert_eq!(Analyzer::builder().limits(limits).build().unwrap().limits(), limits);
    }
}

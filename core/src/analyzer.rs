//! The options a caller can set, and the one way from bytes to records.

use crate::classify::{Hints, classify};
use crate::error::Error;
use crate::limits::Limits;
use crate::record::{Report, Verdict};

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
}

impl Analyzer {
    /// Starts with the defaults.
    #[must_use]
    pub fn builder() -> AnalyzerBuilder {
        AnalyzerBuilder::default()
    }

    /// Reads one message. Ordinary mail gives `kind: other` and no records.
    #[must_use]
    pub fn parse(&self, raw: &[u8]) -> Report {
        crate::flow::run(raw, &self.options)
    }

    /// Decides one SMTP reply. See [`crate::classify_with`].
    #[must_use]
    pub fn classify(&self, text: &str, hints: &Hints) -> Verdict {
        classify(text, hints)
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

    /// Checks the options.
    ///
    /// # Errors
    /// An option that cannot be used, with a message that names it.
    pub fn build(self) -> Result<Analyzer, Error> {
        Ok(Analyzer { options: self.options })
    }
}

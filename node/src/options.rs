//! Option objects, checked by the core.

use komainu::rules::RuleSet;
use komainu::{Analyzer, Error, Limits};
use napi_derive::napi;

/// How much of a message is read; see the wrapper's `Limits`.
#[napi(object)]
#[derive(Default)]
pub struct LimitOptions {
    pub max_bytes: Option<u32>,
    pub max_depth: Option<u32>,
    pub max_parts: Option<u32>,
    pub max_header_bytes: Option<u32>,
    pub max_recipients: Option<u32>,
    pub max_text_bytes: Option<u32>,
}

impl LimitOptions {
    fn build(&self) -> Limits {
        let mut limits = Limits::default();
        let fields = [
            (&mut limits.max_bytes, self.max_bytes),
            (&mut limits.max_depth, self.max_depth),
            (&mut limits.max_parts, self.max_parts),
            (&mut limits.max_header_bytes, self.max_header_bytes),
            (&mut limits.max_recipients, self.max_recipients),
            (&mut limits.max_text_bytes, self.max_text_bytes),
        ];
        for (field, given) in fields {
            if let Some(given) = given {
                *field = given as usize;
            }
        }
        limits
    }
}

/// What the wrapper's `Analyzer` takes.
#[napi(object)]
#[derive(Default)]
pub struct AnalyzerOptions {
    pub limits: Option<LimitOptions>,
    pub headers: Option<Vec<String>>,
    /// Rules beside the built-in ones: the text of a rule file.
    pub rules: Option<String>,
    /// The options about addresses, as the JSON text that the core takes from every binding.
    pub addresses: Option<String>,
}

impl AnalyzerOptions {
    pub(crate) fn limits(&self) -> Limits {
        self.limits.as_ref().map(LimitOptions::build).unwrap_or_default()
    }

    pub(crate) fn build(self) -> Result<Analyzer, Error> {
        let mut builder = Analyzer::builder().limits(self.limits());
        if let Some(headers) = self.headers {
            builder = builder.headers(headers);
        }
        if let Some(rules) = self.rules {
            builder = builder.rules(RuleSet::with_toml(&rules)?);
        }
        if let Some(addresses) = self.addresses {
            builder = builder.options_json(&addresses)?;
        }
        builder.build()
    }
}

/// What the caller knows beside a reply.
#[napi(object)]
#[derive(Default)]
pub struct Hints {
    pub provider: Option<String>,
    pub command: Option<String>,
    pub status: Option<String>,
    pub date: Option<String>,
    pub format: Option<String>,
}

impl Hints {
    pub(crate) fn build(self) -> Result<komainu::Hints, Error> {
        Ok(komainu::Hints {
            provider: self.provider,
            command: self.command.map(|name| name.parse()).transpose()?,
            status: self.status,
            date: self.date,
            format: self.format,
        })
    }
}

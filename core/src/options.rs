//! The options of every language in one shape, so that a binding need not know what they mean.

use serde::Deserialize;
use serde_json::Value;

use crate::address_book::AddressBook;
use crate::analyzer::AnalyzerBuilder;
use crate::error::Error;
use crate::redact::Redactor;
use crate::returnpath::{BatvKey, VerpPattern, VerpPatterns};
use crate::verify::Verifier;

/// What a caller knows about addresses and its own mail, as JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    #[serde(default)]
    verp: Vec<String>,
    verp_delimiters: Option<String>,
    #[serde(default = "yes")]
    verp_usual: bool,
    address_book: Option<Value>,
    redact: Option<Redact>,
    verifier: Option<Verifies>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Redact {
    Mask,
    Hash(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verifies {
    #[serde(default)]
    domains: Vec<String>,
    message_ids: Option<Vec<String>>,
    #[serde(default)]
    verp: Vec<Verp>,
    #[serde(default)]
    batv: Vec<Batv>,
    max_age: Option<u64>,
    #[serde(default)]
    strict: bool,
    now: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verp {
    pattern: String,
    secret: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batv {
    number: u8,
    secret: String,
}

const fn yes() -> bool {
    true
}

impl AnalyzerBuilder {
    /// Takes the options about addresses as a JSON object, which is how the bindings of other languages pass them.
    ///
    /// | key | value | sets |
    /// |---|---|---|
    /// | `verp` | list of patterns | [`verp`](Self::verp), [`VerpPattern::new`] |
    /// | `verp_delimiters` | two characters | [`VerpPatterns::delimiters`] |
    /// | `verp_usual` | whether the usual ways are tried too (true) | [`VerpPatterns::usual`] |
    /// | `address_book` | text, object or list | [`address_book`](Self::address_book), [`AddressBook::parse`] |
    /// | `redact` | `"mask"` or `{"hash": key}` | [`redactor`](Self::redactor) |
    /// | `verifier` | object of `domains`, `message_ids`, `verp` (list of `pattern`, `secret`), `batv` (list of `number`, `secret`), `max_age`, `strict`, `now` | [`verifier`](Self::verifier) |
    ///
    /// ```
    /// let analyzer = komainu::Analyzer::builder()
    ///     .options_json(r#"{"redact": "mask", "address_book": {"taro@example.jp": "whitelisted"}}"#)?
    ///     .build()?;
    /// # Ok::<(), komainu::Error>(())
    /// ```
    ///
    /// # Errors
    /// No JSON object, an unknown key, or a value that cannot be used.
    pub fn options_json(mut self, text: &str) -> Result<Self, Error> {
        let given: Given =
            serde_json::from_str(text).map_err(|error| Error::new(format!("options: {error}")))?;
        self = self.verp(given.patterns()?);
        if let Some(book) = given.address_book {
            let book = match book {
                Value::String(text) => AddressBook::parse(&text),
                other => AddressBook::parse(&other.to_string()),
            };
            self = self.address_book(book?);
        }
        match given.redact {
            Some(Redact::Mask) => self = self.redactor(Redactor::mask()),
            Some(Redact::Hash(key)) => self = self.redactor(Redactor::hash(key)?),
            None => {}
        }
        if let Some(verifier) = given.verifier {
            self = self.verifier(verifier.build()?);
        }
        Ok(self)
    }
}

impl Given {
    fn patterns(&self) -> Result<VerpPatterns, Error> {
        let mut patterns = if self.verp_usual { VerpPatterns::usual() } else { VerpPatterns::none() };
        for pattern in &self.verp {
            patterns = patterns.pattern(pattern)?;
        }
        match &self.verp_delimiters {
            Some(delimiters) => patterns.delimiters(delimiters),
            None => Ok(patterns),
        }
    }
}

impl Verifies {
    fn build(self) -> Result<Verifier, Error> {
        let mut verifier = Verifier::new().domains(self.domains).strict(self.strict);
        if let Some(ids) = self.message_ids {
            verifier = verifier.message_ids(ids);
        }
        for verp in self.verp {
            verifier = verifier.verp(VerpPattern::new(&verp.pattern)?, verp.secret)?;
        }
        for key in self.batv {
            verifier = verifier.batv(BatvKey::new(key.number, key.secret)?);
        }
        if let Some(seconds) = self.max_age {
            verifier = verifier.max_age(seconds);
        }
        if let Some(now) = self.now {
            verifier = verifier.clock(move || Some(now));
        }
        Ok(verifier)
    }
}

#[cfg(test)]
mod tests {
    use crate::analyzer::Analyzer;
    use crate::testing;
    use crate::vocabulary::{AddressStatus, Authenticity};

    #[test]
    fn every_option_arrives() {
        let text = r#"{
            "verp": ["b-{local}={domain}@b.example.org"], "verp_delimiters": "-#", "verp_usual": false,
            "address_book": "taro@example.jp\tunstable", "redact": {"hash": "secret"},
            "verifier": {"domains": ["example.org"], "message_ids": ["9@example.org"], "max_age": 1, "strict": true,
                "verp": [{"pattern": "c-{token}-{local}={domain}@b.example.org", "secret": "secret"}],
                "batv": [{"number": 1, "secret": "secret"}], "now": 1795262400}
        }"#;
        let analyzer = Analyzer::builder().options_json(text).unwrap().build().unwrap();
        assert_eq!(analyzer.options.verp.patterns().len(), 2);
        let mut report = testing::report(vec![testing::record()]);
        analyzer.options.finish(&mut report, &[]);
        let record = &report.records[0];
        assert_eq!(record.address_status, Some(AddressStatus::Unstable));
        assert_eq!(record.authenticity, Some(Authenticity::Contradicted));
        assert!(!record.to_json().contains("taro"));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, word) in [
            ("[]", "options:"),
            ("{\"verpp\": []}", "verpp"),
            ("{\"verp\": [\"x\"]}", "VERP pattern"),
            ("{\"verp_delimiters\": \"+\"}", "delimiters"),
            ("{\"redact\": \"all\"}", "`mask`"),
            ("{\"redact\": {\"hash\": \"\"}}", "key"),
            ("{\"address_book\": 5}", "address book"),
            ("{\"verifier\": {\"batv\": [{\"number\": 10, \"secret\": \"s\"}]}}", "10"),
            ("{\"verifier\": {\"domain\": []}}", "domain"),
        ] {
            let error = Analyzer::builder().options_json(text).unwrap_err().to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}

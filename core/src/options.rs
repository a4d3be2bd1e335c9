//! The options of every language in one shape, so that a binding need not know what they mean.

use serde_json::Value;

use crate::address_book::AddressBook;
use crate::analyzer::AnalyzerBuilder;
use crate::error::{Error, quoted};
use crate::redact::Redactor;
use crate::returnpath::{BatvKey, VerpPattern, VerpPatterns};
use crate::verify::Verifier;

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
        let value = serde_json::from_str(text).map_err(|error| Error::new(format!("options: {error}")))?;
        let mut given = Members::of("options", value)?;
        self = self.verp(verp(&mut given)?);
        match given.take("address_book") {
            Value::Null => {}
            Value::String(text) => self = self.address_book(AddressBook::parse(&text)?),
            book => self = self.address_book(AddressBook::from_value(&book)?),
        }
        match given.take("redact") {
            Value::Null => {}
            Value::String(word) if word == "mask" => self = self.redactor(Redactor::mask()),
            hash @ Value::Object(_) => self = self.redactor(hashing(hash)?),
            _ => return Err(given.wrong("redact", "`mask` or {\"hash\": KEY}")),
        }
        match given.take("verifier") {
            Value::Null => {}
            value => self = self.verifier(verifier(Members::of("verifier", value)?)?),
        }
        given.end()?;
        Ok(self)
    }
}

fn verp(given: &mut Members) -> Result<VerpPatterns, Error> {
    let usual = given.flag("verp_usual")?.unwrap_or(true);
    let mut patterns = if usual { VerpPatterns::usual() } else { VerpPatterns::none() };
    for pattern in given.texts("verp")?.unwrap_or_default() {
        patterns = patterns.pattern(&pattern)?;
    }
    match given.text("verp_delimiters")? {
        Some(delimiters) => patterns.delimiters(&delimiters),
        None => Ok(patterns),
    }
}

fn hashing(value: Value) -> Result<Redactor, Error> {
    let mut given = Members::of("redact", value)?;
    let key = given.text("hash")?.ok_or_else(|| given.wrong("hash", "a key"))?;
    given.end()?;
    Redactor::hash(key)
}

fn verifier(mut given: Members) -> Result<Verifier, Error> {
    let domains = given.texts("domains")?.unwrap_or_default();
    let mut verifier = Verifier::new().domains(domains).strict(given.flag("strict")?.unwrap_or(false));
    if let Some(ids) = given.texts("message_ids")? {
        verifier = verifier.message_ids(ids);
    }
    for mut verp in given.objects("verp")? {
        let pattern = verp.text("pattern")?.ok_or_else(|| verp.wrong("pattern", "a text"))?;
        verifier = verifier.verp(VerpPattern::new(&pattern)?, verp.secret()?)?;
        verp.end()?;
    }
    for mut key in given.objects("batv")? {
        let number = key.number("number")?.and_then(|number| u8::try_from(number).ok());
        let number = number.ok_or_else(|| key.wrong("number", "a digit"))?;
        verifier = verifier.batv(BatvKey::new(number, key.secret()?)?);
        key.end()?;
    }
    if let Some(seconds) = given.number("max_age")? {
        verifier = verifier.max_age(seconds);
    }
    if let Some(now) = given.number("now")? {
        verifier = verifier.clock(move || Some(now));
    }
    given.end()?;
    Ok(verifier)
}

/// The members of a JSON object, each to be taken once: one that is left over has a misspelt name.
///
/// By hand, because generated readers would make a thirtieth of the browser's module.
struct Members {
    /// What the object is, for messages.
    of: &'static str,
    left: Vec<(String, Value)>,
}

impl Members {
    fn of(of: &'static str, value: Value) -> Result<Self, Error> {
        match value {
            Value::Object(map) => Ok(Self { of, left: map.into_iter().collect() }),
            _ => Err(Error::new(format!("{of}: must be an object"))),
        }
    }

    /// A member that is absent is null.
    fn take(&mut self, name: &str) -> Value {
        let at = self.left.iter().position(|(member, _)| member == name);
        at.map(|at| self.left.remove(at).1).unwrap_or_default()
    }

    fn wrong(&self, name: &str, wanted: &str) -> Error {
        Error::new(format!("{}: {name} must be {wanted}", self.of))
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, Error> {
        match self.take(name) {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            _ => Err(self.wrong(name, "a text")),
        }
    }

    fn secret(&mut self) -> Result<String, Error> {
        self.text("secret")?.ok_or_else(|| self.wrong("secret", "a text"))
    }

    fn flag(&mut self, name: &str) -> Result<Option<bool>, Error> {
        match self.take(name) {
            Value::Null => Ok(None),
            Value::Bool(flag) => Ok(Some(flag)),
            _ => Err(self.wrong(name, "true or false")),
        }
    }

    fn number(&mut self, name: &str) -> Result<Option<u64>, Error> {
        match self.take(name) {
            Value::Null => Ok(None),
            value => value.as_u64().map(Some).ok_or_else(|| self.wrong(name, "a whole number from 0 on")),
        }
    }

    fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, Error> {
        let wanted = "a list of texts";
        let list = match self.take(name) {
            Value::Null => return Ok(None),
            Value::Array(list) => list,
            _ => return Err(self.wrong(name, wanted)),
        };
        let mut texts = Vec::with_capacity(list.len());
        for one in list {
            let Value::String(text) = one else { return Err(self.wrong(name, wanted)) };
            texts.push(text);
        }
        Ok(Some(texts))
    }

    fn objects(&mut self, name: &'static str) -> Result<Vec<Self>, Error> {
        match self.take(name) {
            Value::Null => Ok(Vec::new()),
            Value::Array(list) => list.into_iter().map(|one| Self::of(name, one)).collect(),
            _ => Err(self.wrong(name, "a list of objects")),
        }
    }

    fn end(self) -> Result<(), Error> {
        match self.left.first() {
            None => Ok(()),
            Some((name, _)) => Err(Error::new(format!("{}: there is no option {}", self.of, quoted(name)))),
        }
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
        analyzer.options.finish(&mut report, || &[]);
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
            ("{\"verp\": \"x\"}", "verp must be a list of texts"),
            ("{\"verp_usual\": 1}", "verp_usual must be true or false"),
            ("{\"redact\": \"all\"}", "`mask`"),
            ("{\"redact\": {}}", "hash must be a key"),
            ("{\"redact\": {\"hash\": \"\"}}", "key"),
            ("{\"address_book\": 5}", "address book"),
            ("{\"verifier\": {\"batv\": [{\"number\": 10, \"secret\": \"s\"}]}}", "10"),
            ("{\"verifier\": {\"batv\": [{\"number\": 300, \"secret\": \"s\"}]}}", "number must be a digit"),
            (
                "{\"verifier\": {\"verp\": [{\"pattern\": \"c-{token}-{local}={domain}@b.example.org\"}]}}",
                "secret must be a text",
            ),
            ("{\"verifier\": {\"max_age\": -1}}", "max_age must be a whole number"),
            ("{\"verifier\": {\"domain\": []}}", "there is no option \"domain\""),
        ] {
            let error = Analyzer::builder().options_json(text).unwrap_err().to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}

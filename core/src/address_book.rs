//! What people know about addresses, and no mail can tell: `whitelisted` and `unstable`.

use serde_json::Value;
use std::collections::HashMap;

use crate::error::{Error, quoted};
use crate::record::{Record, Report};
use crate::returnpath::mask;
use crate::syntax::address::a_label;
use crate::vocabulary::{AddressStatus, Advice};

/// Addresses that the caller has judged.
///
/// A record for one of them gets `address_status`; `hard` becomes false and `advice` becomes `none`, so that a later
/// bounce never overwrites what a person decided. `reason` stays what was observed. Where `recipient` is not in the
/// book, `original_recipient` is looked up: the address that was mailed to is the one that the caller knows.
///
/// Upper and lower case mean the same, in the local part too: RFC 5321 would allow a difference that no mailbox in
/// use makes. An internationalised domain may be written in its own letters or as `xn--…`. `@example.jp` stands for
/// every address of that domain that is not in the book itself.
///
/// ```
/// use komainu::{AddressBook, AddressStatus};
///
/// let book = AddressBook::parse("# judged by hand\ntaro@example.jp\twhitelisted\nhanako@example.jp\tunstable\n")?;
/// assert_eq!(book.get("Taro@EXAMPLE.jp"), Some(AddressStatus::Whitelisted));
/// assert_eq!(book.get("jiro@example.jp"), None);
/// # Ok::<(), komainu::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressBook {
    entries: HashMap<String, AddressStatus>,
}

impl AddressBook {
    /// An empty book.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a book from text.
    ///
    /// | format | looks like |
    /// |---|---|
    /// | TSV | `taro@example.jp⇥whitelisted` |
    /// | CSV | `taro@example.jp,whitelisted`, with or without the header line `address,status` |
    /// | JSON | `{"taro@example.jp": "whitelisted"}` or `[{"address": "taro@example.jp", "status": "whitelisted"}]` |
    ///
    /// In TSV and CSV, empty lines and lines that begin with `#` mean nothing. Text that begins with `{` or `[` is JSON.
    ///
    /// # Errors
    /// A line that cannot be read, an unknown status, or an address with two different ones. The message names the
    /// line, never the whole address.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim_start_matches('\u{feff}');
        if text.trim_start().starts_with(['{', '[']) { Self::from_json(text) } else { Self::from_lines(text) }
    }

    /// Adds an address, or `@domain`.
    ///
    /// # Errors
    /// Text without `@`, or an address that already has another status.
    pub fn insert(&mut self, address: &str, status: AddressStatus) -> Result<(), Error> {
        let key = key(address);
        if key.rsplit_once('@').is_none_or(|(_, domain)| domain.is_empty()) {
            return Err(Error::new(format!("{} is no address", quoted(&mask(address)))));
        }
        match self.entries.insert(key, status) {
            Some(old) if old != status => {
                Err(Error::new(format!("{} is {old} and {status}; decide for one", quoted(&mask(address)))))
            }
            _ => Ok(()),
        }
    }

    /// The status of an address.
    #[must_use]
    pub fn get(&self, address: &str) -> Option<AddressStatus> {
        let key = key(address);
        let domain = || key.rfind('@').and_then(|at| self.entries.get(&key[at..]));
        self.entries.get(&key).or_else(domain).copied()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Writes what the book knows into every record of a report.
    pub fn apply(&self, report: &mut Report) {
        for record in &mut report.records {
            self.apply_to_record(record);
        }
    }

    /// Writes what the book knows into one record, such as one from a log.
    pub fn apply_to_record(&self, record: &mut Record) {
        let addresses = [record.recipient.as_deref(), record.original_recipient.as_deref()];
        if let Some(status) = addresses.into_iter().flatten().find_map(|address| self.get(address)) {
            record.address_status = Some(status);
            record.hard = false;
            record.advice = Advice::None;
        }
    }

    fn from_lines(text: &str) -> Result<Self, Error> {
        let mut book = Self::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |why: &str| Error::new(format!("address book, line {number}: {why}"));
            let (address, status) = line
                .split_once(['\t', ','])
                .ok_or_else(|| wrong("write an address, a tab or comma, a status"))?;
            let (address, status) = (unquote(address), unquote(status));
            if number == 1 && address.eq_ignore_ascii_case("address") && status.eq_ignore_ascii_case("status")
            {
                continue;
            }
            let status = self::status(status).map_err(|error| wrong(&error.to_string()))?;
            book.insert(address, status).map_err(|error| wrong(&error.to_string()))?;
        }
        Ok(book)
    }

    fn from_json(text: &str) -> Result<Self, Error> {
        let value = serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Error::new(format!("address book: no JSON at line {line}, column {column}"))
        })?;
        Self::from_value(&value)
    }

    /// Reads a book from what its JSON says.
    pub(crate) fn from_value(value: &Value) -> Result<Self, Error> {
        let wrong = |why: &str| Error::new(format!("address book: {why}"));
        let pairs: Vec<(&str, &str)> = match value {
            Value::Object(map) => map
                .iter()
                .map(|(address, status)| Some((address.as_str(), status.as_str()?)))
                .collect::<Option<_>>(),
            Value::Array(list) => list
                .iter()
                .map(|entry| Some((entry.get("address")?.as_str()?, entry.get("status")?.as_str()?)))
                .collect(),
            _ => None,
        }
        .ok_or_else(|| wrong("use {\"ADDRESS\": \"STATUS\"} or [{\"address\": …, \"status\": …}]"))?;
        let mut book = Self::new();
        for (address, name) in pairs {
            book.insert(address, status(name).map_err(|error| wrong(&error.to_string()))?)
                .map_err(|error| wrong(&error.to_string()))?;
        }
        Ok(book)
    }
}

fn status(name: &str) -> Result<AddressStatus, Error> {
    name.trim().to_ascii_lowercase().parse()
}

fn unquote(field: &str) -> &str {
    let field = field.trim();
    field.strip_prefix('"').and_then(|field| field.strip_suffix('"')).unwrap_or(field)
}

fn key(address: &str) -> String {
    a_label(address.trim().trim_start_matches('<').trim_end_matches('>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_reads_the_same_book() {
        let tsv =
            AddressBook::parse("# note\n\nTaro@Example.jp\twhitelisted\r\n@example.org\tunstable\n").unwrap();
        for text in [
            "address,status\n\"taro@example.jp\",\"Whitelisted\"\n@example.org,unstable\n",
            "\u{feff}{\"taro@example.jp\": \"whitelisted\", \"@example.org\": \"unstable\"}",
            r#"[{"address":"taro@example.jp","status":"whitelisted"},{"address":"@example.org","status":"unstable"}]"#,
        ] {
            assert_eq!(AddressBook::parse(text).unwrap(), tsv, "{text}");
        }
        assert_eq!(tsv.len(), 2);
        assert_eq!(tsv.get("<TARO@example.jp>"), Some(AddressStatus::Whitelisted));
        assert_eq!(tsv.get("anyone@example.org"), Some(AddressStatus::Unstable));
        assert_eq!(tsv.get("anyone@sub.example.org"), None);
        assert!(AddressBook::parse("").unwrap().is_empty());
        let written = AddressBook::parse("taro@例え.jp\tunstable\n@xn--r8jz45g.example\tunstable").unwrap();
        for other in ["taro@xn--r8jz45g.jp", "Taro@例え.JP", "jiro@例え.example"] {
            assert_eq!(written.get(other), Some(AddressStatus::Unstable), "{other}");
        }
    }

    #[test]
    fn records_keep_their_reason() {
        use crate::testing;
        let book = AddressBook::parse("taro@example.jp\twhitelisted\nlist@example.net\tunstable").unwrap();
        let forwarded = Record {
            recipient: Some("x@example.com".into()),
            original_recipient: Some("LIST@example.net".into()),
            ..testing::record()
        };
        let stranger = Record { recipient: None, ..testing::record() };
        let mut report = testing::report(vec![testing::record(), forwarded, stranger.clone()]);
        book.apply(&mut report);
        for (record, status) in
            report.records.iter().zip([AddressStatus::Whitelisted, AddressStatus::Unstable])
        {
            assert_eq!(record.address_status, Some(status));
            assert_eq!((record.hard, record.advice), (false, Advice::None));
            assert_eq!(record.reason, testing::record().reason);
        }
        assert_eq!(report.records[2], stranger);
    }

    #[test]
    fn errors_name_the_line_and_no_address() {
        for (text, word) in [
            ("taro@example.jp", "line 1: write an address"),
            ("\ntaro@example.jp\tgood", "line 2: \"good\" is no"),
            ("taro\tunstable", "line 1: \"t***\" is no address"),
            ("taro@\tunstable", "is no address"),
            (
                "taro@example.jp\tunstable\nTARO@example.jp\twhitelisted",
                "line 2: \"T***@example.jp\" is unstable and",
            ),
            ("{\"taro@example.jp\": 1}", "use {"),
            ("{\"taro@example.jp\"", "no JSON at line 1"),
            ("[{\"address\": \"taro@example.jp\"}]", "use {"),
        ] {
            let error = AddressBook::parse(text).unwrap_err().to_string();
            assert!(error.contains(word) && !error.to_lowercase().contains("taro"), "{text:?}: {error}");
        }
    }
}

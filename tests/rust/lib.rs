//! The shared cases: how they are found, read and varied. Every Rust driver goes through here.

pub mod haystack;
pub mod invariants;
pub mod mutate;
pub mod record_schema;
pub mod shapes;
pub mod targets;

/// The Rust examples of the texts for readers are doc tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The recipes for Rust.
#[cfg(doctest)]
#[doc = include_str!("../../docs/src/recipes/rust.md")]
pub struct Recipes;

use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The workspace's root folder.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The folder `tests/cases`.
#[must_use]
pub fn cases() -> PathBuf {
    root().join("tests/cases")
}

/// The log files of `tests/cases/log`, by name.
///
/// # Errors
/// The folder cannot be read.
pub fn logs() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(cases().join("log"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension != "ndjson") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// What a log gives with the year 2026 for stamps that have none: a record a line, then those still queued.
#[must_use]
pub fn read_log(text: &str) -> String {
    let options = komainu::log::LogOptions::default().year(2026);
    let mut reader = komainu::log::LogReader::new(komainu::Analyzer::default(), options);
    let mut records: Vec<_> = text.lines().flat_map(|line| reader.push(line)).collect();
    records.extend(reader.finish());
    records.iter().map(|record| record.to_json() + "\n").collect()
}

/// One mail with the report that every surface must give for it.
#[derive(Clone, Debug)]
pub struct Case {
    /// `KIND/NAME`, as `tests/expected_failures.toml` names it.
    pub name: String,
    /// The mail.
    pub mail: PathBuf,
    /// The blessed report.
    pub json: PathBuf,
}

impl Case {
    /// The mail with LF newlines, whatever the file has.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn lf(&self) -> Result<Vec<u8>> {
        Ok(to_lf(&std::fs::read(&self.mail)?))
    }

    /// The blessed report in its compact form.
    ///
    /// # Errors
    /// The file cannot be read or is no JSON.
    pub fn compact(&self) -> Result<String> {
        let text = std::fs::read_to_string(&self.json)
            .map_err(|error| Error::new(error.kind(), format!("{}: {error}", self.json.display())))?;
        Ok(compact(&text))
    }
}

/// All mails of the shared cases, by name.
///
/// # Errors
/// A folder cannot be read, or there is no case at all.
pub fn mails() -> Result<Vec<Case>> {
    let mut found = Vec::new();
    for kind in std::fs::read_dir(cases())? {
        let kind = kind?.path();
        if !kind.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(&kind)? {
            let mail = file?.path();
            if mail.extension().is_some_and(|extension| extension == "eml") {
                let name = mail.with_extension("");
                let name = name.strip_prefix(cases()).unwrap_or(&name).display().to_string();
                found.push(Case { name, json: mail.with_extension("json"), mail });
            }
        }
    }
    if found.is_empty() {
        return Err(Error::new(ErrorKind::NotFound, format!("no case under {}", cases().display())));
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// One line of `tests/cases/replies.jsonl`.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Its name.
    pub name: String,
    /// `text` and the hints.
    pub ask: Value,
    /// The line as it stands.
    pub line: String,
    /// The blessed verdict in its compact form.
    pub verdict: Option<String>,
}

/// All replies of the shared cases, in the file's order.
///
/// # Errors
/// The file cannot be read, or a line is no object with `name` and `ask`.
pub fn replies() -> Result<Vec<Reply>> {
    let text = std::fs::read_to_string(cases().join("replies.jsonl"))?;
    text.lines()
        .map(|line| {
            let wrong = |what: &str| Error::new(ErrorKind::InvalidData, format!("{what}: {line}"));
            let value: Value = serde_json::from_str(line).map_err(|error| wrong(&error.to_string()))?;
            let name = value["name"].as_str().ok_or_else(|| wrong("a reply without a name"))?;
            Ok(Reply {
                name: name.to_owned(),
                ask: value["ask"].clone(),
                verdict: line
                    .split_once(",\"verdict\":")
                    .and_then(|(_, rest)| rest.strip_suffix('}'))
                    .map(str::to_owned),
                line: line.to_owned(),
            })
        })
        .collect()
}

/// The question of a reply case: its text and its hints.
///
/// # Errors
/// There is no text, a hint is no string, or a key is no hint.
pub fn ask(ask: &Value) -> Result<(String, komainu::Hints)> {
    let wrong = |what: String| Error::new(ErrorKind::InvalidData, format!("{what}: {ask}"));
    let (mut text, mut hints) = (None, komainu::Hints::default());
    for (key, value) in ask.as_object().into_iter().flatten() {
        let value = value.as_str().ok_or_else(|| wrong(format!("{key} is no string")))?.to_owned();
        match key.as_str() {
            "text" => text = Some(value),
            "provider" => hints.provider = Some(value),
            "command" => hints.command = Some(value.parse().map_err(|error| wrong(format!("{error}")))?),
            "status" => hints.status = Some(value),
            "date" => hints.date = Some(value),
            "format" => hints.format = Some(value),
            _ => return Err(wrong(format!("{key} is no hint"))),
        }
    }
    Ok((text.ok_or_else(|| wrong("no text".into()))?, hints))
}

/// The three ways to end a line that mail arrives with.
pub const NEWLINES: [(&str, &str); 3] = [("LF", "\n"), ("CRLF", "\r\n"), ("CR", "\r")];

/// A report that returns a mail with about so many bytes of an image, with LF.
#[must_use]
pub fn report_returning(bytes: usize) -> Vec<u8> {
    let line = format!("{}\n", "QUFB".repeat(19));
    let image = line.repeat(bytes / line.len());
    format!(
        "From: MAILER-DAEMON@example.com\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=outer\n\n--outer\n\
         Content-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example.com\n\n\
         Final-Recipient: rfc822; taro@example.jp\nAction: failed\nStatus: 5.1.1\n\n--outer\n\
         Content-Type: message/rfc822\n\nFrom: news@example.com\nTo: taro@example.jp\nSubject: photos\n\
         Content-Type: multipart/mixed; boundary=inner\n\n--inner\nContent-Type: image/jpeg\n\
         Content-Transfer-Encoding: base64\n\n{image}\n--inner--\n--outer--\n"
    )
    .into_bytes()
}

/// A mail of LF newlines with others.
#[must_use]
pub fn with_newlines(lf: &[u8], newline: &str) -> Vec<u8> {
    let mut mail = Vec::with_capacity(lf.len() + lf.len() / 32);
    for line in lf.split_inclusive(|&byte| byte == b'\n') {
        match line.split_last() {
            Some((b'\n', line)) => {
                mail.extend_from_slice(line);
                mail.extend_from_slice(newline.as_bytes());
            }
            _ => mail.extend_from_slice(line),
        }
    }
    mail
}

fn to_lf(mail: &[u8]) -> Vec<u8> {
    let mut lf = Vec::with_capacity(mail.len());
    for (at, &byte) in mail.iter().enumerate() {
        match byte {
            b'\r' if mail.get(at + 1) == Some(&b'\n') => {}
            b'\r' => lf.push(b'\n'),
            byte => lf.push(byte),
        }
    }
    lf
}

/// Pretty JSON without the white space between its tokens: keys keep their order and strings their bytes.
#[must_use]
pub fn compact(pretty: &str) -> String {
    let mut text = String::with_capacity(pretty.len());
    let (mut quoted, mut escaped) = (false, false);
    for c in pretty.chars() {
        if quoted {
            text.push(c);
            (quoted, escaped) = (c != '"' || escaped, c == '\\' && !escaped);
        } else if !c.is_ascii_whitespace() {
            text.push(c);
            quoted = c == '"';
        }
    }
    text
}

/// Whether `tests/expected_failures.toml` lists `case` for `surface`, and why.
///
/// # Errors
/// The file cannot be read, or an entry lacks `case`, `surface` or `why`.
pub fn expected_failure(case: &str, surface: &str) -> Result<Option<String>> {
    let path = root().join("tests/expected_failures.toml");
    let wrong = |what: String| Error::new(ErrorKind::InvalidData, format!("{}: {what}", path.display()));
    let table: toml::Table =
        std::fs::read_to_string(&path)?.parse().map_err(|error: toml::de::Error| wrong(error.to_string()))?;
    let entries = table.get("expected").and_then(toml::Value::as_array).map_or(&[][..], Vec::as_slice);
    for entry in entries {
        let word = |key: &str| {
            entry
                .get(key)
                .and_then(toml::Value::as_str)
                .ok_or_else(|| wrong(format!("an entry without {key}")))
        };
        if word("case")? == case && (word("surface")? == surface || word("surface")? == "*") {
            return Ok(Some(word("why")?.to_owned()));
        }
    }
    Ok(None)
}

/// Counts what a driver compares, and closes with the line that `cargo xtask test` reads.
#[derive(Debug)]
pub struct Driver {
    surface: &'static str,
    passed: usize,
    wrong: Vec<String>,
}

impl Driver {
    /// A driver for `surface`.
    #[must_use]
    pub fn new(surface: &'static str) -> Self {
        Self { surface, passed: 0, wrong: Vec::new() }
    }

    /// Compares one answer with the blessed one, byte for byte.
    ///
    /// # Panics
    /// The list of expected failures cannot be read.
    pub fn compare(&mut self, case: &str, variant: &str, got: &str, want: &str) {
        let expected = expected_failure(case, self.surface).expect("tests/expected_failures.toml");
        match (got == want, expected) {
            (true, None) | (false, Some(_)) => self.passed += 1,
            (true, Some(why)) => {
                self.wrong.push(format!("{case} ({variant}) passes, and is expected to fail: {why}"));
            }
            (false, None) => {
                let at = got.bytes().zip(want.bytes()).take_while(|(a, b)| a == b).count();
                let from = |text: &str| {
                    let start = (0..=at.saturating_sub(60)).rev().find(|&at| text.is_char_boundary(at));
                    text[start.unwrap_or(0)..].chars().take(160).collect::<String>()
                };
                self.wrong.push(format!(
                    "{case} ({variant}):\n  want …{}\n   got …{}",
                    from(want),
                    from(got)
                ));
            }
        }
    }

    /// Prints the closing line and fails on any difference, or where not exactly `expected` comparisons were made.
    ///
    /// # Panics
    /// As said: that is its purpose.
    pub fn close(self, expected: usize) {
        // A leading newline: the test harness may be in the middle of a line.
        println!("\nshared cases {}: {} passed, {} failed", self.surface, self.passed, self.wrong.len());
        assert!(self.wrong.is_empty(), "{} differ:\n{}", self.wrong.len(), self.wrong.join("\n"));
        assert!(expected > 0 && self.passed == expected, "{} of {expected} comparisons ran", self.passed);
    }
}

#[cfg(test)]
mod tests {
    use super::{compact, to_lf, with_newlines};

    #[test]
    fn newlines_are_exchanged_and_nothing_else() {
        let lf = to_lf(b"a\r\nb\rc\n\nd");
        assert_eq!(lf, b"a\nb\nc\n\nd");
        assert_eq!(with_newlines(&lf, "\r\n"), b"a\r\nb\r\nc\r\n\r\nd");
        assert_eq!(with_newlines(&lf, "\r"), b"a\rb\rc\r\rd");
    }

    #[test]
    fn compacting_leaves_strings_alone() {
        assert_eq!(
            compact("{\n  \"a b\": \" \\\" : \\\\\",\n  \"c\": [ 1 ]\n}\n"),
            r#"{"a b":" \" : \\","c":[1]}"#
        );
    }
}

//! The record's types as their Rust source declares them: names, order and doc comments stand in one place.

use std::path::Path;

use crate::Result;

/// Where the types stand. The closed lists come first, so that the records can use them.
pub(super) const SOURCES: [&str; 4] =
    ["core/src/vocabulary.rs", "core/src/reason.rs", "core/src/record.rs", "core/src/log/mod.rs"];

/// A type that comes out of the parser.
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) docs: Vec<String>,
    pub(super) shape: Shape,
}

pub(super) enum Shape {
    /// A closed list of words.
    List(Vec<Word>),
    Struct(Vec<Field>),
}

/// One word of a closed list.
pub(super) struct Word {
    pub(super) text: String,
    pub(super) docs: Vec<String>,
}

pub(super) struct Field {
    /// Its name in JSON.
    pub(super) key: String,
    /// Its name in Rust.
    pub(super) name: String,
    pub(super) rust: String,
    pub(super) docs: Vec<String>,
}

/// The types of everything that `parse` and `classify` give back. `reason_rs` is the text that is about to be written.
pub(super) fn read(root: &Path, reason_rs: &str) -> Result<Vec<Declared>> {
    let mut found = Vec::new();
    for source in SOURCES {
        let text = if source.ends_with("reason.rs") {
            reason_rs.to_owned()
        } else {
            std::fs::read_to_string(root.join(source)).map_err(|e| format!("{source}: {e}"))?
        };
        found.append(&mut read_source(source, &text)?);
    }
    Ok(found)
}

/// Reads one file's closed lists and, where it is the record's, its public structs.
pub(super) fn read_source(source: &str, text: &str) -> Result<Vec<Declared>> {
    let mut reader = Reader { source, docs: Vec::new(), found: Vec::new() };
    reader.read(text)?;
    Ok(reader.found)
}

/// Reads line by line; rustfmt keeps one variant or field on a line.
struct Reader<'a> {
    source: &'a str,
    docs: Vec<String>,
    found: Vec<Declared>,
}

impl<'a> Reader<'a> {
    fn read(&mut self, text: &'a str) -> Result {
        let mut lines = text.lines().map(str::trim);
        let mut in_list = false;
        while let Some(line) = lines.next() {
            if self.took_doc(line) {
            } else if line == "closed_list! {" {
                (in_list, self.docs) = (true, Vec::new());
            } else if let Some(name) = line.strip_suffix(" {").filter(|name| in_list && plain(name)) {
                self.list(name, &mut lines)?;
                in_list = false;
            } else if let Some(name) = self.record_type(line) {
                self.structure(name, &mut lines)?;
            } else if !line.starts_with("#[") {
                self.docs.clear();
            }
        }
        Ok(())
    }

    /// The name of a struct that comes out of the parser.
    fn record_type(&self, line: &'a str) -> Option<&'a str> {
        let name = line.strip_prefix("pub struct ")?.strip_suffix(" {")?;
        self.source.ends_with("record.rs").then_some(name)
    }

    fn list(&mut self, name: &str, lines: &mut impl Iterator<Item = &'a str>) -> Result {
        let docs = std::mem::take(&mut self.docs);
        let mut words = Vec::new();
        for line in lines.by_ref().take_while(|line| *line != "}") {
            if self.took_doc(line) || line.starts_with("#[") {
                continue;
            }
            let text = line.split('"').nth(1).ok_or_else(|| self.fail(line))?.to_owned();
            words.push(Word { text, docs: std::mem::take(&mut self.docs) });
        }
        self.found.push(Declared { name: name.to_owned(), docs, shape: Shape::List(words) });
        Ok(())
    }

    fn structure(&mut self, name: &str, lines: &mut impl Iterator<Item = &'a str>) -> Result {
        let docs = std::mem::take(&mut self.docs);
        let mut fields = Vec::new();
        let mut renamed = None;
        for line in lines.by_ref().take_while(|line| *line != "}") {
            if self.took_doc(line) {
            } else if let Some(rename) = line.strip_prefix("#[serde(rename = \"") {
                renamed = rename.split('"').next();
            } else {
                let field = line.strip_prefix("pub ").and_then(|rest| rest.strip_suffix(','));
                let (name, rust) = field.and_then(|f| f.split_once(": ")).ok_or_else(|| self.fail(line))?;
                fields.push(Field {
                    key: renamed.take().unwrap_or(name).to_owned(),
                    name: name.to_owned(),
                    rust: rust.to_owned(),
                    docs: std::mem::take(&mut self.docs),
                });
            }
        }
        self.found.push(Declared { name: name.to_owned(), docs, shape: Shape::Struct(fields) });
        Ok(())
    }

    fn took_doc(&mut self, line: &str) -> bool {
        let doc = line.strip_prefix("///");
        self.docs.extend(doc.map(|doc| doc.trim().to_owned()));
        doc.is_some()
    }

    fn fail(&self, line: &str) -> String {
        format!("{}: {line:?} is of no known form; teach xtask/src/generate/declared.rs", self.source)
    }
}

/// Whether this is a type's bare name.
pub(super) fn plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The type within `wrapper<…>`.
pub(super) fn within<'a>(rust: &'a str, wrapper: &str) -> Option<&'a str> {
    rust.strip_prefix(wrapper)?.strip_prefix('<')?.strip_suffix('>')
}

//! core/rules/formats/*.toml → `core/src/report/formats/table.rs`.
//!
//! `order.toml` names every format once, the most telling signs first: recognition cannot depend on the order of files.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use serde::Deserialize;

use crate::Result;

/// Every format, in the order of recognition.
pub(crate) struct Formats {
    all: Vec<Format>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    order: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Format {
    id: String,
    name: String,
    source: String,
    #[serde(default)]
    start: Vec<String>,
    #[serde(default)]
    start_holds: bool,
    #[serde(default)]
    stop: Vec<String>,
    #[serde(default)]
    recipient: Vec<String>,
    #[serde(default)]
    pick: Vec<String>,
    recognise: Vec<Signs>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signs {
    #[serde(default)]
    proof: bool,
    #[serde(default)]
    from: Vec<String>,
    #[serde(default)]
    subject: Vec<String>,
    #[serde(default)]
    header: Vec<String>,
    #[serde(default)]
    field: Vec<String>,
    #[serde(default)]
    reporter: Vec<String>,
    #[serde(default)]
    text: Vec<String>,
    #[serde(default)]
    and_text: Vec<String>,
}

/// What a hole of a recipient pattern can be called.
const RECIPIENT_HOLES: [&str; 3] = ["address", "text", "any"];

/// What a hole of a pick pattern can be called: a fact of the delivery, or anything.
const PICK_HOLES: [&str; 8] =
    ["diagnostic", "remote_mta", "reporting_mta", "subject", "message_id", "queue_id", "sender", "any"];

impl Formats {
    /// Reads the files that `order.toml` names; a file that it does not name is an error.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let Order { order } = super::read_toml(&folder.join("order.toml"))?;
        let mut files = BTreeSet::new();
        for entry in std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))? {
            let path = entry.map_err(|e| e.to_string())?.path();
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            if path.extension().is_some_and(|e| e == "toml") && stem != "order" {
                files.insert(stem);
            }
        }
        let mut all = Vec::with_capacity(order.len());
        for id in order {
            if !files.remove(&id) {
                return Err(format!("order.toml: {id} stands twice, or {id}.toml is missing"));
            }
            let format: Format = super::read_toml(&folder.join(format!("{id}.toml")))?;
            format.check(&id).map_err(|fault| format!("{id}.toml: {fault}"))?;
            all.push(format);
        }
        match files.first() {
            Some(id) => Err(format!("order.toml does not say where {id} stands")),
            None => Ok(Self { all }),
        }
    }

    /// The table as the parser unpacks it (`core/src/report/formats/unpack.rs`).
    pub(crate) fn to_rust(&self) -> String {
        let mut out = String::from(HEADER);
        let _ = writeln!(out, "/// Every format, in the order of recognition: see `unpack.rs`.");
        let _ = writeln!(out, "pub(super) const PACKED: &str = r#\"");
        out.pop();
        for format in &self.all {
            let _ = writeln!(out, "{}", format.packed());
            for signs in &format.recognise {
                let _ = writeln!(out, "{}", signs.packed());
            }
        }
        out + "\"#;\n"
    }
}

impl Format {
    fn check(&self, id: &str) -> Result {
        if self.id != id {
            return Err(format!("its id is {:?}", self.id));
        }
        if self.name.is_empty() || self.source.is_empty() || self.recognise.is_empty() {
            return Err("name, source and one [[recognise]] must be given".to_owned());
        }
        let holes = |pattern: &str, allowed: &[&str]| {
            let mut names = pattern.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or(""));
            names
                .find(|name| !allowed.contains(name))
                .map(|name| format!("{pattern:?}: no hole is called {name:?}"))
        };
        for pattern in &self.recipient {
            if !pattern.contains("{address}") {
                return Err(format!("{pattern:?} has no {{address}}"));
            }
            if let Some(fault) = holes(pattern, &RECIPIENT_HOLES) {
                return Err(fault);
            }
        }
        if let Some(fault) = self.pick.iter().find_map(|pattern| holes(pattern, &PICK_HOLES)) {
            return Err(fault);
        }
        let signs = self.recognise.iter().flat_map(Signs::words);
        let words: Vec<&String> = self.start.iter().chain(&self.stop).chain(signs).collect();
        for word in &words {
            if word.len() < 3 || word.to_ascii_lowercase() != **word {
                return Err(format!("{word:?} must be lower case, and three letters at least"));
            }
        }
        let mut texts = words.into_iter().chain(&self.recipient).chain(&self.pick);
        if let Some(text) = texts.find(|text| text.contains(['\t', '\r', '\n'])) {
            return Err(format!("{text:?} must be one line without tabs"));
        }
        self.recognise
            .iter()
            .all(|signs| signs.words().next().is_some())
            .then_some(())
            .ok_or_else(|| "a [[recognise]] without signs would fit every mail".to_owned())
    }

    /// What it is, behind a tab that sets it apart from its signs.
    fn packed(&self) -> String {
        let mut line = format!("\t{}", self.id);
        for (name, texts) in [
            ("start", &self.start),
            ("stop", &self.stop),
            ("recipient", &self.recipient),
            ("pick", &self.pick),
        ] {
            line.extend(texts.iter().map(|text| format!("\t{name} {text}")));
        }
        line + if self.start_holds { "\tstart_holds" } else { "" }
    }
}

impl Signs {
    /// Each list, and what the table calls it.
    fn lists(&self) -> [(&str, &Vec<String>); 7] {
        [
            ("from", &self.from),
            ("subject", &self.subject),
            ("header", &self.header),
            ("field", &self.field),
            ("reporter", &self.reporter),
            ("text", &self.text),
            ("and_text", &self.and_text),
        ]
    }

    fn words(&self) -> impl Iterator<Item = &String> {
        self.lists().into_iter().flat_map(|(_, words)| words)
    }

    fn packed(&self) -> String {
        let words = self
            .lists()
            .into_iter()
            .flat_map(|(name, words)| words.iter().map(move |w| format!("{name} {w}")));
        self.proof.then(|| "proof".to_owned()).into_iter().chain(words).collect::<Vec<_>>().join("\t")
    }
}

const HEADER: &str = "// Generated by `cargo xtask generate` from core/rules/formats: edit those files.\n\n";

#[cfg(test)]
mod tests {
    use super::Formats;

    /// Writes the files in the order given, and reads them.
    fn read(name: &str, files: &[(&str, &str)]) -> crate::Result<Formats> {
        let folder = std::env::temp_dir().join(format!("komainu-formats-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
        for (name, text) in files {
            std::fs::write(folder.join(name), text).map_err(|e| e.to_string())?;
        }
        let formats = Formats::read(&folder);
        std::fs::remove_dir_all(&folder).map_err(|e| e.to_string())?;
        formats
    }

    const ORDER: (&str, &str) = ("order.toml", "order = [\"b\", \"a\"]");
    const A: (&str, &str) =
        ("a.toml", "id = \"a\"\nname = \"A\"\nsource = \"its manual\"\n[[recognise]]\ntext = [\"of a\"]");
    const B: (&str, &str) =
        ("b.toml", "id = \"b\"\nname = \"B\"\nsource = \"its manual\"\n[[recognise]]\ntext = [\"of b\"]");

    #[test]
    fn the_order_is_that_of_order_toml_however_the_files_lie() {
        let first = read("first", &[ORDER, A, B]).unwrap().to_rust();
        let second = read("second", &[B, A, ORDER]).unwrap().to_rust();
        assert_eq!(first, second);
        assert!(first.find("\tb\n") < first.find("\ta\n"), "{first}");
    }

    #[test]
    fn faults_name_the_file() {
        let fault = |name, files: &[_]| read(name, files).err().unwrap_or_default();
        assert_eq!(
            fault("left", &[("order.toml", "order = [\"a\"]"), A, B]),
            "order.toml does not say where b stands"
        );
        assert!(fault("lost", &[ORDER, A]).contains("b.toml is missing"));
        let hole = (
            "b.toml",
            "id = \"b\"\nname = \"B\"\nsource = \"s\"\nrecipient = [\"{who}\"]\n[[recognise]]\ntext = [\"of b\"]",
        );
        assert!(fault("hole", &[ORDER, A, hole]).starts_with("b.toml: \"{who}\" has no {address}"));
        let empty = ("b.toml", "id = \"b\"\nname = \"B\"\nsource = \"s\"\n[[recognise]]");
        assert!(fault("empty", &[ORDER, A, empty]).contains("would fit every mail"));
    }
}

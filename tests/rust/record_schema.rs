//! The JSON Schema of what every surface prints, written from the types in `core/src/record.rs`.
//!
//! Keys, order, types and descriptions are read from the structs themselves, the closed lists from the enums, so that
//! the schema cannot say anything else than the code.

use komainu::{
    Action, AddressStatus, Advice, Authenticity, Blame, Command, DecidedBy, Kind, Limit, Reason,
    RecipientSource, SCHEMA_VERSION,
};
use serde_json::{Value, json};

/// Where the types stand, below the workspace's root.
pub const SOURCE: &str = "core/src/record.rs";
const ID: &str = "https://github.com/komainu-mail/komainu/schema/record";

/// Structs that appear in JSON, by their name there. The first is what the schema is about.
const STRUCTS: &[(&str, &str)] = &[
    ("record", "Record"),
    ("report", "Report"),
    ("verdict", "Verdict"),
    ("evidence", "Evidence"),
    ("feedback", "Feedback"),
];

/// What a type does not tell of a key.
const PATTERNS: &[(&str, &str)] = &[
    ("id", "^[0-9a-f]{32}$"),
    ("status", "^[245]\\.[0-9]{1,3}\\.[0-9]{1,3}$"),
    ("derived_status", "^[245]\\.[0-9]{1,3}\\.[0-9]{1,3}$"),
    ("timestamp", DATE_TIME),
    ("arrival_date", DATE_TIME),
    ("last_attempt_date", DATE_TIME),
    ("will_retry_until", DATE_TIME),
];
const DATE_TIME: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$";

/// The schema's text: one line for each key, in the record's order.
///
/// # Errors
/// The source has a type or a line that this generator does not know.
pub fn generate(source: &str) -> Result<String> {
    let mut definitions = Vec::new();
    for (name, rust) in STRUCTS {
        let fields = fields(source, rust)?;
        let keys: Vec<String> =
            fields.iter().map(|field| Value::from(field.key.as_str()).to_string()).collect();
        let mut properties = Vec::new();
        for field in &fields {
            let mut value = type_of(&field.kind)?;
            if let Some((_, pattern)) = PATTERNS.iter().find(|(key, _)| *key == field.key) {
                value["pattern"] = json!(pattern);
            }
            value["description"] = json!(field.doc);
            properties.push(format!("        {}: {value}", Value::from(field.key.as_str())));
        }
        definitions.push(format!(
            "    \"{name}\": {{\n      \"type\": \"object\",\n      \"additionalProperties\": false,\n      \
             \"required\": [{}],\n      \"properties\": {{\n{}\n      }}\n    }}",
            keys.join(", "),
            properties.join(",\n")
        ));
    }
    Ok(format!(
        "{{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"$id\": \"{ID}-{SCHEMA_VERSION}.json\",\n  \
         \"title\": \"komainu record {SCHEMA_VERSION}\",\n  \"$ref\": \"#/$defs/record\",\n  \"$defs\": {{\n{}\n  }}\n}}\n",
        definitions.join(",\n")
    ))
}

type Result<T> = std::result::Result<T, String>;

struct Field {
    key: String,
    kind: String,
    doc: String,
}

/// The public fields of one struct, with their types and doc comments as written.
fn fields(source: &str, name: &str) -> Result<Vec<Field>> {
    let start = format!("pub struct {name} {{");
    let (_, rest) = source.split_once(&start).ok_or_else(|| format!("{SOURCE} has no `{start}`"))?;
    let (body, _) = rest.split_once("\n}").ok_or_else(|| format!("`{start}` has no end"))?;
    let (mut fields, mut doc, mut rename) = (Vec::new(), Vec::new(), None);
    for line in body.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("/// ") {
            doc.push(text);
        } else if let Some(text) = line.strip_prefix("#[serde(rename = \"") {
            rename = text.split('"').next();
        } else if let Some((key, kind)) = line.strip_prefix("pub ").and_then(|line| line.split_once(": ")) {
            fields.push(Field {
                key: rename.take().unwrap_or(key).to_owned(),
                kind: kind.trim_end_matches(',').to_owned(),
                doc: plain(&doc.join(" ")),
            });
            doc.clear();
        } else if !line.is_empty() {
            return Err(format!("{SOURCE}: cannot read {line:?} in {name}"));
        }
    }
    Ok(fields)
}

/// A doc comment in JSON's words, without rustdoc's links: `[text](target)` becomes its text.
fn plain(doc: &str) -> String {
    let mut text = String::new();
    let mut rest = doc;
    while let Some((before, after)) = rest.split_once("](") {
        let (lead, label) = before.rsplit_once('[').unwrap_or((before, ""));
        text.push_str(lead);
        text.push_str(label);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    text.push_str(rest);
    text.replace("`None`", "null")
}

/// The schema of a Rust type.
fn type_of(kind: &str) -> Result<Value> {
    if let Some(inner) = kind.strip_prefix("Option<").and_then(|kind| kind.strip_suffix('>')) {
        let mut value = type_of(inner)?;
        if let Some(names) = value.get_mut("enum").and_then(Value::as_array_mut) {
            names.push(Value::Null);
        } else if let Some(kind) = value.get_mut("type") {
            *kind = json!([kind.clone(), "null"]);
        } else {
            value = json!({ "anyOf": [value, { "type": "null" }] });
        }
        return Ok(value);
    }
    if let Some(inner) = kind.strip_prefix("Vec<").and_then(|kind| kind.strip_suffix('>')) {
        return Ok(json!({ "type": "array", "items": type_of(inner)? }));
    }
    if let Some((name, _)) = STRUCTS.iter().find(|(_, rust)| *rust == kind) {
        return Ok(json!({ "$ref": format!("#/$defs/{name}") }));
    }
    Ok(match kind {
        "String" => json!({ "type": "string" }),
        "bool" => json!({ "type": "boolean" }),
        "u16" | "u32" | "u64" => json!({ "type": "integer", "minimum": 0 }),
        "BTreeMap<String, String>" => {
            json!({ "type": "object", "additionalProperties": { "type": "string" } })
        }
        "Kind" => names(Kind::ALL.iter().map(|value| value.as_str())),
        "Reason" => names(Reason::ALL.iter().map(|value| value.as_str())),
        "Action" => names(Action::ALL.iter().map(|value| value.as_str())),
        "Command" => names(Command::ALL.iter().map(|value| value.as_str())),
        "Blame" => names(Blame::ALL.iter().map(|value| value.as_str())),
        "Advice" => names(Advice::ALL.iter().map(|value| value.as_str())),
        "DecidedBy" => names(DecidedBy::ALL.iter().map(|value| value.as_str())),
        "RecipientSource" => names(RecipientSource::ALL.iter().map(|value| value.as_str())),
        "AddressStatus" => names(AddressStatus::ALL.iter().map(|value| value.as_str())),
        "Authenticity" => names(Authenticity::ALL.iter().map(|value| value.as_str())),
        "Limit" => names(Limit::ALL.iter().map(|value| value.as_str())),
        other => {
            return Err(format!(
                "{SOURCE}: the schema does not know the type {other}; add it to tests/rust/record_schema.rs"
            ));
        }
    })
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Value {
    json!({ "enum": names.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::generate;
    use serde_json::Value;

    const STRUCTS: &str = "pub struct Report {\n    /// Its kind, as [`Kind`](crate::Kind); `None` for `[SPAM]`.\n    pub kind: Kind,\n\
        }\npub struct Record {\n    /// Who.\n    pub recipient: Option<String>,\n    /// How it went.\n    \
        pub action: Option<Action>,\n}\npub struct Verdict {\n}\npub struct Evidence {\n}\npub struct Feedback {\n    \
        /// Its type.\n    #[serde(rename = \"type\")]\n    pub kind: Option<String>,\n}\n";

    #[test]
    fn keys_types_and_words_come_from_the_source() {
        let schema: Value = serde_json::from_str(&generate(STRUCTS).unwrap()).unwrap();
        let record = &schema["$defs"]["record"];
        assert_eq!(record["required"], serde_json::json!(["recipient", "action"]));
        assert_eq!(record["properties"]["recipient"]["type"], serde_json::json!(["string", "null"]));
        assert!(record["properties"]["action"]["enum"].as_array().unwrap().contains(&Value::Null));
        assert_eq!(
            schema["$defs"]["report"]["properties"]["kind"]["description"],
            "Its kind, as `Kind`; null for `[SPAM]`."
        );
        assert_eq!(schema["$defs"]["feedback"]["required"], serde_json::json!(["type"]));
    }

    #[test]
    fn a_type_it_does_not_know_is_an_error() {
        let source = STRUCTS.replace("Option<Action>", "Duration");
        assert!(generate(&source).unwrap_err().contains("Duration"));
    }
}

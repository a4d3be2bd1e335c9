//! How a report goes to JavaScript without its keys: the addon writes the values of its fields one after the other
//! (`node/src/values/fields.rs`), and a reader with fixed object literals puts them together (`node/lib/values.ts`).

use std::fmt::Write;

use super::declared::{Declared, SOURCES, Shape, within};
use super::typescript::{HEADER, script_type};
use crate::Result;

/// What goes over as a whole; everything that it is made of goes with it.
const ROOT: &str = "Report";

/// The types that a report is made of, those of the fields first.
fn reachable<'a>(declared: &'a [Declared], name: &str, found: &mut Vec<&'a Declared>) {
    let Some(one) = declared.iter().find(|one| one.name == name) else { return };
    if let Shape::Struct(fields) = &one.shape {
        for field in fields {
            reachable(declared, bare(&field.rust), found);
        }
    }
    if !found.iter().any(|known| known.name == name) {
        found.push(one);
    }
}

/// The type within all wrappers.
fn bare(rust: &str) -> &str {
    within(rust, "Option").or_else(|| within(rust, "Vec")).map_or(rust, bare)
}

fn of_a_report(declared: &[Declared]) -> Vec<&Declared> {
    let mut found = Vec::new();
    reachable(declared, ROOT, &mut found);
    found
}

/// The writer's side.
pub(super) fn rust(declared: &[Declared]) -> Result<String> {
    let mut out = format!(
        "{HEADER} {}: edit those.\n\nuse super::{{Value, Values}};\nuse napi::bindgen_prelude::Result;\n",
        SOURCES.join(", ")
    );
    for Declared { name, shape, .. } in of_a_report(declared) {
        let _ = match shape {
            Shape::List(_) => write!(
                out,
                "impl Value for komainu::{name} {{\n fn put(&self, values: &mut Values<'_>) -> Result<()> {{\n \
                 values.push(*self as u32)\n}}\n}}\n"
            ),
            Shape::Struct(fields) => {
                let puts: String =
                    fields.iter().map(|field| format!("self.{}.put(values)?;\n", field.name)).collect();
                let puts = format!("values.count({})?;\n{puts}", fields.len());
                write!(
                    out,
                    "impl Value for komainu::{name} {{\n fn put(&self, values: &mut Values<'_>) -> Result<()> {{\n \
                     {puts} Ok(())\n}}\n}}\n"
                )
            }
        };
    }
    Ok(out)
}

/// The reader's side.
pub(super) fn script(declared: &[Declared]) -> Result<String> {
    let mut out = format!("{HEADER} {}: edit those.\n{SCRIPT}", SOURCES.join(", "));
    let types = of_a_report(declared);
    for Declared { name, shape, .. } in &types {
        let function = function(name);
        match shape {
            Shape::List(words) => {
                let words: Vec<_> = words.iter().map(|word| format!("'{}'", word.text)).collect();
                let _ = writeln!(
                    out,
                    "\nconst {function}Words: readonly T.{name}[] = [\n  {},\n];\n\
                     const {function} = (): T.{name} => {function}Words[next() as number] as T.{name};",
                    words.join(",\n  ")
                );
            }
            Shape::Struct(fields) => {
                let count = fields.len();
                let _ =
                    writeln!(out, "\nfunction {function}(): T.{name} {{\n  fields({count});\n  return {{");
                for field in fields {
                    let _ = writeln!(out, "    {}: {},", field.key, reading(&field.rust)?);
                }
                out.push_str("  };\n}\n");
            }
        }
    }
    out.push_str(ENTRY);
    Ok(out)
}

fn function(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{}{rest}", first.to_ascii_lowercase())
}

/// The expression that reads one field.
fn reading(rust: &str) -> Result<String> {
    if let Some(inner) = within(rust, "Option") {
        return Ok(match script_type(inner)?.as_str() {
            script @ ("string" | "number" | "boolean") => format!("next() as {script} | null"),
            _ => format!("absent() ? null : {}()", reader(inner)?),
        });
    }
    match within(rust, "Vec") {
        Some(inner) => Ok(format!("list({})", reader(inner)?)),
        None => Ok(match script_type(rust)?.as_str() {
            script @ ("string" | "number" | "boolean") => format!("next() as {script}"),
            _ => format!("{}()", reader(rust)?),
        }),
    }
}

/// The function that reads a value of this type.
fn reader(rust: &str) -> Result<String> {
    Ok(match (rust, script_type(rust)?.as_str()) {
        ("BTreeMap<String, String>", _) => "map".to_owned(),
        (_, "string" | "number" | "boolean") => "next".to_owned(),
        (_, name) => function(name),
    })
}

const SCRIPT: &str = "
import type * as T from './types.js';

/** What the addon gave, and how far it is read. */
let values: readonly unknown[] = [];
let at = 0;

const next = (): unknown => values[at++];

/** Whether there is nothing where something may be. */
function absent(): boolean {
  if (values[at] !== null) return false;
  at += 1;
  return true;
}

function list<V>(read: () => unknown): V[] {
  const length = next() as number;
  const found: V[] = [];
  for (let n = 0; n < length; n += 1) found.push(read() as V);
  return found;
}

function map(): { [name: string]: string } {
  const length = next() as number;
  return Object.fromEntries(Array.from({ length }, () => [next(), next()]));
}

/** Every struct begins with its number of fields: an addon of another version does not go unnoticed. */
function fields(wanted: number): void {
  const found = next();
  if (found !== wanted) throw new Error(`the addon is of another version: ${String(found)} fields where ${wanted} are known`);
}
";

const ENTRY: &str = "
/** Called by the addon: a report, or further records for the one that it gave before. */
export function read(begun: T.Report | null, ...given: readonly unknown[]): T.Report {
  values = given;
  at = 0;
  if (begun === null) return report();
  for (const one of list<T.Record>(record)) begun.records.push(one);
  return begun;
}
";

#[cfg(test)]
mod tests {
    use super::super::declared::read_source;
    use super::{reading, rust, script};

    const SOURCE: &str = "closed_list! {\n Kind {\n A = \"a\",\n B = \"b\",\n }\n}\n\
        pub struct Thing {\n #[serde(rename = \"type\")]\n pub kind: Option<Kind>,\n pub n: u64,\n}\n\
        pub struct Other {\n pub n: u64,\n}\n\
        pub struct Report {\n pub things: Vec<Thing>,\n}\n";

    #[test]
    fn both_sides_name_the_fields_in_the_order_of_the_source() {
        let declared = read_source("record.rs", SOURCE).unwrap();
        let writer = rust(&declared).unwrap();
        assert!(
            writer.contains("values.count(2)?;\nself.kind.put(values)?;\nself.n.put(values)?;\n"),
            "{writer}"
        );
        let reader = script(&declared).unwrap();
        let thing =
            "  fields(2);\n  return {\n    type: absent() ? null : kind(),\n    n: next() as number,\n  };";
        assert!(reader.contains(thing), "{reader}");
        assert!(!writer.contains("Other") && !reader.contains("Other"), "no report is made of it");
    }

    #[test]
    fn every_shape_has_its_expression() {
        assert_eq!(reading("Option<String>").as_deref(), Ok("next() as string | null"));
        assert_eq!(reading("Vec<Record>").as_deref(), Ok("list(record)"));
        assert_eq!(reading("Option<BTreeMap<String, String>>").as_deref(), Ok("absent() ? null : map()"));
        assert!(reading("&str").is_err());
    }
}

//! `cargo xtask schema [--check]`: writes `schema/record.json`, or fails where it is not in step with the types.

use komainu_tests::{record_schema, root};

const PATH: &str = "schema/record.json";

fn main() -> Result<(), String> {
    let source =
        std::fs::read_to_string(root().join(record_schema::SOURCE)).map_err(|error| error.to_string())?;
    let schema = record_schema::generate(&source)?;
    let old = std::fs::read_to_string(root().join(PATH)).unwrap_or_default();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => std::fs::create_dir_all(root().join("schema"))
            .and_then(|()| std::fs::write(root().join(PATH), schema))
            .map_err(|error| format!("{PATH}: {error}")),
        ["--check"] if old == schema => Ok(()),
        ["--check"] => {
            Err(format!("{PATH} is not in step with {}: run `cargo xtask schema`", record_schema::SOURCE))
        }
        other => Err(format!("schema takes --check or nothing, not {other:?}")),
    }
}

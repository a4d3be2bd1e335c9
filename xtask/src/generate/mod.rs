//! `cargo xtask generate`: the rule files under `core/rules` become checked-in Rust tables.
//!
//! A build script would hide this work from review and repeat it in every build; a checked-in table shows in the diff.

mod declared;
mod formats;
mod python;
mod reasons;
mod typescript;
mod values;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Result;

/// Writes every generated file, or with `--check` fails where one differs.
pub(crate) fn run(args: &[&str]) -> Result {
    let check = match args {
        [] => false,
        ["--check"] => true,
        _ => return Err(format!("generate takes --check or nothing, not {}", args.join(" "))),
    };
    let root = crate::root();
    let mut stale = Vec::new();
    for (path, text) in outputs(&root)? {
        let rust = path.extension().is_some_and(|extension| extension == "rs");
        let text = if rust { formatted(&root, &text)? } else { text };
        if std::fs::read_to_string(root.join(&path)).is_ok_and(|old| old == text) {
            continue;
        }
        if check {
            stale.push(path.display().to_string());
        } else {
            std::fs::write(root.join(&path), text).map_err(|e| format!("{}: {e}", path.display()))?;
            println!("wrote {}", path.display());
        }
    }
    if stale.is_empty() {
        // The tables need the parser's own reading of phrases, and the reasons that were just written.
        return crate::of_the_cases("tables", args);
    }
    Err(format!(
        "not what core/rules says: {}\nrun `cargo xtask generate` and commit the result",
        stale.join(", ")
    ))
}

/// Every generated file: its path below the root, and its text before formatting.
fn outputs(root: &Path) -> Result<Vec<(PathBuf, String)>> {
    let reasons = reasons::Reasons::read(&root.join("core/rules/reasons.toml"))?;
    let reason = reasons.to_rust();
    let declared = declared::read(root, &formatted(root, &reason)?)?;
    let formats = formats::Formats::read(&root.join("core/rules/formats"))?;
    Ok(vec![
        (PathBuf::from("node/lib/types.ts"), typescript::types(&declared)?),
        (PathBuf::from("wasm/js/types.d.ts"), typescript::types(declared.iter().filter(without_logs))?),
        (PathBuf::from("node/lib/values.ts"), values::script(&declared)?),
        (PathBuf::from("node/src/values/fields.rs"), values::rust(&declared)?),
        (PathBuf::from("node/lib/reasons.ts"), typescript::reasons(&reasons)?),
        (PathBuf::from("wasm/js/reasons.js"), typescript::script(&reasons)?),
        (PathBuf::from("core/src/reason.rs"), reason),
        (PathBuf::from("core/src/report/formats/table.rs"), formats.to_rust()),
        (PathBuf::from("python/python/komainu/_reason.py"), python::reasons(&reasons)),
    ])
}

/// The WebAssembly module reads no logs.
fn without_logs(declared: &&declared::Declared) -> bool {
    declared.name != "LogFormat"
}

/// Reads one rule file.
fn read_toml<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
}

/// The text as `cargo fmt` would leave it.
fn formatted(root: &Path, text: &str) -> Result<String> {
    let fail = |e: std::io::Error| format!("rustfmt: {e}");
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(fail)?;
    let mut stdin = child.stdin.take().ok_or("rustfmt has no stdin")?;
    let input = text.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let out = child.wait_with_output().map_err(fail)?;
    writer.join().map_err(|_| "rustfmt: the writer failed")?.map_err(fail)?;
    if !out.status.success() {
        return Err("rustfmt refused the generated text".to_owned());
    }
    String::from_utf8(out.stdout).map_err(|e| format!("rustfmt: {e}"))
}

//! `cargo xtask generate`, its second half: the rule files under `core/rules` become tables under `core/src/rules`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let check = std::env::args().nth(1).is_some_and(|arg| arg == "--check");
    match run(check) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(check: bool) -> Result<(), String> {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("core");
    let mut files = Vec::new();
    for folder in ["phrases", "providers", "."] {
        for path in rule_files(&core.join("rules").join(folder))? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            files.push((format!("{folder}/{name}"), text));
        }
    }
    let (rules, docs) = komainu::rules::rust_tables(&files).map_err(|e| e.to_string())?;
    let mut stale = Vec::new();
    for (name, text) in [("rules.rs", rules), ("docs.rs", docs)] {
        let path = core.join("src/rules/tables").join(name);
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        if check {
            stale.push(name);
        } else {
            std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
            println!("wrote core/src/rules/tables/{name}");
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!(
        "not what core/rules says: {}\nrun `cargo xtask generate` and commit the result",
        stale.join(", ")
    ))
}

/// The rule files of a folder, by name; reasons.toml is no rule file.
fn rule_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "toml") && !p.ends_with("reasons.toml"))
        .collect();
    files.sort();
    Ok(files)
}

//! Rules of the house that no compiler checks.

use std::path::{Path, PathBuf};

use komainu_tests::root;

/// Source files stay short enough to be read in one go; generated tables are apart.
const MOST_LINES: usize = 400;

/// The plain values, the knowledge, then the stages from bytes to decision: a module uses only what stands before it.
const FLOW: &[&str] = &[
    "error",
    "vocabulary",
    "limits",
    "reason",
    "record",
    "syntax",
    "rules",
    "message",
    "report",
    "facts",
    "decide",
];

#[test]
fn files_are_short() {
    let mut long = Vec::new();
    let sources = tracked(&["rs", "py", "pyi", "mjs", "cjs", "ts", "js"]);
    assert!(sources.len() > 20, "only {} sources found", sources.len());
    for path in sources {
        let text = std::fs::read_to_string(root().join(&path)).unwrap_or_default();
        let head: String = text.lines().take(5).collect::<Vec<_>>().join("\n").to_lowercase();
        let generated = head.contains("generated") || head.contains("auto-generated");
        if !generated && text.lines().count() > MOST_LINES {
            long.push(format!("{}: {} lines", path.display(), text.lines().count()));
        }
    }
    assert!(long.is_empty(), "more than {MOST_LINES} lines:\n{}", long.join("\n"));
}

/// Files that git knows, with one of these extensions.
fn tracked(extensions: &[&str]) -> Vec<PathBuf> {
    let listed =
        std::process::Command::new("git").arg("-C").arg(root()).args(["ls-files", "-z"]).output().unwrap();
    assert!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
    String::from_utf8_lossy(&listed.stdout)
        .split_terminator('\0')
        .map(PathBuf::from)
        .filter(|path| path.extension().is_some_and(|found| extensions.iter().any(|wanted| found == *wanted)))
        .filter(|path| root().join(path).is_file())
        .collect()
}

#[test]
fn the_flow_goes_one_way() {
    let mut backwards = Vec::new();
    let mut seen = 0;
    for path in tracked(&["rs"]) {
        let Ok(inside) = path.strip_prefix("core/src") else { continue };
        let module = module_of(inside);
        let Some(place) = FLOW.iter().position(|name| *name == module) else { continue };
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        // A module's own tests may look at anything.
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for used in uses(text) {
            seen += 1;
            if FLOW.iter().position(|name| *name == used).is_some_and(|other| other > place) {
                backwards.push(format!("{} uses crate::{used}", path.display()));
            }
        }
    }
    assert!(seen > 0, "no `crate::` path found under core/src");
    assert!(backwards.is_empty(), "against the flow:\n{}", backwards.join("\n"));
}

/// The top-level module of a file below `core/src`.
fn module_of(inside: &Path) -> String {
    let first = inside.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
    first.unwrap_or_default().trim_end_matches(".rs").to_owned()
}

/// The modules named after `crate::`, except in comments.
fn uses(text: &str) -> Vec<String> {
    let code =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    code.split("crate::")
        .skip(1)
        .map(|rest| {
            rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned()
        })
        .collect()
}

#[test]
fn the_index_of_examples_names_every_folder() {
    let index = std::fs::read_to_string(root().join("examples/README.md")).unwrap();
    let mut folders = 0;
    for entry in std::fs::read_dir(root().join("examples")).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && name != "node_modules" {
            folders += 1;
            assert!(index.contains(&format!("[{name}]({name})")), "examples/README.md does not name {name}");
        }
    }
    assert!(folders >= 2, "examples/ has only {folders} folders");
}

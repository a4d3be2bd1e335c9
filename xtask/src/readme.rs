//! `cargo xtask readme [--check]`: runs what the texts for readers show, and writes what it printed (or compares it).
//!
//! - A ```` ```console ```` block holds lines `$ command`, each followed by what it prints.
//! - A ```` ```python ```` or ```` ```js ```` block is a program; a ```` ```text ```` block right after it is what it prints.
//! - Other blocks are not run: `sh` for what installs or serves, `rust` belongs to rustdoc.
//!
//! Everything runs in the workspace's root with the release build of the command on the PATH. Programs run where the tests
//! have installed the built packages; without these, they are left alone and counted as skipped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Result, root};

/// The texts, by path below the root; a folder stands for its Markdown files.
const TEXTS: &[&str] = &["README.md", "docs/src/recipes"];

/// `cargo xtask readme [--check]`
pub(crate) fn run(args: &[&str]) -> Result {
    let check = match args {
        [] => false,
        ["--check"] => true,
        other => return Err(format!("readme takes --check or nothing, not {other:?}")),
    };
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for path in texts()? {
        let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        let old = std::fs::read_to_string(&path).map_err(|error| format!("{shown}: {error}"))?;
        let blocks = split(&old);
        let new = replay(&blocks, &mut |name, outcome| match outcome {
            Outcome::Same => passed += 1,
            Outcome::Skipped(why) => {
                skipped += 1;
                println!("skipped: {shown}: {name}: {why}");
            }
            Outcome::Differs(got) => {
                failed += usize::from(check);
                println!("{shown}: {name} prints otherwise:\n{got}");
            }
            Outcome::Broken(why) => {
                failed += 1;
                println!("{shown}: {name} failed:\n{why}");
            }
        });
        if !check && new != old {
            std::fs::write(&path, new).map_err(|error| format!("{shown}: {error}"))?;
            println!("wrote {shown}");
        }
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if failed == 0 && passed > 0 { Ok(()) } else { Err(String::new()) }
}

fn texts() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for text in TEXTS.iter().map(|text| root().join(text)) {
        if text.is_dir() {
            for entry in std::fs::read_dir(&text).map_err(|error| format!("{}: {error}", text.display()))? {
                found.push(entry.map_err(|error| error.to_string())?.path());
            }
        } else {
            found.push(text);
        }
    }
    found.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    found.sort();
    Ok(found)
}

/// A piece of a text: what stands between fences with its language, or outside of them (no language).
pub(crate) struct Block<'a> {
    pub(crate) language: Option<&'a str>,
    pub(crate) text: String,
}

pub(crate) fn split(text: &str) -> Vec<Block<'_>> {
    let mut blocks = vec![Block { language: None, text: String::new() }];
    for line in text.split_inclusive('\n') {
        let inside = blocks.last().is_some_and(|block| block.language.is_some());
        match line.strip_prefix("```") {
            Some(language) if !inside => {
                blocks.push(Block { language: Some(language.trim()), text: String::new() });
            }
            Some(_) => blocks.push(Block { language: None, text: String::new() }),
            None => {
                if let Some(block) = blocks.last_mut() {
                    block.text.push_str(line);
                }
            }
        }
    }
    blocks
}

enum Outcome {
    Same,
    Skipped(&'static str),
    Differs(String),
    Broken(String),
}

/// Runs every block and gives the text back with what was printed.
fn replay(blocks: &[Block<'_>], tell: &mut dyn FnMut(&str, Outcome)) -> String {
    let mut text = String::new();
    let mut printed: Option<String> = None;
    for (number, block) in blocks.iter().enumerate() {
        let mut body = block.text.clone();
        match block.language {
            None if body.trim().is_empty() => {}
            None => printed = None,
            Some("console") => body = console(&body, tell),
            Some("text") => {
                if let Some(got) = printed.take() {
                    tell("output", if got == body { Outcome::Same } else { Outcome::Differs(got.clone()) });
                    body = got;
                }
            }
            Some(language @ ("python" | "js")) => match program(language, number, &body) {
                Ok(Some(got)) => {
                    tell(language, Outcome::Same);
                    printed = Some(got);
                }
                Ok(None) => tell(language, Outcome::Skipped("the package is not installed by the tests")),
                Err(why) => tell(language, Outcome::Broken(why)),
            },
            Some(_) => {}
        }
        match block.language {
            None => text.push_str(&body),
            Some(language) => text.push_str(&format!("```{language}\n{body}```\n")),
        }
    }
    text
}

/// Runs the `$` lines of a block; `\` at the end of one goes on in the next.
fn console(body: &str, tell: &mut dyn FnMut(&str, Outcome)) -> String {
    let mut text = String::new();
    let mut lines = body.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(first) = line.strip_prefix("$ ") else { continue };
        text.push_str(&format!("{line}\n"));
        let mut command = first.to_owned();
        while command.ends_with('\\') {
            let next = lines.next().unwrap_or_default();
            text.push_str(&format!("{next}\n"));
            command = format!("{command}\n{next}");
        }
        let mut want = String::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
            want.push_str(&format!("{line}\n"));
        }
        let mut bash = Command::new("bash");
        bash.args(["-c", &command]);
        match output(bash) {
            Ok(got) if got == want => tell(&command, Outcome::Same),
            Ok(got) => {
                tell(&command, Outcome::Differs(got.clone()));
                want = got;
            }
            Err(why) => tell(&command, Outcome::Broken(why)),
        }
        text.push_str(&want);
    }
    text
}

/// Runs a program where the tests have installed the built package; `None` where they have not.
fn program(language: &str, number: usize, body: &str) -> std::result::Result<Option<String>, String> {
    let test = root().join("target/test");
    let (interpreter, file) = match language {
        "python" => (test.join("python/venv/bin/python"), test.join(format!("python/example-{number}.py"))),
        _ => (PathBuf::from("node"), test.join(format!("node/example-{number}.mjs"))),
    };
    let installed =
        if language == "python" { interpreter.clone() } else { test.join("node/node_modules/komainu") };
    if !installed.exists() {
        return Ok(None);
    }
    std::fs::write(&file, body).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut command = Command::new(interpreter);
    command.arg(&file);
    output(command).map(Some)
}

/// What a command prints on both outputs, in the root, with the built command on the PATH.
fn output(mut command: Command) -> std::result::Result<String, String> {
    let built = root().join("target/release");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(built).chain(std::env::split_paths(&path)));
    command
        .current_dir(root())
        .stdin(Stdio::null())
        .env("PATH", path.unwrap_or_default())
        .env("COLUMNS", "100");
    without_cargo(&mut command);
    let done = command.output().map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&root_name(), "");
    if !done.status.success() {
        return Err(format!("{}\n{}{}", done.status, text(&done.stdout), text(&done.stderr)));
    }
    Ok(text(&done.stdout))
}

/// What `cargo run` sets for xtask itself is not for the commands that it starts.
pub(crate) fn without_cargo(command: &mut Command) {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_")) {
        command.env_remove(name);
    }
    command.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_MANIFEST_PATH");
}

/// The checkout's own folder, which is nobody's business.
fn root_name() -> String {
    format!("{}/", root().canonicalize().as_deref().unwrap_or(Path::new(".")).display())
}

#[cfg(test)]
mod tests {
    use super::{Outcome, replay, split};

    fn rewrite(text: &str) -> (String, usize) {
        let mut differing = 0;
        let new = replay(&split(text), &mut |_, outcome| {
            differing += usize::from(!matches!(outcome, Outcome::Same));
        });
        (new, differing)
    }

    #[test]
    fn what_a_command_prints_is_compared_and_rewritten() {
        let right = "Say hello:\n\n```console\n$ echo hello\nhello\n$ printf 'a\\nb\\n' | \\\n  sort -r\nb\na\n```\nEnd.\n";
        assert_eq!(rewrite(right), (right.to_owned(), 0));
        let wrong = right.replace("\nhello\n", "\ngoodbye\n");
        assert_eq!(rewrite(&wrong), (right.to_owned(), 1));
    }

    #[test]
    fn a_command_that_fails_is_told_and_left_alone() {
        let text = "```console\n$ exit 3\n```\n";
        assert_eq!(rewrite(text), (text.to_owned(), 1));
    }

    #[test]
    fn other_blocks_are_not_run() {
        let text = "```sh\nexit 1\n```\n```json\n{}\n```\n```text\nfree\n```\n";
        assert_eq!(rewrite(text), (text.to_owned(), 0));
    }
}

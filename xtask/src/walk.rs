//! `cargo xtask walk [CHAPTER…]`: goes the ways from README to the hard bounces of a mailbox, as a new user would.
//!
//! Each chapter of README's section runs word for word in a fresh clone that has built nothing yet. A mailbox stands in
//! place of `examples/mails`, as the text asks for. What is committed is walked, and the minutes are told.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::readme::{split, without_cargo};
use crate::{Result, root};

const SECTION: &str = "\n## The hard bounces in your own mailbox\n";

/// The chapters, by the first words of their first sentences.
const CHAPTERS: &[(&str, &str)] = &[
    ("command", "The command"),
    ("python", "Python"),
    ("node", "Node"),
    ("rust", "Rust"),
    ("browser", "The browser"),
];

/// What the reader puts the own mailbox in place of.
const EXAMPLES: &str = "examples/mails";

/// What every way has to find in the mailbox made of `examples/mails`.
const HARD: &[&str] = &["saburo@fabrikam.example.net", "taro@example.jp"];

/// `cargo xtask walk [CHAPTER…]`
pub(crate) fn run(args: &[&str]) -> Result {
    if let Some(other) = args.iter().find(|name| !CHAPTERS.iter().any(|(known, _)| known == *name)) {
        let known: Vec<_> = CHAPTERS.iter().map(|(name, _)| *name).collect();
        return Err(format!("no chapter {other:?}; walk takes {}", known.join(" ")));
    }
    let text = std::fs::read_to_string(root().join("README.md")).map_err(|error| error.to_string())?;
    let (mut passed, mut failed) = (0, 0);
    for (name, start) in CHAPTERS {
        if !args.is_empty() && !args.contains(name) {
            continue;
        }
        let begun = Instant::now();
        let outcome = walk(name, |mailbox| script(&text, start, mailbox));
        let minutes = begun.elapsed().as_secs_f64() / 60.0;
        match outcome {
            Ok(()) => {
                passed += 1;
                println!("ok      {name}: from README to the hard bounces in {minutes:.1} minutes");
            }
            Err(why) => {
                failed += 1;
                println!("FAILED  {name}, after {minutes:.1} minutes:\n{why}");
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 { Ok(()) } else { Err(String::new()) }
}

/// What a reader of one chapter does: the text's blocks, and the command that its first sentence names.
fn script(text: &str, start: &str, mailbox: &str) -> Result<String> {
    let (_, section) = text.split_once(SECTION).ok_or(format!("README has no section {SECTION:?}"))?;
    let section = section.split("\n## ").next().unwrap_or_default();
    let blocks = split(section);
    let first = blocks
        .iter()
        .position(|block| block.language.is_none() && introduces(&block.text, start))
        .ok_or(format!("no chapter begins with {start:?}"))?;
    let chapter = &blocks[first..];
    let end =
        chapter.iter().skip(1).position(|block| block.language.is_none() && !block.text.trim().is_empty());
    let chapter = &chapter[..end.map_or(chapter.len(), |end| end + 1)];
    let mut script = String::from("set -euo pipefail\nexec 3>&1 1>&2\n");
    for block in chapter {
        let shell = block.text.replace(EXAMPLES, &format!("'{mailbox}'"));
        match block.language {
            Some("sh") => script.push_str(&shell),
            Some("console") => {
                let commands = shell.lines().filter_map(|line| line.strip_prefix("$ "));
                script.extend(commands.map(|command| format!("{command} >&3\n")));
            }
            Some("python" | "js" | "rust") => {
                let (command, file) = named(&chapter[0].text).ok_or("the sentence names no file to write")?;
                let program = block.text.replace(EXAMPLES, mailbox);
                script.push_str(&format!("cat > {file} <<'PROGRAM'\n{program}PROGRAM\n{command} >&3\n"));
            }
            _ => {}
        }
    }
    Ok(script)
}

fn introduces(text: &str, start: &str) -> bool {
    text.lines().any(|line| line.starts_with(start))
}

/// "`COMMAND` runs this as `FILE`" or "as its `FILE`".
fn named(sentence: &str) -> Option<(&str, &str)> {
    let (before, after) = sentence.split_once("` runs this as ")?;
    let file = after.split('`').nth(1)?;
    Some((before.rsplit('`').next()?, file))
}

/// Walks in a clone that is gone afterwards.
fn walk(name: &str, script: impl Fn(&str) -> Result<String>) -> Result {
    // Away from this checkout: cargo would take a package below it for a member of its workspace.
    let folder = std::env::temp_dir().join(format!("komainu-walk-{}", std::process::id())).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mailbox = folder.join("my own.mbox");
    mbox(&mailbox)?;
    let checkout = folder.join("komainu");
    must(Command::new("git").args(["clone", "--quiet"]).arg(root()).arg(&checkout))?;
    let script = script(&mailbox.display().to_string())?;
    let printed = bash(&checkout, &script, &folder)?;
    let found = if name == "browser" { in_the_browser(&checkout, &mailbox)? } else { addresses(&printed) };
    if found != HARD {
        return Err(format!("found {found:?} where {HARD:?} are hard:\n{printed}"));
    }
    let _ = std::fs::remove_dir_all(&folder);
    Ok(())
}

/// The example mails as one mailbox.
fn mbox(path: &Path) -> Result {
    let fail = |error: std::io::Error| format!("{}: {error}", path.display());
    let folder = root().join("examples/mails");
    let mut mails: Vec<PathBuf> =
        std::fs::read_dir(&folder).map_err(fail)?.flatten().map(|entry| entry.path()).collect();
    mails.retain(|mail| mail.extension().is_some_and(|extension| extension == "eml"));
    mails.sort();
    let mut text = String::new();
    for mail in mails {
        text.push_str("From MAILER-DAEMON Mon Sep  2 09:00:00 2024\n");
        let mail = std::fs::read(mail).map_err(fail)?;
        for line in String::from_utf8_lossy(&mail).lines() {
            let quoted = line.trim_start_matches('>').starts_with("From ");
            text.push_str(&format!("{}{line}\n", if quoted { ">" } else { "" }));
        }
        text.push('\n');
    }
    std::fs::write(path, text).map_err(fail)
}

/// Runs the script in the checkout, and gives what it printed for its reader.
fn bash(checkout: &Path, script: &str, folder: &Path) -> Result<String> {
    let mut command = Command::new("bash");
    // `cargo install` puts programs where the PATH leads.
    let programs = folder.join("programs");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path =
        std::env::join_paths(std::iter::once(programs.join("bin")).chain(std::env::split_paths(&path)));
    command.args(["-c", script]).current_dir(checkout).stdin(Stdio::null());
    command.env("PATH", path.unwrap_or_default()).env("CARGO_INSTALL_ROOT", programs);
    without_cargo(&mut command);
    must(&mut command)
}

/// What the reader of the page does with hand and eye, done by a program in Chromium.
fn in_the_browser(checkout: &Path, mailbox: &Path) -> Result<Vec<String>> {
    let page = checkout.join("examples/web/dist/komainu.html");
    let mut walk = Command::new("node");
    walk.current_dir(checkout.join("examples/web")).arg("walk.mjs").arg(page).arg(mailbox);
    must(&mut walk).map(|printed| addresses(&printed))
}

fn must(command: &mut Command) -> Result<String> {
    let done = command.output().map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if done.status.success() {
        return Ok(text(&done.stdout));
    }
    Err(format!("{}\n{}{}", done.status, text(&done.stdout), text(&done.stderr)))
}

/// Every address in a text, once and in order.
fn addresses(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || "\",:<>".contains(c));
    let mut found: Vec<String> = words.filter(|word| word.contains('@')).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::{CHAPTERS, EXAMPLES, addresses, named, script};

    #[test]
    fn every_chapter_of_the_readme_can_be_walked() {
        let text = std::fs::read_to_string(crate::root().join("README.md")).unwrap();
        for (name, start) in CHAPTERS {
            let script = script(&text, start, "/my own.mbox").unwrap();
            assert!(!script.contains(EXAMPLES), "{name}: {script}");
            assert!(script.lines().count() > 2, "{name}: {script}");
            assert_eq!(script.matches(">&3").count(), usize::from(*name != "browser"), "{name}: {script}");
        }
        assert!(script(&text, "Cobol", "").is_err());
    }

    #[test]
    fn a_chapter_is_followed_word_for_word() {
        let text = "# T\n\n## The hard bounces in your own mailbox\n\nFirst.\n\nNode 20; `node a.mjs` runs this as `a.mjs`:\n\n\
            ```sh\nnpm ci\n```\n```js\nscan(\"examples/mails\")\n```\n```text\n1\n```\n\nRust:\n\n```sh\nno\n```\n\n## Next\n";
        let want = "npm ci\ncat > a.mjs <<'PROGRAM'\nscan(\"/my own.mbox\")\nPROGRAM\nnode a.mjs >&3\n";
        assert_eq!(
            script(text, "Node", "/my own.mbox").unwrap().lines().skip(2).collect::<Vec<_>>().join("\n")
                + "\n",
            want
        );
    }

    #[test]
    fn the_sentence_names_command_and_file() {
        let sentence = "Rust, beside `it`; `cargo run` runs this as its `src/main.rs`:";
        assert_eq!(named(sentence), Some(("cargo run", "src/main.rs")));
        assert_eq!(named("nothing"), None);
    }

    #[test]
    fn addresses_are_found_in_what_is_printed() {
        assert_eq!(
            addresses("b@example.jp hard\n\"recipient\":\"a@example.jp\"\n"),
            ["a@example.jp", "b@example.jp"]
        );
    }
}

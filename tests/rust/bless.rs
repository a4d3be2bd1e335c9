//! `cargo xtask bless`: rewrites the expected JSON of every shared case from what the crate says now.
//!
//! The diff is the review: read each changed line against the taxonomy before it is committed.

use std::io::Result;

use komainu_tests::{cases, mails, replies};

fn main() -> Result<()> {
    let mut changed = 0;
    for case in mails()? {
        let report = komainu::parse(&case.lf()?);
        let text = serde_json::to_string_pretty(&report)? + "\n";
        changed += usize::from(write(&case.json, &text)?);
    }
    let mut lines = String::new();
    for reply in replies()? {
        let (text, hints) = komainu_tests::ask(&reply.ask)?;
        let asked = reply.line.strip_suffix('}').unwrap_or(&reply.line);
        let head = asked.split_once(",\"verdict\":").map_or(asked, |(head, _)| head);
        let verdict = komainu::classify_with(&text, &hints).to_json();
        lines.push_str(&format!("{head},\"verdict\":{verdict}}}\n"));
    }
    changed += usize::from(write(&cases().join("replies.jsonl"), &lines)?);
    for log in komainu_tests::logs()? {
        let text = komainu_tests::read_log(&std::fs::read_to_string(&log)?);
        changed += usize::from(write(&log.with_extension("ndjson"), &text)?);
    }
    println!("{changed} files changed; review them with `git diff tests/cases`");
    Ok(())
}

/// Writes a file where its text differs. Says whether it did.
fn write(path: &std::path::Path, text: &str) -> Result<bool> {
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(false);
    }
    std::fs::write(path, text)?;
    Ok(true)
}

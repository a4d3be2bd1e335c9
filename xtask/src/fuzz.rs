//! `cargo xtask fuzz`: every fuzz target in turn, from the shared cases as seeds, and how many runs that were.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Result, root};

/// Targets with the share of the time that each gets, in percent, and the longest input that says something new: an
/// address of more than a thousand bytes is none, and a long reply is a short one again and again.
const TARGETS: [(&str, u64, u32); 8] = [
    ("mail", 25, 16 << 10),
    ("dsn", 20, 16 << 10),
    ("mbox", 10, 16 << 10),
    ("log", 10, 8 << 10),
    ("reply", 10, 2 << 10),
    ("returnpath", 10, 1_200),
    ("options", 5, 4 << 10),
    ("rules", 10, 8 << 10),
];

/// `fuzz --seconds N [--only TARGET] [--sanitizer NAME]`
pub(crate) fn run(arguments: &[&str]) -> Result {
    let (mut seconds, mut only, mut sanitizer) = (None, None, "none");
    for pair in arguments.chunks(2) {
        match *pair {
            ["--seconds", number] => seconds = number.parse::<u64>().ok(),
            ["--only", name] if TARGETS.iter().any(|(target, ..)| *target == name) => only = Some(name),
            ["--sanitizer", name] => sanitizer = name,
            _ => {
                return Err(format!(
                    "fuzz takes --seconds N, --only TARGET and --sanitizer NAME, not {pair:?}"
                ));
            }
        }
    }
    let seconds = seconds.ok_or("fuzz needs --seconds N")?;
    install()?;
    let mut runs = 0;
    let mut table = String::new();
    for (target, share, longest) in TARGETS {
        if only.is_some_and(|only| only != target) {
            continue;
        }
        let budget = if only.is_some() { seconds } else { (seconds * share / 100).max(1) };
        let done = fuzz(target, longest, budget, sanitizer)?;
        let _ = writeln!(table, "  {target:10} {done:>10} runs in {budget} s");
        runs += done;
    }
    print!("{table}");
    println!("fuzz: {runs} runs, nothing found");
    Ok(())
}

fn install() -> Result {
    let there = Command::new("cargo")
        .args(["fuzz", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if there.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    crate::cargo(&["install", "cargo-fuzz", "--locked"])
}

/// Runs one target and reads from libFuzzer's closing line how often.
fn fuzz(target: &str, longest: u32, seconds: u64, sanitizer: &str) -> Result<u64> {
    let home = root().join("core/fuzz");
    let corpus = home.join("corpus").join(target);
    seeds(target, &corpus).map_err(|error| format!("{}: {error}", corpus.display()))?;
    println!("fuzzing {target} for {seconds} s");
    let output = Command::new("cargo")
        .current_dir(&home)
        // The flags of fuzzing are unstable ones; the stable compiler takes them with this.
        .env("RUSTC_BOOTSTRAP", "1")
        .args(["fuzz", "run", "-s", sanitizer, "-O", "--debug-assertions", target])
        .arg(&corpus)
        .args(["--", "-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1"])
        .arg(format!("-max_len={longest}"))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-dict={}", home.join("dictionary").display()))
        .output()
        .map_err(|error| format!("cargo fuzz: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let runs = text.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    match runs.and_then(|runs| runs.trim().parse().ok()) {
        Some(runs) if output.status.success() => Ok(runs),
        _ => Err(format!("{text}\nfuzzing {target} found something, or could not run")),
    }
}

/// Puts the seeds of a target into its corpus.
fn seeds(target: &str, corpus: &Path) -> std::io::Result<()> {
    fs::create_dir_all(corpus)?;
    let cases = root().join("tests/cases");
    let mut number = 0;
    let mut write = |text: &[u8]| {
        number += 1;
        fs::write(corpus.join(format!("seed-{target}-{number:04}")), text)
    };
    match target {
        "mail" | "mbox" => {
            let mut folders: Vec<_> = fs::read_dir(cases)?.flatten().map(|folder| folder.path()).collect();
            folders.sort();
            for folder in folders.iter().filter(|folder| folder.is_dir()) {
                let mut mails: Vec<_> = fs::read_dir(folder)?.flatten().map(|file| file.path()).collect();
                mails.sort();
                for mail in mails.iter().filter(|mail| mail.extension().is_some_and(|ending| ending == "eml"))
                {
                    let text = fs::read(mail)?;
                    let postmark: &[u8] = b"From MAILER-DAEMON Sat Nov 21 18:40:32 2026\n";
                    write(&if target == "mbox" { [postmark, &text].concat() } else { text })?;
                }
            }
        }
        "log" => {
            for file in fs::read_dir(cases.join("log"))?.flatten().map(|file| file.path()) {
                if file.extension().is_some_and(|ending| ending != "ndjson") {
                    write(&fs::read(file)?)?;
                }
            }
        }
        "reply" => {
            for line in fs::read_to_string(cases.join("replies.jsonl"))?.lines() {
                let value: serde_json::Value = serde_json::from_str(line)?;
                write(value["ask"]["text"].as_str().unwrap_or_default().as_bytes())?;
            }
        }
        "rules" => {
            for file in fs::read_dir(root().join("core/rules/phrases"))?.flatten() {
                write(&fs::read(file.path())?)?;
            }
        }
        _ => {}
    }
    let kept = root().join("tests/seeds").join(target);
    for file in fs::read_dir(kept).into_iter().flatten().flatten() {
        write(&fs::read(file.path())?)?;
    }
    Ok(())
}

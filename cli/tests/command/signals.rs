//! What is left behind when a run is stopped.
#![cfg(unix)]

use crate::{folder, komainu, mbox, unknown};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

/// So many that their records do not fit into a pipe: the command cannot be done when the signal comes.
const MESSAGES: usize = 4_000;

fn start(here: &std::path::Path, arguments: &[&str]) -> Child {
    komainu()
        .current_dir(here)
        .args(["parse", "a.mbox"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts")
}

/// Reads a few lines, sends a signal, and reads the rest.
fn stop(mut child: Child, signal: &str) -> (Option<i32>, String) {
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut text = String::new();
    for _ in 0..3 {
        out.read_line(&mut text).expect("a line");
    }
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    out.read_to_string(&mut text).expect("the rest");
    (child.wait().expect("it ends").code(), text)
}

fn whole_lines(text: &str) -> usize {
    assert!(text.ends_with('\n'));
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a whole line")).collect();
    lines.len()
}

#[test]
fn a_signal_leaves_whole_lines_and_a_state_to_go_on_from() {
    let here = folder(&[("a.mbox", &mbox((0..MESSAGES).map(unknown)))]);
    for signal in ["-INT", "-TERM"] {
        let state = format!("state{signal}");
        let (code, first) = stop(start(here.path(), &["--state", &state]), signal);
        assert_eq!(code, Some(130), "{signal}");
        let done = whole_lines(&first);
        assert!((3..MESSAGES).contains(&done), "{done} lines before the signal");
        let rest = start(here.path(), &["--state", &state]).wait_with_output().expect("it ends");
        let both = first + &String::from_utf8(rest.stdout).expect("UTF-8");
        assert_eq!(whole_lines(&both), MESSAGES, "none is missing, none is there twice");
        let indices = both.lines().enumerate().all(|(n, line)| line.contains(&format!("\"index\":{n},")));
        assert!(indices, "in order");
    }
}

#[test]
fn a_log_is_left_at_a_whole_line() {
    let log: String = (0..MESSAGES)
        .map(|n| {
            crate::log::postfix(
                "2026-11-21T10:00:00Z",
                &format!("Q{n:05}"),
                "a@example.org",
                crate::log::UNKNOWN,
            )
        })
        .collect();
    let here = folder(&[("mail.log", &log)]);
    let child = komainu()
        .current_dir(here.path())
        .args(["log", "mail.log"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let (code, text) = stop(child, "-INT");
    assert_eq!(code, Some(130));
    let done = whole_lines(&text);
    assert!((3..MESSAGES).contains(&done), "{done} lines before the signal");
}

#[test]
fn a_list_is_closed_when_a_signal_comes() {
    let here = folder(&[("a.mbox", &mbox((0..MESSAGES).map(unknown)))]);
    let (code, text) = stop(start(here.path(), &["--format", "json"]), "-INT");
    assert_eq!(code, Some(130));
    let list: Vec<serde_json::Value> = serde_json::from_str(&text).expect("a whole list");
    assert!(list.len() < MESSAGES);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let here = folder(&[("a.mbox", &mbox((0..MESSAGES).map(unknown)))]);
    let mut child = start(here.path(), &[]);
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(fs::metadata(here.path().join("a.mbox")).is_ok());
}

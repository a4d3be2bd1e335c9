//! The command as a user meets it: output, exit codes, pipes, signals.

mod classify;
mod hostile;
mod knowledge;
mod log;
mod parse;
mod reconcile;
mod signals;
mod state;
mod summary;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

pub(crate) fn komainu() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_komainu"));
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env("TZ", "UTC");
    command
}

/// A bounce of one recipient. `n` makes it a different one.
pub(crate) fn bounce(n: usize, recipient: &str, status: &str, reply: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example.com (Mail Delivery System)\n\
        Date: Sat, {:02} Nov 2025 12:00:00 +0900\n\
        Subject: Undelivered Mail Returned to Sender\n\
        MIME-Version: 1.0\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
        --b\n\nIt failed.\n\
        --b\nContent-Type: message/delivery-status\n\n\
        Reporting-MTA: dns; mx.example.com\n\n\
        Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: {status}\n\
        Remote-MTA: dns; mx.example.org\nDiagnostic-Code: smtp; {reply}\n\
        --b\nContent-Type: message/rfc822\n\n\
        From: Hana <hana@example.com>\nTo: {recipient}\nSubject: Hello\nMessage-ID: <{n}@example.com>\n\nhi\n--b--\n",
        n % 28 + 1,
    )
}

pub(crate) fn unknown(n: usize) -> String {
    bounce(n, &format!("taro{n}@example.org"), "5.1.1", "550 5.1.1 User unknown")
}

pub(crate) fn full(n: usize) -> String {
    bounce(n, &format!("full{n}@example.net"), "5.2.2", "552 5.2.2 Mailbox full")
}

pub(crate) const ORDINARY: &str = "From: a@example.com\nTo: b@example.com\nSubject: lunch\n\nAt noon?\n";

/// An mbox of some messages.
pub(crate) fn mbox(messages: impl IntoIterator<Item = String>) -> String {
    messages
        .into_iter()
        .map(|message| format!("From MAILER-DAEMON Sat Nov 21 12:00:00 2020\n{message}\n"))
        .collect()
}

/// A folder with files in it.
pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        write(folder.path(), name, content);
    }
    folder
}

pub(crate) fn write(folder: &Path, name: &str, content: &str) {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().expect("a parent")).expect("made");
    fs::write(file, content).expect("written");
}

/// What a run printed, and its exit code.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("an exit code"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

impl Ran {
    pub(crate) fn lines(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }

    /// One key of every record.
    pub(crate) fn values(&self, key: &str) -> Vec<String> {
        self.lines().iter().map(|record| record[key].as_str().unwrap_or("(null)").to_owned()).collect()
    }
}

/// Runs in a folder.
pub(crate) fn run_in(folder: &Path, arguments: &[&str]) -> Ran {
    komainu().current_dir(folder).args(arguments).stdin(Stdio::null()).output().expect("it starts").into()
}

/// Runs with something on standard input.
pub(crate) fn run_with(input: &str, arguments: &[&str]) -> Ran {
    run_with_bytes(input.as_bytes(), arguments)
}

pub(crate) fn run_with_bytes(input: &[u8], arguments: &[&str]) -> Ran {
    let mut child = komainu()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    // A thread, because both pipes may be full. A command that does not want its input closes the pipe: no failure of ours.
    let writer = std::thread::spawn(move || _ = stdin.write_all(&input));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("written");
    output.into()
}

#[test]
fn every_subcommand_has_help_with_examples() {
    let here = folder(&[]);
    let top = run_in(here.path(), &["--help"]);
    assert_eq!(top.code, 0);
    assert!(top.out.contains("Exit codes:"), "{}", top.out);
    let names: Vec<_> = top
        .out
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next().filter(|name| !name.is_empty()))
        .collect();
    assert!(names.len() >= 5 && names.contains(&"parse"), "{names:?}");
    for name in names.iter().filter(|name| **name != "help") {
        let help = run_in(here.path(), &[name, "--help"]);
        assert_eq!(help.code, 0, "{name}");
        let nested = help.out.contains("\nCommands:\n");
        assert!(nested || help.out.contains("Example"), "{name} --help has no example:\n{}", help.out);
    }
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let here = folder(&[]);
    for wrong in [&["frobnicate"][..], &["parse", "--format", "xml"], &["parse", "--reason", "nonsense", "."]]
    {
        let ran = run_in(here.path(), wrong);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{wrong:?}");
        assert!(!ran.err.is_empty(), "{wrong:?}");
    }
}

#[test]
fn completions_and_manual_pages_are_printed() {
    let here = folder(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = run_in(here.path(), &["completions", shell]);
        assert_eq!(ran.code, 0);
        assert!(ran.out.contains("classify"), "{shell}");
    }
    assert!(run_in(here.path(), &["man"]).out.contains(".TH komainu 1"));
    assert_eq!(run_in(here.path(), &["man", "pages"]).code, 0);
    assert!(here.path().join("pages/komainu-parse.1").is_file());
}

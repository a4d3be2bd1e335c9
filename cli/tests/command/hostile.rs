//! Mail and names that want to harm whoever looks at them.

use crate::{bounce, folder, run_in};
use std::fs;

/// Clears the screen, renames the window, colours, rings, and turns the reading direction.
const ESCAPES: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{1b}[31m\u{9b}31m\u{202e}";

fn hostile() -> String {
    let reply = format!("599 5.0.0 xyzzy {ESCAPES} frobnicates");
    bounce(1, "taro@example.org", "5.0.0", &reply)
        .replace("dns; mx.example.org", &format!("dns; mx{ESCAPES}.example.org"))
}

/// What a terminal would obey, but for the colours of our own.
fn obeyed(text: &str) -> Vec<char> {
    let own = |text: &str| {
        // Our styles are `ESC [ digits and semicolons m`; none of the hostile ones survives in that form by itself.
        let mut rest = String::new();
        for (n, piece) in text.split("\u{1b}[").enumerate() {
            let colour =
                piece.find('m').filter(|at| piece[..*at].bytes().all(|b| b.is_ascii_digit() || b == b';'));
            match colour {
                Some(at) if n > 0 => rest.push_str(&piece[at + 1..]),
                _ if n > 0 => rest.push_str(&format!("\u{1b}[{piece}")),
                _ => rest.push_str(piece),
            }
        }
        rest
    };
    own(text).chars().filter(|c| c.is_control() && !"\n\t".contains(*c) || *c == '\u{202e}').collect()
}

#[test]
fn what_is_printed_for_people_commands_no_terminal() {
    let log = format!(
        "2026-11-21T10:00:01Z mx postfix/smtp[1]: 4XyZ01: to=<taro@example.org>, relay=mx.example.org[192.0.2.1]:25, \
         delay=1, dsn=5.0.0, status=bounced (host mx.example.org[192.0.2.1] said: 599 xyzzy {ESCAPES} frobnicates)\n"
    );
    let here = folder(&[("in/a.eml", &hostile()), ("mail.log", &log)]);
    fs::write(here.path().join(format!("in/b{}.7z", "\u{1b}[2J")), b"7z\xbc\xaf\x27\x1c").expect("written");
    for command in [
        &["parse", "in", "--format", "table"][..],
        &["explain", "in"],
        &["undefined", "in"],
        &["summary", "in"],
        &["log", "mail.log", "--format", "table"],
        &["reconcile", "mail.log", "--mail", "in"],
    ] {
        for color in ["always", "never"] {
            let ran = run_in(here.path(), &[&["--color", color][..], command].concat());
            assert!(!ran.out.is_empty(), "{command:?}: {}", ran.err);
            assert!(obeyed(&ran.out).is_empty(), "{command:?} {color}: {:?}", ran.out);
            assert!(obeyed(&ran.err).is_empty(), "{command:?} {color}: {:?}", ran.err);
        }
    }
    let told = run_in(here.path(), &["parse", "in"]);
    assert!(told.err.contains("in/b␛[2J.7z: is 7z"), "{}", told.err);
    assert!(run_in(here.path(), &["explain", "in"]).out.contains("xyzzy ␛[2J␛]0;owned␇"));
}

#[test]
fn a_cut_message_is_told() {
    let here = folder(&[("a.eml", &hostile())]);
    let ran = run_in(here.path(), &["parse", "a.eml", "--max-message", "100"]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("1 message cut at a limit"), "{}", ran.err);
    let report = run_in(here.path(), &["parse", "a.eml", "--max-message", "100", "--format", "report"]);
    assert_eq!(report.lines()[0]["limits"][0], "bytes");
}

#[test]
fn more_threads_than_there_can_be_are_not_started() {
    let here = folder(&[("a.eml", &hostile())]);
    let ran = run_in(here.path(), &["parse", "a.eml", "--jobs", "100000"]);
    assert_eq!((ran.code, ran.err.as_str(), ran.lines().len()), (0, "", 1));
}

#[test]
fn a_key_of_random_bytes_is_a_key() {
    let here = folder(&[("a.eml", &hostile())]);
    fs::write(here.path().join("key"), b"\xff\x00\xfe secret").expect("written");
    let ran = run_in(here.path(), &["parse", "a.eml", "--hash", "key"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(!ran.out.contains("taro@"), "{}", ran.out);
}

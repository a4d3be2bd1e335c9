//! `komainu classify`: replies as an argument and on standard input.

use crate::{folder, run_in, run_with};

#[test]
fn a_reply_is_answered_by_a_verdict() {
    let here = folder(&[]);
    let ran = run_in(here.path(), &["classify", "550 5.1.1 User unknown", "--format", "json"]);
    assert_eq!(ran.code, 0);
    let verdict: serde_json::Value = serde_json::from_str(&ran.out).expect("an object");
    assert_eq!(verdict["reason"], "userunknown");
    assert_eq!(verdict["reply_code"], 550);
    let text = run_in(here.path(), &["classify", "550 5.1.1 User unknown", "--format", "text"]).out;
    assert!(text.contains("userunknown") && text.contains("suppress"), "{text}");
}

#[test]
fn hints_reach_the_decision() {
    let here = folder(&[]);
    let at = |stage| run_in(here.path(), &["classify", "550 zzz", "--command", stage]).values("reason");
    assert_eq!(at("MAIL"), ["rejected"]);
    assert_eq!(at("RCPT"), ["userunknown"]);
    let hinted = run_in(here.path(), &["classify", "zzz", "--status", "5.2.2", "--provider", "google"]);
    assert_eq!(hinted.values("reason"), ["mailboxfull"]);
    assert_eq!(hinted.values("provider"), ["google"]);
}

#[test]
fn a_provider_that_nobody_knows_is_refused() {
    let here = folder(&[("a.eml", &crate::unknown(1))]);
    for arguments in [&["classify", "zzz", "--provider", "gogle"], &["parse", "a.eml", "--provider", "gogle"]]
    {
        let ran = run_in(here.path(), arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.contains("\"gogle\"") && ran.err.contains("google"), "{}", ran.err);
    }
}

#[test]
fn every_line_of_standard_input_is_answered() {
    let asked = "550 5.1.1 User unknown\n\n\
        {\"text\": \"550 zzz\", \"provider\": null, \"command\": \"MAIL\", \"date\": \"2014-01-01\"}\r\n\
        552 5.2.2 Mailbox full";
    let ran = run_with(asked, &["classify", "-"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.values("reason"), ["userunknown", "rejected", "mailboxfull"]);
    let list = run_with(asked, &["classify", "-", "--format", "json"]).out;
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&list).expect("a list").len(), 3);
    assert_eq!(run_with("", &["classify", "-", "--format", "json"]).out, "[]\n");
}

#[test]
fn a_broken_question_names_its_line() {
    for (asked, line) in [
        ("550 a\n{\"text\": 1}\n", 2),
        ("{\"text\": \"a\", \"mood\": 1}\n", 1),
        ("{\"text\":\"a\",\"command\":\"NOOP\"}\n", 1),
    ] {
        let ran = run_with(asked, &["classify", "-"]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.starts_with(&format!("komainu: line {line}: ")), "{}", ran.err);
        assert_eq!(ran.lines().len(), line - 1, "the lines before it are answered");
    }
}

#[test]
fn reasons_are_told_in_the_words_of_other_systems() {
    for format in ["ndjson", "json"] {
        let ran =
            run_with("", &["classify", "550 5.1.1 User unknown", "--taxonomy", "ses", "--format", format]);
        let verdict: serde_json::Value = serde_json::from_str(&ran.out).expect("an object");
        assert_eq!(verdict["reason"], "Permanent/NoEmail");
    }
}

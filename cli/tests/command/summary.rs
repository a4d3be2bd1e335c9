//! `komainu summary`: counts, plots, a page.

use crate::{ORDINARY, folder, full, mbox, run_in, unknown};
use std::fs;

#[test]
fn counts_are_printed_plotted_and_written_as_a_page() {
    let messages = (0..6).map(unknown).chain((0..3).map(full)).chain([ORDINARY.to_owned()]);
    let here = folder(&[("a.mbox", &mbox(messages))]);
    let text = run_in(here.path(), &["summary", "a.mbox", "--html", "page.html"]);
    assert_eq!((text.code, text.err.as_str()), (0, ""));
    assert!(text.out.starts_with("9 records from 10 messages, 1 of them ordinary mail\n"), "{}", text.out);
    assert!(text.out.contains("userunknown") && text.out.contains("66.7 %") && text.out.contains("███"));
    let page = fs::read_to_string(here.path().join("page.html")).expect("a page");
    assert!(page.starts_with("<!doctype html>") && page.contains("mailboxfull"));

    let json = run_in(here.path(), &["summary", "a.mbox", "--format", "json", "--hard"]);
    let counts: serde_json::Value = serde_json::from_str(&json.out).expect("an object");
    assert_eq!(counts["messages"], 10);
    assert_eq!(counts["records"], 6);
    assert_eq!(counts["reasons"]["userunknown"]["hard"], 6);
    assert_eq!(counts["domains"]["example.org"]["records"], 6);
    assert_eq!(counts["days"]["2025-11-01"]["records"], 1);
}

#[test]
fn a_page_that_cannot_be_written_is_told() {
    let here = folder(&[("a.eml", &unknown(0))]);
    let ran = run_in(here.path(), &["summary", "a.eml", "--html", "no/such/folder.html"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("no/such/folder.html"), "{}", ran.err);
    assert!(ran.out.starts_with("1 record from 1 message, "), "the counts are lost: {}", ran.out);
}

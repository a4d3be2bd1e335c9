//! `explain`, `rules`, `undefined`, and `--rules`.

use crate::{ORDINARY, bounce, folder, full, mbox, run_in, run_with, unknown};

const OWN: &str = r#"
[[rule]]
id       = "suspend.example-wintering"
phrases  = ["wintering in the south"]
source   = "our own partner's gateway"
examples = ["550 5.1.1 this mailbox is wintering in the south"]
"#;

fn strange(n: usize) -> String {
    bounce(n, "taro@example.org", "5.0.0", &format!("599 xyzzy frobnicates {n}abc for <a{n}@example.org>"))
}

#[test]
fn an_explanation_says_who_why_and_what_to_do() {
    let ran = run_with(&unknown(1), &["explain", "-"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for words in
        ["taro1@example.org", "(userunknown)", "\"User unknown\"", "send no more mail", "- message 0"]
    {
        assert!(ran.out.contains(words), "{words} in:\n{}", ran.out);
    }
    assert!(!ran.out.contains('\u{1b}'));
    assert!(run_with(ORDINARY, &["explain", "-"]).out.contains("nothing to explain"));
    let listed = run_with("", &["classify", "554 5.7.1 blocked using zen.spamhaus.org", "--explain"]);
    assert!(listed.out.contains("check.spamhaus.org"), "{}", listed.out);
    let lines = run_with("{\"text\": \"552 5.2.2 Mailbox full\"}\n", &["classify", "-", "--explain"]);
    assert!(lines.out.contains("(mailboxfull)") && lines.out.contains("Reply:   552"), "{}", lines.out);
}

#[test]
fn rules_are_listed_and_shown() {
    let here = folder(&[]);
    let all = run_in(here.path(), &["rules", "list"]).out.lines().count();
    let some = run_in(here.path(), &["rules", "list", "mailboxfull"]).out;
    assert!(all > 100 && some.lines().count() < all);
    assert!(some.lines().all(|line| line.starts_with("mailboxfull")), "{some}");
    let id = some.split(' ').next().expect("an id");
    let shown = run_in(here.path(), &["rules", "show", id]);
    for part in [id, "phrases", "source", "examples"] {
        assert!(shown.out.contains(part), "{part} in:\n{}", shown.out);
    }
    let json = run_in(here.path(), &["rules", "show", id, "--format", "ndjson"]);
    assert_eq!(json.values("id"), [id]);
    for unknown in [["rules", "show", "no.such"], ["rules", "list", "no.such"]] {
        assert_eq!(run_in(here.path(), &unknown).code, 2);
    }
}

#[test]
fn own_rules_are_checked_and_used() {
    let unproven = OWN.replacen("south\"]\n", "south\", \"never said\"]\n", 1);
    let here = folder(&[
        ("own.toml", OWN),
        ("unproven.toml", &unproven),
        ("broken.toml", "[[rule]]\nid = 1\n"),
        ("a.eml", &bounce(1, "taro@example.org", "5.0.0", "550 wintering in the south")),
    ]);
    let check = |file| run_in(here.path(), &["rules", "check", file]);
    assert_eq!(check("own.toml").code, 0);
    let unproven = check("unproven.toml");
    assert_eq!(unproven.code, 1);
    assert!(unproven.err.contains("never said"), "{}", unproven.err);
    assert_eq!(check("broken.toml").code, 2);
    assert_eq!(check("missing.toml").code, 2);

    let with = run_in(here.path(), &["parse", "a.eml", "--rules", "own.toml"]);
    assert_eq!(with.values("reason"), ["suspend"], "{}", with.err);
    assert_ne!(run_in(here.path(), &["parse", "a.eml"]).values("reason"), ["suspend"]);
    let reply = ["classify", "550 wintering in the south", "--rules", "own.toml"];
    assert_eq!(run_in(here.path(), &reply).values("reason"), ["suspend"]);
    assert_eq!(run_in(here.path(), &["parse", "a.eml", "--rules", "unproven.toml"]).code, 2);
}

#[test]
fn what_no_rule_understands_is_grouped() {
    let here = folder(&[("a.mbox", &mbox([strange(1), full(2), strange(3), strange(4)]))]);
    let groups = run_in(here.path(), &["undefined", "a.mbox", "--format", "ndjson"]);
    assert_eq!(groups.lines().len(), 1, "{}", groups.out);
    assert_eq!(groups.lines()[0]["count"], 3);
    assert_eq!(groups.lines()[0]["template"], "599 xyzzy frobnicates {id} for <{address}>");
    let text = run_in(here.path(), &["undefined", "a.mbox"]).out;
    assert!(text.starts_with("3 of 4 records are undefined\n"), "{text}");
    let rules = run_in(here.path(), &["undefined", "a.mbox", "--format", "rules"]).out;
    assert!(rules.contains("phrases  = [\"xyzzy frobnicates\"]"), "{rules}");
    let filled = rules.replace("REASON.NAME", "policyviolation.frobnication");
    crate::write(here.path(), "own.toml", &filled);
    let ran = run_in(here.path(), &["undefined", "a.mbox", "--rules", "own.toml", "--format", "ndjson"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
}

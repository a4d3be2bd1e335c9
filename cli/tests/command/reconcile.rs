//! `komainu reconcile`: log and mail joined, rates, limits.

use crate::log::{SENT, UNKNOWN, postfix};
use crate::{Ran, bounce, folder, mbox, run_in, run_with, write};
use serde_json::Value;
use std::path::Path;

const STAMP: &str = "2025-11-10T12:00:00+09:00";
const GOOGLE: &str =
    "relay=gmail-smtp-in.l.google.com[192.0.2.9]:25, delay=1, dsn=2.0.0, status=sent (250 2.0.0 OK)";

/// A bounce of a message that [`postfix`] logged under this queue id.
fn returned(queue: &str, recipient: &str) -> String {
    bounce(10, recipient, "5.1.1", "550 5.1.1 User unknown")
        .replace("<10@example.com>", &format!("<{queue}@example.com>"))
}

/// A complaint by a provider that takes the recipient out.
fn complaint(queue: &str) -> String {
    format!(
        "From: abuse@provider.example\nDate: Mon, 10 Nov 2025 15:00:00 +0900\nSubject: complaint\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nA complaint.\n\
         --b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: Test/1\nVersion: 1\n\n\
         --b\nContent-Type: message/rfc822\n\nFrom: news@example.com\nTo: redacted\nSubject: News\n\
         Message-ID: <{queue}@example.com>\n\nhi\n--b--\n"
    )
}

/// A log and a mailbox with one failure of each group.
fn fixture() -> tempfile::TempDir {
    let end = postfix("2025-11-20T12:00:00+09:00", "LAST00", "last@example.org", SENT);
    let log = postfix(STAMP, "LOGGED", "logged@example.org", UNKNOWN)
        + &postfix(STAMP, "BOTH00", "both@example.org", UNKNOWN)
        + &postfix(STAMP, "LATER0", "later@gmail.com", GOOGLE)
        + &postfix(STAMP, "FINE00", "fine@gmail.com", GOOGLE)
        // What a content filter took over and gave back under another queue id is one recipient.
        + &postfix(STAMP, "FINE00", "fine@gmail.com", GOOGLE)
        + &postfix(STAMP, "LOCAL0", "me@example.com", "relay=local, delay=1, dsn=2.0.0, status=sent (delivered to mailbox)")
        + &end;
    let old = returned("OLD000", "old@example.org").replace("Nov 2025", "Nov 2020");
    let mails = [
        returned("BOTH00", "both@example.org"),
        returned("LATER0", "later@gmail.com"),
        returned("LATER0", "later@gmail.com")
            .replace("Subject: Undelivered", "Subject: Postmaster Copy: Undelivered"),
        returned("GONE00", "gone@example.net"),
        old,
        complaint("FINE00"),
        complaint("NEVER0"),
        complaint("OLD001").replace("Nov 2025", "Nov 2020"),
    ];
    folder(&[("mail.log", &log), ("bounces.mbox", &mbox(mails))])
}

fn reconcile(here: &Path, more: &[&str]) -> Ran {
    run_in(here, &[&["reconcile", "mail.log", "--mail", "bounces.mbox"], more].concat())
}

fn json(here: &Path, more: &[&str]) -> Value {
    let ran = reconcile(here, &[&["--format", "json"], more].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    serde_json::from_str(&ran.out).expect("an object")
}

#[test]
fn every_failure_is_in_one_group() {
    let here = fixture();
    let found = json(here.path(), &[]);
    let mut recipients = Vec::new();
    for group in ["refused", "both", "accepted_then_bounced", "unlogged", "copies"] {
        assert_eq!(found["groups"][group]["count"], 1, "{group}: {found:#}");
        assert_eq!(found["groups"][group]["hard"], 1, "{group}");
        recipients.push(found["groups"][group]["examples"][0]["recipient"].as_str().unwrap_or_default());
    }
    assert_eq!(
        recipients,
        ["logged@example.org", "both@example.org", "later@gmail.com", "gone@example.net", "later@gmail.com"]
    );
    assert_eq!(found["groups"]["refused"]["examples"][0]["source"], "mail.log");
    assert_eq!(found["groups"]["both"]["examples"][0]["source"], "bounces.mbox");
    assert_eq!(found["log"]["local"], 1);
    assert_eq!(found["log"]["from"], "2025-11-10T03:00:00Z");
    let mail = &found["mail"];
    for (key, value) in
        [("messages", 8), ("bounces", 5), ("complaints", 3), ("unlogged_complaints", 1), ("outside", 2)]
    {
        assert_eq!(mail[key], value, "{key}");
    }
}

#[test]
fn rates_are_of_what_was_sent() {
    let here = fixture();
    let found = json(here.path(), &[]);
    let row = |name: &str| {
        let rows = found["providers"].as_array().expect("a list");
        rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name} in {rows:#?}"))
    };
    let google = row("google");
    for (key, value) in [("sent", 2), ("delivered", 1), ("hard", 1), ("soft", 0), ("complaints", 1)] {
        assert_eq!(google[key], value, "{key}");
    }
    assert_eq!((&google["hard_rate"], &google["complaint_rate"]), (&50.0.into(), &50.0.into()));
    assert_eq!(row("example.org")["sent"], 3);
    assert_eq!(found["all"]["sent"], 5);
    assert_eq!(found["all"]["hard_rate"], 60.0);
}

#[test]
fn a_rate_above_its_limit_is_exit_code_3() {
    let here = fixture();
    let ran = reconcile(here.path(), &["--fail-above", "hard=60,complaint=50"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let ran = reconcile(here.path(), &["--fail-above", "hard=59.9,complaint=50"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (3, "komainu: hard bounces of all mail: 60.00 % is above 59.9 %\n")
    );
    let ran = reconcile(here.path(), &["--fail-above", "complaint=49%", "--min-sent", "2"]);
    assert_eq!((ran.code, ran.err.as_str()), (3, "komainu: complaints of google: 50.00 % is above 49 %\n"));
    for wrong in ["hard", "hard=x", "hard=101", "bounces=5", ""] {
        let ran = reconcile(here.path(), &["--fail-above", wrong]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{wrong}");
        assert!(ran.err.contains("such as hard=5 or complaint=0.1"), "{}", ran.err);
    }
    write(here.path(), "mail.log", "");
    let ran = reconcile(here.path(), &["--fail-above", "hard=5"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("has nothing to judge"), "{}", ran.err);
}

#[test]
fn the_text_names_groups_examples_and_providers() {
    let here = fixture();
    let ran = reconcile(here.path(), &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for part in [
        "5 sent, in 28 lines of 1 file, 2025-11-10 03:00 to 2025-11-20 03:00 (UTC)",
        "5 bounces and 3 complaints in 8 messages",
        "1  refused in the session or given up: the log alone tells  1 hard, 0 soft",
        "logged@example.org  userunknown  host mx.example.org[192.0.2.1] said: 550 5.1.1 User unknown",
        "mail.log:3",
        "1  accepted, and then bounced",
        "google",
        "60.00 %",
    ] {
        assert!(ran.out.contains(part), "{part:?} is not in\n{}", ran.out);
    }
    let short = reconcile(here.path(), &["--examples", "0", "--top", "1"]);
    assert!(!short.out.contains("logged@example.org") && short.out.contains("1 more"), "{}", short.out);
    let masked = reconcile(here.path(), &["--mask"]);
    assert!(!masked.out.contains("logged@") && masked.out.contains("l***@example.org"), "{}", masked.out);
}

#[test]
fn a_bounce_without_a_message_id_is_joined_by_queue_id() {
    let here = fixture();
    let mail = bounce(10, "both@example.org", "5.1.1", "550 5.1.1 User unknown")
        .replace("Message-ID: <10@example.com>\n", "")
        .replace(
            "Reporting-MTA: dns; mx.example.com\n",
            "Reporting-MTA: dns; mx.example.com\nX-Postfix-Queue-ID: BOTH00\n",
        );
    write(here.path(), "one.eml", &mail);
    let ran = run_in(here.path(), &["reconcile", "mail.log", "--mail", "one.eml", "-f", "json"]);
    let found: Value = serde_json::from_str(&ran.out).expect("an object");
    assert_eq!(found["groups"]["both"]["count"], 1, "{found:#}");
}

#[test]
fn a_missing_path_is_told_and_the_rest_is_joined() {
    let here = fixture();
    let ran = run_in(
        here.path(),
        &["reconcile", "mail.log", "nowhere", "--mail", "bounces.mbox", "gone", "-f", "json"],
    );
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("nowhere: no such file") && ran.err.contains("gone: no such file"),
        "{}",
        ran.err
    );
    assert_eq!(serde_json::from_str::<Value>(&ran.out).expect("an object")["all"]["sent"], 5);
    let without = run_in(here.path(), &["reconcile", "mail.log"]);
    assert_eq!(without.code, 2);
    assert!(without.err.contains("--mail"), "{}", without.err);
}

#[test]
fn what_goes_through_a_content_filter_is_sent_once() {
    let filter = "relay=127.0.0.1[127.0.0.1]:10024, delay=1, dsn=2.0.0, status=sent (250 2.0.0 from MTA: 250 Ok: queued as OUT000)";
    let lmtp =
        "relay=mail.example.com[private/dovecot-lmtp], delay=1, dsn=2.0.0, status=sent (250 2.0.0 Saved)";
    // The message id is the same behind the filter; its failure is logged before the handing over.
    let out = postfix(STAMP, "OUT000", "a@example.org", UNKNOWN).replace("<OUT000@", "<IN0000@");
    let log = out
        + &postfix(STAMP, "IN0000", "a@example.org", filter)
        + &postfix(STAMP, "LMTP00", "me@example.com", lmtp);
    let here = folder(&[("mail.log", &log), ("bounces.mbox", "")]);
    let found = json(here.path(), &[]);
    assert_eq!(
        (&found["all"]["sent"], &found["all"]["hard"], &found["log"]["local"]),
        (&1.into(), &1.into(), &1.into())
    );
}

#[test]
fn a_log_that_names_no_deliveries_has_no_rates() {
    let case = komainu_tests::logs().expect("the cases").into_iter().find(|log| log.ends_with("haraka.log"));
    let log = std::fs::read_to_string(case.expect("a case")).expect("read");
    let here = folder(&[("mail.log", &log), ("bounces.mbox", "")]);
    let found = json(here.path(), &[]);
    assert_eq!((&found["groups"]["refused"]["count"], &found["all"]["sent"]), (&2.into(), &0.into()));
    assert_eq!(found["all"]["hard_rate"], Value::Null);
}

#[test]
fn only_the_wanted_time_is_joined() {
    let here = fixture();
    assert_eq!(json(here.path(), &["--since", "2025-11-15"])["all"]["sent"], 1);
}

#[test]
fn mail_or_log_may_come_on_standard_input() {
    let here = fixture();
    let (log, mail) = (here.path().join("mail.log"), here.path().join("bounces.mbox"));
    let text = |file: &Path| std::fs::read_to_string(file).expect("a file");
    let (log_name, mail_name) = (log.to_str().expect("a name"), mail.to_str().expect("a name"));
    let groups = |ran: Ran| {
        serde_json::from_str::<Value>(&ran.out).expect(&ran.err)["groups"]["both"]["count"].clone()
    };
    let files = groups(run_with("", &["reconcile", log_name, "--mail", mail_name, "-f", "json"]));
    assert_eq!(groups(run_with(&text(&mail), &["reconcile", log_name, "--mail", "-", "-f", "json"])), files);
    assert_eq!(groups(run_with(&text(&log), &["reconcile", "-", "--mail", mail_name, "-f", "json"])), files);
    assert!(files.as_u64() > Some(0), "{files}");
    let both = run_with(&text(&log), &["reconcile", "-", "--mail", "-"]);
    assert_eq!((both.code, both.out.as_str()), (2, ""));
}

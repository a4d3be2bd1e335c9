//! `komainu log`: formats, rotation, stamps, and what cannot be read.

use crate::{Ran, folder, komainu, run_in, run_with, write};
use std::fs;
use std::io::Write as _;

/// A Postfix message of one recipient: accepted with a message id, then tried.
pub(crate) fn postfix(stamp: &str, queue: &str, recipient: &str, outcome: &str) -> String {
    let id = format!("{queue}@example.com");
    format!(
        "{stamp} mail postfix/cleanup[1]: {queue}: message-id=<{id}>\n\
         {stamp} mail postfix/qmgr[2]: {queue}: from=<news@example.com>, size=900, nrcpt=1 (queue active)\n\
         {stamp} mail postfix/smtp[3]: {queue}: to=<{recipient}>, {outcome}\n\
         {stamp} mail postfix/qmgr[2]: {queue}: removed\n"
    )
}

pub(crate) const UNKNOWN: &str = "relay=mx.example.org[192.0.2.1]:25, delay=1, dsn=5.1.1, status=bounced (host \
    mx.example.org[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command))";
pub(crate) const SENT: &str =
    "relay=mx.example.org[192.0.2.1]:25, delay=1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 1)";

fn unknown(stamp: &str, queue: &str) -> String {
    postfix(stamp, queue, &format!("{}@example.org", queue.to_lowercase()), UNKNOWN)
}

fn gzip(text: &str) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(text.as_bytes()).expect("compressed");
    gzip.finish().expect("compressed")
}

fn recipients(ran: &Ran) -> Vec<String> {
    ran.values("recipient")
}

#[test]
fn what_failed_is_printed_and_with_all_what_was_delivered_too() {
    let log = postfix("2026-11-21T10:00:00Z", "AAAAA1", "ok@example.org", SENT)
        + &unknown("2026-11-21T10:00:01Z", "AAAAA2");
    let here = folder(&[("mail.log", &log)]);
    let ran = run_in(here.path(), &["log", "mail.log"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(recipients(&ran), ["aaaaa2@example.org"]);
    let record = &ran.lines()[0];
    assert_eq!(record["reason"], "userunknown");
    assert_eq!(record["message_id"], "AAAAA2@example.com");
    assert_eq!((&record["source"], &record["index"]), (&"mail.log".into(), &6.into()));
    let offset = record["offset"].as_u64().expect("a number") as usize;
    assert!(log[offset..].starts_with("2026-11-21T10:00:01Z mail postfix/smtp"));

    let all = run_in(here.path(), &["log", "mail.log", "--all"]);
    assert_eq!(recipients(&all), ["ok@example.org", "aaaaa2@example.org"]);
    let delivered = run_in(here.path(), &["log", "mail.log", "--kind", "delivery"]);
    assert_eq!(recipients(&delivered), ["ok@example.org"]);
    assert_eq!(recipients(&run_in(here.path(), &["log", "mail.log", "--soft"])), [] as [&str; 0]);
    assert_eq!(run_with(&log, &["log", "-"]).values("source"), ["-"]);
}

#[test]
fn the_log_of_every_server_is_read() {
    let cases = komainu_tests::logs().expect("the cases");
    assert!(cases.len() >= 7, "{cases:?}");
    for log in cases {
        let name = log.file_name().expect("a name").to_string_lossy().into_owned();
        let expected = fs::read_to_string(log.with_extension("ndjson")).expect("its records");
        let ran: Ran =
            komainu().args(["log", "--all", "--year", "2026"]).arg(&log).output().expect("it starts").into();
        // One of the cases holds half an object.
        let broken = ran.err.contains("lines that could not be read: 1");
        assert_eq!((ran.code, ran.err.is_empty()), (i32::from(broken), !broken), "{name}: {}", ran.err);
        assert_eq!(broken, name == "kumomta.jsonl");
        // The case's lines, with the place before the keys.
        let got: Vec<String> = ran
            .out
            .lines()
            .map(|line| {
                line.split_once("\"id\":").map_or(String::new(), |(_, rest)| format!("{{\"id\":{rest}\n"))
            })
            .collect();
        assert_eq!(got.concat(), expected, "{name}");
    }
}

#[test]
fn rotated_files_are_one_log_in_any_order() {
    let here = folder(&[]);
    // One message whose lines lie in three files: only joined they say who sent it, and that it expired.
    let queue = "BBBBB1: ";
    let files: [(&str, Vec<u8>); 3] = [
        (
            "logs/mail.log.2.gz",
            gzip(&format!(
                "Dec 28 10:00:00 mail postfix/cleanup[1]: {queue}message-id=<b@example.com>\n\
                 Dec 28 10:00:00 mail postfix/qmgr[1]: {queue}from=<news@example.com>, size=9, nrcpt=1 (queue active)\n"
            )),
        ),
        (
            "logs/mail.log.1",
            format!(
                "Dec 30 10:00:00 mail postfix/smtp[1]: {queue}to=<late@example.org>, relay=none, delay=9, dsn=4.4.1, \
                 status=deferred (connect to mx.example.org[192.0.2.1]:25: Connection timed out)\n"
            )
            .into_bytes(),
        ),
        (
            "logs/mail.log",
            format!(
                "Jan  2 10:00:00 mail postfix/qmgr[1]: {queue}from=<news@example.com>, status=expired, returned to sender\n\
                 Jan  2 10:00:00 mail postfix/qmgr[1]: {queue}removed\n{}",
                unknown("Jan  2 10:00:01", "BBBBB2")
            )
            .into_bytes(),
        ),
    ];
    for (name, bytes) in &files {
        write(here.path(), name, "");
        fs::write(here.path().join(name), bytes).expect("written");
    }
    let orders: [&[&str]; 3] = [
        &["logs/mail.log", "logs/mail.log.1", "logs/mail.log.2.gz"],
        &["./logs/mail.log.1", "logs/mail.log.2.gz", "logs/../logs/mail.log", "logs/mail.log.1"],
        &["logs"],
    ];
    for files in orders {
        let ran = run_in(here.path(), &[&["log", "--year", "2025", "--timezone", "+09:00"], files].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{files:?}");
        assert_eq!(recipients(&ran), ["late@example.org", "bbbbb2@example.org"]);
        assert_eq!(ran.values("sender"), ["news@example.com", "news@example.com"]);
        assert_eq!(ran.values("reason"), ["expired", "userunknown"]);
        assert_eq!(ran.values("timestamp"), ["2025-12-30T10:00:00+09:00", "2026-01-02T10:00:01+09:00"]);
    }
}

#[test]
fn the_year_comes_from_the_date_in_the_name() {
    let here = folder(&[
        ("maillog-20270103", &unknown("Dec 31 23:59:59", "CCCCC1")),
        ("maillog", &unknown("Jan  4 00:00:01", "CCCCC2")),
    ]);
    let ran = run_in(here.path(), &["log", "maillog", "maillog-20270103"]);
    assert_eq!(ran.values("timestamp"), ["2026-12-31T23:59:59Z", "2027-01-04T00:00:01Z"]);
    let since = run_in(here.path(), &["log", "maillog", "maillog-20270103", "--since", "2027-01-01"]);
    assert_eq!(recipients(&since), ["ccccc2@example.org"]);
}

#[test]
fn what_cannot_be_read_is_counted_and_told() {
    let cut = "2026-11-21T10:00:00Z mail postfix/smtp[3]: DDDDD1: to=<cut@example.org>, relay=mx.exa\n";
    let log =
        unknown("2026-11-21T10:00:00Z", "DDDDD2") + cut + cut + &unknown("2026-11-21T10:00:01Z", "DDDDD3");
    let here = folder(&[("mail.log", &log), ("notes.txt", "milk\neggs\n")]);
    let ran = run_in(here.path(), &["log", "mail.log"]);
    assert_eq!(recipients(&ran), ["ddddd2@example.org", "ddddd3@example.org"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.err, "komainu: mail.log: lines that could not be read: 2, the first is line 5\n");

    let ran = run_in(here.path(), &["log", "notes.txt", "nowhere"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("nowhere: no such file or folder\n"), "{}", ran.err);
    assert!(ran.err.contains("notes.txt: none of its 2 lines tells of a delivery"), "{}", ran.err);
    // In a folder other files are usual.
    assert_eq!(run_in(here.path(), &["log", "."]).err.matches("none of its").count(), 0);

    let damaged =
        gzip(&(0..2_000).map(|n| unknown("2026-11-21T10:00:00Z", &format!("E{n:05}"))).collect::<String>());
    fs::write(here.path().join("mail.log.1.gz"), &damaged[..damaged.len() / 2]).expect("written");
    let ran = run_in(here.path(), &["log", "mail.log.1.gz", "mail.log"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("mail.log.1.gz: at byte "), "{}", ran.err);
    assert!(ran.lines().len() > 2 && ran.values("source").last().is_some_and(|source| source == "mail.log"));
}

#[test]
fn garbage_between_lines_loses_no_line() {
    let here = folder(&[]);
    let mut bytes = unknown("2026-11-21T10:00:00Z", "FFFFF1").into_bytes();
    bytes.extend_from_slice(&[0, 0xff, 0xfe, b'\n']);
    bytes.extend_from_slice(&vec![0; 3 << 20]);
    bytes.push(b'\n');
    bytes.extend_from_slice(unknown("2026-11-21T10:00:01Z", "FFFFF2").as_bytes());
    fs::write(here.path().join("mail.log"), bytes).expect("written");
    let ran = run_in(here.path(), &["log", "mail.log"]);
    assert_eq!(recipients(&ran), ["fffff1@example.org", "fffff2@example.org"]);
}

#[test]
fn records_go_to_every_output() {
    let log: String = (0..20).map(|n| unknown("2026-11-21T10:00:00Z", &format!("G{n:05}"))).collect();
    let here = folder(&[("mail.log", &log)]);
    let print = |format| run_in(here.path(), &["log", "mail.log", "--format", format]).out;
    let list = |text: &str| serde_json::from_str::<Vec<serde_json::Value>>(text).expect("a list").len();
    assert_eq!(print("ndjson").lines().count(), 20);
    assert_eq!(print("csv").lines().count(), 21);
    assert_eq!(print("table").matches("userunknown").count(), 20);
    for format in ["json", "sisimai", "sisimai-4"] {
        assert_eq!(list(&print(format)), 20, "{format}");
    }
    let parquet = komainu().current_dir(here.path()).args(["log", "mail.log", "-f", "parquet"]).output();
    assert!(parquet.expect("it runs").stdout.starts_with(b"PAR1"));
    let wrong = run_in(here.path(), &["log", "mail.log", "--format", "report"]);
    assert_eq!(wrong.code, 2);
    let masked = run_in(here.path(), &["log", "mail.log", "--mask", "--taxonomy", "ses"]);
    assert!(!masked.out.contains("g00000@"), "{}", masked.out);
    assert_eq!(masked.values("reason")[0], "Permanent/NoEmail");
}

#[test]
fn a_named_time_zone_knows_summer_and_winter() {
    let log = unknown("Jul  1 12:00:00", "NNNNN1") + &unknown("Dec  1 12:00:00", "NNNNN2");
    let stamps =
        |zone: &str| run_with(&log, &["log", "-", "--year", "2026", "--timezone", zone]).values("timestamp");
    assert_eq!(stamps("America/New_York"), ["2026-07-01T12:00:00-04:00", "2026-12-01T12:00:00-05:00"]);
    assert_eq!(stamps("Asia/Tokyo"), stamps("+09:00"));
}

#[test]
fn wrong_options_are_told() {
    let here = folder(&[("mail.log", "")]);
    for (wrong, said) in [
        (["--timezone", "Tokyo"], "\"Tokyo\" is no time zone"),
        (["--year", "26"], "26 is not in 1970..=9999"),
        (["--log-format", "qmail"], "possible values: postfix, exim"),
    ] {
        let ran = run_in(here.path(), &[&["log", "mail.log"][..], &wrong].concat());
        assert_eq!(ran.code, 2, "{wrong:?}");
        assert!(ran.err.contains(said), "{}", ran.err);
    }
}

#[test]
fn one_log_format_leaves_the_lines_of_others_alone() {
    let exim = "2026-11-21 10:00:01 1tE9aB-000000012Ab-3cDe ** nobody@example.jp R=dnslookup T=remote_smtp \
                H=mx.example.jp [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<nobody@example.jp>: 550 no\n";
    let log = unknown("2026-11-21T10:00:00Z", "HHHHH1") + exim;
    let only = |format: &str| run_with(&log, &["log", "-", "--log-format", format]).values("format");
    assert_eq!(only("postfix"), ["postfix"]);
    assert_eq!(only("exim"), ["exim"]);
    assert_eq!(run_with(&log, &["log"]).values("format"), ["postfix", "exim"]);
}

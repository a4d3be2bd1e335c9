//! `komainu parse`: paths, formats, filters.

use crate::{ORDINARY, folder, full, komainu, mbox, run_in, run_with, run_with_bytes, unknown};
use std::fs;
use std::io::Write;

#[test]
fn a_folder_gives_a_line_for_each_record_in_order() {
    let here = folder(&[
        ("in/b.eml", &full(2)),
        ("in/a.mbox", &mbox([unknown(0), ORDINARY.to_owned(), unknown(1)])),
        ("in/c.eml", ORDINARY),
    ]);
    for jobs in ["1", "2", "5"] {
        let ran = run_in(here.path(), &["parse", "in", "--jobs", jobs]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert_eq!(ran.values("source"), ["in/a.mbox", "in/a.mbox", "in/b.eml"]);
        assert_eq!(ran.values("recipient"), ["taro0@example.org", "taro1@example.org", "full2@example.net"]);
        let places: Vec<_> =
            ran.lines().iter().map(|r| (r["index"].as_u64(), r["offset"].as_u64().is_some())).collect();
        assert_eq!(places, [(Some(0), true), (Some(2), true), (Some(0), true)]);
        assert!(ran.out.starts_with("{\"source\":\"in/a.mbox\",\"index\":0,\"offset\":0,\"id\":\""));
    }
}

#[test]
fn ordinary_mail_is_no_record_and_no_failure() {
    let here = folder(&[("a.eml", ORDINARY)]);
    let ran = run_in(here.path(), &["parse", "a.eml"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
}

#[test]
fn a_missing_path_is_exit_code_2_and_the_others_are_read() {
    let here = folder(&[("a.eml", &unknown(1))]);
    let ran = run_in(here.path(), &["parse", "nowhere", "a.eml"]);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.err, "komainu: nowhere: no such file or folder\n");
    assert_eq!(ran.values("source"), ["a.eml"]);
}

#[test]
fn what_cannot_be_read_is_exit_code_1() {
    let here = folder(&[("in/a.eml", &unknown(1)), ("in/b.7z", "7z\u{bc}"), ("in/c.eml", &unknown(2))]);
    fs::write(here.path().join("in/b.7z"), b"7z\xbc\xaf\x27\x1c").expect("written");
    let ran = run_in(here.path(), &["parse", "in"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.err, "komainu: in/b.7z: is 7z: unpack it first\n");
    assert_eq!(ran.values("source"), ["in/a.eml", "in/c.eml"]);
}

#[test]
fn standard_input_is_a_source() {
    for arguments in [&["parse", "-"][..], &["parse"]] {
        let ran = run_with(&unknown(1), arguments);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(ran.values("source"), ["-"]);
    }
    assert_eq!(run_with(&mbox((0..300).map(unknown)), &["parse", "-"]).lines().len(), 300);
}

#[test]
fn a_zip_archive_on_standard_input_is_read() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in [("in/a.eml", unknown(1)), ("b.mbox", mbox([full(2), unknown(3)]))] {
        zip.start_file(name, stored).expect("added");
        zip.write_all(content.as_bytes()).expect("added");
    }
    let zip = zip.finish().expect("written").into_inner();
    let ran = run_with_bytes(&zip, &["parse", "-"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.values("source"), ["-/in/a.eml", "-/b.mbox", "-/b.mbox"]);
    assert_eq!(ran.values("recipient"), ["taro1@example.org", "full2@example.net", "taro3@example.org"]);
    let cut = run_with_bytes(&zip[..zip.len() / 2], &["parse", "-"]);
    assert_eq!(cut.code, 1);
    assert!(cut.err.starts_with("komainu: -: "), "{}", cut.err);
}

#[test]
fn every_format_prints_every_record() {
    let here = folder(&[("a.mbox", &mbox((0..50).map(unknown)))]);
    let print = |format| run_in(here.path(), &["parse", "a.mbox", "--format", format]);
    let list = |text: &str| serde_json::from_str::<Vec<serde_json::Value>>(text).expect("a list").len();
    assert_eq!(print("ndjson").lines().len(), 50);
    assert_eq!(print("report").lines().len(), 50);
    assert_eq!(list(&print("json").out), 50);
    assert_eq!(list(&print("sisimai").out), 50);
    assert_eq!(list(&print("sisimai-4").out), 50);
    let csv = print("csv").out;
    assert_eq!(csv.lines().count(), 51);
    assert!(csv.starts_with("source,index,offset,id,kind,recipient,"), "{csv}");
    let table = print("table");
    assert_eq!(table.out.matches("userunknown").count(), 50);
    assert!(!table.out.contains('\u{1b}'), "colours in a pipe");
    let coloured = run_in(here.path(), &["--color", "always", "parse", "a.mbox", "--format", "table"]);
    assert!(coloured.out.contains("\u{1b}["));
    let parquet = komainu().current_dir(here.path()).args(["parse", "a.mbox", "-f", "parquet"]).output();
    let parquet = parquet.expect("it runs").stdout;
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
}

#[test]
fn lists_are_whole_when_nothing_is_found() {
    let here = folder(&[("a.eml", ORDINARY)]);
    for format in ["json", "sisimai", "sisimai-4"] {
        assert_eq!(run_in(here.path(), &["parse", "a.eml", "-f", format]).out, "[]\n");
    }
    assert_eq!(run_in(here.path(), &["parse", "a.eml", "-f", "csv"]).out.lines().count(), 1);
}

#[test]
fn filters_choose_records() {
    let here = folder(&[("a.mbox", &mbox([unknown(0), full(1), unknown(20)]))]);
    let chosen =
        |filter: &[&str]| run_in(here.path(), &[&["parse", "a.mbox"], filter].concat()).values("recipient");
    let (first, second, third) = ("taro0@example.org", "full1@example.net", "taro20@example.org");
    assert_eq!(chosen(&["--reason", "mailboxfull"]), [second]);
    assert_eq!(chosen(&["--reason", "mailboxfull,userunknown"]), [first, second, third]);
    assert_eq!(chosen(&["--kind", "feedback"]), [] as [&str; 0]);
    assert_eq!(chosen(&["--domain", "example.org"]), [first, third]);
    assert_eq!(chosen(&["--domain", ".net"]), [second]);
    assert_eq!(chosen(&["--hard"]), [first, third]);
    assert_eq!(chosen(&["--soft"]), [second]);
    assert_eq!(chosen(&["--since", "2025-11-10"]), [third]);
    assert_eq!(chosen(&["--until", "2025-11-02T00:00:00Z"]), [first]);
    assert_eq!(chosen(&["--hard", "--since", "2025-11-10", "--domain", "example.net"]), [] as [&str; 0]);
}

#[test]
fn reasons_are_told_in_the_words_of_other_systems() {
    let here = folder(&[("a.eml", &unknown(0))]);
    let ran = run_in(here.path(), &["parse", "a.eml", "--taxonomy", "ses"]);
    assert_eq!(ran.values("reason"), ["Permanent/NoEmail"]);
    assert_eq!(run_in(here.path(), &["parse", "a.eml", "--taxonomy", "ses", "-f", "csv"]).code, 2);
}

#[test]
fn headers_limits_and_addresses_can_be_chosen() {
    let here = folder(&[
        ("a.eml", &unknown(0)),
        ("book.tsv", "taro0@example.org\twhitelisted\n"),
        ("ids", "0@example.com\n"),
        ("broken.tsv", "taro0@example.org\tperhaps\n"),
    ]);
    let one = |arguments: &[&str]| {
        run_in(here.path(), &[&["parse", "a.eml"], arguments].concat()).lines().remove(0)
    };
    assert_eq!(one(&["--header", "Subject"])["headers"]["subject"], "Hello");
    let listed = one(&["--address-book", "book.tsv"]);
    assert_eq!((&listed["address_status"], &listed["hard"]), (&"whitelisted".into(), &false.into()));
    assert_eq!(one(&["--sent-ids", "ids", "--sent-domain", "example.com"])["authenticity"], "genuine");
    assert_eq!(one(&["--mask"])["recipient"], "t***@example.org");
    let wrong = run_in(here.path(), &["parse", "a.eml", "--address-book", "broken.tsv"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.starts_with("komainu: broken.tsv: "), "{}", wrong.err);
    let cut = run_in(here.path(), &["parse", "a.eml", "--max-message", "100", "-f", "report"]);
    assert_eq!(cut.lines()[0]["limits"][0], "bytes");
}

//! `--state`: the next run goes on where the last one stopped.

use crate::{folder, full, komainu, mbox, run_in, unknown, write};
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::fs;

const RUN: &[&str] = &["parse", "in", "--state", "state"];

#[test]
fn only_what_is_new_is_printed() {
    let here = folder(&[("in/a.mbox", &mbox([unknown(0)])), ("in/b.eml", &unknown(1))]);
    let run = || run_in(here.path(), RUN).values("recipient");
    assert_eq!(run(), ["taro0@example.org", "taro1@example.org"]);
    assert_eq!(run(), [] as [&str; 0]);
    write(here.path(), "in/a.mbox", &mbox([unknown(0), full(2)]));
    write(here.path(), "in/c.eml", &full(3));
    assert_eq!(run(), ["full2@example.net", "full3@example.net"]);
    assert_eq!(run(), [] as [&str; 0]);
}

#[test]
fn a_mailbox_that_was_rotated_is_read_from_its_beginning() {
    let here = folder(&[("in/a.mbox", &mbox([unknown(0), unknown(1)]))]);
    let run = || run_in(here.path(), RUN).values("recipient");
    assert_eq!(run().len(), 2);
    write(here.path(), "in/a.mbox", &mbox([full(5), full(6), full(7)]));
    assert_eq!(run().len(), 3);
    write(here.path(), "in/a.mbox", &mbox([full(5)]));
    assert_eq!(run().len(), 1);
}

#[test]
fn a_message_that_moves_through_a_maildir_is_read_once() {
    let here = folder(&[("in/new/1.a.host", &unknown(1)), ("in/cur/.keep", ""), ("in/tmp/.keep", "")]);
    let run = || run_in(here.path(), RUN).values("recipient");
    assert_eq!(run(), ["taro1@example.org"]);
    fs::rename(here.path().join("in/new/1.a.host"), here.path().join("in/cur/1.a.host:2,S")).expect("moved");
    write(here.path(), "in/new/2.b.host", &unknown(2));
    assert_eq!(run(), ["taro2@example.org"]);
}

#[test]
fn a_csv_that_goes_on_has_one_header() {
    let here = folder(&[("in/a.eml", &unknown(1))]);
    let run = || run_in(here.path(), &[RUN, &["--format", "csv"]].concat()).out;
    assert!(run().starts_with("source,"));
    write(here.path(), "in/b.eml", &unknown(2));
    assert!(run().starts_with("in/b.eml,"));
}

#[test]
fn parquet_takes_a_new_file_for_what_is_new() {
    let here = folder(&[("in/a.eml", &unknown(1))]);
    let run = || {
        let ran = komainu().current_dir(here.path()).args(RUN).args(["--format", "parquet"]).output();
        let file = here.path().join("new.parquet");
        fs::write(&file, ran.expect("it runs").stdout).expect("written");
        let whole = SerializedFileReader::new(fs::File::open(file).expect("opened")).expect("a whole file");
        whole.metadata().file_metadata().num_rows()
    };
    assert_eq!(run(), 1);
    assert_eq!(run(), 0);
    write(here.path(), "in/b.eml", &unknown(2));
    assert_eq!(run(), 1);
}

#[test]
fn half_a_line_at_the_end_is_passed_over_and_another_file_is_refused() {
    let here = folder(&[("in/a.eml", &unknown(1))]);
    assert_eq!(run_in(here.path(), RUN).lines().len(), 1);
    let state = here.path().join("state");
    let half = fs::read_to_string(&state).expect("a state") + "{\"source\":\"in/a.e";
    fs::write(&state, half).expect("written");
    for _ in 0..2 {
        let ran = run_in(here.path(), RUN);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    }
    fs::write(&state, "something else\n").expect("written");
    let ran = run_in(here.path(), RUN);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("state is no state file"), "{}", ran.err);
    assert_eq!(run_in(here.path(), &["parse", "-", "--state", "new"]).code, 2);
}

//! The shared cases on the crate.

use komainu_tests::{Driver, NEWLINES, ask, mails, replies, with_newlines};

#[test]
fn every_case_gives_its_blessed_report() {
    let (cases, replies) = (mails().unwrap(), replies().unwrap());
    let mut driver = Driver::new("rust");
    for case in &cases {
        let (lf, want) = (case.lf().unwrap(), case.compact().unwrap());
        for (name, newline) in NEWLINES {
            let got = komainu::parse(&with_newlines(&lf, newline)).to_json();
            driver.compare(&case.name, name, &got, &want);
        }
    }
    for reply in &replies {
        let (text, hints) = ask(&reply.ask).unwrap();
        let got = komainu::classify_with(&text, &hints).to_json();
        driver.compare(&reply.name, "reply", &got, reply.verdict.as_deref().unwrap_or("no blessed verdict"));
    }
    driver.close(cases.len() * NEWLINES.len() + replies.len());
}

#[test]
fn every_log_gives_its_blessed_records() {
    let logs = komainu_tests::logs().unwrap();
    assert!(logs.len() >= 7, "one log for each format");
    let mut driver = Driver::new("rust logs");
    for log in &logs {
        let want = std::fs::read_to_string(log.with_extension("ndjson")).unwrap();
        let text = std::fs::read_to_string(log).unwrap();
        let name = log.file_name().unwrap().to_string_lossy();
        driver.compare(&format!("log/{name}"), "lf", &komainu_tests::read_log(&text), &want);
        let crlf = text.replace('\n', "\r\n");
        driver.compare(&format!("log/{name}"), "crlf", &komainu_tests::read_log(&crlf), &want);
    }
    driver.close(logs.len() * 2);
}

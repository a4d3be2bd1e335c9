//! What fuzzing calls, and what the replay of its findings calls as well: each panics where something does not hold.

use std::io::Cursor;

use komainu::io::{Scan, ScanOptions};
use komainu::log::{LogOptions, LogReader};
use komainu::returnpath::{VerpPattern, VerpPatterns, batv, original_sender, srs, verp};
use komainu::{AddressBook, Analyzer, Hints, Redactor};

use crate::invariants::{check, check_form, check_log_record};

/// A target's name and its function.
pub type Target = (&'static str, fn(&[u8]));

/// Every target that takes plain bytes.
pub const ALL: &[Target] = &[
    ("mail", mail),
    ("mbox", mbox),
    ("log", log),
    ("reply", reply),
    ("returnpath", returnpath),
    ("options", options),
    ("rules", rules),
];

/// One mail, and its redacted report.
pub fn mail(data: &[u8]) {
    let report = komainu::parse(data);
    // Looking for addresses in every decoding of the mail costs more than parsing it: one mail in sixteen must do.
    let sum = data.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    let checked = if sum % 16 == 0 { check(data, &report) } else { check_form(&report) };
    if let Err(why) = checked {
        panic!("{why}");
    }
    let mut hidden = report.clone();
    Redactor::mask().apply(&mut hidden);
    for (record, hidden) in report.records.iter().zip(&hidden.records) {
        let local = |address: &Option<String>| {
            address.as_ref().and_then(|a| a.rsplit_once('@')).map(|(l, _)| l.to_owned())
        };
        if let Some(name) = local(&record.recipient).filter(|name| name.len() > 3) {
            // What looks like a mask stays as it is.
            let is_mask = name.ends_with("***") && name.chars().count() == 4;
            assert!(is_mask || local(&hidden.recipient) != Some(name), "a redacted recipient is whole");
        }
    }
}

/// A mailbox as a stream: every message lies inside it, one after the other.
pub fn mbox(data: &[u8]) {
    let mut options = ScanOptions::default();
    // Compressed input may grow: what one message takes is what is limited.
    options.max_message_bytes = 64 << 10;
    let mut end = 0;
    let scan = Scan::new(Vec::<String>::new(), options).and_reader("fuzz", Cursor::new(data.to_vec()));
    for mail in scan.take(1_000) {
        let Ok(mail) = mail else { continue };
        assert!(mail.offset >= end && mail.end >= mail.offset, "messages overlap");
        assert!(mail.raw.len() <= 64 << 10, "a message longer than its limit");
        end = mail.end;
        let _ = mail.parse(&Analyzer::default()).report.to_json();
    }
}

/// A mail server's log, line by line: no record names a recipient or a sender whom no line names.
pub fn log(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut reader = LogReader::new(Analyzer::default(), LogOptions::default().year(2026));
    let mut records = Vec::new();
    let mut lines = 0;
    for line in text.lines() {
        records.extend(reader.push(line));
        lines += 1;
    }
    records.extend(reader.finish());
    assert!(reader.lines() == lines && reader.understood() <= lines, "lines are counted wrongly");
    for record in &records {
        if let Err(why) = check_log_record(&text, record) {
            panic!("{why}");
        }
    }
}

/// One reply, its hints in the first lines.
pub fn reply(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let verdict = komainu::classify(&text);
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for entry in verdict.evidence.iter().filter(|entry| entry.field == "diagnostic") {
        let words = entry.text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(folded.contains(&words), "evidence {words:?} is not in the reply");
    }
    if let Some((first, rest)) = text.split_once('\n') {
        let mut parts = first.split('|').map(str::to_owned);
        let hints = Hints {
            provider: parts.next(),
            command: parts.next().and_then(|name| name.parse().ok()),
            status: parts.next(),
            date: parts.next(),
            format: parts.next(),
        };
        let _ = komainu::classify_with(rest, &hints).to_json();
    }
}

/// An address, decoded in every way; what comes out stood in it.
pub fn returnpath(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (pattern, address) = text.split_once('\n').unwrap_or(("", text));
    let patterns = VerpPatterns::usual().pattern(pattern).unwrap_or_default();
    let from = |address: &str, found: &str| {
        let (local, domain) = found.rsplit_once('@').expect("an address");
        let whole = address.to_lowercase();
        assert!(
            whole.contains(&local.to_lowercase()) && whole.contains(domain),
            "{found:?} is not in {address:?}"
        );
    };
    if let Some(found) = verp::decode(address, &patterns) {
        from(address, &found.recipient);
    }
    if let Some(found) = srs::decode(address) {
        from(address, &found.address);
    }
    if let Some(found) = batv::strip(address) {
        from(address, &found);
    }
    let _ = original_sender(address);
    if let Ok(encoded) = verp::encode("news@example.org", address) {
        let found = verp::decode(&encoded, &VerpPatterns::usual()).expect("what we encode decodes");
        assert_eq!(found.recipient.to_lowercase(), address.to_lowercase());
    }
    if let Ok(encoded) =
        VerpPattern::new(pattern).and_then(|pattern| pattern.encode(address, &["id"], b"secret"))
    {
        assert!(verp::decode(&encoded, &patterns).is_some());
    }
}

/// Options and address books.
pub fn options(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = AddressBook::parse(text);
    if let Ok(builder) = Analyzer::builder().options_json(text) {
        let analyzer = builder.build().expect("options that were taken build");
        let _ =
            analyzer.parse(b"To: bounce+taro=example.jp@example.org\n\n<taro@example.jp>: 550 User unknown");
    }
}

/// A file of rules: bad ones are refused, and none is worse than refused.
pub fn rules(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = komainu::rules::rust_tables(&[("phrases/userunknown.toml".to_owned(), text.to_owned())]);
}

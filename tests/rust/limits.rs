//! Limits are kept, and every one that was hit is named.

use komainu::{Analyzer, Limit, Limits};
use komainu_tests::invariants::check;
use komainu_tests::shapes::{MAILS, REPLIES};

fn mail(name: &str, size: usize) -> Vec<u8> {
    let (_, make) = MAILS.iter().find(|(shape, _)| *shape == name).expect("a shape of this name");
    make(size)
}

fn hit(limits: Limits, mail: &[u8]) -> Vec<Limit> {
    let report = Analyzer::builder().limits(limits).build().expect("limits").parse(mail);
    check(mail, &report).expect("what must hold of every report");
    report.limits
}

/// Default limits with one exchanged.
fn only(change: impl Fn(&mut Limits)) -> Limits {
    let mut limits = Limits::default();
    change(&mut limits);
    limits
}

#[test]
fn every_limit_shows_when_it_is_hit() {
    let cases: [(Limit, Limits, &str); 6] = [
        (Limit::Bytes, only(|limits| limits.max_bytes = 1_000), "recipient groups"),
        (Limit::Depth, only(|limits| limits.max_depth = 5), "nested multiparts"),
        (Limit::Parts, only(|limits| limits.max_parts = 10), "sibling parts"),
        (Limit::HeaderBytes, only(|limits| limits.max_header_bytes = 1_000), "Received headers"),
        (Limit::Recipients, only(|limits| limits.max_recipients = 10), "recipient groups"),
        (Limit::Text, only(|limits| limits.max_text_bytes = 1_000), "transcript"),
    ];
    for (limit, limits, shape) in cases {
        assert!(hit(limits, &mail(shape, 10_000)).contains(&limit), "{limit} was hit and is not named");
        assert_eq!(hit(Limits::default(), &mail(shape, 300)), [], "{limit} is named and was not hit");
    }
}

#[test]
fn default_limits_hold_on_every_shape() {
    for (name, make) in MAILS {
        let mail = make(8 << 10);
        let report = komainu::parse(&mail);
        let limits = Limits::default();
        assert!(report.records.len() <= limits.max_recipients, "{name}");
        if let Err(why) = check(&mail, &report) {
            panic!("{name}: {why}");
        }
    }
    for (name, make) in REPLIES {
        let reply = make(8 << 10);
        let reply = String::from_utf8_lossy(&reply);
        for entry in komainu::classify(&reply).evidence {
            let words = entry.field == "diagnostic";
            assert!(!words || reply.contains(&entry.text), "{name}: {:?} is not in the reply", entry.text);
        }
    }
}

#[test]
fn a_million_recipients_and_headers_and_one_long_line() {
    let recipients = mail("recipient groups", 70 << 20);
    let report = komainu::parse(&recipients);
    assert_eq!(report.records.len(), Limits::default().max_recipients);
    assert!(report.limits.contains(&Limit::Recipients) && report.limits.contains(&Limit::Bytes));

    let headers = mail("Received headers", 80 << 20);
    assert!(headers.windows(9).filter(|window| window == b"Received:").count() > 1_000_000);
    assert!(komainu::parse(&headers).limits.contains(&Limit::HeaderBytes));

    assert!(komainu::parse(&mail("one line", 50 << 20)).limits.contains(&Limit::Text));
    assert!(komainu::parse(&mail("base64", 50 << 20)).limits.contains(&Limit::Text));
}

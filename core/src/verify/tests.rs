use super::*;
use crate::testing;

/// 2026-11-21, noon in UTC.
const NOW: u64 = 1_795_262_400;

fn verifier() -> Verifier {
    Verifier::new().clock(|| Some(NOW))
}

fn key() -> BatvKey {
    BatvKey::new(1, "secret").unwrap()
}

fn pattern() -> VerpPattern {
    VerpPattern::new("b-{token}-{local}={domain}@bounces.example.org").unwrap()
}

/// The record after the verifier, for a report that came to this address.
fn judged(verifier: &Verifier, record: Record, returned_to: &str) -> Record {
    let mut report = testing::report(vec![record]);
    verifier.apply(&mut report, &ReturnContext { returned_to: &[returned_to.to_owned()] });
    report.records.remove(0)
}

fn outcome(record: &Record) -> (Authenticity, Option<&str>) {
    let rule =
        record.evidence.iter().map(|entry| entry.rule.as_str()).find(|rule| rule.starts_with("verify."));
    (record.authenticity.unwrap(), rule)
}

#[test]
fn nothing_known_is_unproven_and_changes_nothing_else() {
    let mut record = judged(&verifier(), testing::record(), "news@example.org");
    assert_eq!(outcome(&record), (Authenticity::Unproven, None));
    record.authenticity = None;
    assert_eq!(record, testing::record());
}

#[test]
fn message_ids_prove_and_contradict() {
    let ours = verifier().message_ids(["<1@example.org>"]);
    let record = judged(&ours, testing::record(), "");
    assert_eq!(outcome(&record), (Authenticity::Genuine, Some("verify.message-id")));
    assert_eq!(record.advice, Advice::Suppress);

    let others = verifier().message_ids(["2@example.org"]);
    let record = judged(&others, testing::record(), "");
    assert_eq!(outcome(&record), (Authenticity::Contradicted, Some("verify.message-id-unknown")));
    assert_eq!(record.advice, Advice::Review);
    assert_eq!((record.reason, record.hard), (testing::record().reason, true));

    let unsure = verifier().message_ids_by(|_| None);
    assert_eq!(outcome(&judged(&unsure, testing::record(), "")).0, Authenticity::Unproven);
}

#[test]
fn batv_tags_prove_contradict_and_expire() {
    let verifier = verifier().batv(key());
    let signed = key().sign("news@example.org", NOW / 86_400).unwrap();
    let record = judged(&verifier, testing::record(), &signed);
    assert_eq!(outcome(&record), (Authenticity::Genuine, Some("verify.batv")));
    assert_eq!(record.evidence[1].field, "sender");

    let forged = judged(&verifier, testing::record(), "prvs=1000abcdef=news@example.org");
    assert_eq!(outcome(&forged), (Authenticity::Contradicted, Some("verify.batv-forged")));
    assert_eq!(
        (forged.evidence[1].field.as_str(), forged.evidence[1].text.as_str()),
        ("authenticity", "contradicted")
    );
    assert_eq!(forged.advice, Advice::Review);

    let old = key().sign("news@example.org", NOW / 86_400 - 30).unwrap();
    assert_eq!(
        outcome(&judged(&verifier, testing::record(), &old)),
        (Authenticity::Unproven, Some("verify.too-old"))
    );
    assert_eq!(outcome(&judged(&verifier, testing::record(), "news@example.org")).0, Authenticity::Unproven);
}

#[test]
fn a_token_proves_its_own_recipient_only() {
    let verifier = verifier().verp(pattern(), "secret").unwrap().message_ids(["1@example.org"]);
    let taro = pattern().encode("taro@example.jp", &[], b"secret").unwrap();
    let record = judged(&verifier, testing::record(), &taro);
    assert_eq!(outcome(&record), (Authenticity::Genuine, Some("verify.verp-token")));

    // The owner of evil@example.net has a genuine token and the Message-ID, and names somebody else in a report.
    let evil = pattern().encode("evil@example.net", &[], b"secret").unwrap();
    let record = judged(&verifier, testing::record(), &evil);
    assert_eq!(outcome(&record), (Authenticity::Unproven, Some("verify.other-recipient")));

    let forged = taro.replace("taro", "hanako");
    let record = judged(&verifier, testing::record(), &forged);
    assert_eq!(outcome(&record), (Authenticity::Contradicted, Some("verify.verp-token-forged")));
}

#[test]
fn domains_of_others_contradict() {
    let verifier = verifier().domains(["Example.org"]);
    assert_eq!(outcome(&judged(&verifier, testing::record(), "")).0, Authenticity::Unproven);
    for (sender, wanted) in [
        ("news@mail.example.org", Authenticity::Unproven),
        ("news@notexample.org", Authenticity::Contradicted),
        ("news@example.com", Authenticity::Contradicted),
    ] {
        let record = Record { sender: Some(sender.into()), ..testing::record() };
        assert_eq!(outcome(&judged(&verifier, record, "")).0, wanted, "{sender}");
    }
    let written = self::verifier().domains(["例え.jp"]);
    let record = Record { sender: Some("news@xn--r8jz45g.jp".into()), ..testing::record() };
    assert_eq!(outcome(&judged(&written, record, "")).0, Authenticity::Unproven);
    let nobody = Record { sender: None, ..testing::record() };
    assert_eq!(outcome(&judged(&verifier, nobody, "")).0, Authenticity::Unproven);
}

#[test]
fn strict_wants_a_mark_on_what_comes_back() {
    let verifier = verifier().batv(key()).strict(true);
    let record = judged(&verifier, testing::record(), "news@example.org");
    assert_eq!(outcome(&record), (Authenticity::Contradicted, Some("verify.unmarked")));
    let feedback = Record { kind: Kind::Feedback, ..testing::record() };
    assert_eq!(outcome(&judged(&verifier, feedback, "fbl@example.org")).0, Authenticity::Unproven);
}

#[test]
fn old_proofs_prove_nothing() {
    let verifier = verifier().message_ids(["1@example.org"]).max_age(86_400 * 30);
    assert_eq!(outcome(&judged(&verifier, testing::record(), "")).0, Authenticity::Genuine);
    for date in ["2026-09-01T00:00:00Z", "2027-09-01T00:00:00Z"] {
        let record = Record { arrival_date: Some(date.into()), ..testing::record() };
        let record = judged(&verifier, record, "");
        assert_eq!(outcome(&record), (Authenticity::Unproven, Some("verify.too-old")));
        assert_eq!(
            (record.evidence[1].field.as_str(), record.evidence[1].text.as_str()),
            ("arrival_date", date)
        );
    }
}

#[test]
fn a_verifier_prints_no_secret_and_takes_no_empty_one() {
    let verifier =
        verifier().verp(pattern(), "hidden-one").unwrap().batv(BatvKey::new(0, "hidden-two").unwrap());
    assert!(!format!("{verifier:?}").contains("hidden"));
    assert!(Verifier::new().verp(pattern(), "").is_err());
    let no_token = VerpPattern::new("b-{local}={domain}@example.org").unwrap();
    assert!(Verifier::new().verp(no_token, "secret").is_err());
}

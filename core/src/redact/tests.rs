use super::*;
use crate::testing;
use std::collections::BTreeMap;

/// A record with the recipient's address in every text that can hold one.
fn full() -> Record {
    let mut record = testing::record();
    record.original_recipient = Some("Taro.Yamada@example.net".into());
    record.diagnostic =
        Some("550 taro: No such user; <TARO@Example.jp> moved to taro.yamada@example.net".into());
    record.new_address = Some("taro.yamada@example.net".into());
    record.subject = Some("For taro@example.jp and \"hanako yamada\"@example.jp".into());
    record.message_id = Some("1.taro=example.jp@example.org".into());
    record.original_envelope_id = Some("QQ-taro+40example.jp".into());
    record.sender = Some("news+taro=example.jp@example.org".into());
    record.headers =
        Some(BTreeMap::from([("x-link".into(), "https://example.org/?u=taro%40example.jp".into())]));
    let cite =
        |field: &str, text: &str| Evidence { rule: "r".into(), field: field.into(), text: text.into() };
    record.evidence = vec![
        cite("diagnostic", "No such user"),
        cite("diagnostic", "moved to taro.yamada@example.net"),
        cite("diagnostic", "taro: No such"),
        cite("recipient", "taro@example.jp"),
    ];
    record
}

fn redactors() -> [Redactor; 2] {
    [Redactor::mask(), Redactor::hash("secret").unwrap()]
}

#[test]
fn no_address_is_left() {
    for redactor in redactors() {
        let mut record = full();
        redactor.apply_to_record(&mut record);
        let json = record.to_json().to_lowercase();
        for secret in
            ["taro@", "taro=", "taro%40", "taro+40", "taro.yamada", "hanako yamada", " taro", "\"taro"]
        {
            assert!(!json.contains(secret), "{secret:?} in {json}");
        }
    }
}

#[test]
fn evidence_stays_a_substring_of_its_field() {
    for redactor in redactors() {
        let mut record = full();
        redactor.apply_to_record(&mut record);
        let diagnostic = record.diagnostic.clone().unwrap();
        for entry in record.evidence.iter().filter(|entry| entry.field == "diagnostic") {
            assert!(diagnostic.contains(&entry.text), "{:?} in {diagnostic:?}", entry.text);
        }
        assert_eq!(record.evidence[0].text, "No such user");
        assert_eq!(record.evidence[3].text, record.recipient.unwrap());
    }
}

#[test]
fn a_mask_is_readable() {
    let mut record = full();
    Redactor::mask().apply_to_record(&mut record);
    assert_eq!(record.recipient.as_deref(), Some("t***@example.jp"));
    assert_eq!(
        record.diagnostic.as_deref(),
        Some("550 t***: No such user; <T***@Example.jp> moved to t***@example.net")
    );
    assert_eq!(record.original_envelope_id.as_deref(), Some("QQ-t***+40example.jp"));
    assert_eq!(record.headers.as_ref().unwrap()["x-link"], "https://example.org/?u=t***%40example.jp");
    assert_eq!(record.id, testing::record().id);
}

#[test]
fn a_hash_is_equal_for_equal_addresses_only() {
    let hash = Redactor::hash("secret").unwrap();
    assert_eq!(hash.text("a Taro%40Example.jp b"), hash.text("a taro%40Example.jp b"));
    assert_ne!(hash.text("taro@example.jp"), hash.text("jiro@example.jp"));
    assert_ne!(hash.text("taro@example.jp"), Redactor::hash("other").unwrap().text("taro@example.jp"));
    let mut record = full();
    hash.apply_to_record(&mut record);
    assert_ne!(record.id, testing::record().id);
    assert_eq!(record.id.len(), 32);
    let local = record.recipient.as_deref().unwrap().split('@').next().unwrap();
    assert!(record.diagnostic.unwrap().contains(local));
    assert!(Redactor::hash("").is_err());
    assert!(!format!("{hash:?}").contains("secret"));
}

#[test]
fn texts_without_addresses_stay() {
    for text in
        ["", "@", "a @ b", "%40", "@example.jp", "taro@", "<>@<>", "\"@\"", "50% @home", "@@@@", "\"@[x"]
    {
        let mask = Redactor::mask().text(text);
        assert!(mask == text || mask.contains("***"), "{text:?} became {mask:?}");
    }
    assert_eq!(Redactor::mask().text("a @ b, 50% of @ twitter"), "a @ b, 50% of @ twitter");
    assert_eq!(
        Redactor::mask().text("\"taro y\"@[192.0.2.1], 太郎@例え.テスト."),
        "***@[192.0.2.1], ***@例え.テスト."
    );
}

#[test]
fn redacting_twice_changes_nothing_more_under_a_mask() {
    let mut once = full();
    Redactor::mask().apply_to_record(&mut once);
    let mut twice = once.clone();
    Redactor::mask().apply_to_record(&mut twice);
    assert_eq!(once, twice);
}

#[test]
fn of_several_at_signs_the_last_before_a_domain_counts() {
    let mask = |text| Redactor::mask().text(text);
    assert_eq!(mask("to abc@taro@example.jp: no"), "to a***@example.jp: no");
    assert_eq!(mask("taro@example.jp@relay.example.net"), "t***@example.jp@relay.example.net");
    assert_eq!(mask("taro@localhost @example.jp"), "t***@localhost @example.jp");
}

#[test]
fn a_message_id_that_is_anothers_address_is_replaced() {
    let mail = b"From: MAILER-DAEMON@example.org\nSubject: Undelivered Mail Returned to Sender\n\n\
        <taro@example.jp>: 550 5.1.1 User unknown\n\n<hanako@example.jp>: 550 5.1.1 User unknown\n\n\
        Message-ID: <taro@example.jp>\nReceived: from a.example.org\nFrom: news@example.org\n";
    let analyzer = crate::Analyzer::builder().redactor(Redactor::mask()).build().unwrap();
    let report = analyzer.parse(mail);
    assert_eq!(report.records.len(), 2);
    assert!(report.records.iter().all(|record| record.message_id.as_deref() == Some("t***@example.jp")));
}

//! A record for the tests of what is done to records.

use crate::reason::Reason;
use crate::record::{Evidence, Record, Report};
use crate::vocabulary::{Action, Advice, Blame, DecidedBy, Kind, RecipientSource};

/// A hard bounce of `taro@example.jp`, mailed by `news@example.org`.
pub(crate) fn record() -> Record {
    Record {
        id: "00112233445566778899aabbccddeeff".into(),
        kind: Kind::Bounce,
        recipient: Some("taro@example.jp".into()),
        recipient_source: Some(RecipientSource::FinalRecipient),
        original_recipient: None,
        sender: Some("news@example.org".into()),
        reason: Reason::UserUnknown,
        hard: true,
        blame: Blame::Recipient,
        advice: Advice::Suppress,
        action: Some(Action::Failed),
        status: Some("5.1.1".into()),
        dsn_status: Some("5.1.1".into()),
        derived_status: Some("5.1.1".into()),
        reply_code: Some(550),
        command: None,
        diagnostic: Some("550 5.1.1 <taro@example.jp>: User unknown".into()),
        diagnostic_type: Some("smtp".into()),
        reporting_mta: Some("mx.example.org".into()),
        received_from_mta: None,
        remote_mta: Some("mx.example.jp".into()),
        source_ip: None,
        provider: None,
        format: "postfix".into(),
        new_address: None,
        retry_after: None,
        feedback: None,
        subject: Some("Hello".into()),
        message_id: Some("1@example.org".into()),
        list_id: None,
        feedback_id: None,
        headers: None,
        original_envelope_id: None,
        queue_id: None,
        timestamp: Some("2026-11-21T12:00:00+09:00".into()),
        arrival_date: None,
        last_attempt_date: None,
        will_retry_until: None,
        decided_by: DecidedBy::Phrase,
        evidence: vec![Evidence {
            rule: "userunknown.no-account".into(),
            field: "diagnostic".into(),
            text: "User unknown".into(),
        }],
        also: Vec::new(),
        address_status: None,
        authenticity: None,
    }
}

/// A report with these records.
pub(crate) fn report(records: Vec<Record>) -> Report {
    Report { kind: Kind::Bounce, subject_tag: None, records, limits: Vec::new() }
}

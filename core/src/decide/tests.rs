//! The borders of the taxonomy that no single rule's example shows.

use super::{Decision, Question, Searched};
use crate::rules::{RuleSet, builtin};
use crate::syntax::stage;
use crate::vocabulary::{Action, Advice, Blame, Command, DecidedBy, Kind};
use crate::{Hints, Reason, Verdict, classify, classify_with};

fn decide(rules: &RuleSet, question: &Question<'_>) -> Decision {
    let searched = question.diagnostic.map(|text| Searched::new(rules, "diagnostic", text));
    super::decide(rules, question, searched)
}

fn question(diagnostic: Option<&str>) -> Question<'_> {
    Question {
        kind: Kind::Bounce,
        action: None,
        diagnostic,
        context: None,
        status: None,
        dsn_status: None,
        reply_code: None,
        command: None,
        provider: None,
        recipient: None,
        format: "rfc3464",
        timestamp: None,
        feedback_type: None,
    }
}

fn carrier(provider: &str, command: Option<Command>, date: Option<&str>) -> Verdict {
    let hints = Hints {
        provider: Some(provider.to_owned()),
        command,
        date: date.map(str::to_owned),
        ..Hints::default()
    };
    classify_with("550 Unknown user", &hints)
}

#[test]
fn the_memo_holds() {
    for text in ["550 5.1.1", "550 5.1.2", "550 5.1.1 gibberish", "550-5.1.2 gibberish 550 5.1.2 more"] {
        assert!(classify(text).hard, "{text}");
    }
    for text in ["450 4.1.1", "450 4.1.2 Host unknown", "550 5.2.2", "550 5.7.1"] {
        assert!(!classify(text).hard, "{text}");
    }
}

#[test]
fn docomo_by_stage_and_date() {
    let (rcpt, data) = (Some(Command::Rcpt), Some(Command::Data));
    for (command, date, reason, hard) in [
        (rcpt, Some("2014-01-01"), Reason::UserUnknown, true),
        (rcpt, None, Reason::UserUnknown, true),
        (data, Some("2014-01-01T12:00:00+09:00"), Reason::Filtered, false),
        (data, Some("2025-03-12"), Reason::Filtered, false),
        (data, Some("2025-03-13"), Reason::UserUnknown, true),
        (data, None, Reason::UserUnknown, true),
        (None, None, Reason::UserUnknown, false),
    ] {
        let verdict = carrier("docomo", command, date);
        assert_eq!((verdict.reason, verdict.hard), (reason, hard), "{command:?} {date:?}");
        assert_eq!(verdict.decided_by, DecidedBy::Provider);
    }
    let unreadable = carrier("docomo", None, None);
    assert_eq!((unreadable.advice, unreadable.also), (Advice::Review, vec![Reason::Filtered]));
}

#[test]
fn a_domain_that_is_gone_is_hard_beside_4_0_0() {
    let text = "Host unknown (Name server: example.invalid: host not found)";
    let mut ask = Question { action: Some(Action::Failed), status: Some("4.0.0"), ..question(Some(text)) };
    let decision = decide(builtin(), &ask);
    assert_eq!((decision.reason, decision.hard), (Reason::HostUnknown, true));
    ask.reply_code = Some(450);
    assert!(!decide(builtin(), &ask).hard);
    ask = Question { action: Some(Action::Delayed), kind: Kind::Delay, ..ask };
    assert!(!decide(builtin(), &ask).hard);
}

#[test]
fn never_and_not_now_differ() {
    for (text, hard, blame, advice) in [
        ("556 5.1.10 Recipient address has null MX", true, Blame::Recipient, Advice::Suppress),
        ("521 5.3.2 System not accepting network messages", true, Blame::Recipient, Advice::Suppress),
        ("550 5.3.2 System not accepting network messages", false, Blame::Receiver, Advice::Retry),
        ("421 4.3.2", false, Blame::Receiver, Advice::Retry),
    ] {
        let v = classify(text);
        assert_eq!((v.reason, v.hard, v.blame, v.advice), (Reason::NotAccept, hard, blame, advice), "{text}");
    }
}

#[test]
fn null_mx_and_recipient_not_found_are_one_code() {
    let microsoft = Hints { provider: Some("microsoft365".into()), ..Hints::default() };
    let verdict = classify_with("550 5.1.10", &microsoft);
    assert_eq!((verdict.reason, verdict.decided_by), (Reason::UserUnknown, DecidedBy::ProviderCode));
    let verdict = classify("550 5.1.10");
    assert_eq!((verdict.reason, verdict.decided_by), (Reason::NotAccept, DecidedBy::Status));
}

#[test]
fn the_stage_speaks_last() {
    for (command, reason, hard) in [
        (Command::Mail, Reason::Rejected, false),
        (Command::Rcpt, Reason::UserUnknown, true),
        (Command::Data, Reason::Filtered, false),
    ] {
        let verdict = classify_with("550 5.0.0 zzzz", &Hints { command: Some(command), ..Hints::default() });
        assert_eq!((verdict.reason, verdict.hard), (reason, hard), "{command}");
        assert_eq!(verdict.decided_by, DecidedBy::Stage);
    }
    assert_eq!(classify("zzzz").reason, Reason::Undefined);
    assert_eq!(decide(builtin(), &question(None)).reason, Reason::OnHold);
}

#[test]
fn a_delay_without_a_cause_is_expired() {
    let ask = Question { kind: Kind::Delay, ..question(None) };
    let decision = decide(builtin(), &ask);
    assert_eq!((decision.reason, decision.hard, decision.advice), (Reason::Expired, false, Advice::None));
}

#[test]
fn connection_failures_and_stated_expiry() {
    assert_eq!(classify("450 4.4.1 Connection timed out").reason, Reason::NetworkError);
    assert_eq!(classify("Connection timed out; message expired").reason, Reason::Expired);
    assert_eq!(classify("452 4.2.2 mailbox full; message expired").reason, Reason::MailboxFull);
}

#[test]
fn feedback_advice_by_type() {
    for (kind, advice) in [
        (Some("abuse"), Advice::Suppress),
        (Some("opt-out"), Advice::Suppress),
        (Some("not-spam"), Advice::None),
        (Some("auth-failure"), Advice::Review),
    ] {
        let ask = Question { kind: Kind::Feedback, feedback_type: kind, ..question(None) };
        let decision = decide(builtin(), &ask);
        assert_eq!((decision.reason, decision.advice), (Reason::Feedback, advice), "{kind:?}");
    }
}

#[test]
fn words_in_addresses_and_links_say_nothing() {
    let text = "550 5.1.1 <mailboxfull@example.org>: user unknown, see http://example.org/reason/#filtered";
    assert_eq!(classify(text).reason, Reason::UserUnknown);
}

#[test]
fn evidence_is_a_piece_of_the_text() {
    let text =
        "550-5.1.1 The email account that\r\n550-5.1.1 you tried to reach\r\n550 5.1.1 does not exist.";
    let verdict = classify(text);
    assert_eq!(verdict.reason, Reason::UserUnknown);
    assert!(verdict.evidence.iter().all(|e| text.contains(&e.text)), "{:?}", verdict.evidence);
}

/// A text made to hit as often as can be must not take quadratic time: this ends at once or not at all.
#[test]
fn hostile_text_stays_cheap() {
    let text = "user unknown mailbox full blocked by spam ".repeat(20_000);
    assert_ne!(classify(&text).reason, Reason::Undefined);
}

#[test]
fn the_stage_is_the_one_that_its_own_search_finds() {
    for words in stage::words() {
        for text in
            [words.to_owned(), format!("xx{words}yy, {words}"), format!("550 ({})", words.to_uppercase())]
        {
            let searched = Searched::new(builtin(), "diagnostic", &text);
            assert_eq!(searched.stage(), Some(stage::of(&text)), "{text}");
        }
    }
    for text in ["550 caf\u{e9}", "550-5.1.1 a\n550 5.1.1 b", "550  a", " 550", "550 a ", "550\ta"] {
        assert_eq!(Searched::new(builtin(), "diagnostic", text).stage(), None, "{text}");
    }
}

/// Postfix puts "Recipient address rejected" before whatever its operator wrote.
#[test]
fn frames_give_way_to_any_words() {
    for frame in
        ["<taro@example.jp>: Recipient address rejected", "Requested action not taken: mailbox unavailable"]
    {
        for (words, reason) in [
            ("", Reason::UserUnknown),
            (": User unknown", Reason::UserUnknown),
            (": unable to deliver", Reason::UserUnknown),
            (": SPF", Reason::AuthFailure),
            (": a policy", Reason::PolicyViolation),
            (": reputation", Reason::BadReputation),
            (": deactivated", Reason::Suspend),
            (": restricted", Reason::Filtered),
        ] {
            let v = classify(&format!("554 5.7.1 {frame}{words}"));
            assert_eq!((v.reason, v.hard), (reason, reason == Reason::UserUnknown), "{frame}{words}");
        }
    }
}

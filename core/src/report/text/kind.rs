//! Failed, delayed or delivered: what the words of a report say.

use crate::report::Source;
use crate::vocabulary::Kind;
use crate::words::{Groups, Words};

/// What a text says, in any of its words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::report) struct Said {
    pub(in crate::report) failure: bool,
    delay: bool,
    last: bool,
    delivered: bool,
}

/// Words of a report on a failure, lower case.
const FAILURE: &[&str] = &[
    "could not be delivered",
    "couldn't be delivered",
    "cannot be delivered",
    "can not be delivered",
    "can't be delivered",
    "could not deliver",
    "couldn't deliver",
    "unable to deliver",
    "unable to be delivered",
    "not able to deliver",
    "wasn't able to deliver",
    "was not able to deliver",
    "was not delivered",
    "wasn't delivered",
    "not be delivered",
    "undeliverable",
    "undelivered",
    "non-deliverable",
    "undelivery",
    "delivery failed",
    "delivery has failed",
    "delivery failure",
    "delivery to the following recipient",
    "failed permanently",
    "permanent error",
    "permanent failure",
    "permanent fatal errors",
    "fatal errors",
    "did not reach",
    "not reach the following",
    "has failed",
    "failed to deliver",
    "returned to you",
    "returning your message",
    "has been returned",
    "was returned",
    "been rejected",
    "was rejected",
    "rejected your",
    "error delivering",
    "error occurred while trying to deliver",
    "delivery problem",
    "problem delivering",
    "mail error",
    "not delivered",
    "message blocked",
    "had delivery errors",
    "delivery errors",
    "had delivery problems",
    "could not send",
    "mailbox is unavailable",
    "not accepting mail",
    "loop",
    "user unknown",
    "unknown user",
    "no such user",
    "mailbox is full",
    "mailbox full",
    "over quota",
    "does not exist",
    "doesn't exist",
    "invalid address",
    "invalid recipient",
    "bounced",
    "non remis",
    "n'a pas pu être",
    "no se ha podido entregar",
    "no se pudo",
    "konnte nicht",
    "nicht zugestellt",
    "配信できません",
    "送信できません",
    "配送できません",
    "届けることができません",
    "送達できません",
    "エラー",
    "退信",
    "无法",
    "недоставлен",
    "не может быть",
    "não pôde ser",
    "impossibile",
    "nie można",
    "address not found",
    "delivery incomplete",
    "unrouteable",
    "전송되지",
    "전송하지 못",
    "배달되지",
    "전달되지",
    "inte levereras",
    "teslim edilemedi",
    "iletilemedi",
    "kunne ikke leveres",
    "ei voitu toimittaa",
    "nem sikerült kézbesíteni",
    "nem kézbesíthető",
    "не удалось доставить",
    "не было доставлено",
    "не був доставлен",
    "не вдалося доставити",
    "nu a putut fi livrat",
    "non è stato recapitato",
    "não foi entregue",
    "nie została dostarczona",
    "nemohla být doručena",
    "n'a pas été remis",
    "no ha sido entregado",
    "kon niet worden",
    "δεν ήταν δυνατή",
    "未能送达",
    "未能投遞",
    "無法傳送",
    "無法寄送",
    "届きません",
    "届けられません",
];

/// Words of a report that a message is still queued, lower case.
const DELAY: &[&str] = &[
    "will be retried",
    "will retry",
    "will keep trying",
    "will continue to try",
    "will continue trying",
    "will try again",
    "still trying",
    "warning message only",
    "do not need to resend",
    "does not need to be resent",
    "has not yet been delivered",
    "have not yet been delivered",
    "not yet delivered",
    "could not be delivered yet",
    "not been delivered yet",
    "is being delayed",
    "message is delayed",
    "only a temporary failure",
    "not need to re-send",
    "undeliverable for",
    "temporary problem delivering",
    "has been delayed",
    "was delayed",
    "delivery is delayed",
    "delivery delayed",
    "delayed delivery",
    "delivery attempts will continue",
    "delivery will continue",
    "attempts to deliver the message will continue",
    "message will be retried",
    "will be attempted again",
    "transient non-fatal errors",
    "no action is required on your part",
    "temporarily delayed",
    "delivery of your message has been delayed",
    "noch nicht zugestellt",
    "verzögert",
    "遅延",
    "遅れ",
];

/// Words that end every delay, lower case.
const FINAL: &[&str] = &[
    "given up",
    "gave up",
    "permanent error",
    "permanent failure",
    "permanent fatal",
    "failed permanently",
    "will not be retried",
    "stopped trying",
    "no longer",
    "could not be delivered within",
    "has expired",
    "permanently failed",
    "delivery has failed",
];

/// Words of a success notice, lower case.
const DELIVERED: &[&str] = &[
    "successfully delivered",
    "was delivered successfully",
    "has been delivered",
    "your message was delivered",
    "delivered to the following recipient",
    "successful delivery",
    "successfully relayed",
    "delivery confirmation",
];

/// Subjects of delay notices, lower case.
static DELAY_SUBJECTS: Words = Words::new(&[
    "delay",
    "warning: could not send",
    "warning--could not send",
    "warning: message",
    "still being retried",
    "遅延",
    "deferred",
]);

/// Reads the words of a text with folded white space.
pub(in crate::report) fn said(folded: &str) -> Said {
    static ALL: Groups<4> = Groups::new([FAILURE, DELAY, FINAL, DELIVERED]);
    let [failure, delay, last, delivered] = ALL.any(folded);
    Said { failure, delay, last, delivered }
}

pub(in crate::report) fn of(source: &Source<'_, '_>) -> Kind {
    let subject = source.subject.to_lowercase();
    let said = source.said();
    let delay_subject = DELAY_SUBJECTS.any(&subject) && !subject.contains("fail");
    if (delay_subject || said.delay) && !said.last {
        return Kind::Delay;
    }
    let delivered = said.delivered || subject.contains("(success)") || subject.contains("successful");
    if delivered && !said.failure {
        return Kind::Delivery;
    }
    Kind::Bounce
}

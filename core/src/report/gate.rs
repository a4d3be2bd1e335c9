//! Is this mail a report at all? Only what machines write about a delivery is.

use crate::letters::lowercase;
use crate::message::Headers;
use crate::words::{Words, contains_ignore_case, lines};

use super::Source;
use super::text::kind;

/// Aggregate reports (DMARC, RFC 7489) and TLS reports (RFC 8460) are machine mail about no single delivery.
pub(super) fn is_aggregate(source: &Source<'_, '_>) -> bool {
    let message = source.message;
    let says = |words: &[u8]| contains_ignore_case(source.subject.as_bytes(), words);
    message.report_type == "tlsrpt"
        || message.headers.has("tls-report-domain")
        || source.subject.contains(':') && says(b"report domain:") && says(b"submitter:")
        || message.attachments.iter().any(|part| {
            matches!(part.media.as_str(), "application/tlsrpt+gzip" | "application/tlsrpt+json")
                || part.name.contains('!')
                    && (part.name.ends_with(".xml.gz")
                        || part.name.ends_with(".zip")
                        || part.name.ends_with(".xml"))
        })
}

/// Sent by a mail system, by its own account: null sender, or a daemon's or postmaster's name in From.
pub(super) fn is_daemon(headers: &Headers<'_>) -> bool {
    null_sender(headers) || daemon_from(headers)
}

pub(super) fn null_sender(headers: &Headers<'_>) -> bool {
    headers.all_raw("return-path").next().is_some_and(|value| {
        let value = value.trim_ascii();
        value == b"<>" || value.starts_with(b"<> ")
    })
}

/// Local parts and display names of accounts that only machines write from.
const DAEMON_LOCALS: &[&str] = &[
    "mailerdaemon",
    "mail-daemon",
    "maildaemon",
    "daemon",
    "mdaemon",
    "mta",
    "mailer",
    "mailsystem",
    "mail-system",
    "bounce",
    "bounces",
    "mailadmin",
    "mail-failure",
    "nobody-bounce",
    "dsn",
    "mail.deliverysystem",
    "smtp",
];

static DAEMON_NAMES: Words = Words::new(lines![
    "mail delivery",
    "mail deliver system",
    "mailer daemon",
    "mailer-daemon",
    "delivery subsystem",
    "delivery agent",
    "delivery system",
    "delivery service",
    "system administrator",
    "mail administrator",
    "mail server",
    "postmaster",
    "mail system",
    "microsoft outlook",
    "undeliverable",
    "delivery status",
    "delivery notification",
    "maildelivery",
    "mailsystem",
    "mail returned",
    "message transfer agent",
]);

pub(super) fn daemon_from(headers: &Headers<'_>) -> bool {
    if headers.contains("return-path", "daemon") || headers.contains("return-path", "master") {
        let path = lowercase(&headers.text("return-path").unwrap_or_default()).replace(['_', '.', '-'], "");
        if path.contains("mailerdaemon@") || path.contains("<mailerdaemon>") || path.contains("postmaster@") {
            return true;
        }
    }
    let from = headers.text("from").map(|from| lowercase(&from));
    from.is_some_and(|from| is_account(headers, &from) || DAEMON_NAMES.any(&from))
}

/// Sent from an account that only machines write from, whatever name it gives itself.
pub(super) fn daemon_account(headers: &Headers<'_>) -> bool {
    headers.text("from").is_some_and(|from| is_account(headers, &lowercase(&from)))
}

/// The same of a From field in lower case.
fn is_account(headers: &Headers<'_>, from: &str) -> bool {
    let local = super::delivery::first_address(headers, "from")
        .and_then(|address| address.split('@').next().map(lowercase))
        .unwrap_or_else(|| from.trim_matches(|c: char| !c.is_alphanumeric()).to_owned());
    let tagged = |rest: &str| rest.is_empty() || rest.starts_with(['-', '+']);
    DAEMON_LOCALS.iter().any(|name| local.strip_prefix(name).is_some_and(tagged))
        || local.contains("mailer-daemon")
        || local.replace(['_', '.', '-'], "").contains("postmaster")
}

/// Subjects that mail systems give to reports of failure, in the languages they speak.
static FAILURE_SUBJECTS: Words = Words::new(lines![
    "undeliver",
    "non recapitabile",
    "delivery failure",
    "delivery failed",
    "delivery has failed",
    "failure notice",
    "failure notification",
    "failed delivery",
    "delivery notification",
    "returned mail",
    "mail returned",
    "message returned",
    "returned to sender",
    "returning message to sender",
    "returned message",
    "return receipt failed",
    "mail delivery",
    "mail fail",
    "mail error",
    "mail system error",
    "delivery error",
    "delivery problem",
    "delivery report",
    "delivery status",
    "nondeliverable",
    "non-deliverable",
    "nondelivery",
    "non-delivery",
    "not deliver",
    "could not be delivered",
    "couldn't be delivered",
    "couldn't deliver",
    "unable to deliver",
    "unable to be delivered",
    "can't be delivered",
    "user unknown",
    "unknown user",
    "unknown address",
    "no such user",
    "mailbox full",
    "mailbox is full",
    "over quota",
    "message rejected",
    "mail rejected",
    "rejected mail",
    "message blocked",
    "bounce",
    "warning: message",
    "delayed",
    "delivery delay",
    "message status",
    "zustell",
    "non remis",
    "échec de la remise",
    "配信",
    "配送",
    "未送達",
    "não é possível entregar",
    "no se puede entregar",
    "no se pudo entregar",
    "no entregado",
    "devuelto",
    "devolvido",
    "impossibile recapitare",
    "mancato recapito",
    "onbestelbaar",
    "niet bezorg",
    "недоставл",
    "niedostarcz",
    "届け",
    "受信拒否",
    "could not send",
    "failed to send",
    "failed:",
    "error sending",
    "반송",
    "전송 실패",
    "배달 실패",
    "letilemedi",
    "teslim edilemedi",
    "inte levereras",
    "olevererbar",
    "kunne ikke leveres",
    "kan ikke leveres",
    "ei voitu toimittaa",
    "kézbesít",
    "nu a putut fi livrat",
    "nelivrat",
    "mancata consegna",
    "non consegnat",
    "no se entregó",
    "отправление не удалось",
    "повернення",
    "невъзможно доставяне",
    "αδυναμία παράδοσης",
    "传送失敗",
    "寄送失敗",
    "problem delivering",
]);

/// Other languages write the same words in a Subject as in the text.
pub(super) fn failure_subject(subject: &str) -> bool {
    FAILURE_SUBJECTS.any(subject) || !subject.is_ascii() && kind::said(subject).failure
}

/// A reply or a forward that a person sends: what it quotes is no report to its reader.
pub(super) fn is_conversation(source: &Source<'_, '_>) -> bool {
    let headers = &source.message.headers;
    let subject = source.subject.trim_start();
    let prefixed = ["re:", "fwd:", "fw:", "aw:", "wg:", "tr:", "rv:", "res:", "enc:", "sv:", "vs:"]
        .iter()
        .any(|prefix| subject.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)));
    let notice = || {
        headers.has("x-list-administrivia")
            || headers.contains("auto-submitted", "auto-")
            || headers.contains("from", "-bounces@")
    };
    let listed =
        (headers.has("list-id") || headers.has("list-post") || headers.contains("precedence", "list"))
            && !notice();
    // Who takes part in no list can leave none: a newsletter, whatever name it has.
    let newsletter =
        headers.has("list-unsubscribe") && !notice() && !null_sender(headers) && !daemon_account(headers);
    let person = headers.has("user-agent") || headers.has("x-mailer") || headers.has("in-reply-to");
    // What a job printed, not what became of a mail; cron's mails have a null sender here and there.
    source.subject.starts_with("Cron <")
        || newsletter
        || (prefixed || listed || person && headers.has("references")) && !is_daemon(headers)
}

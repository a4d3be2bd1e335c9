//! Automatic replies (RFC 3834) and their look-alikes: vacation notices, challenges, tickets, moderation notices.

use std::cell::LazyCell;

use crate::letters::lowercase;
use crate::message::Headers;
use crate::syntax::address;
use crate::vocabulary::{Kind, RecipientSource};
use crate::words::{Words, lines};

use super::delivery::first_address;
use super::{Delivery, Source, gate};

/// Subjects of automatic replies, lower case, in the languages they are written in.
static SUBJECTS: Words = Words::new(lines![
    "out of office",
    "out of the office",
    "out-of-office",
    "automatic reply",
    "autoreply",
    "auto reply",
    "auto-reply",
    "auto response",
    "autoresponse",
    "auto-response",
    "automatic response",
    "automated reply",
    "automated response",
    "auto:",
    "vacation",
    "away from",
    "on leave",
    "i am away",
    "on holiday",
    "absence",
    "abwesenheit",
    "automatische antwort",
    "abwesend",
    "réponse automatique",
    "respuesta automática",
    "fuera de la oficina",
    "fuera de oficina",
    "resposta automática",
    "ausência",
    "risposta automatica",
    "fuori sede",
    "automatisch antwoord",
    "afwezig",
    "autosvar",
    "automatiskt svar",
    "automatický",
    "odpowiedź automatyczna",
    "автоответ",
    "автоматический ответ",
    "automatiska atbilde",
    "自動応答",
    "自動返信",
    "不在",
    "自动回复",
    "自動回覆",
    "자동 회신",
    "automaattinen vastaus",
    "otomatik yanıt",
    "autoodpowied",
    "automatická odpověď",
    "automatisk svar",
    "automatikus válasz",
    "automatsko odgovaranje",
    "automatski odgovor",
    "samodejni odgovor",
    "automatinis atsakymas",
    "automaatvastus",
    "automātiskā atbilde",
    "răspuns automat",
    "автоматична відповідь",
    "автоматичен отговор",
    "αυτόματη απάντηση",
    "resposta automàtica",
    "תשובה אוטומטית",
    "رد تلقائي",
    "ตอบกลับอัตโนมัติ",
    "trả lời tự động",
    "balasan otomatis",
    "jawaban otomatis",
    "부재중",
    "부재 중",
    "自動応答メール",
    "不在通知",
    "自動回復",
    "自动答复",
    "poissaolo",
    "fravær",
    "frånvaro",
    "semesterm",
    "ude af kontoret",
    "ferieautosvar",
    "nieobecn",
    "nepřítomn",
    "mimo kancel",
    "házon kívül",
    "szabadság",
    "în concediu",
    "отсутств",
    "в отпуске",
    "вне офиса",
    "відсутн",
    "у відпустці",
    "ofis dışında",
    "otomatik cevap",
    "izindeyim",
    "εκτός γραφείου",
    "απουσία",
    "מחוץ למשרד",
    "خارج المكتب",
    "休暇",
    "休假",
    "휴가",
    "vắng mặt",
    "di luar kantor",
    "absent",
    "en congé",
    "im urlaub",
    "in ferie",
    "de vacaciones",
    "em férias",
    "op vakantie",
    "buiten kantoor",
    "odsotn",
    "odsutn",
    "atostog",
    "puhkus",
    "atvaļin",
    "lomalla",
]);

/// Subjects of read receipts that mail programs send without RFC 8098's form.
const RECEIPTS: &[&str] = &[
    "read: ",
    "not read: ",
    "gelesen: ",
    "lu : ",
    "lu: ",
    "leído: ",
    "letto: ",
    "lida: ",
    "gelezen: ",
    "開封済み: ",
    "прочитано: ",
];

/// What people write too, where only the header tells that nobody did, lower case.
static AWAY: Words = Words::new(lines![
    "i am out of",
    "i'm out of",
    "i will be out of",
    "i am currently out",
    "i am on vacation",
    "i will be away",
    "i am away",
    "i'm away",
    "currently on leave",
]);

/// Openings of absence notices, lower case.
static ABSENCES: Words = Words::new(lines![
    "i am out of office",
    "i am out of the office",
    "i'm out of the office",
    "i will be out of",
]);

/// Openings of challenges and notices, lower case, as they stand in the text.
static TEXTS: Words = Words::new(lines![
    "automatic reply to your",
    "this is an automatic reply",
    "this is an automated response",
    "this is an automated reply",
    "this is an auto-generated response",
    "awaiting moderator approval",
    "awaits moderator approval",
    "being held until the list moderator",
    "approved senders",
    "to confirm that you are a",
    "please click the link below to verify that you sent",
    "confirm your message",
    "your request has been received",
]);

/// Notices of a list to who posted, which carry the list's own headers, lower case.
static HELD: Words = Words::new(lines![
    "awaiting moderator approval",
    "awaits moderator approval",
    "held until the list moderator",
    "is being held until",
    "awaiting moderation",
    "has been forwarded to the moderator",
]);

/// The replier is the recipient: they got the mail and answered it.
pub(super) fn read(source: &Source<'_, '_>) -> Option<Delivery> {
    let headers = &source.message.headers;
    if !is_automatic(source) || listed(headers) && !HELD.any(source.folded()) {
        return None;
    }
    let mut delivery = Delivery::new("rfc3834");
    delivery.kind = Some(Kind::AutoReply);
    let from =
        ["from", "reply-to", "return-path", "sender"].iter().find_map(|name| first_address(headers, name));
    if let Some(from) = from.and_then(|a| address::usable(&a)) {
        delivery.recipient = Some(from);
        delivery.recipient_source = Some(RecipientSource::From);
    }
    delivery.subject = answered_subject(source.subject);
    delivery.message_id = headers.id("in-reply-to").or_else(|| last_reference(&headers.text("references")?));
    delivery.sender =
        ["to", "delivered-to", "x-original-to"].iter().find_map(|name| first_address(headers, name));
    Some(delivery)
}

fn is_automatic(source: &Source<'_, '_>) -> bool {
    let headers = &source.message.headers;
    let marked = headers
        .text("auto-submitted")
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("auto-replied"))
        || [
            "x-autoreply",
            "x-auto-response",
            "x-autorespond",
            "x-autoresponder",
            "x-autogenerated",
            "x-auto-reply",
            "x-ms-exchange-inbox-rules-loop",
            "x-vacation",
        ]
        .iter()
        .any(|name| headers.has(name))
        || headers.contains("precedence", "auto_reply")
        || headers.contains("precedence", "auto-reply");
    if marked {
        return true;
    }
    let subject = lowercase(source.subject);
    let person = headers.has("user-agent") || headers.has("x-mailer");
    let generated = headers.contains("auto-submitted", "auto-generated")
        || headers.contains("x-auto-response-suppress", "all")
        || headers.contains("precedence", "bulk")
        || headers.contains("precedence", "junk")
        || gate::null_sender(headers);
    let folded = source.folded();
    let start = &folded[..folded.floor_char_boundary(1500)];
    let worded = LazyCell::new(|| TEXTS.any(start));
    let away = LazyCell::new(|| AWAY.any(start));
    let replied = headers.has("in-reply-to") || subject.starts_with("re:");
    let receipt = gate::null_sender(headers) && RECEIPTS.iter().any(|prefix| subject.starts_with(prefix));
    // A short mail that opens with an absence is an automatic one, whatever its header lacks.
    let opening = &folded[..folded.floor_char_boundary(160)];
    let absent = || {
        source.human.len() < 1500
            && !headers.has("in-reply-to")
            && !headers.has("x-mailer")
            && ABSENCES.any(opening)
    };
    let titled = || {
        let title = SUBJECTS.first(source.subject);
        let headed = || title.is_some_and(|title| title.start < 2 && is_title(&subject, title.end));
        (title.is_some() || SUBJECTS.any(source.subject))
            && (generated || *worded || *away && !replied || !person && headed())
    };
    receipt
        || absent()
        || (generated || listed(headers)) && HELD.any(folded)
        || titled()
        || (generated || replied && !person) && *worded
        || generated && *away
}

/// People write of their vacation too. Programs name what they answer after a colon, or nothing.
fn is_title(subject: &str, end: usize) -> bool {
    let (Some(words), Some(rest)) = (subject.get(..end), subject.get(end..)) else { return false };
    words.contains("office")
        || words.contains("auto")
        || rest.is_empty()
        || rest.find(": ").is_some_and(|at| at < 24)
}

/// What stands after the words of the auto-reply: the subject that was answered.
fn answered_subject(subject: &str) -> Option<String> {
    let lower = lowercase(subject);
    let after =
        |at: usize| subject.get(at..).map(str::trim).filter(|rest| !rest.is_empty()).map(str::to_owned);
    if lower.starts_with("re:") {
        return after(3);
    }
    let titled = SUBJECTS.any(subject);
    let colon = subject.find(": ").filter(|_| titled)?;
    after(colon + 2)
}

fn last_reference(references: &str) -> Option<String> {
    let last = references.split_whitespace().last()?;
    Some(last.trim_matches(['<', '>']).to_owned())
}

fn listed(headers: &Headers<'_>) -> bool {
    headers.contains("precedence", "list") || headers.has("list-id")
}

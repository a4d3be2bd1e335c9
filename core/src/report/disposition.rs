//! Message disposition notifications (RFC 8098): a receipt answers the mail, a rejection refuses it.

use crate::letters::lowercase;
use crate::message::MachineKind;
use crate::message::headers::fold_white;
use crate::vocabulary::{Action, Kind, RecipientSource};

use super::fields::{blocks, host, typed};
use super::{Delivery, ReturnedMail, Source, gate};

pub(super) fn read(source: &Source<'_, '_>, returned: &ReturnedMail) -> Vec<Delivery> {
    let Some(text) = source.message.machine_text(MachineKind::DispositionNotification) else {
        return Vec::new();
    };
    let all = blocks(&text, |name| {
        name.contains('-') || matches!(name, "disposition" | "error" | "failure" | "warning")
    });
    let get = |name: &str| all.iter().find_map(|block| block.get(name));
    let mut delivery = Delivery::new("mdn");
    let named = [
        ("final-recipient", RecipientSource::FinalRecipient),
        ("original-recipient", RecipientSource::OriginalRecipient),
    ];
    for (field, from) in named {
        if delivery.recipient.is_none()
            && let Some(value) = get(field)
        {
            delivery.name(typed(value).1, from);
        }
    }
    delivery.reporting_mta = get("reporting-ua").and_then(host);
    delivery.message_id = get("original-message-id").map(|id| id.trim_matches(['<', '>']).to_owned());
    let disposition = get("disposition").unwrap_or_default().to_ascii_lowercase();
    if is_rejection(source, &disposition) {
        delivery.kind = Some(Kind::Bounce);
        delivery.action = Some(Action::Failed);
        let words = get("failure").or_else(|| get("error")).map(str::to_owned);
        delivery.diagnostic =
            words.or_else(|| source.quoted_reason().map(str::to_owned)).or_else(|| refusal(source.human));
        delivery.context = Some(source.human.to_owned());
        if delivery.recipient.is_none()
            && let Some(to) = returned.single_to()
        {
            delivery.name(&to, RecipientSource::ReturnedTo);
        }
    } else {
        delivery.kind = Some(Kind::AutoReply);
    }
    vec![delivery]
}

/// The paragraph that says that the mail was refused.
fn refusal(human: &str) -> Option<String> {
    let says = |text: &&str| {
        let lower = text.to_ascii_lowercase();
        ["reject", "refus", "denied"].iter().any(|word| lower.contains(word))
    };
    human.split("\n\n").find(says).map(fold_white)
}

/// A filter that refuses mail after it was accepted reports in this form (RFC 5429): the disposition says `deleted`,
/// the words say that the mail was refused.
fn is_rejection(source: &Source<'_, '_>, disposition: &str) -> bool {
    let subject = lowercase(source.subject);
    let refused =
        disposition.contains("deleted") || disposition.contains("denied") || disposition.contains("failed");
    let says = || {
        let human = lowercase(source.human);
        ["automatically rejected", "was rejected", "was automatically refused", "has been rejected"]
            .iter()
            .any(|words| human.contains(words))
    };
    let said = ["reject", "refus", "deni"].iter().any(|word| subject.contains(word)) || says();
    refused && (said || gate::failure_subject(&subject))
}

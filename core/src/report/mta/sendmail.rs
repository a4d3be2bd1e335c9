//! Sendmail: the dialogue it quotes tells the stage, and in reports of version 5 everything.

use crate::syntax::{address, reply};
use crate::vocabulary::{Action, Kind, RecipientSource};
use crate::words::contains_ignore_case;

use super::super::{Delivery, ReturnedMail, Source};
use super::transcript::{self, Refusal, Transcript};

/// Version 5 and its kin: no fields, only the dialogue.
pub(super) fn read(source: &Source<'_, '_>, returned: &ReturnedMail) -> Option<Vec<Delivery>> {
    let human = source.human;
    let returned_mail = contains_ignore_case(source.subject.as_bytes(), b"returned mail");
    if !returned_mail || !human.contains("Transcript of session follows") {
        return None;
    }
    let transcript = transcript::read(human)?;
    let mut found: Vec<Delivery> = Vec::new();
    for remark in &transcript.remarks {
        let Some(name) = address::usable(&remark.address) else { continue };
        if found.iter().any(|d| d.recipient.as_deref().is_some_and(|known| address::same(known, &name))) {
            continue;
        }
        let mut delivery = Delivery::new("sendmail5");
        delivery.name(&name, RecipientSource::Text);
        let refusal = remark.refusal.and_then(|at| transcript.refusals.get(at));
        // "Remote protocol error" and an echo of the reply say less than the reply itself.
        match refusal.filter(|refusal| !remark.text.contains("Host unknown") && is_about(refusal, &name)) {
            Some(refusal) => tell(&mut delivery, refusal),
            None => delivery.diagnostic = Some(remark.text.clone()),
        }
        found.push(delivery);
    }
    if found.is_empty() {
        found.push(whole(human, &transcript, returned)?);
    }
    for delivery in &mut found {
        delivery.kind = Some(Kind::Bounce);
        delivery.action = Some(Action::Failed);
    }
    Some(found)
}

/// A refusal of RCPT names its recipient; one of another command is everybody's.
fn is_about(refusal: &Refusal, name: &str) -> bool {
    let named = address::find(&refusal.text);
    refusal.command != Some(crate::vocabulary::Command::Rcpt)
        || named.is_empty()
        || named.into_iter().any(|range| address::same(&refusal.text[range], name))
}

fn tell(delivery: &mut Delivery, refusal: &Refusal) {
    delivery.diagnostic = Some(refusal.text.clone());
    delivery.command = refusal.command;
    delivery.remote_mta.clone_from(&refusal.host);
}

/// A report that names nobody but the To of the message it could not send.
fn whole(human: &str, transcript: &Transcript, returned: &ReturnedMail) -> Option<Delivery> {
    let mut delivery = Delivery::new("sendmail5");
    delivery.name(&returned.single_to()?, RecipientSource::ReturnedTo);
    match transcript.refusals.first() {
        Some(refusal) => tell(&mut delivery, refusal),
        None => delivery.diagnostic = super::super::text::quoted_reason(human),
    }
    Some(delivery)
}

/// Version 8 writes RFC 3464; its dialogue tells the stage, and the words where the field has none.
pub(super) fn refine(found: &mut [Delivery], source: &Source<'_, '_>) {
    looped(found, source.human);
    let Some(transcript) = transcript::read(source.human) else { return };
    for delivery in found.iter_mut().filter(|delivery| delivery.format != "sendmail5") {
        let Some(refusal) = refusal_of(delivery, &transcript) else { continue };
        if delivery.command.is_none() {
            delivery.command = refusal.command;
        }
        let field = delivery.diagnostic.as_deref().unwrap_or_default();
        let (told, has) = (reply::codes(&refusal.text), reply::codes(field));
        let generic = has.status.is_none_or(reply::is_generic);
        // A text without fields may have been taken for the reply with the dialogue around it.
        let dialogue = delivery.status.is_none() || field.contains("<<<");
        let around = dialogue && field.len() > refusal.text.len() && field.contains(&refusal.text);
        if around
            || has.code.is_none()
            || generic && told.status.is_some_and(|status| !reply::is_generic(status))
        {
            delivery.diagnostic = Some(refusal.text.clone());
        }
        if delivery.remote_mta.is_none() {
            delivery.remote_mta.clone_from(&refusal.host);
        }
    }
}

/// "553 5.3.5 system config error" in the field: what is wrong with the configuration stands in the transcript.
fn looped(found: &mut [Delivery], human: &str) {
    let vague = |delivery: &&mut Delivery| {
        delivery.diagnostic.as_deref().is_some_and(|field| field.ends_with("system config error"))
    };
    for delivery in found.iter_mut().filter(vague) {
        let line = human.lines().find(|line| line.contains("config error: mail loops back to"));
        delivery.diagnostic = line.map(|line| line.trim().to_owned()).or(delivery.diagnostic.take());
    }
}

/// The refusal that names this recipient, else the one that a remark on it follows, else the only one; never one of
/// somebody else.
fn refusal_of<'t>(delivery: &Delivery, transcript: &'t Transcript) -> Option<&'t Refusal> {
    let names: Vec<&str> = [delivery.recipient.as_deref(), delivery.original_recipient.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    let named = |text: &str| {
        address::find(text).into_iter().any(|r| names.iter().any(|n| address::same(&text[r.clone()], n)))
    };
    let remark = |name: &str| names.iter().any(|n| address::same(name, n));
    let others = |refusal: &Refusal| {
        transcript
            .remarks
            .iter()
            .any(|other| !remark(&other.address) && is_about_one(refusal, &other.address))
    };
    let by_name = transcript.refusals.iter().find(|refusal| named(&refusal.text));
    let by_remark = || {
        let remark = transcript.remarks.iter().find(|other| remark(&other.address))?;
        transcript.refusals.get(remark.refusal?)
    };
    by_name
        .or_else(by_remark)
        .or_else(|| transcript.refusals.first())
        .filter(|refusal| named(&refusal.text) || !others(refusal))
}

/// A refusal of RCPT that names this one.
fn is_about_one(refusal: &Refusal, name: &str) -> bool {
    refusal.command == Some(crate::vocabulary::Command::Rcpt)
        && address::find(&refusal.text).into_iter().any(|range| address::same(&refusal.text[range], name))
}

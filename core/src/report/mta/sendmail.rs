//! Sendmail: the dialogue it quotes tells the stage, and in reports of version 5 everything.

use std::cell::LazyCell;

use crate::syntax::known::Known;
use crate::syntax::{address, reply};
use crate::vocabulary::{Action, Kind, RecipientSource};
use crate::words::contains_ignore_case;

use super::super::{Delivery, ReturnedMail, Source, share};
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
    let mut known = Known::default();
    let among = transcript.remarks.len();
    for remark in &transcript.remarks {
        let Some(name) = address::usable(&remark.address) else { continue };
        if !known.add(&name, 0) {
            continue;
        }
        let mut delivery = Delivery::new("sendmail5");
        delivery.name(&name, RecipientSource::Text);
        let refusal = remark.refusal.and_then(|at| transcript.refusals.get(at));
        // "Remote protocol error" and an echo of the reply say less than the reply itself.
        match refusal.filter(|refusal| !remark.text.contains("Host unknown") && refusal.is_about(&name)) {
            Some(refusal) => tell(&mut delivery, refusal, among),
            None => delivery.diagnostic = Some(remark.text.clone()),
        }
        found.push(delivery);
    }
    if found.is_empty() {
        found.push(whole(source, &transcript, returned)?);
    }
    for delivery in &mut found {
        delivery.kind = Some(Kind::Bounce);
        delivery.action = Some(Action::Failed);
    }
    Some(found)
}

fn tell(delivery: &mut Delivery, refusal: &Refusal, among: usize) {
    delivery.diagnostic = Some(share(&refusal.text, among).to_owned());
    delivery.command = refusal.command;
    delivery.remote_mta = host(refusal, among);
}

fn host(refusal: &Refusal, among: usize) -> Option<String> {
    refusal.host.as_deref().map(|host| share(host, among).to_owned())
}

/// A report that names nobody but the To of the message it could not send.
fn whole(source: &Source<'_, '_>, transcript: &Transcript, returned: &ReturnedMail) -> Option<Delivery> {
    let mut delivery = Delivery::new("sendmail5");
    delivery.name(&returned.single_to()?, RecipientSource::ReturnedTo);
    match transcript.refusals.first() {
        Some(refusal) => tell(&mut delivery, refusal, 1),
        None => delivery.diagnostic = source.quoted_reason().map(str::to_owned),
    }
    Some(delivery)
}

/// Version 8 writes RFC 3464; its dialogue tells the stage, and the words where the field has none.
pub(super) fn refine(found: &mut [Delivery], source: &Source<'_, '_>) {
    looped(found, source.human);
    let Some(transcript) = transcript::read(source.human) else { return };
    let among = found.len();
    for delivery in found.iter_mut().filter(|delivery| delivery.format != "sendmail5") {
        let Some(refusal) = transcript.refusal_of(delivery) else { continue };
        if delivery.command.is_none() {
            delivery.command = refusal.command;
        }
        let field = delivery.diagnostic.as_deref().unwrap_or_default();
        let text = share(&refusal.text, among);
        let (told, has) = (reply::codes(text), reply::codes(field));
        let generic = has.status.is_none_or(reply::is_generic);
        // A text without fields may have been taken for the reply with the dialogue around it.
        let dialogue = delivery.status.is_none() || field.contains("<<<");
        let around = dialogue && field.len() > text.len() && field.contains(text);
        if around
            || has.code.is_none()
            || generic && told.status.is_some_and(|status| !reply::is_generic(status))
        {
            delivery.diagnostic = Some(text.to_owned());
        }
        if delivery.remote_mta.is_none() {
            delivery.remote_mta = host(refusal, among);
        }
    }
}

/// "553 5.3.5 system config error" in the field: what is wrong with the configuration stands in the transcript.
fn looped(found: &mut [Delivery], human: &str) {
    let vague = |delivery: &&mut Delivery| {
        delivery.diagnostic.as_deref().is_some_and(|field| field.ends_with("system config error"))
    };
    let among = found.len();
    let line = LazyCell::new(|| {
        let line = human.lines().find(|line| line.contains("config error: mail loops back to"))?;
        Some(share(line.trim(), among))
    });
    for delivery in found.iter_mut().filter(vague) {
        delivery.diagnostic = line.map(str::to_owned).or(delivery.diagnostic.take());
    }
}

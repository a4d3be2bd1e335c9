//! Postfix tells its postmaster of sessions that went wrong: `In:` what the client said, `Out:` what it was told.

use crate::message::headers::fold_white;
use crate::syntax::address;
use crate::syntax::known::Known;
use crate::vocabulary::{Action, Command, Kind, RecipientSource};
use crate::words::find_ignore_case;

use super::super::{Delivery, Source, share};
use super::transcript;

/// "Postfix SMTP server: errors from client.example.org[192.0.2.1]". `None` when it is no such notice, or when the
/// session refused nothing.
pub(super) fn read(source: &Source<'_, '_>) -> Option<Vec<Delivery>> {
    const NOTICE: &str = " server: errors from ";
    let at = find_ignore_case(source.subject.as_bytes(), NOTICE.as_bytes())?;
    let client = source.subject[at + NOTICE.len()..].split('[').next().unwrap_or_default();
    let mut session = Session::default();
    for line in source.message.text.lines().map(str::trim_start) {
        if let Some(said) = line.strip_prefix("In:") {
            session.said(said.trim());
        } else if let Some(told) = line.strip_prefix("Out:") {
            session.told(told.trim());
        } else if !line.is_empty() {
            session.goes_on(line);
        }
    }
    let mut found = session.deliveries();
    for delivery in &mut found {
        delivery.received_from_mta = (!client.is_empty() && client != "unknown").then(|| client.to_owned());
    }
    (!found.is_empty()).then_some(found)
}

#[derive(Default)]
struct Session {
    command: Option<Command>,
    sender: Option<String>,
    /// The recipient of the RCPT that was said last.
    recipient: Option<String>,
    accepted: Vec<String>,
    refusals: Vec<Refusal>,
    /// The refusal goes on in the next reply line.
    open: bool,
    /// The line above was a refusal.
    just_refused: bool,
}

struct Refusal {
    /// `None` when everybody was refused.
    recipient: Option<String>,
    command: Command,
    text: String,
}

impl Session {
    fn said(&mut self, line: &str) {
        self.just_refused = false;
        self.command = transcript::verb(line);
        let named = || address::first(line).and_then(|range| address::usable(&line[range]));
        match self.command {
            Some(Command::Mail) => self.sender = named(),
            Some(Command::Rcpt) => self.recipient = named(),
            _ => {}
        }
    }

    /// Long lines are folded.
    fn goes_on(&mut self, line: &str) {
        if let Some(refusal) = self.refusals.last_mut().filter(|_| self.just_refused) {
            refusal.text.push(' ');
            refusal.text.push_str(&fold_white(line));
        }
    }

    fn told(&mut self, line: &str) {
        self.just_refused = false;
        let rcpt = self.command == Some(Command::Rcpt);
        match line.as_bytes().first() {
            Some(b'2') if rcpt => self.accepted.extend(self.recipient.take()),
            Some(b'4' | b'5') if std::mem::take(&mut self.open) => {
                self.just_refused = true;
                self.goes_on(line);
            }
            Some(b'4' | b'5') => {
                // DATA after every recipient was refused is refused as well: that says nothing new.
                let aftermath = self.command == Some(Command::Data) && self.accepted.is_empty();
                if aftermath && !self.refusals.is_empty() {
                    return;
                }
                let recipient = if rcpt { self.recipient.clone() } else { None };
                let command = self.command.unwrap_or(Command::Conn);
                self.refusals.push(Refusal { recipient, command, text: fold_white(line) });
                self.just_refused = true;
            }
            _ => {}
        }
        self.open = line.as_bytes().get(3) == Some(&b'-') && line.starts_with(['4', '5']);
    }

    fn deliveries(self) -> Vec<Delivery> {
        let mut found = Vec::new();
        // Whoever was refused once is not refused again by what follows from it.
        let mut known = Known::default();
        let mut everybody = false;
        for refusal in &self.refusals {
            let all: Vec<Option<&String>> = match &refusal.recipient {
                Some(recipient) => vec![Some(recipient)],
                None if self.accepted.is_empty() => vec![None],
                None if std::mem::replace(&mut everybody, true) => continue,
                None => self.accepted.iter().map(Some).collect(),
            };
            let among = all.len();
            for recipient in all {
                if !known.add(recipient.map_or("", String::as_str), 0) {
                    continue;
                }
                let mut delivery = Delivery::new("postfix");
                if let Some(recipient) = recipient {
                    delivery.name(recipient, RecipientSource::Text);
                }
                delivery.kind = Some(Kind::Bounce);
                // After a temporary refusal the client may come again: the notice does not say.
                delivery.action = refusal.text.starts_with('5').then_some(Action::Failed);
                delivery.command = Some(refusal.command);
                delivery.diagnostic = Some(share(&refusal.text, among).to_owned());
                delivery.diagnostic_type = Some("smtp".to_owned());
                delivery.sender.clone_from(&self.sender);
                found.push(delivery);
            }
        }
        found
    }
}

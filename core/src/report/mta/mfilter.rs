//! m-FILTER sets reply and stage apart: `-------server message`, `-------SMTP command`.

use std::cell::LazyCell;

use crate::message::headers::fold_white;

use super::super::{Delivery, Source, share};
use super::transcript;

pub(super) fn refine(found: &mut [Delivery], source: &Source<'_, '_>) {
    let text = source.message.text.as_str();
    let among = found.len();
    let reply = LazyCell::new(|| under(text, "-------server message"));
    let command =
        LazyCell::new(|| under(text, "-------smtp command").and_then(|line| transcript::verb(&line)));
    for delivery in found.iter_mut().filter(|delivery| delivery.format == "mfilter") {
        if let Some(reply) = reply.as_deref() {
            delivery.diagnostic = Some(share(reply, among).to_owned());
        }
        if delivery.command.is_none() {
            delivery.command = *command;
        }
    }
}

/// The paragraph below this line, white space folded.
fn under(text: &str, heading: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| line.to_ascii_lowercase().starts_with(heading))?;
    let lines: Vec<&str> = lines
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty() && !line.starts_with("-------"))
        .collect();
    (!lines.is_empty()).then(|| fold_white(&lines.join(" ")))
}

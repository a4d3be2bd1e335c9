//! AOL names its members by screen name alone: the mailbox is that name at aol.com.

use crate::syntax::address;
use crate::vocabulary::RecipientSource;

use super::super::{Delivery, Source};

pub(super) fn refine(found: &mut [Delivery], source: &Source<'_, '_>) {
    let [delivery] = found else { return };
    if delivery.format != "aol" || delivery.recipient.is_some() {
        return;
    }
    let names = source.human.lines().skip_while(|line| !line.contains("the following recipients"));
    let mut names = names.skip(1).skip_while(|line| !line.starts_with(['\t', ' ']));
    let name = names.next().map(str::trim).filter(|name| is_screen_name(name));
    if let Some(address) = name.and_then(|name| address::usable(&format!("{name}@aol.com"))) {
        delivery.name(&address, RecipientSource::Text);
    }
}

/// Letters and digits, three to sixteen of them, a letter first.
fn is_screen_name(name: &str) -> bool {
    (3..=16).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
}

//! What senders and forwarders write into an envelope sender, undone and made.
//!
//! | scheme | looks like | read by | made by |
//! |---|---|---|---|
//! | VERP (Bernstein 1997, Postfix's VERP_README) | `news+taro=example.jp@example.org` | [`verp::decode`] | [`verp::encode`], [`VerpPattern::encode`] |
//! | BATV (draft-levine-smtp-batv-01) | `prvs=0123abcdef=news@example.org` | [`batv::strip`], [`BatvKey::check`] | [`BatvKey::sign`] |
//! | SRS (Wong and Wilcox, 2004) | `SRS0=HHH=TT=example.jp=taro@forwarder.example` | [`srs::decode`] | forwarders |
//!
//! [`original_sender`] undoes whatever BATV and SRS layers lie around an address:
//!
//! ```
//! use komainu::returnpath::original_sender;
//!
//! assert_eq!(original_sender("SRS0=x9Lm=7B=example.org=news@forwarder.example"), "news@example.org");
//! assert_eq!(original_sender("prvs=0123abcdef=news@example.org"), "news@example.org");
//! assert_eq!(original_sender("news@example.org"), "news@example.org");
//! ```
//!
//! Nothing here guesses: what does not have the exact shape of a scheme gives `None`, and an address that comes out
//! always stood in the one that went in.

pub mod batv;
pub mod srs;
pub mod verp;

mod pattern;
mod usual;

pub use batv::{BatvCheck, BatvKey};
pub use pattern::VerpPattern;
pub use verp::{Decoded, VerpPatterns};

use crate::letters::lowercase;
use std::borrow::Cow;

/// Longer strings are no addresses (RFC 5321 allows 320 octets; rewriting schemes make them longer).
pub(crate) const MAX_ADDRESS: usize = 1_000;

/// How often one address can have been rewritten before we stop looking.
const MAX_LAYERS: usize = 4;

/// The address before BATV tagged it and forwarders rewrote it (SRS), in whatever order and depth.
#[must_use]
pub fn original_sender(address: &str) -> Cow<'_, str> {
    let mut current = Cow::Borrowed(address);
    for _ in 0..MAX_LAYERS {
        // Every layer is written with one.
        if !current.contains('=') {
            break;
        }
        let next = match (srs::decode(&current), batv::strip(&current)) {
            (Some(srs), _) => srs.address,
            (None, Some(plain)) => plain,
            (None, None) => break,
        };
        current = Cow::Owned(next);
    }
    current
}

/// Local part and domain, cut at the last `@`; both not empty.
pub(crate) fn split(address: &str) -> Option<(&str, &str)> {
    if address.len() > MAX_ADDRESS {
        return None;
    }
    address.rsplit_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty())
}

/// Joins an address that was taken apart, if both halves can be what they claim to be.
pub(crate) fn join(local: &str, domain: &str) -> Option<String> {
    (is_local(local) && is_domain(domain)).then(|| format!("{local}@{}", lower(domain)))
}

/// A domain in the case that records carry.
pub(crate) fn lower(domain: &str) -> String {
    lowercase(domain)
}

/// Whether this can be an unquoted local part. Dots may stand anywhere: carriers allow `a..b@` and `a.@`.
pub(crate) fn is_local(text: &str) -> bool {
    let atext = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    (1..=64).contains(&text.len()) && text.chars().all(|c| atext(c) && !c.is_control() && !c.is_whitespace())
}

/// Whether this can be a domain name with a top-level domain: ids and tokens must not pass for one.
pub(crate) fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || (!c.is_ascii() && c.is_alphanumeric()))
    };
    let top = |top: &str| {
        top.starts_with("xn--") || (top.chars().count() >= 2 && top.chars().all(char::is_alphabetic))
    };
    text.len() <= 255
        && text.split('.').all(label)
        && text.rsplit_once('.').is_some_and(|(_, last)| top(&last.to_ascii_lowercase()))
}

/// An address for a message to people: messages end up in logs, and logs should not collect addresses.
pub(crate) fn mask(address: &str) -> String {
    let (local, domain) =
        address.rsplit_once('@').map_or((address, None), |(local, domain)| (local, Some(domain)));
    // The first letter of a very short name would be most of it.
    let first = local.chars().next().filter(|c| c.is_alphanumeric() && local.chars().nth(2).is_some());
    let first = first.map(String::from).unwrap_or_default();
    domain.map_or_else(|| format!("{first}***"), |domain| format!("{first}***@{domain}"))
}

/// Cuts `prefix` off, whatever its case.
pub(crate) fn strip_prefix_ignore_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_need_a_top_level_domain_of_letters() {
        for good in ["example.jp", "a-b.example.com", "xn--r8jz45g.xn--zckzah", "例え.テスト"] {
            assert!(is_domain(good), "{good}");
        }
        for bad in
            ["", "localhost", "1.2", "192.0.2.1", "v1.2", "a..jp", ".jp", "jp.", "-a.jp", "a_b.jp", "a.j"]
        {
            assert!(!is_domain(bad), "{bad}");
        }
    }

    #[test]
    fn layers_come_off_in_any_order() {
        let twice = "SRS0=AAAA=TT=example.org=prvs=0123abcdef=news@forwarder.example";
        assert_eq!(original_sender(twice), "news@example.org");
        let other_way = "prvs=0123abcdef=SRS0=AAAA=TT=example.org=news@forwarder.example";
        assert_eq!(original_sender(other_way), "news@example.org");
    }
}

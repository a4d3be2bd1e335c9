//! SRS: how a forwarder writes itself into the envelope sender and keeps the old one inside.
//!
//! After M. S. Wong's *Sender Rewriting Scheme* (2004) and S. Wilcox' libsrs2:
//!
//! ```text
//! SRS0=HHH=TT=example.jp=taro@first.example           one forwarder
//! SRS1=HHH=first.example==HHH=TT=example.jp=taro@second.example   two and more
//! ```
//!
//! The character after `SRS0` or `SRS1` may be `=`, `+` or `-`; between the fields it is always `=`. The hash is the
//! forwarder's own secret: nobody else can check it, so decoding says what an address claims, not that it is true.

use super::{is_domain, join, lower, split, strip_prefix_ignore_case};

/// An SRS address taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Srs {
    /// The envelope sender before the first forwarder.
    pub address: String,
    /// The host that bounces go to next: the first forwarder for `SRS1`, else the one in the address.
    pub forwarder: String,
}

/// Takes an `SRS0` or `SRS1` address apart.
///
/// ```
/// use komainu::returnpath::srs;
///
/// let one = srs::decode("SRS0+x9Lm=7B=example.jp=taro@first.example").unwrap();
/// assert_eq!((one.address.as_str(), one.forwarder.as_str()), ("taro@example.jp", "first.example"));
///
/// let two = srs::decode("SRS1=yL2p=first.example==x9Lm=7B=example.jp=taro@second.example").unwrap();
/// assert_eq!((two.address.as_str(), two.forwarder.as_str()), ("taro@example.jp", "first.example"));
///
/// // Microsoft 365 keeps the address to itself: only a hash travels.
/// assert_eq!(srs::decode("bounces+SRS=x9Lmq=7B@tenant.example.com"), None);
/// ```
#[must_use]
pub fn decode(address: &str) -> Option<Srs> {
    let (local, host) = split(address)?;
    if let Some(rest) = after_tag(local, "SRS1") {
        let (_hash, rest) = rest.split_once('=')?;
        let (forwarder, rest) = rest.split_once('=')?;
        // What follows is the first forwarder's SRS0 without its name, led by the separator that it used.
        let rest = rest.strip_prefix(['=', '+', '-'])?;
        let address = fields(rest)?;
        return is_domain(forwarder).then(|| Srs { address, forwarder: lower(forwarder) });
    }
    let rest = after_tag(local, "SRS0").or_else(|| after_detail(local))?;
    Some(Srs { address: fields(rest)?, forwarder: lower(host) })
}

/// What follows the tag and its separator.
fn after_tag<'a>(local: &'a str, tag: &str) -> Option<&'a str> {
    strip_prefix_ignore_case(local, tag)?.strip_prefix(['=', '+', '-'])
}

/// `mailbox+SRS=HHH=TT=domain=local`: Microsoft's form for forwarding mailboxes.
fn after_detail(local: &str) -> Option<&str> {
    let (mailbox, detail) = local.split_once('+')?;
    (!mailbox.is_empty()).then(|| strip_prefix_ignore_case(detail, "SRS="))?
}

/// `HHH=TT=domain=local`; the local part may hold further `=`.
fn fields(text: &str) -> Option<String> {
    let mut fields = text.splitn(4, '=');
    let (hash, time) = (fields.next()?, fields.next()?);
    let (domain, local) = (fields.next()?, fields.next()?);
    let hash_like = (1..=64).contains(&hash.len()) && hash.bytes().all(|b| b.is_ascii_graphic());
    let time_like = (1..=4).contains(&time.len()) && time.bytes().all(|b| b.is_ascii_alphanumeric());
    if hash_like && time_like { join(local, domain) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<String> {
        decode(text).map(|srs| srs.address)
    }

    #[test]
    fn separators_case_and_equals_signs() {
        for text in [
            "SRS0=HHHH=TT=example.jp=taro@f.example",
            "SRS0+HHHH=TT=example.jp=taro@f.example",
            "SRS0-HHHH=TT=example.jp=taro@f.example",
            "srs0=hhhh=tt=example.jp=taro@f.example",
            "SRS0=HH/+=TT=Example.JP=taro@f.example",
            "SRS1=HHHH=g.example==HHHH=TT=example.jp=taro@f.example",
            "SRS1=HHHH=g.example=+HHHH=TT=example.jp=taro@f.example",
            "SRS1-HHHH=g.example=-HHHH=TT=example.jp=taro@f.example",
            "box+SRS=HHHH=TT=example.jp=taro@f.example",
        ] {
            assert_eq!(address(text).as_deref(), Some("taro@example.jp"), "{text}");
        }
        assert_eq!(address("SRS0=H=TT=example.jp=a=b+C@f.example").as_deref(), Some("a=b+C@example.jp"));
    }

    #[test]
    fn what_is_no_srs_gives_nothing() {
        for text in [
            "SRS0=HHHH=TT=example.jp@f.example",
            "SRS0=HHHH=TT=nodomain=taro@f.example",
            "SRS0=HHHH=TT=example.jp=@f.example",
            "SRS0=HHHH=example.jp=taro@f.example",
            "SRS1=HHHH=g.example=HHHH=TT=example.jp=taro@f.example",
            "SRS0taro@f.example",
            "SRS2=HHHH=TT=example.jp=taro@f.example",
            "srs@example.jp",
            "SRS0=HHHH=TT=example.jp=taro",
            "",
            "@",
        ] {
            assert_eq!(address(text), None, "{text}");
        }
    }
}

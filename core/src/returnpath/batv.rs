//! BATV: a tag in the envelope sender by which a sender knows its own bounces again.
//!
//! After draft-levine-smtp-batv-01, method `prvs` (simple private signature):
//!
//! ```text
//! prvs=KDDDSSSSSS=local@domain
//!      K       key number, 0 to 9
//!      DDD     day on which the tag expires: days since 1970, modulo 1000
//!      SSSSSS  first three bytes, in hex, of HMAC-SHA-1(key, K DDD local@domain)
//! ```
//!
//! Three bytes are what the draft allows: a tag keeps backscatter out, and is no proof for a court. Where more is
//! wanted, put a [`VerpPattern`](super::VerpPattern) token beside it.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::fmt;

use super::{is_local, lower, mask, split, strip_prefix_ignore_case};
use crate::error::{Error, quoted};

/// Days for which a tag is valid: as long as the usual queue and a weekend.
const LIFETIME_DAYS: u64 = 7;

/// The day of a time in seconds since 1970: what [`BatvKey`] counts in.
///
/// ```
/// assert_eq!(komainu::returnpath::batv::day(1_764_547_200), 20_423);
/// ```
#[must_use]
pub const fn day(seconds: u64) -> u64 {
    seconds / 86_400
}

/// Takes a BATV tag off an address; `None` where it carries none.
///
/// Reads the draft's form, its earlier ones (`prvs=local/tag`, `prvs=tag/local`, `prvs=local=tag`) and what other
/// vendors write (`btv1==tag==local`, `msprvs1=tag=local`).
///
/// ```
/// use komainu::returnpath::batv;
///
/// assert_eq!(batv::strip("prvs=0123abcdef=news@example.org").as_deref(), Some("news@example.org"));
/// assert_eq!(batv::strip("prvs=news/0123abcdef@example.org").as_deref(), Some("news@example.org"));
/// assert_eq!(batv::strip("news@example.org"), None);
/// ```
#[must_use]
pub fn strip(address: &str) -> Option<String> {
    let (tagged, domain) = split(address)?;
    let (_, local) = tag_and_local(tagged)?;
    is_local(local).then(|| format!("{local}@{}", lower(domain)))
}

/// The tag and what stands for the local part.
fn tag_and_local(tagged: &str) -> Option<(&str, &str)> {
    if let Some(rest) = strip_prefix_ignore_case(tagged, "btv1==") {
        return rest.split_once("==").filter(|(tag, _)| is_tag(tag));
    }
    if let Some(rest) = strip_prefix_ignore_case(tagged, "msprvs1=") {
        return rest.split_once('=').filter(|(tag, _)| (8..=24).contains(&tag.len()) && is_alphanumeric(tag));
    }
    let rest = strip_prefix_ignore_case(tagged, "prvs=")?;
    let first = rest.split_once(['=', '/']).filter(|(tag, _)| is_tag(tag));
    first.or_else(|| {
        rest.rsplit_once(['=', '/']).filter(|(_, tag)| is_tag(tag)).map(|(local, tag)| (tag, local))
    })
}

/// Ten characters in the draft; a little more or less elsewhere. A name has no digit in most cases, a tag always.
fn is_tag(text: &str) -> bool {
    (8..=16).contains(&text.len()) && is_alphanumeric(text) && text.bytes().any(|b| b.is_ascii_digit())
}

fn is_alphanumeric(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// A BATV key and its number.
///
/// ```
/// use komainu::returnpath::{BatvCheck, BatvKey};
///
/// let key = BatvKey::new(1, "a long random secret")?;
/// let today = 20_000; // days since 1970-01-01
/// let signed = key.sign("news@example.org", today)?;
/// assert_eq!(signed, "prvs=1007392440=news@example.org");
/// assert_eq!(key.check(&signed, Some(today + 3)), BatvCheck::Valid);
/// assert_eq!(key.check(&signed, Some(today + 30)), BatvCheck::Expired);
/// assert_eq!(key.check("prvs=1007000000=news@example.org", Some(today)), BatvCheck::Forged);
/// assert_eq!(key.check("news@example.org", Some(today)), BatvCheck::Untagged);
/// # Ok::<(), komainu::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BatvKey {
    number: u8,
    secret: Vec<u8>,
}

/// What [`BatvKey::check`] finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatvCheck {
    /// Signed with this key, and not too old.
    Valid,
    /// Signed with this key, but too long ago: a late bounce, or a collected tag used again.
    Expired,
    /// A tag of this key's number that the key did not make.
    Forged,
    /// Tagged with a key of another number.
    OtherKey,
    /// No tag of the draft's form.
    Untagged,
}

impl BatvKey {
    /// A key with its number (0 to 9), which lets two keys be valid while one replaces the other.
    ///
    /// # Errors
    /// A number above 9, or an empty secret.
    pub fn new(number: u8, secret: impl Into<Vec<u8>>) -> Result<Self, Error> {
        let secret = secret.into();
        if number > 9 {
            return Err(Error::new(format!("{number} is no BATV key number; use 0 to 9")));
        }
        if secret.is_empty() {
            return Err(Error::new("the BATV key is empty; use a long random one"));
        }
        Ok(Self { number, secret })
    }

    /// The address to give in MAIL FROM. It is valid for seven days from `today`, in days since 1970-01-01 ([`day`]).
    /// The tag is that of the local part in small letters, so that it stays valid where a relay writes it so.
    ///
    /// # Errors
    /// Not an address, or one whose local part is quoted.
    pub fn sign(&self, address: &str, today: u64) -> Result<String, Error> {
        let (local, domain) = split(address).filter(|(local, _)| is_local(local)).ok_or_else(|| {
            Error::new(format!("{} cannot be signed: use a plain address", quoted(&mask(address))))
        })?;
        let day = (today % 1000 + LIFETIME_DAYS) % 1000;
        let tag = self.tag(day, &lower(local), domain);
        Ok(format!("prvs={tag}={local}@{domain}"))
    }

    /// Whether this key tagged the address. Without `today` (days since 1970-01-01) the age is not looked at.
    #[must_use]
    pub fn check(&self, address: &str, today: Option<u64>) -> BatvCheck {
        let Some((tagged, domain)) = split(address) else { return BatvCheck::Untagged };
        let Some((tag, local)) =
            strip_prefix_ignore_case(tagged, "prvs=").and_then(|rest| rest.split_once('='))
        else {
            return BatvCheck::Untagged;
        };
        let digits = tag.get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        let (Some(digits), 10) = (digits, tag.len()) else { return BatvCheck::Untagged };
        if digits.as_bytes()[0] - b'0' != self.number {
            return BatvCheck::OtherKey;
        }
        let day = digits[1..].bytes().fold(0, |day, b| day * 10 + u64::from(b - b'0'));
        // Some relays write the whole address in small letters, the tag's with it.
        let is_of = |local: &str| same(&self.tag(day, local, domain), &tag.to_ascii_lowercase());
        if !is_of(local) && !is_of(&lower(local)) {
            return BatvCheck::Forged;
        }
        match today {
            // How many days from now to the last valid one, on a circle of a thousand days.
            Some(today) if (day + 1000 - today % 1000) % 1000 > LIFETIME_DAYS => BatvCheck::Expired,
            _ => BatvCheck::Valid,
        }
    }

    fn tag(&self, day: u64, local: &str, domain: &str) -> String {
        let head = format!("{}{day:03}", self.number);
        let source = format!("{head}{local}@{}", lower(domain));
        let mut mac = hmac_sha1(&self.secret);
        mac.update(source.as_bytes());
        let sum = mac.finalize().into_bytes();
        format!("{head}{:02x}{:02x}{:02x}", sum[0], sum[1], sum[2])
    }
}

/// HMAC takes keys of every length: there is nothing it could refuse.
fn hmac_sha1(key: &[u8]) -> Hmac<Sha1> {
    <Hmac<Sha1> as KeyInit>::new_from_slice(key).expect("HMAC takes any key")
}

/// Compares without telling by its duration where two strings part.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |diff, (x, y)| diff | (x ^ y)) == 0
}

impl fmt::Debug for BatvKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatvKey").field("number", &self.number).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_comes_off() {
        for text in [
            "prvs=0123abcdef=news@example.org",
            "PRVS=0123ABCDEF=news@Example.ORG",
            "prvs=0123abcdef/news@example.org",
            "prvs=news/0123abcdef@example.org",
            "prvs=news=0123abcdef@example.org",
            "btv1==0123abcdef==news@example.org",
            "msprvs1=17743fd4yYx0z=news@example.org",
        ] {
            assert_eq!(strip(text).as_deref(), Some("news@example.org"), "{text}");
        }
        assert_eq!(strip("prvs=0123abcdef=a=b@example.org").as_deref(), Some("a=b@example.org"));
    }

    #[test]
    fn other_addresses_stay() {
        for text in [
            "prvs=news@example.org",
            "prvs=a=b@example.org",
            "prvs@example.org",
            "btv1=x@example.org",
            "prvs=0123abcdef=@example.org",
        ] {
            assert_eq!(strip(text), None, "{text}");
        }
    }

    #[test]
    fn tags_expire_across_the_turn_of_a_thousand_days() {
        let key = BatvKey::new(0, "secret").unwrap();
        let signed = key.sign("news@example.org", 20_995).unwrap();
        for (today, wanted) in
            [(20_995, BatvCheck::Valid), (21_002, BatvCheck::Valid), (21_003, BatvCheck::Expired)]
        {
            assert_eq!(key.check(&signed, Some(today)), wanted, "day {today}");
        }
        assert_eq!(key.check(&signed, None), BatvCheck::Valid);
        assert_eq!(BatvKey::new(1, "secret").unwrap().check(&signed, None), BatvCheck::OtherKey);
        assert_eq!(BatvKey::new(0, "other").unwrap().check(&signed, None), BatvCheck::Forged);
    }

    #[test]
    fn small_letters_change_nothing() {
        let key = BatvKey::new(0, "secret").unwrap();
        let signed = key.sign("News@example.org", 20_000).unwrap();
        assert!(signed.ends_with("=News@example.org"), "{signed}");
        for signed in [signed.to_lowercase(), signed.to_uppercase(), signed] {
            assert_eq!(key.check(&signed, Some(20_000)), BatvCheck::Valid, "{signed}");
        }
    }

    #[test]
    fn keys_and_addresses_are_checked() {
        assert!(BatvKey::new(10, "secret").is_err());
        assert!(BatvKey::new(0, "").is_err());
        let key = BatvKey::new(0, "secret").unwrap();
        assert!(key.sign("\"a b\"@example.org", 0).unwrap_err().to_string().contains("\"***@example.org\""));
        assert!(!format!("{key:?}").contains("secret"));
    }
}

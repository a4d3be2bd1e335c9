//! VERP: the recipient written into the envelope sender, so that any bounce names it.
//!
//! ```
//! use komainu::returnpath::{VerpPatterns, verp};
//!
//! let usual = VerpPatterns::usual();
//! let found = verp::decode("bounces-12345-taro=example.jp@news.example.org", &usual).unwrap();
//! assert_eq!(found.recipient, "taro@example.jp");
//! assert_eq!(found.return_path, "bounces@news.example.org");
//!
//! // An id names nobody.
//! assert_eq!(verp::decode("bounces+5f3a9c21-77@news.example.org", &usual), None);
//! ```

use super::pattern::VerpPattern;
use super::{is_local, lower, mask, split, usual};
use crate::error::{Error, quoted};

/// A VERP address taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The recipient that was written into the address; the local part as it stands there, the domain lower-cased.
    pub recipient: String,
    /// What is left of the address without recipient and ids.
    pub return_path: String,
    /// The token that a pattern's `{token}` matched, for [`Verifier`](crate::Verifier) to check.
    pub token: Option<String>,
}

/// The ways of writing that [`decode`] knows: the caller's patterns first, then Postfix's and the usual ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerpPatterns {
    own: Vec<VerpPattern>,
    delimiters: Option<(char, char)>,
    usual: bool,
}

impl Default for VerpPatterns {
    fn default() -> Self {
        Self::usual()
    }
}

impl VerpPatterns {
    /// Postfix's `list+local=domain@`, and what mailing list managers and mail services write:
    ///
    /// | who | address |
    /// |---|---|
    /// | Postfix, Mailman, Exim's and Courier's examples | `list-bounces+taro=example.jp@` |
    /// | home-made | `bounce-taro=example.jp@`, `bounce=taro=example.jp@`, `bounces-12345-taro=example.jp@` |
    /// | ezmlm | `list-return-123-taro=example.jp@` |
    /// | Sympa | `bounce+taro==a==example.jp==list@` |
    /// | SendGrid | `bounces+1234567-ab12-taro=example.jp@` |
    /// | Mailgun | `bounce+6fe4a5.b2c1d3-taro=example.jp@` |
    /// | Mailchimp | `bounce-mc.us1_12345.67890-taro=example.jp@` |
    /// | Gmail's forwarding | `hanako+caf_=taro=example.jp@gmail.com` |
    #[must_use]
    pub const fn usual() -> Self {
        Self { own: Vec::new(), delimiters: None, usual: true }
    }

    /// Nothing but what is added.
    #[must_use]
    pub const fn none() -> Self {
        Self { own: Vec::new(), delimiters: None, usual: false }
    }

    /// Adds a pattern of the caller's. See [`VerpPattern::new`].
    ///
    /// # Errors
    /// A pattern that cannot be used.
    pub fn pattern(mut self, pattern: &str) -> Result<Self, Error> {
        self.own.push(VerpPattern::new(pattern)?);
        Ok(self)
    }

    /// Sets the two characters of Postfix's `default_verp_delimiters`: before the recipient, and in place of its `@`.
    ///
    /// ```
    /// use komainu::returnpath::{VerpPatterns, verp};
    ///
    /// let patterns = VerpPatterns::none().delimiters("-#")?;
    /// let found = verp::decode("news-taro#example.jp@example.org", &patterns).unwrap();
    /// assert_eq!(found.recipient, "taro@example.jp");
    /// # Ok::<(), komainu::Error>(())
    /// ```
    ///
    /// # Errors
    /// Not two characters of ASCII punctuation that can stand in a local part.
    pub fn delimiters(mut self, delimiters: &str) -> Result<Self, Error> {
        let mut chars = delimiters.chars();
        match (chars.next(), chars.next(), chars.next()) {
            (Some(first), Some(second), None) if is_delimiter(first) && is_delimiter(second) => {
                self.delimiters = Some((first, second));
                Ok(self)
            }
            _ => Err(Error::new(format!(
                "{} are no VERP delimiters; use two characters such as \"+=\"",
                quoted(delimiters)
            ))),
        }
    }

    /// Whether an address in a raw field may be one of these: the usual ways all write `=` for the recipient's `@`.
    pub(crate) fn may_decode(&self, field: &[u8]) -> bool {
        !self.own.is_empty()
            || self.delimiters.is_some()
            || self.usual && memchr::memchr(b'=', field).is_some()
    }

    /// Puts further patterns before all others, unless they are there already.
    pub(crate) fn prefer<'a>(&mut self, patterns: impl Iterator<Item = &'a VerpPattern>) {
        for (at, pattern) in patterns.enumerate() {
            if !self.own.contains(pattern) {
                self.own.insert(at.min(self.own.len()), pattern.clone());
            }
        }
    }

    /// The caller's own patterns.
    #[must_use]
    pub fn patterns(&self) -> &[VerpPattern] {
        &self.own
    }
}

fn is_delimiter(c: char) -> bool {
    c.is_ascii_punctuation() && is_local(&c.to_string())
}

/// Reads the recipient out of the address that a report was sent to.
///
/// The caller's patterns go before delimiters, and those before the usual ways. `None` where none of them fits: an id
/// or a token is never read as an address.
#[must_use]
pub fn decode(address: &str, patterns: &VerpPatterns) -> Option<Decoded> {
    let (local, host) = split(address)?;
    if let Some(found) = patterns.own.iter().find_map(|pattern| pattern.decode(address)) {
        return Some(found);
    }
    if let Some(found) =
        patterns.delimiters.and_then(|(first, second)| usual::delimited(local, host, first, second))
    {
        return Some(found);
    }
    patterns.usual.then(|| usual::decode(local, host)).flatten()
}

/// Writes the recipient into the return path, in Postfix's way.
///
/// Long addresses can pass the 64 octets that RFC 5321 allows a local part; nearly every server takes them.
///
/// ```
/// use komainu::returnpath::verp;
///
/// assert_eq!(verp::encode("news@example.org", "taro@example.jp")?, "news+taro=example.jp@example.org");
/// # Ok::<(), komainu::Error>(())
/// ```
///
/// # Errors
/// An argument that is no plain address, or a pair that would not decode again.
pub fn encode(return_path: &str, recipient: &str) -> Result<String, Error> {
    let no_address =
        |address: &str| Error::new(format!("{:?} is no address that VERP can carry", mask(address)));
    let (local, host) = split(return_path).ok_or_else(|| no_address(return_path))?;
    let (user, domain) = split(recipient).ok_or_else(|| no_address(recipient))?;
    let encoded = format!("{local}+{user}={domain}@{host}");
    let wanted = format!("{user}@{}", lower(domain));
    match decode(&encoded, &VerpPatterns::usual()) {
        Some(found) if found.recipient == wanted => Ok(encoded),
        _ => Err(Error::new(format!(
            "{:?} in {:?} would not decode again; use a return path without '+', or a pattern",
            mask(recipient),
            mask(return_path)
        ))),
    }
}

/// The address to give in MAIL FROM for a recipient: by a pattern, as [`VerpPattern::encode`] makes it, or by a plain
/// return path, as [`encode`] does, which takes neither ids nor a secret.
///
/// ```
/// use komainu::returnpath::verp;
///
/// let (secret, ids) = (b"a long random secret", ["42"]);
/// let by_pattern = verp::address("b-{id}-{token}-{local}={domain}@example.org", "taro@example.jp", &ids, secret)?;
/// assert!(by_pattern.starts_with("b-42-") && by_pattern.ends_with("-taro=example.jp@example.org"));
/// let plain = verp::address("news@example.org", "taro@example.jp", &[], b"")?;
/// assert_eq!(plain, "news+taro=example.jp@example.org");
/// # Ok::<(), komainu::Error>(())
/// ```
///
/// # Errors
/// Those of both; ids or a secret where no pattern has a place for them.
pub fn address(path: &str, recipient: &str, ids: &[&str], secret: &[u8]) -> Result<String, Error> {
    if path.contains('{') {
        return VerpPattern::new(path)?.encode(recipient, ids, secret);
    }
    if ids.is_empty() && secret.is_empty() {
        return encode(path, recipient);
    }
    Err(Error::new(
        "a return path has no place for ids or a secret; use a pattern with {id} or {token}".to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipient(address: &str) -> Option<String> {
        decode(address, &VerpPatterns::usual()).map(|found| found.recipient)
    }

    #[test]
    fn the_callers_patterns_go_first() {
        let patterns = VerpPatterns::usual().pattern("b-{local}={domain}@bounces.example.com").unwrap();
        let found = decode("b-12345-taro=example.jp@bounces.example.com", &patterns).unwrap();
        assert_eq!(found.recipient, "12345-taro@example.jp");
        assert_eq!(recipient("b-12345-taro=example.jp@bounces.example.com"), None);
    }

    #[test]
    fn encode_refuses_what_it_could_not_read() {
        for (path, user) in [
            ("news+x@example.org", "taro@example.jp"),
            ("news@example.org", "\"ta ro\"@example.jp"),
            ("news@example.org", "taro"),
            ("news", "taro@example.jp"),
            ("news@example.org", "taro@localhost"),
        ] {
            let error = encode(path, user).unwrap_err().to_string();
            assert!(!error.contains("taro"), "an error must not print a whole address: {error}");
        }
        assert_eq!(
            encode("news@example.org", "a=b+C@Example.JP").unwrap(),
            "news+a=b+C=Example.JP@example.org"
        );
    }

    #[test]
    fn delimiters_are_checked() {
        for bad in ["", "+", "+=-", "@=", "ab", "+ "] {
            assert!(VerpPatterns::none().delimiters(bad).is_err(), "{bad:?}");
        }
    }
}

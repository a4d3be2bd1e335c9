//! VERP patterns that a caller gives, such as `bounce-{local}={domain}@bounces.example.com`.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::batv::same;
use super::verp::Decoded;
use super::{MAX_ADDRESS, is_domain, is_local, join, mask, split};
use crate::error::{Error, quoted};
use crate::letters::lowercase;

/// Hexadecimal digits of a token: 48 bits, so that few of a local part's 64 octets go to it.
const TOKEN_DIGITS: usize = 12;

/// How a sender writes the recipient into its return path.
///
/// | placeholder | stands for |
/// |---|---|
/// | `{local}` | the recipient's local part (needed) |
/// | `{domain}` | the recipient's domain (needed) |
/// | `{id}` | letters, digits, `.` and `_`: a campaign or a customer; may stand several times |
/// | `{token}` | twelve hexadecimal digits of HMAC-SHA-256 over the recipient, by which [`Verifier`](crate::Verifier) knows its own |
///
/// Everything else stands for itself, in any case of its letters. Where several readings fit, ids are as short as they
/// can be, and the local part is as long as it can be.
///
/// ```
/// use komainu::returnpath::VerpPattern;
///
/// let pattern = VerpPattern::new("b-{id}-{token}-{local}={domain}@bounces.example.com")?;
/// let address = pattern.encode("taro@example.jp", &["spring26"], b"a long random secret")?;
/// assert_eq!(address, "b-spring26-7022f807ae1b-taro=example.jp@bounces.example.com");
///
/// let found = pattern.decode(&address).unwrap();
/// assert_eq!(found.recipient, "taro@example.jp");
/// assert!(komainu::returnpath::VerpPattern::token_matches(&found, b"a long random secret"));
/// # Ok::<(), komainu::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerpPattern {
    tokens: Vec<Piece>,
    return_path: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Local,
    Domain,
    Id,
    Token,
}

impl VerpPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// An unknown placeholder, `{local}` or `{domain}` missing or given twice, more than four `{id}`, no `@` or several,
    /// nothing before or after it, or two placeholders with nothing between them.
    pub fn new(pattern: &str) -> Result<Self, Error> {
        let wrong = |why: &str| Error::new(format!("the VERP pattern {} {why}", quoted(pattern)));
        let is_address = split(pattern).is_some_and(|(local, _)| !local.contains('@'));
        if !is_address {
            return Err(wrong(
                "is no address; write something like \"bounce-{local}={domain}@bounces.example.com\"",
            ));
        }
        let tokens = pieces(pattern).map_err(|why| wrong(&why))?;
        let count = |wanted: &Piece| tokens.iter().filter(|piece| *piece == wanted).count();
        if count(&Piece::Local) != 1 || count(&Piece::Domain) != 1 {
            return Err(wrong("needs {local} and {domain}, each once"));
        }
        if count(&Piece::Id) > 4 || count(&Piece::Token) > 1 {
            return Err(wrong("has too many {id} or {token}; four and one are allowed"));
        }
        let touching = |pair: &[Piece]| !pair.iter().any(|piece| matches!(piece, Piece::Literal(_)));
        if tokens.windows(2).any(touching) {
            return Err(wrong("has two placeholders with nothing between them"));
        }
        let return_path = plain_return_path(pattern);
        Ok(Self { tokens, return_path })
    }

    /// Whether the pattern has a `{token}`.
    #[must_use]
    pub fn has_token(&self) -> bool {
        self.tokens.contains(&Piece::Token)
    }

    /// Reads the recipient out of an address; `None` where the pattern does not fit.
    #[must_use]
    pub fn decode(&self, address: &str) -> Option<Decoded> {
        if address.len() > MAX_ADDRESS {
            return None;
        }
        let mut search = Search {
            text: address,
            pieces: &self.tokens,
            failed: vec![false; (address.len() + 1) * self.tokens.len()],
        };
        let mut spans = vec![(0, 0); self.tokens.len()];
        if !search.fits(0, 0, &mut spans) {
            return None;
        }
        let text = |wanted: &Piece| {
            let at = self.tokens.iter().position(|piece| piece == wanted)?;
            address.get(spans[at].0..spans[at].1)
        };
        Some(Decoded {
            recipient: join(text(&Piece::Local)?, text(&Piece::Domain)?)?,
            return_path: self.return_path.clone(),
            token: text(&Piece::Token).map(str::to_ascii_lowercase),
        })
    }

    /// The address to give in MAIL FROM for a recipient. `ids` fill the `{id}`s from the left; the secret is only used
    /// where the pattern has a `{token}`.
    ///
    /// # Errors
    /// Not a plain address, ids that are too few, too many or hold other characters, an empty secret where a token
    /// needs one, or an address that the pattern would read differently.
    pub fn encode(&self, recipient: &str, ids: &[&str], secret: &[u8]) -> Result<String, Error> {
        let wrong = |why: &str| {
            Error::new(format!("{} does not fit the VERP pattern: {why}", quoted(&mask(recipient))))
        };
        let (local, domain) = split(recipient).ok_or_else(|| wrong("no address"))?;
        if self.has_token() && secret.is_empty() {
            return Err(wrong("{token} needs a secret"));
        }
        let mut ids = ids.iter();
        let mut out = String::new();
        for piece in &self.tokens {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Local => out.push_str(local),
                Piece::Domain => out.push_str(domain),
                Piece::Id => out.push_str(ids.next().ok_or_else(|| wrong("an {id} is missing"))?),
                Piece::Token => out.push_str(&token(recipient, secret)),
            }
        }
        if ids.next().is_some() {
            return Err(wrong("more ids than {id}"));
        }
        match self.decode(&out) {
            Some(found) if Some(&found.recipient) == join(local, domain).as_ref() => Ok(out),
            _ => Err(wrong("the address would be read differently; use other separators or ids")),
        }
    }

    /// Whether the token of a decoded address was made with this secret, for the recipient that it names.
    #[must_use]
    pub fn token_matches(found: &Decoded, secret: &[u8]) -> bool {
        found.token.as_deref().is_some_and(|given| same(given, &token(&found.recipient, secret)))
    }
}

/// Case of the recipient does not matter: servers on the way may change it.
fn token(recipient: &str, secret: &[u8]) -> String {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret).expect("HMAC takes any key");
    mac.update(lowercase(recipient).as_bytes());
    let sum = mac.finalize().into_bytes();
    sum.iter().take(TOKEN_DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
}

fn pieces(pattern: &str) -> Result<Vec<Piece>, String> {
    let mut found = Vec::new();
    let mut rest = pattern;
    while let Some((literal, tail)) = rest.split_once('{') {
        if !literal.is_empty() {
            found.push(Piece::Literal(literal.to_owned()));
        }
        let (name, tail) = tail.split_once('}').ok_or("has a '{' without '}'")?;
        found.push(match name {
            "local" => Piece::Local,
            "domain" => Piece::Domain,
            "id" => Piece::Id,
            "token" => Piece::Token,
            _ => {
                return Err(format!(
                    "has the unknown placeholder {{{name}}}; use local, domain, id or token"
                ));
            }
        });
        rest = tail;
    }
    if !rest.is_empty() {
        found.push(Piece::Literal(rest.to_owned()));
    }
    Ok(found)
}

/// What stands before the first placeholder, at the pattern's host.
fn plain_return_path(pattern: &str) -> String {
    let (local, host) = pattern.rsplit_once('@').unwrap_or((pattern, ""));
    let list = local.split('{').next().unwrap_or_default().trim_end_matches(['-', '+', '=', '.', '_']);
    format!("{list}@{}", super::lower(host))
}

/// A search with a memory: no pair of piece and place is tried twice, so the work is pieces × length × length at most,
/// and an address is never longer than [`MAX_ADDRESS`].
struct Search<'a> {
    text: &'a str,
    pieces: &'a [Piece],
    failed: Vec<bool>,
}

impl Search<'_> {
    fn fits(&mut self, piece: usize, at: usize, spans: &mut [(usize, usize)]) -> bool {
        let Some(kind) = self.pieces.get(piece) else { return at == self.text.len() };
        let memory = piece * (self.text.len() + 1) + at;
        if self.failed[memory] {
            return false;
        }
        let mut ends = self.ends(kind, at);
        if *kind == Piece::Local {
            ends.reverse();
        }
        for end in ends {
            spans[piece] = (at, end);
            if self.fits(piece + 1, end, spans) {
                return true;
            }
        }
        self.failed[memory] = true;
        false
    }

    /// Where a piece that starts here can end, nearest first.
    fn ends(&self, kind: &Piece, at: usize) -> Vec<usize> {
        let rest = &self.text[at..];
        let longest = |allowed: fn(char) -> bool| -> Vec<usize> {
            rest.char_indices().take_while(|(_, c)| allowed(*c)).map(|(i, c)| at + i + c.len_utf8()).collect()
        };
        match kind {
            Piece::Literal(text) => {
                super::strip_prefix_ignore_case(rest, text).map(|_| at + text.len()).into_iter().collect()
            }
            Piece::Local => {
                longest(|c| c != '@').into_iter().filter(|end| is_local(&self.text[at..*end])).collect()
            }
            Piece::Domain => longest(|c| c.is_alphanumeric() || matches!(c, '-' | '.'))
                .into_iter()
                .filter(|end| is_domain(&self.text[at..*end]))
                .collect(),
            Piece::Id => longest(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_')),
            Piece::Token => {
                let hex = rest.get(..TOKEN_DIGITS).filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
                hex.map(|_| at + TOKEN_DIGITS).into_iter().collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_checked() {
        for (pattern, word) in [
            ("bounce-{local}", "no address"),
            ("b-{local}={domain}@", "no address"),
            ("b-{local}={domain}@@", "no address"),
            ("{local}@{domain}@example.org", "no address"),
            ("bounce@example.org", "needs {local}"),
            ("{local}-{local}={domain}@example.org", "needs {local}"),
            ("b-{locale}={domain}@example.org", "unknown placeholder {locale}"),
            ("b-{local={domain}@example.org", "unknown placeholder"),
            ("b-{local}={domain@example.org", "without '}'"),
            ("b-{id}{local}={domain}@example.org", "nothing between"),
            ("{id}-{id}-{id}-{id}-{id}-{local}={domain}@example.org", "too many"),
        ] {
            let error = VerpPattern::new(pattern).unwrap_err().to_string();
            assert!(error.contains(word), "{pattern}: {error}");
        }
    }

    #[test]
    fn any_order_and_any_separator() {
        let recipient = |pattern: &str, address: &str| {
            VerpPattern::new(pattern).unwrap().decode(address).map(|found| found.recipient)
        };
        let taro = Some("taro@example.jp".to_owned());
        assert_eq!(recipient("{local}={domain}@b.example.org", "taro=example.jp@B.Example.org"), taro);
        assert_eq!(recipient("b.{domain}.{local}@b.example.org", "b.example.jp.taro@b.example.org"), taro);
        assert_eq!(recipient("x@{domain}.{local}.b.example.org", "x@example.jp.taro.b.example.org"), taro);
        assert_eq!(
            recipient("b-{id}-{local}={domain}@b.example.org", "b-a.1-taro=example.jp@b.example.org"),
            taro
        );
        assert_eq!(
            recipient("b-{id}-{local}={domain}@b.example.org", "b-taro=example.jp@b.example.org"),
            None
        );
        assert_eq!(recipient("b-{local}={domain}@b.example.org", "b-taro=12345@b.example.org"), None);
        assert_eq!(
            recipient("b-{local}={domain}@b.example.org", "b-taro=example.jp@other.example.org"),
            None
        );
    }

    #[test]
    fn a_token_is_for_one_recipient_and_one_secret() {
        let pattern = VerpPattern::new("b-{token}-{local}={domain}@example.org").unwrap();
        let address = pattern.encode("Taro@Example.jp", &[], b"secret").unwrap();
        let found = pattern.decode(&address.to_lowercase()).unwrap();
        assert!(VerpPattern::token_matches(&found, b"secret"));
        assert!(!VerpPattern::token_matches(&found, b"other"));
        let stolen = pattern.decode(&address.replace("Taro", "hanako")).unwrap();
        assert!(!VerpPattern::token_matches(&stolen, b"secret"));
    }

    #[test]
    fn encode_refuses_what_would_be_read_differently() {
        let pattern = VerpPattern::new("b-{id}-{local}={domain}@example.org").unwrap();
        assert!(pattern.encode("taro@example.jp", &["a-b"], b"").is_err());
        assert!(pattern.encode("taro@example.jp", &[], b"").is_err());
        assert!(pattern.encode("taro@example.jp", &["a", "b"], b"").is_err());
        assert!(pattern.encode("taro", &["a"], b"").is_err());
        let token = VerpPattern::new("b-{token}-{local}={domain}@example.org").unwrap();
        assert!(token.encode("taro@example.jp", &[], b"").is_err());
    }

    #[test]
    fn the_worst_pattern_on_the_longest_address_comes_to_an_end() {
        let pattern = VerpPattern::new("{id}a{id}a{id}a{id}a{local}={domain}@example.org").unwrap();
        let address = format!("{}@example.org", "a".repeat(MAX_ADDRESS - 12));
        assert_eq!(pattern.decode(&address), None);
    }
}

//! Where a folded text holds addresses, host names and URLs: words inside them say nothing about a failure.
//!
//! `mailboxfull@example.org`, `unknown.example.net` and `https://example.com/reason/#filtered` occur in real mail.

/// What is masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MaskKind {
    Address,
    Host,
    Url,
}

/// A masked range, in folded positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mask {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: MaskKind,
}

impl Mask {
    /// What stands for it in a template.
    pub(crate) fn placeholder(&self) -> &'static str {
        match self.kind {
            MaskKind::Address => "{address}",
            MaskKind::Host => "{host}",
            MaskKind::Url => "{url}",
        }
    }
}

/// Finds all masks, in order. `written` gives the character of the original at a folded position: its case tells a host
/// name from two sentences without a space between them, and from the names of software classes.
pub(crate) fn masks(text: &str, written: impl Fn(usize) -> Option<char>) -> Vec<Mask> {
    let mut masks = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    // Every one of them has a dot, an `@` or, in a URL, a colon.
    for sign in memchr::memchr3_iter(b'.', b'@', b':', bytes) {
        if sign < at {
            continue;
        }
        let start = sign - bytes[at..sign].iter().rev().take_while(|b| is_word(**b)).count();
        let end = sign + bytes[sign..].iter().take_while(|b| is_word(**b)).count();
        at = end;
        let word = &text[start..end];
        let trimmed = start
            + word.trim_end_matches(['.', ',', '-', '\'', '_', '/', '&', '*', '!', '?', '=', '#']).len();
        if let Some(url) = url_end(text, start, end) {
            masks.push(Mask { start, end: url, kind: MaskKind::Url });
            at = url;
        } else if let Some(sign) = word.find('@') {
            if sign > 0 && start + sign + 1 < trimmed {
                masks.push(Mask { start, end: trimmed, kind: MaskKind::Address });
            }
        } else if is_host(&text[start..trimmed]) && !is_prose(start, &text[start..trimmed], &written) {
            // A path behind a host name belongs to it: `example.com/blocked`.
            masks.push(Mask { start, end: trimmed, kind: MaskKind::Host });
        }
    }
    masks
}

/// ASCII characters of a dot-atom (RFC 5322) and `@`; brackets, quotes, colons and other scripts end a word.
const fn is_word(b: u8) -> bool {
    // One bit for each character: this is asked of every letter around a dot.
    const WORD: u128 = {
        let (mut bits, mut n) = (0, 0);
        while n < 128 {
            if (n as u8).is_ascii_alphanumeric() {
                bits |= 1 << n;
            }
            n += 1;
        }
        let others = b"@.-_+=/~*&!#$%'?^`{|}";
        let mut n = 0;
        while n < others.len() {
            bits |= 1 << others[n];
            n += 1;
        }
        bits
    };
    b < 128 && WORD >> b & 1 != 0
}

/// The end of a URL that starts with this word, if one does.
fn url_end(text: &str, start: usize, end: usize) -> Option<usize> {
    let word = &text[start..end];
    let scheme = (word == "http" || word == "https") && text[end..].starts_with("://");
    if !scheme && !word.starts_with("www.") {
        return None;
    }
    let rest = &text[start..];
    let len = rest.find([' ', '>', '"', '<', ')', ']']).unwrap_or(rest.len());
    Some(start + rest[..len].trim_end_matches(['.', ',', ';', '\'']).len())
}

/// A name with dots whose last label is a known top-level domain, or any alphabetic one behind two labels.
fn is_host(word: &str) -> bool {
    let name = word.split('/').next().unwrap_or(word);
    let Some((front, top)) = name.rsplit_once('.') else { return false };
    let labels = front.split('.');
    let plain = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if top.len() < 2 || !top.bytes().all(|b| b.is_ascii_alphabetic()) || !labels.clone().all(plain) {
        return false;
    }
    TOP_LEVEL.contains(&top) || (labels.count() > 1 && top.len() <= 8)
}

/// `exist.Please` and `RESOLVER.ADR.RecipNotFound` are no hosts: a capital after a small letter or after a dot tells.
fn is_prose(start: usize, word: &str, written: &impl Fn(usize) -> Option<char>) -> bool {
    let (mut upper, mut lower, mut title) = (false, false, false);
    let mut after_dot = false;
    for (n, byte) in word.bytes().enumerate() {
        if byte.is_ascii_alphabetic() && written(start + n).is_some_and(|c| c.is_ascii_uppercase()) {
            upper = true;
            title |= after_dot || lower;
        } else if byte.is_ascii_alphabetic() {
            lower = true;
        }
        after_dot = byte == b'.';
    }
    upper && lower && title
}

/// Top-level domains that stand behind a single label in server replies. Countries whose codes are English words (`is`,
/// `at`, `in`, `to`, `no`, `be`, `so`, `us`, `me`) are left to names of three labels.
const TOP_LEVEL: &[&str] = &[
    "com",
    "net",
    "org",
    "edu",
    "gov",
    "mil",
    "int",
    "info",
    "biz",
    "io",
    "jp",
    "de",
    "fr",
    "uk",
    "ru",
    "pl",
    "nl",
    "es",
    "cn",
    "kr",
    "br",
    "cz",
    "eu",
    "ch",
    "au",
    "ca",
    "se",
    "dk",
    "fi",
    "hu",
    "tr",
    "ua",
    "ro",
    "gr",
    "tw",
    "hk",
    "example",
    "test",
    "invalid",
    "local",
    "localdomain",
    "lan",
];

#[cfg(test)]
mod tests {
    use super::super::fold::Folded;
    use super::MaskKind;

    fn masked(text: &str) -> Vec<(String, MaskKind)> {
        let folded = Folded::new(text);
        folded.masks.iter().map(|m| (folded.text[m.start..m.end].to_owned(), m.kind)).collect()
    }

    #[test]
    fn addresses_hosts_and_urls() {
        let kinds = masked(
            "<Mailbox-Full@Example.ORG>: see http://a.example/reason/#filtered. host unknown.example.net.",
        );
        assert_eq!(
            kinds,
            [
                ("mailbox-full@example.org".to_owned(), MaskKind::Address),
                ("http://a.example/reason/#filtered".to_owned(), MaskKind::Url),
                ("unknown.example.net".to_owned(), MaskKind::Host),
            ]
        );
        assert_eq!(
            masked("www.example.com/spam, b@c"),
            [("www.example.com/spam".to_owned(), MaskKind::Url), ("b@c".to_owned(), MaskKind::Address),]
        );
    }

    #[test]
    fn sentences_and_class_names_are_no_hosts() {
        for text in [
            "does not exist.Please check",
            "RESOLVER.ADR.RecipNotFound; not found",
            "5.1.1 x",
            "SendSizeLimit.Org",
        ] {
            assert_eq!(masked(text), [], "{text}");
        }
    }
}

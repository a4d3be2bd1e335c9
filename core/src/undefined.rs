//! Folds replies into templates, so that those which no rule understood can be counted by family.

/// The template of a reply: what differs from mail to mail is replaced, so that the same wording gives the same text.
///
/// Addresses become `{address}`, host names `{host}`, URLs `{url}`, IP addresses `{ip}`, other words with digits `{id}`, and
/// numbers `{n}`; reply and enhanced codes stay. Case and white space are folded.
///
/// ```
/// let a = komainu::template("550 5.7.0 Nope <taro@example.jp>, ticket 8f2a-11 (192.0.2.1)");
/// let b = komainu::template("550 5.7.0 nope <hanako@example.org>,  ticket 77bc-90 (198.51.100.7)");
/// assert_eq!(a, "550 5.7.0 nope <{address}>, ticket {id} ({ip})");
/// assert_eq!(a, b);
/// ```
#[must_use]
pub fn template(text: &str) -> String {
    let folded = crate::rules::fold::Folded::new(text);
    let mut out = String::with_capacity(folded.text.len());
    let mut at = 0;
    for mask in &folded.masks {
        words(&folded.text[at..mask.start], &mut out);
        out.push_str(mask.placeholder());
        at = mask.end;
    }
    words(&folded.text[at..], &mut out);
    out
}

/// Copies a text, word by word.
fn words(text: &str, out: &mut String) {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '=' | '+');
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        if len == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let word = &rest[..len];
        let bare = word.trim_end_matches(['.', ':', '-', '=']);
        out.push_str(kind(bare).unwrap_or(bare));
        out.push_str(&word[bare.len()..]);
        rest = &rest[len..];
    }
}

/// What stands for a word that differs from mail to mail.
fn kind(word: &str) -> Option<&'static str> {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let plain = word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if digits == 0 {
        return None;
    }
    if word.parse::<std::net::IpAddr>().is_ok() {
        return Some("{ip}");
    }
    if plain && is_code(word) {
        return None;
    }
    Some(if plain { "{n}" } else { "{id}" })
}

/// A reply code or an enhanced status code.
fn is_code(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let class = matches!(word.as_bytes().first(), Some(b'2' | b'4' | b'5'));
    class && (parts.len() == 1 && word.len() == 3 || parts.len() == 3 && parts[0].len() == 1)
}

#[cfg(test)]
mod tests {
    use super::template;

    #[test]
    fn what_differs_is_folded() {
        for (text, expected) in [
            ("421 4.7.0 Try in 300 seconds", "421 4.7.0 try in {n} seconds"),
            ("see http://a.example/x?y=1. Then mx1.example.net", "see {url}. then {host}"),
            ("Message-ID 1a2b.3c4d refused", "message-id {id} refused"),
            ("", ""),
        ] {
            assert_eq!(template(text), expected);
        }
    }
}

//! `key=value` lists as log lines print them.

use crate::syntax::address;

/// The value of a key: in angle brackets, quotes, or up to the next comma.
pub(super) fn value<'l>(text: &'l str, key: &str) -> Option<&'l str> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find(key)?;
        from = at + key.len();
        let starts = at == 0 || matches!(text.as_bytes()[at - 1], b' ' | b',' | b'\t' | b'(');
        let Some(rest) = text[from..].strip_prefix('=').filter(|_| starts) else { continue };
        if let Some(inner) = rest.strip_prefix('<') {
            return inner.find('>').map(|end| &inner[..end]);
        }
        if let Some(inner) = rest.strip_prefix('"') {
            return inner.find('"').map(|end| &inner[..end]);
        }
        let end = rest.find(", ").or_else(|| rest.find(' ')).unwrap_or(rest.len());
        return Some(rest[..end].trim_end_matches(','));
    }
}

/// The addresses of a list such as `<a@example.org>,<b@example.org>`.
pub(super) fn addresses(list: &str) -> Vec<String> {
    list.split(',').filter_map(address::usable).collect()
}

/// `mx.example.org[192.0.2.1]:25` or `mx.example.org. [192.0.2.1]` to its host name, else its address.
pub(super) fn host(relay: &str) -> Option<String> {
    let name = relay.split(['[', ' ', ',']).next().unwrap_or("").trim_end_matches('.');
    let inner = relay.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(inner, _)| inner);
    let named = !name.is_empty() && name != "none" && name != "local";
    if named { Some(name.to_owned()) } else { inner.map(str::to_owned) }
}

//! The VERP addresses that Postfix, list managers and mail services write.

use super::verp::Decoded;
use super::{is_domain, is_local, join};

/// Words after which `-` or `=` may introduce a recipient. A plain name before `-` proves nothing.
const KEYWORDS: [&str; 7] = ["bounce", "bounces", "return", "returns", "error", "errors", "verp"];

/// Tries every usual way; `local` and `host` are the halves of the address that the report was sent to.
pub(super) fn decode(local: &str, host: &str) -> Option<Decoded> {
    if let Some((list, rest)) = local.split_once('+') {
        return gmail_forward(list, rest, host)
            .or_else(|| sympa(list, rest, host))
            .or_else(|| plus(list, rest, host));
    }
    keyword(local, host)
}

/// `list+local=domain`, whatever the two delimiters are.
pub(super) fn delimited(local: &str, host: &str, first: char, second: char) -> Option<Decoded> {
    let (list, rest) = local.split_once(first)?;
    let (user, domain) = rest.rsplit_once(second)?;
    found(list, host, user, domain)
}

fn plus(list: &str, rest: &str, host: &str) -> Option<Decoded> {
    let (user, domain) = rest.rsplit_once('=')?;
    let user = if is_keyword(list) { without_service_id(user) } else { user };
    found(list, host, user, domain)
}

/// Gmail keeps the forwarding mailbox in front and the target behind `caf_=`.
fn gmail_forward(list: &str, rest: &str, host: &str) -> Option<Decoded> {
    let (user, domain) = rest.strip_prefix("caf_=")?.rsplit_once('=')?;
    found(list, host, user, domain)
}

/// `bounce+local==a==domain==list`: the list stands behind.
fn sympa(list: &str, rest: &str, host: &str) -> Option<Decoded> {
    let (user, rest) = rest.split_once("==a==")?;
    let (domain, name) = rest.split_once("==").unwrap_or((rest, list));
    found(name, host, user, domain)
}

/// `bounces-12345-local=domain`: a keyword, ids or none, the recipient.
fn keyword(local: &str, host: &str) -> Option<Decoded> {
    let (head, domain) = local.rsplit_once('=')?;
    let mut start = 0;
    for (at, separator) in head.match_indices(['-', '.', '_', '=']) {
        let word = &head[start..at];
        start = at + 1;
        if is_keyword(word) && matches!(separator, "-" | "=") {
            return found(&head[..at], host, without_ids(&head[start..]), domain);
        }
    }
    None
}

fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
}

/// Cuts a mail service's id off behind `bounces+`: SendGrid's `1234567-ab12-`, Mailgun's `6fe4a5.b2c1d3-`. Other
/// digits stay: `090-1234-5678` is a mailbox at a Japanese carrier.
fn without_service_id(user: &str) -> &str {
    let Some((first, rest)) = user.split_once('-') else { return user };
    if is_hex_pair(first) {
        return rest;
    }
    match rest.split_once('-') {
        Some((second, rest))
            if first.len() >= 4 && is_digits(first) && second.len() == 4 && is_hex(second) =>
        {
            rest
        }
        _ => user,
    }
}

/// Cuts leading ids off behind `bounces-`: numbers, long hexadecimal words with a digit, Mailchimp's `mc.us1_2.3`.
fn without_ids(user: &str) -> &str {
    let mut rest = user;
    while let Some((id, tail)) = rest.split_once('-') {
        let hex_id = id.len() >= 8 && is_hex(id) && id.bytes().any(|b| b.is_ascii_digit());
        if !(is_digits(id) || hex_id || is_hex_pair(id) || id.starts_with("mc.") || id.is_empty()) {
            break;
        }
        rest = tail;
    }
    rest
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_hex_pair(text: &str) -> bool {
    text.split_once('.').is_some_and(|(a, b)| {
        a.len() == 6
            && (4..=6).contains(&b.len())
            && is_hex(a)
            && is_hex(b)
            && text.bytes().any(|b| b.is_ascii_digit())
    })
}

/// The decoded address, if it can be one. Names of rewriting schemes and padded base64 cannot.
fn found(list: &str, host: &str, user: &str, domain: &str) -> Option<Decoded> {
    let scheme = ["srs=", "srs0=", "srs1=", "prvs=", "caf_="];
    let lower_user = user.to_ascii_lowercase();
    if !is_local(list) || !is_domain(domain) || scheme.iter().any(|name| lower_user.starts_with(name)) {
        return None;
    }
    Some(Decoded {
        recipient: join(user, domain)?,
        return_path: format!("{list}@{}", super::lower(host)),
        token: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::verp::{VerpPatterns, decode};

    fn parts(address: &str) -> Option<(String, String)> {
        decode(address, &VerpPatterns::usual()).map(|found| (found.recipient, found.return_path))
    }

    #[test]
    fn usual_addresses() {
        for (address, recipient, return_path) in [
            ("news+taro=example.jp@example.org", "taro@example.jp", "news@example.org"),
            ("owner-list+taro=example.jp@example.org", "taro@example.jp", "owner-list@example.org"),
            ("list-bounces+taro=example.jp@example.org", "taro@example.jp", "list-bounces@example.org"),
            (
                "list-bounces+taro+tag=example.jp@example.org",
                "taro+tag@example.jp",
                "list-bounces@example.org",
            ),
            ("bounce+a=b=example.jp@example.org", "a=b@example.jp", "bounce@example.org"),
            ("bounce+Taro.Yamada=Example.JP@example.org", "Taro.Yamada@example.jp", "bounce@example.org"),
            ("bounce+a..b.=docomo.ne.jp@example.org", "a..b.@docomo.ne.jp", "bounce@example.org"),
            (
                "bounces+090-1234-5678=docomo.ne.jp@example.org",
                "090-1234-5678@docomo.ne.jp",
                "bounces@example.org",
            ),
            ("bounce+太郎=例え.テスト@example.org", "太郎@例え.テスト", "bounce@example.org"),
            ("bounce-taro=example.jp@example.org", "taro@example.jp", "bounce@example.org"),
            ("bounce-taro-yamada=example.jp@example.org", "taro-yamada@example.jp", "bounce@example.org"),
            ("bounce=taro=example.jp@example.org", "taro@example.jp", "bounce@example.org"),
            ("bounces-12345-taro=example.jp@example.org", "taro@example.jp", "bounces@example.org"),
            ("bounces-12345-678-taro=example.jp@example.org", "taro@example.jp", "bounces@example.org"),
            ("news-bounces-taro=example.jp@example.org", "taro@example.jp", "news-bounces@example.org"),
            ("list-return-123-taro=example.jp@example.org", "taro@example.jp", "list-return@example.org"),
            ("bounce+taro==a==example.jp==news@example.org", "taro@example.jp", "news@example.org"),
            (
                "bounces+1234567-ab12-taro=example.jp@em.example.org",
                "taro@example.jp",
                "bounces@em.example.org",
            ),
            (
                "bounce+6fe4a5.b2c1d3-taro=example.jp@mg.example.org",
                "taro@example.jp",
                "bounce@mg.example.org",
            ),
            (
                "bounce-mc.us1_12345.67890-taro=example.jp@mail1.example.net",
                "taro@example.jp",
                "bounce@mail1.example.net",
            ),
            ("hanako+caf_=taro=example.jp@gmail.com", "taro@example.jp", "hanako@gmail.com"),
        ] {
            assert_eq!(parts(address), Some((recipient.into(), return_path.into())), "{address}");
        }
    }

    #[test]
    fn ids_and_tokens_name_nobody() {
        for address in [
            "0100018f2c4e5d6a-1b2c3d4e-5f60-7182-93a4-b5c6d7e8f901-000000@ap-northeast-1.amazonses.com",
            "bounces+1234567-ab12@em.example.org",
            "pm_bounces+0f1e2d3c-4b5a@pm.example.net",
            "bounce-md_12345.5f3a9c21.v1-abcdef@mandrillapp.com",
            "bounce-mc.us1_12345.67890-1a2b3c@mail1.example.net",
            "bounce+QWxhZGRpbg==@example.org",
            "AbCdEf0123==_1101@in.example.net",
            "bounce-5a=3f.12345@example.org",
            "bounce+id=12345@example.org",
            "bounce+k=a_b.com@example.org",
            "msprvs1=17743fd4yYx0z=bounces-212@example.net",
            "prvs=0123abcdef=news@example.org",
            "SRS0=AAAA=TT=example.jp=taro@f.example",
            "bounces+SRS=x9Lmq=7B@example.org",
            "news=example.org__0-ab12@bnc.example.net",
            "taro@example.jp",
            "taro+tag@example.jp",
            "shop-taro=example.jp@example.org",
            "list+bncBCABCDEF@googlegroups.com",
            "+taro=example.jp@example.org",
            "bounce+=example.jp@example.org",
            "bounce+taro=@example.org",
            "bounce+ta ro=example.jp@example.org",
            "",
            "@",
            "=@",
            "+=@x",
        ] {
            assert_eq!(parts(address), None, "{address}");
        }
    }
}

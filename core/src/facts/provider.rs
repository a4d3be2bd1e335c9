//! Who runs a mailbox: told by the host that refused, by the wording of its reply, or by the recipient's domain.

use crate::rules::RuleSet;

/// The provider of a mail server, by the longest suffix of its name.
pub(crate) fn by_host<'r>(rules: &'r RuleSet, host: &str) -> Option<&'r str> {
    // A Remote-MTA may carry a type, an address literal or a port: `dns; mx.example.com (192.0.2.1)`.
    let host = host[host.bytes().rposition(|b| b == b';').map_or(0, |at| at + 1)..].trim();
    let end = host.bytes().position(|b| matches!(b, b' ' | b'[' | b'(' | b':')).unwrap_or(host.len());
    let name = host[..end].trim_end_matches('.');
    rules.names().hosts.find(&rules.tables, name).map(|n| &*rules.tables.providers[n].name)
}

/// The provider of an address, by its domain.
pub(crate) fn by_recipient<'r>(rules: &'r RuleSet, recipient: &str) -> Option<&'r str> {
    let (_, domain) = recipient.rsplit_once('@')?;
    rules.names().mailboxes.find(&rules.tables, domain).map(|n| &*rules.tables.providers[n].name)
}

/// The provider that a caller names: by its name, by a domain of its mailboxes or by one of its servers.
pub(crate) fn by_hint<'r>(rules: &'r RuleSet, hint: &str) -> Option<&'r str> {
    let named = || rules.tables.providers.iter().find(|known| known.name.eq_ignore_ascii_case(hint));
    let domain = || by_recipient(rules, &format!("@{hint}"));
    named().map(|known| &*known.name).or_else(domain).or_else(|| by_host(rules, hint))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::builtin;

    #[test]
    fn hosts_and_domains() {
        let rules = builtin();
        for (host, provider) in [
            ("gmail-smtp-in.l.google.com", Some("google")),
            ("dns; ASPMX.L.GOOGLE.COM. (192.0.2.1)", Some("google")),
            ("hotmail-com.olc.protection.outlook.com[192.0.2.1]", Some("outlook")),
            ("example-com.mail.protection.outlook.com", Some("microsoft365")),
            ("mfsmax.docomo.ne.jp", Some("docomo")),
            ("notgoogle.com", None),
            ("", None),
        ] {
            assert_eq!(by_host(rules, host), provider, "{host}");
        }
        assert_eq!(by_recipient(rules, "taro@ezweb.ne.jp"), Some("kddi"));
        assert_eq!(by_recipient(rules, "taro@GMAIL.com"), Some("google"));
        assert_eq!(by_recipient(rules, "taro@example.jp"), None);
    }
}

//! Who runs a mailbox: told by the host that refused, by the wording of its reply, or by the recipient's domain.

use crate::rules::table::{Provider, Str, Tables};

/// The provider of a mail server, by the longest suffix of its name.
pub(crate) fn by_host<'t>(tables: &'t Tables, host: &str) -> Option<&'t str> {
    // A Remote-MTA may carry a type, an address literal or a port: `dns; mx.example.com (192.0.2.1)`.
    let host = host.rsplit(';').next().unwrap_or(host).trim();
    let name = host.split([' ', '[', '(', ':']).next().unwrap_or(host).trim_end_matches('.');
    longest(tables, name, |provider| &provider.hosts)
}

/// The provider of an address, by its domain.
pub(crate) fn by_recipient<'t>(tables: &'t Tables, recipient: &str) -> Option<&'t str> {
    let (_, domain) = recipient.rsplit_once('@')?;
    longest(tables, domain, |provider| &provider.domains)
}

fn longest<'t>(tables: &'t Tables, name: &str, names: impl Fn(&'t Provider) -> &'t [Str]) -> Option<&'t str> {
    let all = tables.providers.iter().flat_map(|p| names(p).iter().map(move |suffix| (suffix, p)));
    let fits = all.filter(|(suffix, _)| ends_with_label(name, suffix));
    fits.max_by_key(|(suffix, _)| suffix.len()).map(|(_, p)| &*p.name)
}

/// `mx.example.com` ends with `example.com`, `notexample.com` does not.
fn ends_with_label(name: &str, suffix: &str) -> bool {
    let Some(at) = name.len().checked_sub(suffix.len()) else { return false };
    name.is_char_boundary(at)
        && name[at..].eq_ignore_ascii_case(suffix)
        && (at == 0 || name.as_bytes()[at - 1] == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::builtin;

    #[test]
    fn hosts_and_domains() {
        let tables = &builtin().tables;
        for (host, provider) in [
            ("gmail-smtp-in.l.google.com", Some("google")),
            ("dns; ASPMX.L.GOOGLE.COM. (192.0.2.1)", Some("google")),
            ("hotmail-com.olc.protection.outlook.com[192.0.2.1]", Some("outlook")),
            ("example-com.mail.protection.outlook.com", Some("microsoft365")),
            ("mfsmax.docomo.ne.jp", Some("docomo")),
            ("notgoogle.com", None),
            ("", None),
        ] {
            assert_eq!(by_host(tables, host), provider, "{host}");
        }
        assert_eq!(by_recipient(tables, "taro@ezweb.ne.jp"), Some("kddi"));
        assert_eq!(by_recipient(tables, "taro@GMAIL.com"), Some("google"));
        assert_eq!(by_recipient(tables, "taro@example.jp"), None);
    }
}

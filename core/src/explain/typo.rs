//! Domains that look like a typing error of a common one.

/// Mailbox domains that people mistype often, beside those of the provider tables.
const COMMON: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.fr",
    "yahoo.de",
    "ymail.com",
    "hotmail.com",
    "hotmail.co.uk",
    "hotmail.fr",
    "hotmail.co.jp",
    "outlook.com",
    "outlook.jp",
    "live.com",
    "live.jp",
    "msn.com",
    "aol.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "comcast.net",
    "verizon.net",
    "att.net",
    "sbcglobal.net",
    "bellsouth.net",
    "cox.net",
    "charter.net",
    "earthlink.net",
    "gmx.de",
    "gmx.net",
    "gmx.at",
    "web.de",
    "t-online.de",
    "freenet.de",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "laposte.net",
    "sfr.fr",
    "libero.it",
    "virgilio.it",
    "tin.it",
    "wp.pl",
    "o2.pl",
    "interia.pl",
    "onet.pl",
    "seznam.cz",
    "mail.ru",
    "yandex.ru",
    "rambler.ru",
    "bk.ru",
    "list.ru",
    "ukr.net",
    "uol.com.br",
    "bol.com.br",
    "terra.com.br",
    "qq.com",
    "163.com",
    "126.com",
    "sina.com",
    "naver.com",
    "hanmail.net",
    "daum.net",
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "au.com",
    "softbank.ne.jp",
    "i.softbank.jp",
    "vodafone.ne.jp",
    "ymobile.ne.jp",
    "nifty.com",
    "biglobe.ne.jp",
    "so-net.ne.jp",
    "ocn.ne.jp",
    "proton.me",
    "protonmail.com",
    "zoho.com",
    "fastmail.com",
    "btinternet.com",
    "sky.com",
    "ntlworld.com",
    "bigpond.com",
    "optusnet.com.au",
    "rediffmail.com",
    "hetnet.nl",
    "ziggo.nl",
    "kpnmail.nl",
    "telenet.be",
    "skynet.be",
    "bluewin.ch",
];

/// The common domain that this one is one slip away from (two in long names); `None` for the common ones themselves.
pub(super) fn likely(domain: &str) -> Option<&'static str> {
    let domain = domain.to_ascii_lowercase();
    if COMMON.contains(&domain.as_str()) || domain.len() < 5 || domain.len() > 40 || !domain.is_ascii() {
        return None;
    }
    let near = |known: &&'static str| {
        let allowed = if known.len() >= 10 { 2 } else { 1 };
        let far = slips(domain.as_bytes(), known.as_bytes());
        (far <= allowed).then_some((far, *known))
    };
    COMMON.iter().filter_map(near).min().map(|(_, known)| known)
}

/// Letters added, left out, replaced, or swapped with their neighbour (optimal string alignment).
fn slips(a: &[u8], b: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            let mut least = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::likely;

    #[test]
    fn slips_are_found() {
        for (typed, meant) in [
            ("icliud.com", Some("icloud.com")),
            ("ezweb.be.jp", Some("ezweb.ne.jp")),
            ("gmial.com", Some("gmail.com")),
            ("hotmial.com", Some("hotmail.com")),
            ("yaho.co.jp", Some("yahoo.co.jp")),
            ("gmail.com", None),
            ("example.com", None),
            ("", None),
        ] {
            assert_eq!(likely(typed), meant, "{typed}");
        }
    }
}

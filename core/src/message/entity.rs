//! The character references of HTML that reports use: numbers, those of markup itself, and those of Latin-1.

/// U+00A0 to U+00FF, in their order.
const LATIN_1: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo",
    "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot",
    "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",
    "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute",
    "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash",
    "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc", "atilde",
    "auml", "aring", "aelig", "ccedil", "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc",
    "iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave",
    "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
];

const OTHERS: [(&str, char); 16] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("hellip", '…'),
    ("bull", '•'),
    ("euro", '€'),
];

/// The longest name, or number, that is looked for.
const LONGEST: usize = 10;

/// The character that a reference at the beginning of `html` stands for, and the reference's length.
pub(super) fn entity(html: &str) -> Option<(char, usize)> {
    let end = html.bytes().take(LONGEST + 2).position(|byte| byte == b';')?;
    let name = &html[1..end];
    let decoded = match name.strip_prefix('#') {
        Some(number) => {
            let hexadecimal = number.strip_prefix(['x', 'X']);
            let code = hexadecimal.map_or_else(|| number.parse(), |digits| u32::from_str_radix(digits, 16));
            char::from_u32(code.ok()?).filter(|c| *c != '\0')?
        }
        None => match LATIN_1.iter().position(|known| *known == name) {
            Some(at) => char::from_u32(0xa0 + u32::try_from(at).ok()?)?,
            None => OTHERS.iter().find(|(known, _)| *known == name)?.1,
        },
    };
    Some((decoded, end + 1))
}

#[cfg(test)]
mod tests {
    use super::entity;

    #[test]
    fn numbers_markup_and_latin_1_are_decoded() {
        for (html, decoded) in [
            ("&lt;a", '<'),
            ("&#64;b", '@'),
            ("&#x40;", '@'),
            ("&uuml;", 'ü'),
            ("&yuml;", 'ÿ'),
            ("&nbsp;", '\u{a0}'),
        ] {
            let length = html.find(';').unwrap() + 1;
            assert_eq!(entity(html), Some((decoded, length)), "{html}");
        }
    }

    #[test]
    fn what_is_no_reference_stays() {
        for html in
            ["& b", "&", "&;", "&nothing;", "&#;", "&#xd800;", "&#0;", "&averylongnameindeed;", "&日本;"]
        {
            assert_eq!(entity(html), None, "{html}");
        }
    }
}

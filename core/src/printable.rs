//! Text out of other people's mail, for a terminal.

use std::borrow::Cow;

/// A text with what a terminal would obey replaced by what can be seen.
///
/// Anyone can send a bounce, and its words may hold escape sequences that clear the screen, rename the window or colour a line
/// as if this program had written it. Control characters become their pictures (`␛`), and characters that reorder the letters
/// around them become `�`. Line feeds and tabs stay. Records hold the words as they came: use this before you print
/// them.
///
/// ```
/// assert_eq!(komainu::printable("550 \u{1b}[2Jno"), "550 ␛[2Jno");
/// ```
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| seen(c) == c) { Cow::Borrowed(text) } else { text.chars().map(seen).collect() }
}

/// A character, or what stands for it.
fn seen(c: char) -> char {
    const PICTURES: u32 = 0x2400;
    match c {
        '\n' | '\t' => c,
        '\0'..='\u{1f}' => char::from_u32(PICTURES + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '␡',
        // C1, which some terminals read as escape sequences of one character; embeddings, overrides and isolates.
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            char::REPLACEMENT_CHARACTER
        }
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::printable;
    use std::borrow::Cow;

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        assert_eq!(printable("\0\u{7}\r\u{7f}"), "␀␇␍␡");
        assert_eq!(printable("\u{9b}2J a\u{202e}b\u{2066}c"), "\u{fffd}2J a\u{fffd}b\u{fffd}c");
        let plain = "宛先不明\tשלום\n";
        assert!(matches!(printable(plain), Cow::Borrowed(text) if text == plain));
    }
}

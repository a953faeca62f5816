//! Text: folding for search and order, and what may not be in it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without accents, for search and order: `Léeroy` is `leeroy`.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// Letters and their accents taken apart, for order: one way of writing each text.
pub fn normalize(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { text.nfkd().collect() }
}

/// True for characters that no line of text holds: control characters and line separators.
pub fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// True for a sound file's path, or an address: nothing that ends an argument of the dialplan or joins two files.
pub fn is_file(text: &str) -> bool {
    !text.is_empty() && !text.contains(['&', ',', '|', '"', '\\', '$', '{', '}', '(', ')', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_removes_case_and_accents() {
        assert_eq!(fold("Léeroy ŚMITH"), "leeroy smith");
    }
}

//! Who calls, as people write it: `"Name" <number>`.

/// The parts of a caller id; either may be empty. A text that is only a number is both, any other is a name.
pub fn parts(text: &str) -> (&str, &str) {
    let text = text.trim();
    if let Some((name, rest)) = text.split_once('<') {
        let number = rest.trim_end().strip_suffix('>').unwrap_or(rest).trim();
        return (unquoted(name), if is_number(number) { number } else { "" });
    }
    let name = unquoted(text);
    if is_number(name) { (name, name) } else { (name, "") }
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches('"').trim()
}

/// `+?[0-9*#]+`
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'*' | b'#'))
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn every_way_to_write_a_caller_id_is_read() {
        for (text, name, number) in [
            ("\"Ann Lee\" <+3312>", "Ann Lee", "+3312"),
            ("Ann <12>", "Ann", "12"),
            ("<12>", "", "12"),
            ("12", "12", "12"),
            ("\"Ann\"", "Ann", ""),
            ("Ann <x>", "Ann", ""),
            ("", "", ""),
        ] {
            assert_eq!(parts(text), (name, number), "{text}");
        }
    }
}

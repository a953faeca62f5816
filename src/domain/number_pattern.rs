//! Patterns of numbers as regular expressions, for what the dialplan compares in the middle of a call.

/// A pattern (`_0[1-5]XXX.`, `+33!`, `17`) as an extended regular expression of whole numbers, without a backslash,
/// quote or blank. X, Z and N mean digits with or without the underscore, `-` outside of a set nothing.
/// Nothing when no number can match, or when its brackets are not paired.
pub fn regex(pattern: &str) -> Option<String> {
    let mut rest = pattern.strip_prefix('_').unwrap_or(pattern).chars();
    let mut regex = String::from("^");
    while let Some(c) = rest.next() {
        match c {
            '-' => {}
            'X' | 'x' => regex.push_str("[0-9]"),
            'Z' | 'z' => regex.push_str("[1-9]"),
            'N' | 'n' => regex.push_str("[2-9]"),
            '.' => regex.push_str(".+"),
            '!' => regex.push_str(".*"),
            '[' => {
                let (set, after) = rest.as_str().split_once(']')?;
                rest = after.chars();
                regex.push_str(&format!("[{}]", members(set)?));
            }
            '*' | '+' => regex.push_str(&format!("[{c}]")),
            c if c.is_ascii_digit() || c == '#' => regex.push(c),
            _ => return None,
        }
    }
    (regex.len() > 1).then(|| regex + "$")
}

/// The characters of a set one by one; nothing when there is none, or one that no number has.
pub(super) fn members(set: &str) -> Option<String> {
    let mut members = String::new();
    let mut rest = set.chars();
    while let Some(first) = rest.next() {
        let mut ahead = rest.clone();
        match (ahead.next(), ahead.next()) {
            (Some('-'), Some(last)) if first.is_ascii_digit() && last.is_ascii_digit() => {
                members.extend(first..=last);
                rest = ahead;
            }
            _ if first.is_ascii_digit() || matches!(first, '*' | '#' | '+') => members.push(first),
            _ => return None,
        }
    }
    (!members.is_empty()).then_some(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_what_asterisk_would_match() {
        for (pattern, expected) in [
            ("17", "^17$"),
            ("_0[1-5]XX.", "^0[12345][0-9][0-9].+$"),
            ("_NZ!", "^[2-9][1-9].*$"),
            ("+33.", "^[+]33.+$"),
            ("*10#", "^[*]10#$"),
            ("_1-800-X", "^1800[0-9]$"),
        ] {
            assert_eq!(regex(pattern).as_deref(), Some(expected), "{pattern}");
        }
    }

    #[test]
    fn what_matches_no_number_is_no_pattern() {
        for pattern in
            ["", "_", "-", "_[", "_[]", "_[5-1]", "_[12", "_]", "_[a-c]", "1a", "1\"2", "1$", "1\\d"]
        {
            assert_eq!(regex(pattern), None, "{pattern}");
        }
    }
}

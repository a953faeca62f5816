//! Extens as Asterisk's dialplan reads them.
//!
//! Tried on Asterisk 22 with thousands of random patterns: a line whose brackets are not paired is dropped without
//! a word, and so is the second of two patterns that mean the same, such as `_1XX` and `_1x[0-9]`.

use std::collections::BTreeSet;

/// A form that is equal for extens that Asterisk takes for the same; nothing for one that it does not load.
pub fn canonical(exten: &str) -> Option<String> {
    match exten.strip_prefix('_') {
        Some(pattern) => Some(format!("_{}", canonical_pattern(pattern)?)),
        None => canonical_pattern(exten).map(|_| exten.replace('-', "")),
    }
}

/// What a phone can dial of a number as people write it: `01 23-45` is `012345`.
pub fn dialable(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '+' | '*' | '#')).collect()
}

/// Every position as the sorted list of the characters that it takes.
fn canonical_pattern(pattern: &str) -> Option<String> {
    let mut canonical = String::new();
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        let set = match c {
            '-' => continue,
            '.' | '!' => {
                canonical.push(c);
                continue;
            }
            '[' => {
                let (set, after) = rest.as_str().split_once(']')?;
                rest = after.chars();
                if set.contains('[') {
                    return None;
                }
                members(set)
            }
            'X' | 'x' => ('0'..='9').collect(),
            'Z' | 'z' => ('1'..='9').collect(),
            'N' | 'n' => ('2'..='9').collect(),
            c => BTreeSet::from([c]),
        };
        // Asterisk passes over a set without members.
        if !set.is_empty() {
            canonical.push('[');
            canonical.extend(set);
            canonical.push(']');
        }
    }
    Some(canonical)
}

/// The characters of a set: single ones and ranges; a range that goes down is empty.
fn members(set: &str) -> BTreeSet<char> {
    let mut members = BTreeSet::new();
    let mut rest = set.chars();
    while let Some(first) = rest.next() {
        let mut ahead = rest.clone();
        match (ahead.next(), ahead.next()) {
            (Some('-'), Some(last)) => {
                members.extend(first..=last);
                rest = ahead;
            }
            _ => drop(members.insert(first)),
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_mean_the_same_have_one_form() {
        for same in [
            &["_1XX", "_1xx", "_1X-X", "_1[0-9]X", "_[1][9876543210]X", "_1[]XX", "_1[9-0]XX"][..],
            &["_N.", "_n.", "_[2-9]."],
            &["_[1-3]", "_[321]", "_[1123]"],
            &["_[-2]", "_[2-]"],
            &["1-2", "12"],
        ] {
            let forms: BTreeSet<_> = same.iter().map(|exten| canonical(exten).unwrap()).collect();
            assert_eq!(forms.len(), 1, "{forms:?}");
        }
    }

    #[test]
    fn what_means_something_else_has_another_form() {
        let extens = ["_1XX", "_1XZ", "_1X.", "_1X!", "_1[.]", "_1[X]", "1XX", "_12", "12", "_1]", "_1"];
        let forms: BTreeSet<_> = extens.iter().map(|exten| canonical(exten).unwrap()).collect();
        assert_eq!(forms.len(), extens.len());
    }

    #[test]
    fn brackets_must_be_paired() {
        for exten in ["_1[2", "_[", "_[1[2]", "_[[]", "1[2"] {
            assert_eq!(canonical(exten), None, "{exten}");
        }
    }
}

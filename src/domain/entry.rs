//! What a caller types in a menu, one digit after the other: when it is a choice, and when it may become one.

use super::number_pattern::members;

/// Sizes of what `.` and `!` take: more than any set.
const ANY: usize = 100;

/// A choice of a menu, as extended regular expressions without a quote, colon, blank or `&`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The digits that are the choice.
    pub whole: String,
    /// The digits that become it with more of them; nothing when one digit is enough.
    pub begun: Option<String>,
    /// Of two choices that the same digits are, Asterisk takes the one with the lower rank: how many digits fit at each
    /// place.
    pub rank: Vec<usize>,
}

/// A number (`12`, `*`) or a pattern (`_1[2-4]X`, `_X.`) as the dialplan reads it; what follows a `.` or `!` means
/// nothing. None for what no digits can be.
pub fn entry(exten: &str) -> Option<Entry> {
    let (pattern, literal) = exten.strip_prefix('_').map_or((exten, true), |pattern| (pattern, false));
    let mut rest = pattern.chars();
    let mut places: Vec<(String, usize)> = Vec::new();
    let mut tail = None;
    while let Some(c) = rest.next() {
        let set = match c {
            '-' => continue,
            '.' | '!' if !literal => {
                tail = Some(c);
                break;
            }
            'X' | 'x' if !literal => "0123456789".to_owned(),
            'Z' | 'z' if !literal => "123456789".to_owned(),
            'N' | 'n' if !literal => "23456789".to_owned(),
            '[' if !literal => {
                let (set, after) = rest.as_str().split_once(']')?;
                rest = after.chars();
                members(set)?
            }
            c if c.is_ascii_digit() || matches!(c, '*' | '#') => c.to_string(),
            _ => return None,
        };
        places.push((format!("[{set}]"), set.len()));
    }
    if places.is_empty() && tail.is_none() {
        return None;
    }
    let mut rank: Vec<usize> = places.iter().map(|(_, size)| *size).collect();
    rank.extend(tail.map(|c| if c == '.' { ANY } else { ANY + 1 }));
    let places: Vec<String> = places.into_iter().map(|(set, _)| set).collect();
    let end = match tail {
        Some('.') => ".+",
        Some(_) => ".*",
        None => "",
    };
    Some(Entry { whole: format!("^{}{end}$", places.concat()), begun: begun(&places, tail), rank })
}

/// `^a(b(c)?)?$` for the beginnings of `abcd`; a `.` takes any number of digits more, a `!` none that it need wait for.
fn begun(places: &[String], tail: Option<char>) -> Option<String> {
    let (places, mut more) = match (places, tail) {
        ([], Some('.')) => return Some("^.+$".to_owned()),
        (places, Some('.')) => (places, ".*".to_owned()),
        ([places @ .., _last], _) => (places, String::new()),
        ([], _) => return None,
    };
    let (first, others) = places.split_first()?;
    for place in others.iter().rev() {
        more = format!("({place}{more})?");
    }
    Some(format!("^{first}{more}$"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex_lite::Regex;

    fn is(expression: &str, digits: &str) -> bool {
        Regex::new(expression).unwrap().is_match(digits)
    }

    #[test]
    fn digits_are_a_choice_or_may_become_one() {
        for (exten, choices, beginnings, others) in [
            ("1", &["1"][..], &[][..], &["2", "11", "*"][..]),
            ("*#", &["*#"], &["*"], &["#", "*1"]),
            ("123", &["123"], &["1", "12"], &["13", "2", "1234"]),
            ("_1[2-4]X", &["120", "149"], &["1", "12", "14"], &["15", "2", "1200"]),
            ("_NZ", &["21"], &["2", "9"], &["1", "20"]),
            ("_X.", &["12", "1*3"], &["1", "12", "123"], &["*"]),
            ("_.", &["1", "12"], &["1", "12"], &[]),
            ("_1X!", &["12", "123"], &["1"], &["2", "1*"]),
            ("_!", &["1"], &[], &[]),
        ] {
            let Entry { whole, begun, .. } = entry(exten).unwrap();
            assert!(choices.iter().all(|digits| is(&whole, digits)), "{exten} {whole}");
            assert!(!others.iter().any(|digits| is(&whole, digits)), "{exten} {whole}");
            assert_eq!(begun.is_some(), !beginnings.is_empty(), "{exten}");
            let Some(begun) = begun else { continue };
            assert!(beginnings.iter().all(|digits| is(&begun, digits)), "{exten} {begun}");
            assert!(!others.iter().any(|digits| is(&begun, digits)), "{exten} {begun}");
        }
    }

    #[test]
    fn what_nobody_can_type_is_no_choice() {
        for exten in ["", "_", "_[", "_[]", "_[5-1]", "1a", "X", "1.", "_1]", "-"] {
            assert_eq!(entry(exten), None, "{exten}");
        }
    }

    #[test]
    fn the_narrower_choice_comes_first() {
        let rank = |exten| entry(exten).unwrap().rank;
        let order = ["12", "_1[2-4]", "_1X", "_[12]2", "_X2", "_X.", "_X!", "_."];
        assert!(order.windows(2).all(|two| rank(two[0]) < rank(two[1])));
    }
}

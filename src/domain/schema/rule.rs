//! The validators of single values.

use super::Py;
use regex_lite::Regex;
use serde_json::Value;
use std::sync::LazyLock;

/// A regular expression, compiled at its first use.
pub type Pattern = LazyLock<Regex>;

/// Compiles a pattern of ours.
#[expect(
    clippy::expect_used,
    reason = "the patterns are literals of this program; every one is used by a test"
)]
pub fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a literal pattern is valid")
}

/// A validator: lengths count code points, bounds are inclusive.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    Max(usize),
    Min(usize),
    Between(usize, usize),
    Exactly(usize),
    AtLeast(i64),
    Range(i64, i64),
    Pattern(&'static Pattern),
    OneOf(&'static [&'static str]),
    /// Digits only, at least one.
    Digits,
    /// Not one of these.
    NoneOf(&'static [&'static str]),
    /// An own rule: a message when it is broken.
    Custom(fn(&Value) -> Option<String>),
}

impl Rule {
    /// The message when `value` breaks this rule.
    pub fn broken_by(&self, value: &Value) -> Option<String> {
        let length = || match value {
            Value::String(text) => text.chars().count(),
            Value::Array(items) => items.len(),
            _ => 0,
        };
        let text = value.as_str().unwrap_or_default();
        let number = || value.as_f64().unwrap_or_default();
        match *self {
            Rule::Max(n) => (length() > n).then(|| format!("Longer than maximum length {n}.")),
            Rule::Min(n) => (length() < n).then(|| format!("Shorter than minimum length {n}.")),
            Rule::Between(a, b) => {
                let n = length();
                (n < a || n > b).then(|| format!("Length must be between {a} and {b}."))
            }
            Rule::Exactly(n) => (length() != n).then(|| format!("Length must be {n}.")),
            Rule::AtLeast(n) => {
                (number() < n as f64).then(|| format!("Must be greater than or equal to {n}."))
            }
            Rule::Range(a, b) => (number() < a as f64 || number() > b as f64)
                .then(|| format!("Must be greater than or equal to {a} and less than or equal to {b}.")),
            Rule::Pattern(pattern) => {
                (!pattern.is_match(text)).then(|| "String does not match expected pattern.".to_owned())
            }
            Rule::OneOf(choices) => {
                (!choices.contains(&text)).then(|| format!("Must be one of: {}.", choices.join(", ")))
            }
            Rule::NoneOf(names) => names.contains(&text).then(|| "Invalid input.".to_owned()),
            Rule::Digits => {
                let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
                (!digits).then(|| "Invalid input.".to_owned())
            }
            Rule::Custom(check) => check(value),
        }
    }
}

/// Every broken rule's message, in the order of the rules.
pub fn broken(rules: &[Rule], value: &Value) -> Option<Py> {
    let messages: Vec<Py> = rules.iter().filter_map(|rule| rule.broken_by(value)).map(Py::from).collect();
    (!messages.is_empty()).then_some(Py::List(messages))
}

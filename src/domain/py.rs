//! Python's `repr`, in which the contract prints the metadata and the structure of its errors (confd.md 1.7).

use std::fmt::{Display, Formatter, Result, Write};
use uuid::Uuid;

/// A value as Python would print it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Py {
    None,
    Int(i64),
    Str(String),
    /// Prints as `UUID('…')`.
    Uuid(Uuid),
    List(Vec<Py>),
    Tuple(Vec<Py>),
    Dict(Vec<(Py, Py)>),
    /// Text that is already in Python's form.
    Raw(String),
}

impl From<i64> for Py {
    fn from(value: i64) -> Self {
        Py::Int(value)
    }
}

impl From<&str> for Py {
    fn from(value: &str) -> Self {
        Py::Str(value.to_owned())
    }
}

impl From<String> for Py {
    fn from(value: String) -> Self {
        Py::Str(value)
    }
}

impl From<&String> for Py {
    fn from(value: &String) -> Self {
        Py::Str(value.clone())
    }
}

impl From<Uuid> for Py {
    fn from(value: Uuid) -> Self {
        Py::Uuid(value)
    }
}

impl<T: Into<Py>> From<Option<T>> for Py {
    fn from(value: Option<T>) -> Self {
        value.map_or(Py::None, Into::into)
    }
}

impl Display for Py {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Py::None => f.write_str("None"),
            Py::Int(value) => write!(f, "{value}"),
            Py::Str(value) => quoted(f, value),
            Py::Uuid(value) => write!(f, "UUID('{value}')"),
            Py::Raw(value) => f.write_str(value),
            Py::List(items) => joined(f, "[", items, "]"),
            Py::Tuple(items) if items.len() == 1 => joined(f, "(", items, ",)"),
            Py::Tuple(items) => joined(f, "(", items, ")"),
            Py::Dict(items) => {
                f.write_char('{')?;
                pairs(f, items)?;
                f.write_char('}')
            }
        }
    }
}

/// Metadata as it follows an error text: a dict without its braces.
pub fn metadata(items: &[(&str, Py)]) -> String {
    let items: Vec<_> = items.iter().map(|(key, value)| (Py::from(*key), value.clone())).collect();
    let text = Py::Dict(items).to_string();
    text.trim_start_matches('{').strip_suffix('}').unwrap_or_default().to_owned()
}

fn joined(f: &mut Formatter<'_>, open: &str, items: &[Py], close: &str) -> Result {
    f.write_str(open)?;
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        item.fmt(f)?;
    }
    f.write_str(close)
}

fn pairs(f: &mut Formatter<'_>, items: &[(Py, Py)]) -> Result {
    for (index, (key, value)) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{key}: {value}")?;
    }
    Ok(())
}

/// Single quotes, unless the text has one and no double quote.
fn quoted(f: &mut Formatter<'_>, text: &str) -> Result {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    f.write_char(quote)?;
    for c in text.chars() {
        match c {
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if c == quote => write!(f, "\\{c}")?,
            c if (c as u32) < 0x20 || (0x7f..0xa1).contains(&(c as u32)) => write!(f, "\\x{:02x}", c as u32)?,
            c => f.write_char(c)?,
        }
    }
    f.write_char(quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_as_python_quotes_them() {
        assert_eq!(Py::from("a").to_string(), "'a'");
        assert_eq!(Py::from("it's").to_string(), "\"it's\"");
        assert_eq!(Py::from("it's \"x\"").to_string(), "'it\\'s \"x\"'");
        assert_eq!(Py::from("a\n\\\0é").to_string(), "'a\\n\\\\\\x00é'");
    }

    #[test]
    fn metadata_is_a_dict_without_braces() {
        let text = metadata(&[("id", Py::Int(5)), ("name", "x".into()), ("none", Py::None)]);
        assert_eq!(text, "'id': 5, 'name': 'x', 'none': None");
        assert_eq!(metadata(&[("a", Py::Dict(vec![(Py::Int(0), Py::List(vec![]))]))]), "'a': {0: []}");
    }
}

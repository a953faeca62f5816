//! What can be wrong with a request, in the words of the contract (confd.md 1.7 and 1.8).

use super::py::{Py, metadata};
use uuid::Uuid;

/// Every mistake of a body, one complete sentence each. Never empty where it is an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<String>);

impl Problems {
    pub fn one(text: impl Into<String>) -> Self {
        Problems(vec![text.into()])
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With the place that they are about (`lines[0]`) at the end of each.
    pub fn at(self, place: &str) -> Self {
        Problems(self.0.iter().map(|text| located(text, place)).collect())
    }
}

/// A sentence with the place it is about. One that names a place already is further inside: `lines[0].extensions[1]`.
pub fn located(text: &str, place: &str) -> String {
    let inner = text.rsplit_once(" (at ").filter(|(_, inner)| {
        inner.strip_suffix(')').is_some_and(|path| !path.contains(|c: char| c == '\'' || c.is_whitespace()))
    });
    match inner {
        Some((sentence, inner)) => format!("{sentence} (at {place}.{inner}"),
        None => format!("{text} (at {place})"),
    }
}

/// Metadata of an error: keys in the order in which they are printed.
pub type Meta<'a> = &'a [(&'a str, Py)];

fn with_meta(text: String, meta: Meta) -> String {
    if meta.is_empty() { text } else { format!("{text} ({})", metadata(meta)) }
}

/// The text of a 404 for a path that names something unknown.
pub fn not_found(resource: &str, meta: Meta) -> String {
    with_meta(format!("Resource Not Found - {resource} was not found"), meta)
}

/// A body that names something unknown.
pub fn param_not_found(field: &str, resource: &str, meta: Meta) -> Problems {
    Problems::one(with_meta(format!("Input Error - field '{field}': {resource} was not found"), meta))
}

pub fn already_exists(resource: &str, meta: Meta) -> Problems {
    Problems::one(with_meta(format!("Resource Error - {resource} already exists"), meta))
}

pub fn associated(left: &str, right: &str, meta: Meta) -> Problems {
    Problems::one(with_meta(format!("Resource Error - {left} is associated with a {right}"), meta))
}

pub fn missing_association(left: &str, right: &str, meta: Meta) -> Problems {
    Problems::one(with_meta(format!("Resource Error - {left} must be associated with a {right}"), meta))
}

pub fn not_permitted(sentence: &str, meta: Meta) -> Problems {
    Problems::one(with_meta(format!("Resource Error - Operation not permitted. {sentence}"), meta))
}

/// Two rows of different tenants; the keys are those of the table in confd.md 1.8.
pub fn different_tenants(left: (&str, Uuid), right: (&str, Uuid)) -> Problems {
    let meta = [(left.0, Py::Str(left.1.to_string())), (right.0, Py::Str(right.1.to_string()))];
    Problems::one(with_meta("Resource Error - different tenants".to_owned(), &meta))
}

pub fn unhandled_context_type(kind: &str, meta: Meta) -> Problems {
    Problems::one(with_meta(format!("Resource Error - ContextType '{kind}' cannot be associated"), meta))
}

pub fn outside_context_range(exten: &str, context: &str) -> Problems {
    Problems::one(format!("Input Error - Extension '{exten}' is outside of range for context '{context}'"))
}

/// A mistake in one field of a body: `Input Error - <field>: <messages>`.
pub fn field(name: &str, messages: &Py) -> String {
    format!("Input Error - {name}: {messages}")
}

/// A mistake in one field with a single message.
pub fn field_message(name: &str, message: &str) -> Problems {
    Problems::one(field(name, &Py::List(vec![message.into()])))
}

#[cfg(test)]
mod tests {
    use super::located;

    #[test]
    fn places_are_joined_from_the_inside_out() {
        let inner = located("Extension already exists ('exten': '1')", "extensions[0]");
        assert_eq!(
            located(&inner, "lines[1]"),
            "Extension already exists ('exten': '1') (at lines[1].extensions[0])"
        );
        assert_eq!(located("User ('name': 'x (at y')", "a"), "User ('name': 'x (at y') (at a)");
    }
}

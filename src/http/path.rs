//! Route paths: `/users/{user:key}/lines/{line:int}`. A placeholder's type decides what it matches (confd.md 1.4).

use uuid::Uuid;

/// What a placeholder takes. In a path: `{line:int}`; without a type it is a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Int,
    Uuid,
    /// An int or a uuid.
    Key,
    /// An int or `main`.
    Line,
    /// Anything, but nothing.
    Text,
}

impl Kind {
    pub fn of(name: &str) -> Kind {
        match name {
            "int" => Kind::Int,
            "uuid" => Kind::Uuid,
            "key" => Kind::Key,
            "line" => Kind::Line,
            _ => Kind::Text,
        }
    }

    /// Is `value` one? A uuid is written with its hyphens.
    pub fn takes(self, value: &str) -> bool {
        let int = || !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let uuid = || value.len() == 36 && Uuid::try_parse(value).is_ok();
        match self {
            Kind::Int => int(),
            Kind::Uuid => uuid(),
            Kind::Key => int() || uuid(),
            Kind::Line => int() || value == "main",
            Kind::Text => !value.is_empty(),
        }
    }
}

/// The path with numbers in the place of its placeholders: `/users/{0}/lines/{1}`.
pub fn to_shape(path: &str) -> String {
    let mut number = 0;
    replace(path, |_, _| {
        number += 1;
        format!("{{{}}}", number - 1)
    })
}

/// The path as OpenAPI writes it.
pub fn to_openapi(path: &str) -> String {
    replace(path, |name, _| format!("{{{name}}}"))
}

/// The placeholders: name and type.
pub fn placeholders(path: &str) -> Vec<(&str, &str)> {
    path.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(inner, _)| inner.split_once(':').unwrap_or((inner, "text")))
        .collect()
}

fn replace(path: &str, mut with: impl FnMut(&str, &str) -> String) -> String {
    placeholders(path).into_iter().fold(path.to_owned(), |path, (name, kind)| {
        let typed = format!("{{{name}:{kind}}}");
        let bare = format!("{{{name}}}");
        let with = with(name, kind);
        path.replace(&typed, &with).replace(&bare, &with)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_numbers_and_plain_names() {
        assert_eq!(to_shape("/lines/{line:int}/{b}"), "/lines/{0}/{1}");
        assert_eq!(to_openapi("/a/{b:uuid}/{c:text}"), "/a/{b}/{c}");
        assert_eq!(placeholders("/a/{b:uuid}/{c}"), [("b", "uuid"), ("c", "text")]);
    }
}

//! Route paths: `/users/{user:key}/lines/{line:int}`. A placeholder's type decides what it matches (confd.md 1.4).

const UUID: &str = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

/// The path as actix matches it.
pub fn to_actix(path: &str) -> String {
    replace(path, |name, kind| {
        let pattern = match kind {
            "int" => "[0-9]+".to_owned(),
            "uuid" => UUID.to_owned(),
            "key" => format!("[0-9]+|{UUID}"),
            "line" => "[0-9]+|main".to_owned(),
            _ => "[^/]+".to_owned(),
        };
        format!("{{{name}:{pattern}}}")
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

fn replace(path: &str, with: impl Fn(&str, &str) -> String) -> String {
    placeholders(path).into_iter().fold(path.to_owned(), |path, (name, kind)| {
        let typed = format!("{{{name}:{kind}}}");
        let bare = format!("{{{name}}}");
        path.replace(&typed, &with(name, kind)).replace(&bare, &with(name, kind))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_patterns_and_plain_names() {
        assert_eq!(to_actix("/lines/{line:int}"), "/lines/{line:[0-9]+}");
        assert_eq!(to_openapi("/a/{b:uuid}/{c:text}"), "/a/{b}/{c}");
        assert_eq!(placeholders("/a/{b:uuid}/{c}"), [("b", "uuid"), ("c", "text")]);
    }
}

//! The caller id of a line is the `callerid` option of its SIP endpoint (confd.md 3.1).

use super::Options;
use crate::domain::schema::{Pattern, pattern};
use std::sync::LazyLock;

static CALLER_ID: Pattern = LazyLock::new(|| pattern(r#"^"([^"]+)"\s+(?:<(\+?[0-9A-Z]+)>)?"#));

static OF_USER: Pattern = LazyLock::new(|| pattern(r#"^"(.*)"\s*(?:<(\+?[0-9A-Z]+)>)?\s*$"#));

/// A line's caller id as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallerId {
    pub name: Option<String>,
    pub num: Option<String>,
}

/// Reads the `callerid` option. A name without a blank behind it reads as nothing, as it always did.
pub fn caller_id(endpoint: &Options) -> CallerId {
    let found = endpoint.iter().find(|(key, _)| key == "callerid");
    let Some(parts) = found.and_then(|(_, value)| CALLER_ID.captures(value)) else {
        return CallerId::default();
    };
    let part = |index| parts.get(index).map(|text| text.as_str().to_owned());
    CallerId { name: part(1), num: part(2) }
}

/// Reads the caller id of a user: a name in quotes, perhaps a number. Other text is a name.
pub fn user_caller_id(text: &str) -> CallerId {
    let Some(parts) = OF_USER.captures(text) else {
        return CallerId { name: Some(text.trim_matches('"').to_owned()), num: None };
    };
    let part = |index| parts.get(index).map(|text| text.as_str().to_owned());
    CallerId { name: part(1), num: part(2) }
}

/// Replaces the `callerid` option, or adds it at the end.
pub fn set_caller_id(endpoint: &mut Options, value: String) {
    match endpoint.iter_mut().find(|(key, _)| key == "callerid") {
        Some((_, old)) => *old = value,
        None => endpoint.push(("callerid".to_owned(), value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> CallerId {
        caller_id(&vec![("callerid".to_owned(), value.to_owned())])
    }

    #[test]
    fn a_caller_id_reads_as_the_contract_says() {
        let id = |name: Option<&str>, num: Option<&str>| CallerId {
            name: name.map(str::to_owned),
            num: num.map(str::to_owned),
        };
        assert_eq!(read(r#""Bob" <100>"#), id(Some("Bob"), Some("100")));
        assert_eq!(read(r#""Bob" <None>"#), id(Some("Bob"), None));
        assert_eq!(read(r#""Zed""#), id(None, None));
        assert_eq!(read("wazo"), id(None, None));
    }
}

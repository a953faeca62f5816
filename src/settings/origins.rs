//! `http.origins`: the origins whose pages may use the API in a browser.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Origins as browsers send them: `https://panel.example.com`, `http://localhost:8080`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Origins {
    /// `*`
    #[default]
    Any,
    These(Vec<String>),
}

impl<'de> Deserialize<'de> for Origins {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Origins, D::Error> {
        let texts = super::texts(from)?;
        if texts == ["*"] {
            return Ok(Origins::Any);
        }
        match texts.iter().find(|text| !is_origin(text)) {
            Some(text) => Err(D::Error::custom(format!(
                "{text:?} is no origin: \"*\" alone, or such as \"https://panel.example.com\" are expected"
            ))),
            None => Ok(Origins::These(texts)),
        }
    }
}

/// Scheme, host and perhaps a port, in small letters, with nothing behind: else it would never be equal to what a browser
/// sends.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
    let usual = if text.starts_with("https") { ":443" } else { ":80" };
    !host.is_empty() && host.bytes().all(known) && !host.ends_with(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Origins, String> {
        let value = format!("origins = {text}").parse::<toml::Table>().unwrap().remove("origins").unwrap();
        Origins::deserialize(value).map_err(|error| error.to_string())
    }

    #[test]
    fn origins_are_all_none_or_a_list() {
        let these = |list: &[&str]| Ok(Origins::These(list.iter().map(ToString::to_string).collect()));
        assert_eq!(read("\"*\""), Ok(Origins::Any));
        assert_eq!(read("[\"*\"]"), Ok(Origins::Any));
        assert_eq!(read("[]"), these(&[]));
        let two = ["https://panel.example.com", "http://[::1]:8080"];
        assert_eq!(read("[\"https://panel.example.com\", \"http://[::1]:8080\"]"), these(&two));
        assert_eq!(read("\"https://panel.example.com, http://[::1]:8080\""), these(&two));
    }

    #[test]
    fn what_no_browser_sends_as_its_origin_is_refused() {
        for text in [
            "panel.example.com",
            "https://panel.example.com/",
            "https://Panel.example.com",
            "https://",
            "https://*.example.com",
            "https://panel.example.com:443",
            "null",
        ] {
            assert!(read(&format!("[{text:?}]")).unwrap_err().contains("is no origin"), "{text}");
        }
        assert!(read("[\"*\", \"https://panel.example.com\"]").is_err());
    }
}

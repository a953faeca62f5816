//! Secrets out of JSON that is kept or shown: a password's place stays, its text does not.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// What stands in the place of a secret.
pub const MASK: &str = "***";

/// Largest JSON text that is kept whole, in bytes.
const LONGEST: usize = 64 * 1024;

/// Keys whose text nobody else may read, or the last word of such keys.
const SECRETS: [&str; 7] = ["token", "pin", "md5_cred", "password_digest", "priv_key", "private_key", "hash"];
/// How such keys end, whatever stands before it: Asterisk has `turnpassword`, `imapsecret`.
const ENDS: [&str; 4] = ["password", "passwd", "secret", "passphrase"];

/// A JSON text with its secrets masked: in objects by the key, in options (`["password", "x"]`) by the first of two
/// texts. A boolean or `null` says nothing that is secret. Of a text that is too long only the size is told. Nothing for
/// what is no JSON.
pub fn masked(text: &[u8]) -> Option<String> {
    if text.len() > LONGEST {
        return Some(format!("{{\"bytes\": {}}}", text.len()));
    }
    String::from_utf8(without_secrets(text).ok()?).ok()
}

/// A JSON text of any length with its secrets masked.
///
/// # Errors
/// It is no JSON.
pub fn without_secrets(text: &[u8]) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut reader = serde_json::Deserializer::from_slice(text);
    Place { out: &mut out, of: Of::Other }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(out)
}

fn is_secret(key: &str) -> bool {
    // What stands before `end`, when the key ends so, in any case.
    let before = |end: &str| {
        let (before, rest) = key.as_bytes().split_at_checked(key.len().checked_sub(end.len())?)?;
        rest.eq_ignore_ascii_case(end.as_bytes()).then_some(before)
    };
    ENDS.iter().any(|end| before(end).is_some())
        || SECRETS.iter().any(|secret| {
            before(secret).is_some_and(|before| before.last().is_none_or(|last| b"_-.@".contains(last)))
        })
}

/// What was read at a place.
enum Seen {
    /// A text; at [`Of::First`] whether it names a secret, else not.
    Text { names_secret: bool },
    /// Nothing that a mask would change.
    Other,
}

/// What a value is of what is around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    /// It is secret if it is a text or a number.
    Secret,
    /// It may be an option's name.
    First,
    Other,
}

/// A value on its way from one text to the other, without being kept.
struct Place<'o> {
    out: &'o mut Vec<u8>,
    of: Of,
}

impl Place<'_> {
    fn quote<E: serde::de::Error>(&mut self, text: &str) -> Result<(), E> {
        serde_json::to_writer(&mut *self.out, text).map_err(E::custom)
    }

    fn number<E: serde::de::Error>(mut self, number: impl serde::Serialize) -> Result<Seen, E> {
        if self.of == Of::Secret {
            self.quote(MASK)?;
        } else {
            serde_json::to_writer(self.out, &number).map_err(E::custom)?;
        }
        Ok(Seen::Other)
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Seen;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Seen, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = Seen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Seen, E> {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(Seen::Other)
    }

    fn visit_unit<E>(self) -> Result<Seen, E> {
        self.out.extend_from_slice(b"null");
        Ok(Seen::Other)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Seen, E> {
        self.number(number)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Seen, E> {
        self.number(number)
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Seen, E> {
        self.number(number)
    }

    fn visit_str<E: serde::de::Error>(mut self, text: &str) -> Result<Seen, E> {
        let shown = if self.of == Of::Secret && !text.is_empty() { MASK } else { text };
        self.quote(shown)?;
        let names_secret = self.of == Of::First && is_secret(text);
        Ok(if text.is_empty() { Seen::Other } else { Seen::Text { names_secret } })
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Seen, A::Error> {
        let mut before = b'{';
        while let Some(key) = map.next_key::<std::borrow::Cow<'_, str>>()? {
            self.out.push(before);
            self.quote(&key)?;
            self.out.push(b':');
            map.next_value_seed(Place {
                out: self.out,
                of: if is_secret(&key) { Of::Secret } else { Of::Other },
            })?;
            before = b',';
        }
        if before == b'{' {
            self.out.push(before);
        }
        self.out.push(b'}');
        Ok(Seen::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Seen, A::Error> {
        let (mut before, mut count, mut first) = (b'[', 0, Seen::Other);
        // Where the second item begins when it is the value of a secret option, if no third one follows.
        let mut secret = None;
        loop {
            let at = self.out.len() + 1;
            self.out.push(before);
            let of = if count == 0 { Of::First } else { Of::Other };
            let Some(seen) = items.next_element_seed(Place { out: self.out, of })? else { break };
            (before, count) = (b',', count + 1);
            secret = match (&first, &seen) {
                (Seen::Text { names_secret: true }, Seen::Text { .. }) if count == 2 => Some(at),
                _ => None,
            };
            if count == 1 {
                first = seen;
            }
        }
        if count > 0 {
            self.out.pop();
        }
        if let Some(at) = secret {
            self.out.truncate(at);
            self.quote(MASK)?;
        }
        self.out.push(b']');
        Ok(Seen::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn what_is_secret_is_masked_wherever_it_stands() {
        let text = br#"{"password": "a", "name": "Ada", "admin_pin": 12, "ask_password": true, "pin": null,
            "spin": "x", "auth_section_options": [["username", "u"], ["password", "b"]],
            "lines": [{"endpoint_sip": {"auth": {"Secret": "c"}}}], "options": [["turnpassword", "d"],
            ["password_digest", "MD5:e"], ["secretary", "f"]]}"#;
        assert_eq!(
            masked(text).unwrap(),
            r#"{"password":"***","name":"Ada","admin_pin":"***","ask_password":true,"pin":null,"spin":"x","auth_section_options":[["username","u"],["password","***"]],"lines":[{"endpoint_sip":{"auth":{"Secret":"***"}}}],"options":[["turnpassword","***"],["password_digest","***"],["secretary","f"]]}"#
        );
        assert_eq!(masked(b"no json"), None);
        assert_eq!(masked(b"{} {}"), None);
    }

    #[test]
    fn what_is_not_secret_stays_as_it_is() {
        for text in [
            r#"{"a":[],"b":{},"c":[{}],"d":"\u0001\"\\é","e":-5,"f":1.5,"g":18446744073709551615,"h":null}"#,
            r#"[["password",""],["password"],["password",1],["password","a","b"],["a","password"],[["password"],"a"]]"#,
            r#"{"token":"","pin":[1,"2"],"secret":{"a":"b"},"hash":false}"#,
        ] {
            assert_eq!(masked(text.as_bytes()).unwrap(), text);
        }
    }

    #[test]
    fn of_a_long_text_the_size_is_kept() {
        assert_eq!(masked(&vec![b'1'; 70_000]).unwrap(), r#"{"bytes": 70000}"#);
    }
}

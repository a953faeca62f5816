//! Secrets out of JSON that is kept or shown: a password's place stays, its text does not.

use serde_json::Value;

/// What stands in the place of a secret.
pub const MASK: &str = "***";

/// Largest JSON text that is kept whole, in bytes.
const LONGEST: usize = 64 * 1024;

/// Keys whose text nobody else may read, or the last word of such keys.
const SECRETS: [&str; 7] = ["token", "pin", "md5_cred", "password_digest", "priv_key", "private_key", "hash"];
/// How such keys end, whatever stands before it: Asterisk has `turnpassword`, `imapsecret`.
const ENDS: [&str; 4] = ["password", "passwd", "secret", "passphrase"];

/// A JSON text with its secrets masked; of one that is too long only the size is told. Nothing for what is no JSON.
pub fn masked(text: &[u8]) -> Option<String> {
    if text.len() > LONGEST {
        return Some(format!("{{\"bytes\": {}}}", text.len()));
    }
    let mut value: Value = serde_json::from_slice(text).ok()?;
    mask(&mut value);
    Some(value.to_string())
}

/// Masks every secret in a value: in objects by its key, in options (`["password", "x"]`) by the first of two texts.
pub fn mask(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                if is_secret(key) { hide(value) } else { mask(value) }
            }
        }
        Value::Array(items) => {
            if let [Value::String(key), secret @ Value::String(_)] = items.as_mut_slice()
                && is_secret(key)
            {
                return hide(secret);
            }
            items.iter_mut().for_each(mask);
        }
        _ => {}
    }
}

fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ENDS.iter().any(|end| key.ends_with(end))
        || SECRETS.iter().any(|secret| {
            key.strip_suffix(secret)
                .is_some_and(|before| before.is_empty() || before.ends_with(['_', '-', '.', '@']))
        })
}

/// Hides a text; a boolean or `null` says nothing that is secret.
fn hide(value: &mut Value) {
    match value {
        Value::String(text) if text.is_empty() => {}
        Value::String(_) | Value::Number(_) => *value = Value::from(MASK),
        other => mask(other),
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
    }

    #[test]
    fn of_a_long_text_the_size_is_kept() {
        assert_eq!(masked(&vec![b'1'; 70_000]).unwrap(), r#"{"bytes": 70000}"#);
    }
}

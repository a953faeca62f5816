//! AMI messages to and from bytes. The encoder fails closed, the decoder is tolerant and bounded.

use super::AmiError;

const LONGEST_LINE: usize = 64 * 1024;
const LONGEST_MESSAGE: usize = 1024 * 1024;

/// The bytes of one action. A control character in a name or value is refused: CR LF there would be a second action.
pub fn encode(action: &str, id: u64, fields: &[(&str, &str)]) -> Result<Vec<u8>, AmiError> {
    let mut bytes = Vec::with_capacity(128);
    put(&mut bytes, "Action", action)?;
    put(&mut bytes, "ActionID", &id.to_string())?;
    for (name, value) in fields {
        put(&mut bytes, name, value)?;
    }
    bytes.extend_from_slice(b"\r\n");
    Ok(bytes)
}

fn put(bytes: &mut Vec<u8>, name: &str, value: &str) -> Result<(), AmiError> {
    let clean = |text: &str| !text.chars().any(char::is_control);
    if name.is_empty() || name.contains(':') || !clean(name) || !clean(value) {
        return Err(AmiError::Unsafe(name.chars().filter(|c| !c.is_control()).collect()));
    }
    bytes.extend_from_slice(name.as_bytes());
    bytes.extend_from_slice(b": ");
    bytes.extend_from_slice(value.as_bytes());
    bytes.extend_from_slice(b"\r\n");
    Ok(())
}

/// One message: `Key: value` lines. One allocation for all of them, since a list has thousands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    text: String,
}

impl Message {
    /// Value of the first line with this key, in the case that Asterisk writes it.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            (name == key).then(|| value.strip_prefix(' ').unwrap_or(value))
        })
    }

    /// Values of all lines with this key, in order.
    pub fn all(&self, key: &str) -> impl Iterator<Item = &str> {
        self.text.lines().filter_map(move |line| {
            let (name, value) = line.split_once(':')?;
            (name == key).then(|| value.strip_prefix(' ').unwrap_or(value))
        })
    }

    /// Every line as key and value, in order.
    pub fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        self.text.lines().map(|line| {
            let (name, value) = line.split_once(':').unwrap_or(("", line));
            (name, value.strip_prefix(' ').unwrap_or(value))
        })
    }

    /// True when the line `key: value` is there.
    pub fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }
}

/// Cuts a stream of bytes into messages.
#[derive(Debug, Default)]
pub struct Decoder {
    buffer: Vec<u8>,
    /// How much of the buffer has been cut already.
    taken: usize,
    /// How far from there a line's end has been searched for.
    searched: usize,
    message: String,
}

impl Decoder {
    /// Where the connection reads into.
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        if self.taken > 0 {
            self.buffer.drain(..self.taken);
            self.taken = 0;
        }
        &mut self.buffer
    }

    /// The next line without its end, if there is a whole one.
    pub fn line(&mut self) -> Result<Option<String>, AmiError> {
        let rest = self.buffer.get(self.taken..).unwrap_or_default();
        let Some(end) = rest.iter().skip(self.searched).position(|byte| *byte == b'\n') else {
            self.searched = rest.len();
            return if rest.len() > LONGEST_LINE { Err(AmiError::TooLong) } else { Ok(None) };
        };
        let end = end + self.searched;
        self.searched = 0;
        if end > LONGEST_LINE {
            return Err(AmiError::TooLong);
        }
        let line = rest.get(..end).unwrap_or_default();
        let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned();
        self.taken += end + 1;
        Ok(Some(line))
    }

    /// The next message, if there is a whole one. Blank lines between messages are skipped.
    pub fn message(&mut self) -> Result<Option<Message>, AmiError> {
        while let Some(line) = self.line()? {
            if !line.is_empty() {
                if self.message.len() + line.len() > LONGEST_MESSAGE {
                    return Err(AmiError::TooLong);
                }
                self.message.push_str(&line);
                self.message.push('\n');
            } else if !self.message.is_empty() {
                return Ok(Some(Message { text: std::mem::take(&mut self.message) }));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode(bytes: &[u8], step: usize) -> Result<Vec<Message>, AmiError> {
        let mut decoder = Decoder::default();
        let mut messages = Vec::new();
        for chunk in bytes.chunks(step.max(1)) {
            decoder.buffer().extend_from_slice(chunk);
            while let Some(message) = decoder.message()? {
                messages.push(message);
            }
        }
        Ok(messages)
    }

    #[test]
    fn a_line_break_in_a_field_is_refused() {
        for value in ["a\r\nAction: Originate", "a\n", "a\r", "\0"] {
            assert!(matches!(encode("Reload", 1, &[("Module", value)]), Err(AmiError::Unsafe(_))));
            assert!(encode("Reload", 1, &[(value, "x")]).is_err());
            assert!(encode(value, 1, &[]).is_err());
        }
    }

    #[test]
    fn an_endless_line_is_refused() {
        assert!(matches!(decode(&vec![b'a'; LONGEST_LINE + 2], 4096), Err(AmiError::TooLong)));
        let endless = "Key: value\r\n".repeat(LONGEST_MESSAGE / 10);
        assert!(matches!(decode(endless.as_bytes(), 4096), Err(AmiError::TooLong)));
    }

    #[test]
    fn an_empty_value_and_a_missing_blank_are_read() {
        let messages = decode(b"Realm:\r\nA:b\r\nno colon here\r\n\r\n", 3).unwrap();
        assert_eq!(messages[0].get("Realm"), Some(""));
        assert_eq!(messages[0].get("A"), Some("b"));
        assert_eq!(messages[0].get("Other"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..2000), step in 1usize..50) {
            let whole = decode(&bytes, usize::MAX).unwrap();
            prop_assert_eq!(decode(&bytes, step).unwrap(), whole);
        }

        #[test]
        fn what_is_encoded_is_decoded(value in "[^\\p{Cc}]{0,60}", step in 1usize..40) {
            let bytes = encode("Getvar", 7, &[("Variable", &value)]).unwrap();
            let messages = decode(&bytes, step).unwrap();
            prop_assert_eq!(messages.len(), 1);
            prop_assert_eq!(messages[0].get("Variable"), Some(value.as_str()));
            prop_assert_eq!(messages[0].get("ActionID"), Some("7"));
        }

        #[test]
        fn one_action_never_becomes_two(name in any::<String>(), value in any::<String>()) {
            if let Ok(bytes) = encode("Getvar", 1, &[(&name, &value)]) {
                prop_assert_eq!(decode(&bytes, 1).unwrap().len(), 1);
            }
        }
    }
}

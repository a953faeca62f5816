//! How a value becomes part of an Asterisk configuration file, failing closed.
//!
//! Asterisk's parser: `;` starts a comment unless a backslash stands right before it, which is then
//! removed; a backslash is otherwise literal; blanks at both ends of a value are lost; `#`, `[` and `=`
//! mean something only before the `=` of a line. So a value needs `\;` and no line break, and that is all.

use std::borrow::Cow;
use std::fmt::{self, Write};

use super::RenderError;

/// The escaper of every `.conf` template.
#[derive(Debug, Clone, Copy, Default)]
pub struct Conf;

impl askama::filters::Escaper for Conf {
    fn write_escaped_str<W: Write>(&self, mut dest: W, value: &str) -> fmt::Result {
        // Nearly every value is plain, and one look at all its bytes tells, several at a time since nothing
        // leaves early (0xC2 leads the control characters above 127).
        let special = |byte: u8| (byte < b' ') | (byte == b';') | (byte == 0x7f) | (byte == 0xc2);
        if !value.bytes().fold(false, |found, byte| found | special(byte)) {
            return dest.write_str(value);
        }
        if value.chars().any(char::is_control) {
            return Err(fmt::Error);
        }
        let mut parts = value.split(';');
        dest.write_str(parts.next().unwrap_or_default())?;
        parts.try_for_each(|part| {
            dest.write_str("\\;")?;
            dest.write_str(part)
        })
    }
}

/// A value as Asterisk will see it: without the blanks at its ends.
pub fn trim(value: &str) -> &str {
    match value.as_bytes() {
        [b' ', ..] | [.., b' '] => value.trim_matches(' '),
        _ => value,
    }
}

/// Text for a comment: nothing in it may end its line or look like the start or the end of a block comment
/// (`;--`).
pub fn comment(text: &str) -> Cow<'_, str> {
    let text = trim(text);
    let special = |c: char| c == ';' || c.is_control();
    if text.contains(special) { Cow::Owned(text.replace(special, ",")) } else { Cow::Borrowed(text) }
}

/// The name of a section, context, object: letters, digits, `-`, `_` and `.` only.
pub fn name<'a>(what: &'static str, name: &'a str) -> Result<&'a str, RenderError> {
    if is_name(name) { Ok(name) } else { Err(RenderError::Name { what, name: name.to_owned() }) }
}

/// True when `name` is a plain name.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

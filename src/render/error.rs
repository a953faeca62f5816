//! What can keep a model from becoming files.

/// Why a model cannot be rendered. The texts name the object and never show a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// A value holds a control character, which could start a new line or end a value.
    #[error("{file}: {object:?} has a value with a control character")]
    ControlCharacter { file: &'static str, object: String },
    /// Asterisk reads at most 8190 bytes a line.
    #[error("{file}: {object:?} has a line of {bytes} bytes, Asterisk reads 8190")]
    LineTooLong { file: &'static str, object: String, bytes: usize },
    /// A name that would change the meaning of the line it stands in.
    #[error("{what} {name:?} is not a name for Asterisk")]
    Name { what: &'static str, name: String },
}

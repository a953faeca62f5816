//! A small client for Asterisk's manager interface (AMI): login, actions, lists, events.
//! What belongs here: bytes on the wire. What does not: what an answer means for the configuration.

mod client;
mod codec;

pub use client::Client;
pub use codec::{Decoder, Message, encode};

/// Why an AMI exchange failed. No variant carries the secret.
#[derive(Debug, thiserror::Error)]
pub enum AmiError {
    #[error("a control character in the AMI field {0}")]
    Unsafe(String),
    #[error("AMI sent a line or message that is too long")]
    TooLong,
    #[error("AMI connection closed")]
    Closed,
    #[error("AMI connection failed: {0}")]
    Io(#[from] std::io::Error),
    #[error("AMI action {action} got no answer in {seconds} s")]
    Timeout { action: String, seconds: u64 },
    #[error("AMI action {action} was refused: {message}")]
    Refused { action: String, message: String },
}

impl AmiError {
    /// True when the connection is of no more use.
    pub fn is_fatal(&self) -> bool {
        match self {
            Self::Unsafe(_) | Self::Refused { .. } => false,
            Self::TooLong | Self::Closed | Self::Io(_) | Self::Timeout { .. } => true,
        }
    }
}

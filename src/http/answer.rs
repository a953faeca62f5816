//! What a handler answers.

use super::json;
use crate::domain::mask;
use crate::error::Result;
use serde::Serialize;

/// A successful answer.
#[derive(Debug)]
pub enum Answer {
    /// 200, or 503 for a question about a state that is not reached.
    Json { status: u16, body: Vec<u8> },
    /// 201 with `Location`.
    Created { location: String, body: Vec<u8> },
    /// 200 with something that is not JSON.
    File { content_type: &'static str, body: Vec<u8> },
    /// 200 with a header of its own.
    Marked { body: Vec<u8>, header: (&'static str, String) },
    /// 204.
    Empty,
}

/// One entry of a resource's `links`.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Link {
    pub rel: &'static str,
    pub href: String,
}

impl Answer {
    /// The same with its secrets masked. Nothing when it is a table, in which they can't be told from the rest.
    ///
    /// # Errors
    /// The value can't be written as JSON.
    pub fn without_secrets(self) -> Result<Option<Answer>> {
        let masked = |body: Vec<u8>| {
            let value: serde_json::Value = serde_json::from_slice(&mask::without_secrets(&body)?)?;
            json::to_bytes(&value)
        };
        Ok(match self {
            Answer::Json { status, body } => Some(Answer::Json { status, body: masked(body)? }),
            Answer::Created { location, body } => Some(Answer::Created { location, body: masked(body)? }),
            Answer::Marked { body, header } => Some(Answer::Marked { body: masked(body)?, header }),
            Answer::File { content_type, .. } if content_type.starts_with("text/") => None,
            Answer::File { .. } | Answer::Empty => Some(self),
        })
    }

    /// 200 with a body.
    ///
    /// # Errors
    /// The value can't be written as JSON.
    pub fn json(value: &impl Serialize) -> Result<Answer> {
        Ok(Answer::Json { status: 200, body: json::to_bytes(value)? })
    }

    /// 200 with a body and a header.
    ///
    /// # Errors
    /// The value can't be written as JSON.
    pub fn marked(value: &impl Serialize, header: (&'static str, String)) -> Result<Answer> {
        Ok(Answer::Marked { body: json::to_bytes(value)?, header })
    }

    /// Another status with a body.
    ///
    /// # Errors
    /// The value can't be written as JSON.
    pub fn with_status(status: u16, value: &impl Serialize) -> Result<Answer> {
        Ok(Answer::Json { status, body: json::to_bytes(value)? })
    }

    /// 201: `location` is the new resource's href.
    ///
    /// # Errors
    /// The value can't be written as JSON.
    pub fn created(location: String, value: &impl Serialize) -> Result<Answer> {
        Ok(Answer::Created { location, body: json::to_bytes(value)? })
    }
}

//! The one error of the program: its variants say what the caller can do. No HTTP type here.

use crate::apply::LiveError;
use crate::domain::problems::{self, Meta, Problems, not_found};
use crate::domain::refusal::Refusal;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Correct the request: every mistake, in the contract's words.
    #[error("{}", .0.0.join("; "))]
    Invalid(Problems),
    /// The path names something that does not exist, or that the caller may not see.
    #[error("{0}")]
    NotFound(String),
    /// Correct the request: what is wrong is told in a shape of the route's own, the whole body of the 400.
    #[error("{0}")]
    Report(serde_json::Value),
    /// What the auth API says no with.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// Come back with another token.
    #[error("{0}")]
    Unauthorized(String),
    /// Try again later: a full disk, a busy database. Nothing was stored.
    #[error("{0}")]
    Unavailable(String),
    /// A fault of ours. Nothing was stored.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    pub fn not_found(resource: &str, meta: Meta) -> Self {
        Error::NotFound(not_found(resource, meta))
    }

    /// A refusal of one part of a body, with the part's place (`lines[0]`) at the end of each sentence.
    pub fn at(self, place: &str) -> Error {
        match self {
            Error::Invalid(problems) => Error::Invalid(problems.at(place)),
            Error::NotFound(text) => Error::NotFound(problems::located(&text, place)),
            error @ (Error::Report(_)
            | Error::Refused(_)
            | Error::Unauthorized(_)
            | Error::Unavailable(_)
            | Error::Internal(_)) => error,
        }
    }

    /// Worth trying the very same request again?
    pub fn retryable(&self) -> bool {
        matches!(self, Error::Unavailable(_))
    }
}

/// Puts a refusal to those that were found before, so that a body's mistakes are told together.
///
/// # Errors
/// Any error that is no refusal of the body.
pub fn gather<T>(problems: &mut Problems, result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::Invalid(more)) => {
            problems.0.extend(more.0);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Refuses when something was gathered.
///
/// # Errors
/// 400 with all of it.
pub fn refuse(problems: Problems) -> Result<()> {
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        Error::Invalid(problems)
    }
}

impl From<LiveError> for Error {
    fn from(error: LiveError) -> Self {
        Error::Unavailable(error.to_string())
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(Box::new(refusal))
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, DiskFull, SystemIoFailure};
        match error.sqlite_error_code() {
            Some(DiskFull | SystemIoFailure) => Error::Unavailable(format!(
                "Storage failed, nothing was stored: {error}. Free some space in storage.dir and try again"
            )),
            Some(DatabaseBusy | DatabaseLocked) => {
                Error::Unavailable("The database is busy, nothing was stored. Try again".to_owned())
            }
            _ => Error::Internal(error.to_string()),
        }
    }
}

impl From<r2d2::Error> for Error {
    fn from(error: r2d2::Error) -> Self {
        Error::Unavailable(format!("No database connection is free: {error}"))
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::Internal(format!("A value does not have the shape that its schema promised: {error}"))
    }
}

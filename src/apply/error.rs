//! What can go wrong between the database and Asterisk.

use std::io;
use std::path::PathBuf;

use super::ami::AmiError;

/// One failed attempt to apply.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error("the configuration could not be read or rendered: {0}")]
    Render(String),
    #[error(
        "{0} exists and was not written by cordboard: move it away, or put what you need of it into custom/; nothing was applied"
    )]
    Foreign(PathBuf),
    #[error("{}: {source}{}", .path.display(), hint(.source))]
    File { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Ami(#[from] AmiError),
    #[error("{0}")]
    Mismatch(String),
    #[error("{0}")]
    Asterisk(String),
}

impl ApplyError {
    /// Puts the path to an IO error.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            " (the configuration that runs is kept, and the change is applied when there is room)"
        }
        _ => "",
    }
}

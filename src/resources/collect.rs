//! Every mistake of a request that makes many things at once: each part is tried in a savepoint of its own, and what
//! is against it is remembered.

use crate::db::WriteTx;
use crate::domain::problems::Problems;
use crate::error::{Error, Result};

/// What is wrong so far.
#[derive(Debug, Default)]
pub struct Collected {
    texts: Vec<String>,
    /// A mistake of another kind than 404 was seen.
    invalid: bool,
}

impl Collected {
    /// Sentences that say themselves where they belong.
    pub fn extend(&mut self, problems: Problems) {
        self.invalid |= !problems.is_empty();
        self.texts.extend(problems.0);
    }

    /// Runs one part. What is wrong with it is remembered with the place of the part (`lines[0]`), and nothing of it
    /// stays.
    ///
    /// # Errors
    /// What is not the request's fault.
    pub fn attempt<T>(
        &mut self,
        tx: &WriteTx,
        place: &str,
        f: impl FnOnce(&WriteTx) -> Result<T>,
    ) -> Result<Option<T>> {
        match tx.nested(f).map_err(|error| error.at(place)) {
            Ok(value) => return Ok(Some(value)),
            Err(Error::Invalid(problems)) => self.extend(problems),
            Err(Error::NotFound(text)) => self.texts.push(text),
            Err(
                error @ (Error::Report(_)
                | Error::Refused(_)
                | Error::Unauthorized(_)
                | Error::Unavailable(_)
                | Error::Internal(_)),
            ) => return Err(error),
        }
        Ok(None)
    }

    /// Goes on only when nothing is wrong.
    ///
    /// # Errors
    /// 404 when the only mistake is something unknown, else 400 with every mistake.
    pub fn finish(self) -> Result<()> {
        let mut texts = self.texts;
        match (texts.pop(), self.invalid) {
            (None, _) => Ok(()),
            (Some(only), false) if texts.is_empty() => Err(Error::NotFound(only)),
            (Some(last), _) => {
                texts.push(last);
                Err(Problems(texts).into())
            }
        }
    }
}

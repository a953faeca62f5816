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
        match tx.nested(f) {
            Ok(value) => Ok(Some(value)),
            Err(Error::Invalid(problems)) => {
                self.invalid = true;
                self.texts.extend(problems.0.into_iter().map(|text| located(&text, place)));
                Ok(None)
            }
            Err(Error::NotFound(text)) => {
                self.texts.push(located(&text, place));
                Ok(None)
            }
            Err(error @ (Error::Unauthorized(_) | Error::Unavailable(_) | Error::Internal(_))) => Err(error),
        }
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

/// A sentence with the place it is about; one that has a deeper place already keeps that.
fn located(text: &str, place: &str) -> String {
    match text.rsplit_once(" (at ") {
        _ if place.is_empty() => text.to_owned(),
        Some((sentence, deeper)) => format!("{sentence} (at {place}.{deeper}"),
        None => format!("{text} (at {place})"),
    }
}

#[cfg(test)]
mod tests {
    use super::located;

    #[test]
    fn places_are_joined_from_the_inside_out() {
        let inner = located("Extension already exists ('exten': '1')", "extensions[0]");
        assert_eq!(
            located(&inner, "lines[1]"),
            "Extension already exists ('exten': '1') (at lines[1].extensions[0])"
        );
        assert_eq!(located("User", ""), "User");
    }
}

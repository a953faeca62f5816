//! The feature codes that are switched on, and the numbers of programmable keys for them.

use crate::domain::programmable::{self, FEATURE, LAMPS};
use crate::error::Result;
use crate::resources::features;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// What is dialled first, by feature.
pub struct Codes {
    codes: BTreeMap<String, String>,
}

impl Codes {
    /// # Errors
    /// The database can't be read.
    pub fn load(connection: &Connection) -> Result<Codes> {
        let enabled = features::store::all(connection)?.into_iter().filter(|feature| feature.enabled);
        let codes = enabled.filter_map(|feature| {
            let code = programmable::code(&feature.exten)?.to_owned();
            Some((feature.feature, code))
        });
        Ok(Codes { codes: codes.collect() })
    }

    /// What is dialled for a feature; nothing when it is switched off.
    pub fn code(&self, feature: &str) -> Option<&str> {
        self.codes.get(feature).map(String::as_str)
    }

    /// The number of a user's key for a feature, with what follows its code.
    pub fn key(&self, user: i64, feature: &str, argument: Option<&str>) -> Option<String> {
        Some(programmable::number(self.code(FEATURE)?, user, self.code(feature)?, argument))
    }

    /// The number of a user's key, by the dialplan's word for what it does (`dnd`, `member-join`): also its lamp's name.
    pub fn lamp(&self, user: i64, word: &str, argument: Option<&str>) -> Option<String> {
        let (_, feature) = LAMPS.iter().find(|(known, _)| *known == word)?;
        self.key(user, feature, argument)
    }
}

//! Schedules, who follows them, and menus.

use super::rows::all;
use crate::error::Result;
use crate::model::{Ivr, Schedule};
use crate::resources::{ivr, schedules};
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Who follows which enabled schedule.
#[derive(Debug)]
pub struct Followed(BTreeMap<(String, i64), i64>);

impl Followed {
    /// The schedule of an owner, by its kind and id.
    pub fn by(&self, kind: &str, owner: i64) -> Option<i64> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&(kind.to_owned(), owner)).copied()
    }
}

pub fn followed(connection: &Connection) -> Result<Followed> {
    let rows = all(
        connection,
        "SELECT u.kind, u.owner_id, u.schedule_id FROM schedule_use u JOIN schedule s ON s.id = u.schedule_id
         WHERE s.enabled",
        |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)),
    )?;
    Ok(Followed(rows.into_iter().collect()))
}

/// Every enabled schedule, by id.
pub fn schedules(connection: &Connection) -> Result<Vec<Schedule>> {
    let rows = schedules::store::enabled(connection)?.into_iter().map(|row| Schedule {
        id: row.id,
        timezone: row.timezone,
        open: row.open_periods,
        exceptional: row.exceptional_periods,
    });
    Ok(rows.collect())
}

/// Every menu, by id.
pub fn ivrs(connection: &Connection) -> Result<Vec<Ivr>> {
    let rows = ivr::store::all(connection)?.into_iter().map(|row| Ivr {
        id: row.id,
        greeting: row.greeting_sound,
        menu: row.menu_sound,
        invalid: row.invalid_sound,
        abort: row.abort_sound,
        timeout: row.timeout,
        max_tries: row.max_tries,
        choices: row.choices.into_iter().map(|choice| choice.exten).collect(),
    });
    Ok(rows.collect())
}

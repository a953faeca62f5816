//! What users switch, and their phones too: forwards and services (table `user_switch`). A user without a row has
//! what `Default` says.

use crate::clock;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use rusqlite::{Connection, params};
use serde::Serialize;
use std::collections::HashMap;

#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
pub struct Forwards {
    pub busy: Forward,
    pub noanswer: Forward,
    pub unconditional: Forward,
}

#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
pub struct Forward {
    pub enabled: bool,
    pub destination: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, Serialize, schemars::JsonSchema)]
pub struct Services {
    pub dnd: Service,
    pub incallfilter: Service,
}

#[derive(Debug, Clone, Copy, Default, Serialize, schemars::JsonSchema)]
pub struct Service {
    pub enabled: bool,
}

/// All that one user switches and the API shows.
#[derive(Debug, Clone, Default)]
pub struct Switches {
    pub forwards: Forwards,
    pub services: Services,
}

impl Switches {
    fn take(&mut self, name: &str, enabled: bool, destination: Option<String>) {
        let forward = Forward { enabled, destination };
        match name {
            "busy" => self.forwards.busy = forward,
            "noanswer" => self.forwards.noanswer = forward,
            "unconditional" => self.forwards.unconditional = forward,
            "dnd" => self.services.dnd.enabled = enabled,
            "incallfilter" => self.services.incallfilter.enabled = enabled,
            // The mailbox is switched by phones alone.
            _ => {}
        }
    }
}

/// What these users switch; nothing for one who never did. One statement.
///
/// # Errors
/// The database can't be read.
pub fn of(connection: &Connection, users: &[i64]) -> Result<HashMap<i64, Switches>> {
    let mut get = connection.prepare_cached(
        "SELECT s.user_id, s.name, s.enabled, s.destination
         FROM json_each(?1) asked CROSS JOIN user_switch s ON s.user_id = asked.value",
    )?;
    let mut rows = get.query([id_list(users)])?;
    let mut known: HashMap<i64, Switches> = HashMap::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(1)?;
        known.entry(row.get(0)?).or_default().take(&name, row.get(2)?, row.get(3)?);
    }
    Ok(known)
}

/// What one user switches.
///
/// # Errors
/// The database can't be read.
pub fn of_user(connection: &Connection, user: i64) -> Result<Switches> {
    Ok(of(connection, &[user])?.remove(&user).unwrap_or_default())
}

/// Switches, as of now: what a phone said earlier does not count any more.
///
/// # Errors
/// The database can't be written.
pub fn set(tx: &WriteTx, user: i64, name: &str, enabled: bool, destination: Option<&str>) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO user_switch (user_id, name, enabled, destination, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![user, name, enabled, destination, clock::now()])?;
    Ok(())
}

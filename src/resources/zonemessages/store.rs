//! SQL of zone messages.

use super::ZoneMessage;
use crate::db::WriteTx;
use crate::error::Result;
use rusqlite::{Connection, params};

/// All zones in order.
pub fn list(connection: &Connection) -> Result<Vec<ZoneMessage>> {
    let mut list =
        connection.prepare_cached("SELECT name, timezone, message FROM zonemessage ORDER BY position")?;
    let rows = list.query_map([], |row| {
        Ok(ZoneMessage { name: row.get(0)?, timezone: row.get(1)?, message: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn exists(connection: &Connection, name: &str) -> Result<bool> {
    Ok(connection.prepare_cached("SELECT 1 FROM zonemessage WHERE name = ?1")?.exists([name])?)
}

pub fn replace<'a>(tx: &WriteTx, zones: impl IntoIterator<Item = &'a ZoneMessage>) -> Result<()> {
    tx.prepare_cached("DELETE FROM zonemessage")?.execute([])?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO zonemessage (position, name, timezone, message) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for (position, zone) in (0_i64..).zip(zones) {
        insert.execute(params![position, zone.name, zone.timezone, zone.message])?;
    }
    Ok(())
}

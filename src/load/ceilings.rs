//! How many calls may go out.

use super::rows;
use crate::domain::ceiling::{Ceilings, OwnCeiling};
use crate::error::Result;
use crate::model::OwnCeilings;
use rusqlite::{Connection, Row};
use std::collections::BTreeMap;

pub fn all(connection: &Connection) -> Result<OwnCeilings> {
    let tenants = rows::all(
        connection,
        "SELECT tenant_uuid, user_simultaneous, user_hourly, trunk_simultaneous, trunk_hourly FROM tenant_ceiling",
        |row| Ok((row.get(0)?, Ceilings { user: at(row, 1)?, trunk: at(row, 3)? })),
    )?;
    Ok(OwnCeilings {
        tenants: tenants.into_iter().collect(),
        users: by_id(connection, "SELECT user_id, simultaneous, hourly FROM user_ceiling")?,
        trunks: by_id(connection, "SELECT trunk_id, simultaneous, hourly FROM trunk_ceiling")?,
    })
}

fn by_id(connection: &Connection, sql: &str) -> Result<BTreeMap<i64, OwnCeiling>> {
    Ok(rows::all(connection, sql, |row| Ok((row.get(0)?, at(row, 1)?)))?.into_iter().collect())
}

fn at(row: &Row<'_>, first: usize) -> rusqlite::Result<OwnCeiling> {
    Ok(OwnCeiling { simultaneous: row.get(first)?, hourly: row.get(first + 1)? })
}

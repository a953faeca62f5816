//! SQL of outcalls.

use super::Outcall;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

pub static LISTING: Listing = Listing {
    id: "outcall.id",
    from: "outcall",
    tenant: Some("outcall.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "outcall.id"),
        Column::text("name", "outcall.name"),
        Column::text("description", "outcall.description").ordered_by(NULLS_LAST),
        Column::text("preprocess_subroutine", "outcall.preprocess_subroutine").ordered_by(NULLS_LAST),
    ],
    default_order: "outcall.id {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<Outcall> {
    Ok(Outcall {
        id: row.get(0)?,
        tenant_uuid: uuid_at(row, 1)?,
        name: row.get(2)?,
        internal_caller_id: row.get(3)?,
        preprocess_subroutine: row.get(4)?,
        ring_time: row.get(5)?,
        description: row.get(6)?,
        enabled: row.get(7)?,
    })
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<Outcall>> {
    Ok(many(connection, &[id])?.pop())
}

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<Outcall>> {
    let mut get = connection.prepare_cached(
        "SELECT o.id, o.tenant_uuid, o.name, o.internal_caller_id, o.preprocess_subroutine, o.ring_time,
             o.description, o.enabled
         FROM json_each(?1) asked CROSS JOIN outcall o ON o.id = asked.value ORDER BY asked.key",
    )?;
    Ok(get.query_map([id_list(ids)], read)?.collect::<rusqlite::Result<_>>()?)
}

pub fn by_name(connection: &Connection, name: &str) -> Result<Option<i64>> {
    let mut get = connection.prepare_cached("SELECT id FROM outcall WHERE name = ?1")?;
    Ok(get.query_row([name], |row| row.get(0)).optional()?)
}

pub fn insert(tx: &WriteTx, row: &Outcall) -> Result<i64> {
    tx.prepare_cached(
        "INSERT INTO outcall (tenant_uuid, name, internal_caller_id, preprocess_subroutine, ring_time,
             description, enabled)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        row.tenant_uuid.to_string(),
        row.name,
        row.internal_caller_id,
        row.preprocess_subroutine,
        row.ring_time,
        row.description,
        row.enabled
    ])?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, row: &Outcall) -> Result<()> {
    tx.prepare_cached(
        "UPDATE outcall SET name = ?2, internal_caller_id = ?3, preprocess_subroutine = ?4, ring_time = ?5,
             description = ?6, enabled = ?7
         WHERE id = ?1",
    )?
    .execute(params![
        row.id,
        row.name,
        row.internal_caller_id,
        row.preprocess_subroutine,
        row.ring_time,
        row.description,
        row.enabled
    ])?;
    Ok(())
}

pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM outcall WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// The trunks of these outcalls in order: outcall, trunk.
pub fn trunks(connection: &Connection, ids: &[i64]) -> Result<Vec<(i64, i64)>> {
    let mut get = connection.prepare_cached(
        "SELECT ot.outcall_id, ot.trunk_id
         FROM json_each(?1) asked CROSS JOIN outcall_trunk ot ON ot.outcall_id = asked.value
         ORDER BY ot.outcall_id, ot.position",
    )?;
    let rows = get.query_map([id_list(ids)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Gives an outcall exactly these trunks, in this order.
pub fn replace_trunks(tx: &WriteTx, id: i64, trunks: &[i64]) -> Result<()> {
    tx.prepare_cached("DELETE FROM outcall_trunk WHERE outcall_id = ?1")?.execute([id])?;
    let mut insert =
        tx.prepare_cached("INSERT INTO outcall_trunk (outcall_id, position, trunk_id) VALUES (?1, ?2, ?3)")?;
    for (position, trunk) in (0_i64..).zip(trunks) {
        insert.execute([id, position, *trunk])?;
    }
    Ok(())
}

/// What is done to a number that goes out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Treatment {
    /// Put before the number.
    pub external_prefix: Option<String>,
    /// Digits that are dialled before the number, to choose the outcall.
    pub prefix: Option<String>,
    /// So many digits of the number are dropped.
    pub strip_digits: i64,
    /// `"Name" <number>`: who calls.
    pub caller_id: Option<String>,
}

/// What these outcalls do to the numbers of their extensions, with the extension's id.
pub fn treatments(connection: &Connection, ids: &[i64]) -> Result<Vec<(i64, Treatment)>> {
    let mut get = connection.prepare_cached(
        "SELECT x.extension_id, x.external_prefix, x.prefix, x.strip_digits, x.caller_id
         FROM json_each(?1) asked CROSS JOIN extension_use eu ON eu.kind = 'outcall' AND eu.owner_id = asked.value
         JOIN outcall_extension x ON x.extension_id = eu.extension_id",
    )?;
    let rows = get.query_map([id_list(ids)], |row| {
        let treatment = Treatment {
            external_prefix: row.get(1)?,
            prefix: row.get(2)?,
            strip_digits: row.get(3)?,
            caller_id: row.get(4)?,
        };
        Ok((row.get(0)?, treatment))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Stores what is done to the numbers of an extension that reaches an outcall.
pub fn set_treatment(tx: &WriteTx, extension: i64, row: &Treatment) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO outcall_extension (extension_id, external_prefix, prefix, strip_digits, caller_id)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![extension, row.external_prefix, row.prefix, row.strip_digits, row.caller_id])?;
    Ok(())
}

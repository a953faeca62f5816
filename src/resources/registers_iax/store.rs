//! SQL of IAX registrations.

use super::Register;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, Row, params};

pub static LISTING: Listing = Listing {
    id: "register_iax.id",
    from: "register_iax",
    tenant: Some("register_iax.tenant_uuid"),
    only: None,
    columns: &[Column::int("id", "register_iax.id")],
    default_order: "register_iax.id {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<Register> {
    Ok(Register {
        id: row.get(0)?,
        tenant_uuid: uuid_at(row, 1)?,
        auth_username: row.get(2)?,
        auth_password: row.get(3)?,
        remote_host: row.get(4)?,
        remote_port: row.get(5)?,
        callback_extension: row.get(6)?,
        callback_context: row.get(7)?,
        enabled: row.get(8)?,
    })
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<Register>> {
    Ok(many(connection, &[id])?.pop().map(|(register, _)| register))
}

/// Those that exist with their trunk, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<(Register, Option<i64>)>> {
    let mut get = connection.prepare_cached(
        "SELECT r.id, r.tenant_uuid, r.auth_username, r.auth_password, r.remote_host, r.remote_port,
             r.callback_extension, r.callback_context, r.enabled,
             (SELECT t.id FROM trunk t WHERE t.register_iax_id = r.id)
         FROM json_each(?1) asked CROSS JOIN register_iax r ON r.id = asked.value ORDER BY asked.key",
    )?;
    let rows = get.query_map([id_list(ids)], |row| Ok((read(row)?, row.get(9)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The trunk of a registration.
pub fn trunk(connection: &Connection, id: i64) -> Result<Option<i64>> {
    let mut get = connection.prepare_cached("SELECT id FROM trunk WHERE register_iax_id = ?1")?;
    Ok(get.query_row([id], |row| row.get(0)).optional()?)
}

pub fn insert(tx: &WriteTx, row: &Register) -> Result<i64> {
    tx.prepare_cached(
        "INSERT INTO register_iax (tenant_uuid, auth_username, auth_password, remote_host, remote_port,
             callback_extension, callback_context, enabled)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        row.tenant_uuid.to_string(),
        row.auth_username,
        row.auth_password,
        row.remote_host,
        row.remote_port,
        row.callback_extension,
        row.callback_context,
        row.enabled
    ])?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, row: &Register) -> Result<()> {
    tx.prepare_cached(
        "UPDATE register_iax SET auth_username = ?2, auth_password = ?3, remote_host = ?4, remote_port = ?5,
             callback_extension = ?6, callback_context = ?7, enabled = ?8
         WHERE id = ?1",
    )?
    .execute(params![
        row.id,
        row.auth_username,
        row.auth_password,
        row.remote_host,
        row.remote_port,
        row.callback_extension,
        row.callback_context,
        row.enabled
    ])?;
    Ok(())
}

pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM register_iax WHERE id = ?1")?.execute([id])?;
    Ok(())
}

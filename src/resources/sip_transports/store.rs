//! SQL of SIP transports.

use super::Transport;
use crate::db::WriteTx;
use crate::error::Result;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "sip_transport.uuid",
    from: "sip_transport",
    tenant: None,
    only: None,
    columns: &[
        Column::text("uuid", "sip_transport.uuid").unsearched(),
        Column::text("name", "sip_transport.name"),
    ],
    default_order: "sip_transport.name {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<Transport> {
    let options = serde_json::from_str(row.get_ref(2)?.as_str()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(2, Type::Text, Box::new(error)))?;
    Ok(Transport { uuid: uuid_at(row, 0)?, name: row.get(1)?, options })
}

pub fn get(connection: &Connection, uuid: Uuid) -> Result<Option<Transport>> {
    let mut get =
        connection.prepare_cached("SELECT uuid, name, options FROM sip_transport WHERE uuid = ?1")?;
    Ok(get.query_row([uuid.to_string()], read).optional()?)
}

/// Those that exist, in the order of `uuids`.
pub fn many(connection: &Connection, uuids: &[String]) -> Result<Vec<Transport>> {
    let mut many = connection.prepare_cached(
        "SELECT t.uuid, t.name, t.options FROM json_each(?1) asked CROSS JOIN sip_transport t ON t.uuid = asked.value
         ORDER BY asked.key",
    )?;
    let rows = many.query_map([serde_json::json!(uuids).to_string()], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Every transport, by name.
pub fn all(connection: &Connection) -> Result<Vec<Transport>> {
    let mut all = connection.prepare_cached("SELECT uuid, name, options FROM sip_transport ORDER BY name")?;
    let rows = all.query_map([], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn by_name(connection: &Connection, name: &str) -> Result<Option<Uuid>> {
    let mut get = connection.prepare_cached("SELECT uuid FROM sip_transport WHERE name = ?1")?;
    Ok(get.query_row([name], |row| uuid_at(row, 0)).optional()?)
}

/// `options` is a list of pairs.
pub fn insert(tx: &WriteTx, uuid: Uuid, name: &str, options: &Value) -> Result<()> {
    tx.prepare_cached("INSERT INTO sip_transport (uuid, name, options) VALUES (?1, ?2, ?3)")?
        .execute(params![uuid.to_string(), name, options.to_string()])?;
    Ok(())
}

pub fn update(tx: &WriteTx, uuid: Uuid, name: &str, options: &Value) -> Result<()> {
    tx.prepare_cached("UPDATE sip_transport SET name = ?2, options = ?3 WHERE uuid = ?1")?
        .execute(params![uuid.to_string(), name, options.to_string()])?;
    Ok(())
}

/// An endpoint or template that uses the transport.
pub fn user(connection: &Connection, uuid: Uuid) -> Result<Option<Uuid>> {
    let mut user = connection
        .prepare_cached("SELECT uuid FROM endpoint_sip WHERE transport_uuid = ?1 ORDER BY name LIMIT 1")?;
    Ok(user.query_row([uuid.to_string()], |row| uuid_at(row, 0)).optional()?)
}

pub fn move_users(tx: &WriteTx, from: Uuid, to: Uuid) -> Result<()> {
    tx.prepare_cached("UPDATE endpoint_sip SET transport_uuid = ?2 WHERE transport_uuid = ?1")?
        .execute([from.to_string(), to.to_string()])?;
    Ok(())
}

pub fn delete(tx: &WriteTx, uuid: Uuid) -> Result<()> {
    tx.prepare_cached("DELETE FROM sip_transport WHERE uuid = ?1")?.execute([uuid.to_string()])?;
    Ok(())
}

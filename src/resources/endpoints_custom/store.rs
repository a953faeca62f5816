//! SQL of custom endpoints.

use super::Endpoint;
use crate::db::{WriteTx, id_list};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "endpoint_custom.id",
    from: "endpoint_custom",
    tenant: Some("endpoint_custom.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "endpoint_custom.id"),
        Column::text("interface", "endpoint_custom.interface"),
        // It is the line's now.
        Column::text("context", "NULL"),
    ],
    default_order: "endpoint_custom.interface {dir}",
};

/// An endpoint with what uses it: trunk and line.
#[derive(Debug)]
pub struct Used {
    pub endpoint: Endpoint,
    pub trunk: Option<i64>,
    pub line: Option<i64>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Endpoint> {
    Ok(Endpoint {
        id: row.get(0)?,
        tenant_uuid: uuid_at(row, 1)?,
        interface: row.get(2)?,
        interface_suffix: row.get(3)?,
        enabled: row.get(4)?,
    })
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<Endpoint>> {
    let mut get = connection.prepare_cached(
        "SELECT id, tenant_uuid, interface, interface_suffix, enabled FROM endpoint_custom WHERE id = ?1",
    )?;
    Ok(get.query_row([id], read).optional()?)
}

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<Used>> {
    let mut get = connection.prepare_cached(
        "SELECT c.id, c.tenant_uuid, c.interface, c.interface_suffix, c.enabled,
             (SELECT t.id FROM trunk t WHERE t.endpoint_custom_id = c.id),
             (SELECT l.id FROM line l WHERE l.endpoint_custom_id = c.id)
         FROM json_each(?1) asked CROSS JOIN endpoint_custom c ON c.id = asked.value ORDER BY asked.key",
    )?;
    let rows = get.query_map([id_list(ids)], |row| {
        Ok(Used { endpoint: read(row)?, trunk: row.get(5)?, line: row.get(6)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn by_interface(connection: &Connection, interface: &str) -> Result<Option<i64>> {
    let mut get = connection.prepare_cached("SELECT id FROM endpoint_custom WHERE interface = ?1")?;
    Ok(get.query_row([interface], |row| row.get(0)).optional()?)
}

pub fn insert(tx: &WriteTx, tenant: Uuid, body: &Object) -> Result<i64> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let enabled = body.get("enabled").and_then(Value::as_bool).unwrap_or(true);
    tx.prepare_cached(
        "INSERT INTO endpoint_custom (tenant_uuid, interface, interface_suffix, enabled)
         VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![tenant.to_string(), text("interface"), text("interface_suffix"), enabled])?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, row: &Endpoint) -> Result<()> {
    tx.prepare_cached(
        "UPDATE endpoint_custom SET interface = ?2, interface_suffix = ?3, enabled = ?4 WHERE id = ?1",
    )?
    .execute(params![row.id, row.interface, row.interface_suffix, row.enabled])?;
    Ok(())
}

pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM endpoint_custom WHERE id = ?1")?.execute([id])?;
    Ok(())
}

//! SQL of IAX endpoints.

use super::Endpoint;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

pub static LISTING: Listing = Listing {
    id: "endpoint_iax.id",
    from: "endpoint_iax",
    tenant: Some("endpoint_iax.tenant_uuid"),
    only: None,
    columns: &[
        Column::text("name", "endpoint_iax.name"),
        Column::text("type", "endpoint_iax.type"),
        Column::text("host", "endpoint_iax.host"),
    ],
    default_order: "endpoint_iax.name {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<Endpoint> {
    let options = serde_json::from_str(row.get_ref(5)?.as_str()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(5, Type::Text, Box::new(error)))?;
    Ok(Endpoint {
        id: row.get(0)?,
        tenant_uuid: uuid_at(row, 1)?,
        name: row.get(2)?,
        kind: row.get(3)?,
        host: row.get(4)?,
        options,
    })
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<Endpoint>> {
    let mut get = connection.prepare_cached(
        "SELECT id, tenant_uuid, name, type, host, options FROM endpoint_iax WHERE id = ?1",
    )?;
    Ok(get.query_row([id], read).optional()?)
}

/// Those that exist with their trunk, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<(Endpoint, Option<i64>)>> {
    let mut get = connection.prepare_cached(
        "SELECT e.id, e.tenant_uuid, e.name, e.type, e.host, e.options,
             (SELECT t.id FROM trunk t WHERE t.endpoint_iax_id = e.id)
         FROM json_each(?1) asked CROSS JOIN endpoint_iax e ON e.id = asked.value ORDER BY asked.key",
    )?;
    let rows = get.query_map([id_list(ids)], |row| Ok((read(row)?, row.get(6)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn by_name(connection: &Connection, name: &str) -> Result<Option<i64>> {
    let mut get = connection.prepare_cached("SELECT id FROM endpoint_iax WHERE name = ?1")?;
    Ok(get.query_row([name], |row| row.get(0)).optional()?)
}

pub fn insert(tx: &WriteTx, row: &Endpoint) -> Result<i64> {
    let options = serde_json::to_string(&row.options)?;
    tx.prepare_cached(
        "INSERT INTO endpoint_iax (tenant_uuid, name, type, host, options) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![row.tenant_uuid.to_string(), row.name, row.kind, row.host, options])?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, row: &Endpoint) -> Result<()> {
    let options = serde_json::to_string(&row.options)?;
    tx.prepare_cached("UPDATE endpoint_iax SET name = ?2, type = ?3, host = ?4, options = ?5 WHERE id = ?1")?
        .execute(params![row.id, row.name, row.kind, row.host, options])?;
    Ok(())
}

pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM endpoint_iax WHERE id = ?1")?.execute([id])?;
    Ok(())
}

//! SQL of SCCP endpoints.

use super::Endpoint;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "endpoint_sccp.id",
    from: "endpoint_sccp",
    tenant: Some("endpoint_sccp.tenant_uuid"),
    only: None,
    columns: &[Column::int("id", "endpoint_sccp.id")],
    default_order: "endpoint_sccp.id {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<Endpoint> {
    Ok(Endpoint {
        id: row.get(0)?,
        tenant_uuid: uuid_at(row, 1)?,
        values: [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?],
    })
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<Endpoint>> {
    let mut get = connection.prepare_cached(
        "SELECT id, tenant_uuid, cid_name, cid_num, disallow, allow FROM endpoint_sccp WHERE id = ?1",
    )?;
    Ok(get.query_row([id], read).optional()?)
}

/// Those that exist with their lines, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<(Endpoint, Option<i64>)>> {
    let mut get = connection.prepare_cached(
        "SELECT e.id, e.tenant_uuid, e.cid_name, e.cid_num, e.disallow, e.allow,
             (SELECT l.id FROM line l WHERE l.endpoint_sccp_id = e.id)
         FROM json_each(?1) asked CROSS JOIN endpoint_sccp e ON e.id = asked.value ORDER BY asked.key",
    )?;
    let rows = get.query_map([id_list(ids)], |row| Ok((read(row)?, row.get(6)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn insert(tx: &WriteTx, tenant: Uuid, values: &[String; 4]) -> Result<i64> {
    let [cid_name, cid_num, disallow, allow] = values;
    tx.prepare_cached(
        "INSERT INTO endpoint_sccp (tenant_uuid, cid_name, cid_num, disallow, allow) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![tenant.to_string(), cid_name, cid_num, disallow, allow])?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, id: i64, values: &[String; 4]) -> Result<()> {
    let [cid_name, cid_num, disallow, allow] = values;
    tx.prepare_cached(
        "UPDATE endpoint_sccp SET cid_name = ?2, cid_num = ?3, disallow = ?4, allow = ?5 WHERE id = ?1",
    )?
    .execute(params![id, cid_name, cid_num, disallow, allow])?;
    Ok(())
}

pub fn set_caller_id(tx: &WriteTx, id: i64, name: &str, num: &str) -> Result<()> {
    tx.prepare_cached("UPDATE endpoint_sccp SET cid_name = ?2, cid_num = ?3 WHERE id = ?1")?
        .execute(params![id, name, num])?;
    Ok(())
}

/// A line that used it goes on without.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM endpoint_sccp WHERE id = ?1")?.execute([id])?;
    Ok(())
}

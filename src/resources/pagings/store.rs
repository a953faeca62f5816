//! SQL of pagings.

use super::Paging;
use super::sides::Side;
use crate::db::{WriteTx, execute, id_list};
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "paging.id",
    from: "paging",
    tenant: Some("paging.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "paging.id"),
        Column::text("name", "paging.name").ordered_by(NULLS_LAST),
        Column::text("number", "paging.number"),
        Column::text("announce_sound", "paging.announce_sound").ordered_by(NULLS_LAST),
    ],
    default_order: "paging.name IS NULL {dir}, paging.name {dir}, paging.id {dir}",
};

pub fn get(connection: &Connection, id: i64) -> Result<Option<Paging>> {
    Ok(many(connection, &[id])?.pop())
}

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<Paging>> {
    let mut get = connection.prepare_cached(
        "SELECT p.id, p.tenant_uuid, p.number, p.name, p.announce_caller, p.announce_sound, p.caller_notification,
                p.duplex, p.ignore_forward, p.record, p.enabled
         FROM json_each(?1) asked CROSS JOIN paging p ON p.id = asked.value ORDER BY asked.key",
    )?;
    let rows = get.query_map([id_list(ids)], |row| {
        Ok(Paging {
            id: row.get(0)?,
            tenant_uuid: uuid_at(row, 1)?,
            number: row.get(2)?,
            name: row.get(3)?,
            announce_caller: row.get(4)?,
            announce_sound: row.get(5)?,
            caller_notification: row.get(6)?,
            duplex: row.get(7)?,
            ignore_forward: row.get(8)?,
            record: row.get(9)?,
            enabled: row.get(10)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn by_number(connection: &Connection, tenant: Uuid, number: &str) -> Result<Option<i64>> {
    let mut get =
        connection.prepare_cached("SELECT id FROM paging WHERE tenant_uuid = ?1 AND number = ?2")?;
    Ok(get.query_row(params![tenant.to_string(), number], |row| row.get(0)).optional()?)
}

pub fn insert(tx: &WriteTx, paging: &Paging) -> Result<i64> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO paging (tenant_uuid, number, name, announce_caller, announce_sound, caller_notification, duplex,
             ignore_forward, record, enabled)
         VALUES (:tenant_uuid, :number, :name, :announce_caller, :announce_sound, :caller_notification, :duplex,
             :ignore_forward, :record, :enabled)",
    )?;
    if let Value::Object(row) = serde_json::to_value(paging)? {
        execute(&mut insert, &row)?;
    }
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, paging: &Paging) -> Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE paging SET number = :number, name = :name, announce_caller = :announce_caller,
             announce_sound = :announce_sound, caller_notification = :caller_notification, duplex = :duplex,
             ignore_forward = :ignore_forward, record = :record, enabled = :enabled
         WHERE id = :id",
    )?;
    if let Value::Object(row) = serde_json::to_value(paging)? {
        execute(&mut update, &row)?;
    }
    Ok(())
}

/// The database itself sweeps the function keys that name it.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM paging WHERE id = ?1")?.execute([id])?;
    Ok(())
}

pub fn replace_users(tx: &WriteTx, id: i64, side: Side, users: &[i64]) -> Result<()> {
    tx.prepare_cached("DELETE FROM paging_user WHERE paging_id = ?1 AND side = ?2")?
        .execute(params![id, side.word()])?;
    tx.prepare_cached(
        "INSERT INTO paging_user (paging_id, side, user_id) SELECT ?1, ?2, value FROM json_each(?3)",
    )?
    .execute(params![id, side.word(), id_list(users)])?;
    Ok(())
}

/// A user of a paging.
#[derive(Debug)]
pub struct Standing {
    pub paging: i64,
    pub side: String,
    pub id: i64,
    pub uuid: Uuid,
    pub firstname: String,
    pub lastname: Option<String>,
}

/// The users of these pagings, lowest id first.
pub fn users_of(connection: &Connection, ids: &[i64]) -> Result<Vec<Standing>> {
    let mut of = connection.prepare_cached(
        "SELECT p.paging_id, p.side, u.id, u.uuid, u.firstname, u.lastname
         FROM json_each(?1) asked CROSS JOIN paging_user p ON p.paging_id = asked.value
         JOIN user u ON u.id = p.user_id ORDER BY u.id",
    )?;
    let rows = of.query_map([id_list(ids)], |row| {
        Ok(Standing {
            paging: row.get(0)?,
            side: row.get(1)?,
            id: row.get(2)?,
            uuid: uuid_at(row, 3)?,
            firstname: row.get(4)?,
            lastname: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

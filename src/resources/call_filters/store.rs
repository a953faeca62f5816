//! SQL of call filters.

use super::Filter;
use super::members::Side;
use crate::db::{WriteTx, execute, id_list};
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, uuid_at};
use crate::resources::users::Identity;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "call_filter.id",
    from: "call_filter",
    tenant: Some("call_filter.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "call_filter.id"),
        Column::text("name", "call_filter.name"),
        Column::text("description", "call_filter.description").ordered_by(NULLS_LAST),
    ],
    default_order: "call_filter.name {dir}, call_filter.id {dir}",
};

pub fn get(connection: &Connection, id: i64) -> Result<Option<Filter>> {
    Ok(many(connection, &[id])?.pop())
}

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<Filter>> {
    let mut get = connection.prepare_cached(
        "SELECT f.id, f.tenant_uuid, f.name, f.strategy, f.source, f.caller_id_mode, f.caller_id_name,
                f.surrogates_timeout, f.description, f.enabled
         FROM json_each(?1) asked CROSS JOIN call_filter f ON f.id = asked.value ORDER BY asked.key",
    )?;
    let rows = get.query_map([id_list(ids)], |row| {
        Ok(Filter {
            id: row.get(0)?,
            tenant_uuid: uuid_at(row, 1)?,
            name: row.get(2)?,
            strategy: row.get(3)?,
            source: row.get(4)?,
            caller_id_mode: row.get(5)?,
            caller_id_name: row.get(6)?,
            surrogates_timeout: row.get(7)?,
            description: row.get(8)?,
            enabled: row.get(9)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn by_name(connection: &Connection, tenant: Uuid, name: &str) -> Result<Option<i64>> {
    let mut get =
        connection.prepare_cached("SELECT id FROM call_filter WHERE tenant_uuid = ?1 AND name = ?2")?;
    Ok(get.query_row(params![tenant.to_string(), name], |row| row.get(0)).optional()?)
}

pub fn insert(tx: &WriteTx, filter: &Filter) -> Result<i64> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO call_filter (tenant_uuid, name, strategy, source, caller_id_mode, caller_id_name,
             surrogates_timeout, description, enabled)
         VALUES (:tenant_uuid, :name, :strategy, :source, :caller_id_mode, :caller_id_name, :surrogates_timeout,
             :description, :enabled)",
    )?;
    if let Value::Object(row) = serde_json::to_value(filter)? {
        execute(&mut insert, &row)?;
    }
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, filter: &Filter) -> Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE call_filter SET name = :name, strategy = :strategy, source = :source,
             caller_id_mode = :caller_id_mode, caller_id_name = :caller_id_name,
             surrogates_timeout = :surrogates_timeout, description = :description, enabled = :enabled
         WHERE id = :id",
    )?;
    if let Value::Object(row) = serde_json::to_value(filter)? {
        execute(&mut update, &row)?;
    }
    Ok(())
}

/// The database itself sweeps its destination and the function keys of its surrogates.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM call_filter WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Is a user on this side of a filter?
pub fn stands(connection: &Connection, filter: i64, side: Side, user: i64) -> Result<bool> {
    let mut stands = connection.prepare_cached(
        "SELECT 1 FROM call_filter_member WHERE call_filter_id = ?1 AND side = ?2 AND user_id = ?3",
    )?;
    Ok(stands.exists(params![filter, side.word(), user])?)
}

/// Takes everybody else off a side. Who stays keeps the id that keys and lamps name.
pub fn keep(tx: &WriteTx, filter: i64, side: Side, users: &[Identity]) -> Result<()> {
    let users: Vec<i64> = users.iter().map(|user| user.id).collect();
    tx.prepare_cached(
        "DELETE FROM call_filter_member
         WHERE call_filter_id = ?1 AND side = ?2 AND user_id NOT IN (SELECT value FROM json_each(?3))",
    )?
    .execute(params![filter, side.word(), id_list(&users)])?;
    Ok(())
}

/// Puts a user on a side, with a position and the seconds that they ring.
pub fn put(
    tx: &WriteTx,
    filter: i64,
    side: Side,
    user: i64,
    (position, timeout): (i64, Option<i64>),
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO call_filter_member (call_filter_id, user_id, side, position, timeout)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (call_filter_id, user_id) DO UPDATE SET position = excluded.position,
             timeout = excluded.timeout",
    )?
    .execute(params![filter, user, side.word(), position, timeout])?;
    Ok(())
}

/// A user of a filter.
#[derive(Debug)]
pub struct Member {
    pub id: i64,
    pub filter: i64,
    pub side: String,
    pub timeout: Option<i64>,
    pub user: i64,
    pub uuid: Uuid,
    pub firstname: String,
    pub lastname: Option<String>,
}

/// The users of these filters, in their order.
pub fn members_of(connection: &Connection, ids: &[i64]) -> Result<Vec<Member>> {
    let mut members = connection.prepare_cached(
        "SELECT m.id, m.call_filter_id, m.side, m.timeout, u.id, u.uuid, u.firstname, u.lastname
         FROM json_each(?1) asked CROSS JOIN call_filter_member m ON m.call_filter_id = asked.value
         JOIN user u ON u.id = m.user_id ORDER BY m.position, m.id",
    )?;
    let rows = members.query_map([id_list(ids)], |row| {
        Ok(Member {
            id: row.get(0)?,
            filter: row.get(1)?,
            side: row.get(2)?,
            timeout: row.get(3)?,
            user: row.get(4)?,
            uuid: uuid_at(row, 5)?,
            firstname: row.get(6)?,
            lastname: row.get(7)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

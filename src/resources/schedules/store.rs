//! SQL of schedules.

use super::Schedule;
use crate::db::{WriteTx, execute, id_list, object_of};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing};
use rusqlite::{Connection, Row};
use serde_json::Value;

pub static LISTING: Listing = Listing {
    id: "schedule.id",
    from: "schedule",
    tenant: Some("schedule.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "schedule.id"),
        Column::text("name", "schedule.name").ordered_by(NULLS_LAST),
        Column::text("timezone", "schedule.timezone").ordered_by(NULLS_LAST),
    ],
    default_order: "schedule.name IS NULL {dir}, schedule.name {dir}, schedule.id {dir}",
};

pub fn get(connection: &Connection, id: i64) -> Result<Option<Schedule>> {
    Ok(many(connection, &[id])?.pop())
}

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<Schedule>> {
    let mut get = connection.prepare_cached(
        "SELECT s.* FROM json_each(?1) asked CROSS JOIN schedule s ON s.id = asked.value ORDER BY asked.key",
    )?;
    let mut rows = get.query([id_list(ids)])?;
    let mut schedules = Vec::new();
    while let Some(row) = rows.next()? {
        schedules.push(read(row)?);
    }
    Ok(schedules)
}

/// Every enabled one, by id.
pub fn enabled(connection: &Connection) -> Result<Vec<Schedule>> {
    let mut get = connection.prepare_cached("SELECT * FROM schedule WHERE enabled ORDER BY id")?;
    let mut rows = get.query([])?;
    let mut schedules = Vec::new();
    while let Some(row) = rows.next()? {
        schedules.push(read(row)?);
    }
    Ok(schedules)
}

fn read(row: &Row<'_>) -> Result<Schedule> {
    let mut object = object_of(row)?;
    for list in ["open_periods", "exceptional_periods"] {
        if let Some(value) = object.get_mut(list) {
            *value = serde_json::from_str(value.as_str().unwrap_or("[]"))?;
        }
    }
    let enabled = object.get("enabled").and_then(Value::as_i64) == Some(1);
    object.insert("enabled".to_owned(), Value::Bool(enabled));
    Ok(serde_json::from_value(Value::Object(object))?)
}

fn to_object(schedule: &Schedule) -> Result<Object> {
    match serde_json::to_value(schedule)? {
        Value::Object(object) => Ok(object),
        _ => Ok(Object::new()),
    }
}

pub fn insert(tx: &WriteTx, row: &Schedule) -> Result<i64> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO schedule (tenant_uuid, name, timezone, open_periods, exceptional_periods, enabled)
         VALUES (:tenant_uuid, :name, :timezone, :open_periods, :exceptional_periods, :enabled)",
    )?;
    execute(&mut insert, &to_object(row)?)?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, row: &Schedule) -> Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE schedule SET name = :name, timezone = :timezone, open_periods = :open_periods,
             exceptional_periods = :exceptional_periods, enabled = :enabled
         WHERE id = :id",
    )?;
    execute(&mut update, &to_object(row)?)?;
    Ok(())
}

/// The database itself frees its owners and forgets its destinations.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM schedule WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Forgets where calls go in exceptional periods.
pub fn forget_exceptions(tx: &WriteTx, id: i64) -> Result<()> {
    let sql =
        "DELETE FROM destination WHERE owner = 'schedule' AND owner_id = ?1 AND event GLOB 'exceptional-*'";
    tx.prepare_cached(sql)?.execute([id])?;
    Ok(())
}

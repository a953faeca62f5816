//! SQL of incalls.

use super::Incall;
use crate::db::{WriteTx, execute, id_list};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;
use uuid::Uuid;

const EXTEN: &str = "(SELECT e.exten FROM extension_use eu JOIN extension e ON e.id = eu.extension_id \
     WHERE eu.kind = 'incall' AND eu.owner_id = incall.id ORDER BY e.id LIMIT 1)";

const USER: &str = "(SELECT CAST(d.target AS INTEGER) FROM destination d \
     WHERE d.owner = 'incall' AND d.owner_id = incall.id AND d.type = 'user')";

pub static LISTING: Listing = Listing {
    id: "incall.id",
    from: "incall",
    tenant: Some("incall.tenant_uuid"),
    only: None,
    columns: &[
        Column::text("preprocess_subroutine", "incall.preprocess_subroutine").ordered_by(NULLS_LAST),
        Column::text("greeting_sound", "incall.greeting_sound").ordered_by(NULLS_LAST),
        Column::text("description", "incall.description").ordered_by(NULLS_LAST),
        Column::text("exten", EXTEN).ordered_by(NULLS_LAST),
        Column::int("user_id", USER).unsearched().ordered_by(NULLS_LAST),
    ],
    default_order: "(SELECT e.exten FROM extension_use eu JOIN extension e ON e.id = eu.extension_id
         WHERE eu.kind = 'incall' AND eu.owner_id = incall.id ORDER BY e.id LIMIT 1) {dir}, incall.id {dir}",
};

const COLUMNS: &str = "incall.id, incall.tenant_uuid, incall.preprocess_subroutine, incall.greeting_sound, \
     incall.caller_id_mode, incall.caller_id_name, incall.description";

fn read(row: &Row<'_>) -> rusqlite::Result<Incall> {
    Ok(Incall {
        id: row.get(0)?,
        tenant_uuid: uuid_at(row, 1)?,
        preprocess_subroutine: row.get(2)?,
        greeting_sound: row.get(3)?,
        caller_id_mode: row.get(4)?,
        caller_id_name: row.get(5)?,
        description: row.get(6)?,
    })
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<Incall>> {
    let mut get = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM incall WHERE id = ?1"))?;
    Ok(get.query_row([id], read).optional()?)
}

/// The rows of these ids, in no order.
pub fn get_many(connection: &Connection, ids: &[i64]) -> Result<Vec<Incall>> {
    let sql =
        format!("SELECT {COLUMNS} FROM json_each(?1) asked CROSS JOIN incall ON incall.id = asked.value");
    let mut get = connection.prepare_cached(&sql)?;
    Ok(get.query_map([id_list(ids)], read)?.collect::<rusqlite::Result<_>>()?)
}

/// The incalls whose destination is one of these targets, with the target; lowest id first.
pub fn pointing_at(connection: &Connection, kind: &str, targets: &[i64]) -> Result<Vec<(i64, i64)>> {
    let mut find = connection.prepare_cached(
        "SELECT asked.value, d.owner_id
         FROM json_each(?1) asked
         CROSS JOIN destination d ON d.type = ?2 AND d.target = CAST(asked.value AS TEXT)
         WHERE d.owner = 'incall' ORDER BY d.owner_id",
    )?;
    let rows = find.query_map(params![id_list(targets), kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The same, for targets that are named by uuid.
pub fn pointing_at_uuids(connection: &Connection, kind: &str, targets: &[Uuid]) -> Result<Vec<(Uuid, i64)>> {
    let mut find = connection.prepare_cached(
        "SELECT asked.value, d.owner_id
         FROM json_each(?1) asked CROSS JOIN destination d ON d.type = ?2 AND d.target = asked.value
         WHERE d.owner = 'incall' ORDER BY d.owner_id",
    )?;
    let rows = find.query_map(params![id_list(targets), kind], |row| Ok((uuid_at(row, 0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The numbers that lead to a user, in order.
pub fn numbers_of(connection: &Connection, user: i64) -> Result<Vec<String>> {
    let mut numbers = connection.prepare_cached(
        "SELECT e.exten FROM destination d
         JOIN extension_use eu ON eu.kind = 'incall' AND eu.owner_id = d.owner_id
         JOIN extension e ON e.id = eu.extension_id
         WHERE d.type = 'user' AND d.target = CAST(?1 AS TEXT) AND d.owner = 'incall'
         ORDER BY d.owner_id, e.id",
    )?;
    Ok(numbers.query_map([user], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// Type and target of an incall's destination; the target only where it is a number.
pub fn destination(connection: &Connection, id: i64) -> Result<Option<(String, Option<i64>)>> {
    let mut get = connection
        .prepare_cached("SELECT type, target FROM destination WHERE owner = 'incall' AND owner_id = ?1")?;
    let row = get.query_row([id], |row| Ok((row.get(0)?, row.get::<_, Option<String>>(1)?))).optional()?;
    Ok(row.map(|(kind, target)| (kind, target.and_then(|target| target.parse().ok()))))
}

pub fn insert(tx: &WriteTx, incall: &Incall) -> Result<i64> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO incall (tenant_uuid, preprocess_subroutine, greeting_sound, caller_id_mode, caller_id_name,
             description)
         VALUES (:tenant_uuid, :preprocess_subroutine, :greeting_sound, :caller_id_mode, :caller_id_name,
             :description)",
    )?;
    execute(&mut insert, &to_object(incall)?)?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, incall: &Incall) -> Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE incall SET preprocess_subroutine = :preprocess_subroutine, greeting_sound = :greeting_sound,
             caller_id_mode = :caller_id_mode, caller_id_name = :caller_id_name, description = :description
         WHERE id = :id",
    )?;
    execute(&mut update, &to_object(incall)?)?;
    Ok(())
}

fn to_object(incall: &Incall) -> Result<Object> {
    match serde_json::to_value(incall)? {
        Value::Object(object) => Ok(object),
        _ => Ok(Object::new()),
    }
}

/// The database itself frees its extensions.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM incall WHERE id = ?1")?.execute([id])?;
    Ok(())
}

//! SQL of menus.

use super::Ivr;
use crate::db::{WriteTx, execute, id_list, object_of};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing};
use rusqlite::{Connection, Row};
use serde_json::Value;

/// The first number of the incalls that lead to the menu.
const EXTEN: &str = "(SELECT e.exten FROM destination d \
     JOIN extension_use eu ON eu.kind = 'incall' AND eu.owner_id = d.owner_id \
     JOIN extension e ON e.id = eu.extension_id \
     WHERE d.type = 'ivr' AND d.target = CAST(ivr.id AS TEXT) AND d.owner = 'incall' ORDER BY e.id LIMIT 1)";

pub static LISTING: Listing = Listing {
    id: "ivr.id",
    from: "ivr",
    tenant: Some("ivr.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "ivr.id"),
        Column::text("name", "ivr.name"),
        Column::text("description", "ivr.description").ordered_by(NULLS_LAST),
        Column::text("exten", EXTEN).ordered_by(NULLS_LAST),
    ],
    default_order: "ivr.id {dir}",
};

pub fn get(connection: &Connection, id: i64) -> Result<Option<Ivr>> {
    Ok(many(connection, &[id])?.pop())
}

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<Ivr>> {
    let mut get = connection.prepare_cached(
        "SELECT i.* FROM json_each(?1) asked CROSS JOIN ivr i ON i.id = asked.value ORDER BY asked.key",
    )?;
    let mut rows = get.query([id_list(ids)])?;
    let mut menus = Vec::new();
    while let Some(row) = rows.next()? {
        menus.push(read(row)?);
    }
    Ok(menus)
}

/// Every one, by id.
pub fn all(connection: &Connection) -> Result<Vec<Ivr>> {
    let mut get = connection.prepare_cached("SELECT * FROM ivr ORDER BY id")?;
    let mut rows = get.query([])?;
    let mut menus = Vec::new();
    while let Some(row) = rows.next()? {
        menus.push(read(row)?);
    }
    Ok(menus)
}

fn read(row: &Row<'_>) -> Result<Ivr> {
    let mut object = object_of(row)?;
    if let Some(choices) = object.get_mut("choices") {
        *choices = serde_json::from_str(choices.as_str().unwrap_or("[]"))?;
    }
    Ok(serde_json::from_value(Value::Object(object))?)
}

fn to_object(ivr: &Ivr) -> Result<Object> {
    match serde_json::to_value(ivr)? {
        Value::Object(object) => Ok(object),
        _ => Ok(Object::new()),
    }
}

pub fn insert(tx: &WriteTx, row: &Ivr) -> Result<i64> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO ivr (tenant_uuid, name, description, greeting_sound, menu_sound, invalid_sound, abort_sound,
             timeout, max_tries, choices)
         VALUES (:tenant_uuid, :name, :description, :greeting_sound, :menu_sound, :invalid_sound, :abort_sound,
             :timeout, :max_tries, :choices)",
    )?;
    execute(&mut insert, &to_object(row)?)?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, row: &Ivr) -> Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE ivr SET name = :name, description = :description, greeting_sound = :greeting_sound,
             menu_sound = :menu_sound, invalid_sound = :invalid_sound, abort_sound = :abort_sound,
             timeout = :timeout, max_tries = :max_tries, choices = :choices
         WHERE id = :id",
    )?;
    execute(&mut update, &to_object(row)?)?;
    Ok(())
}

/// The database itself takes along what leads to it.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM ivr WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Forgets where the choices lead.
pub fn forget_choices(tx: &WriteTx, id: i64) -> Result<()> {
    let sql = "DELETE FROM destination WHERE owner = 'ivr' AND owner_id = ?1 AND event GLOB 'choice-*'";
    tx.prepare_cached(sql)?.execute([id])?;
    Ok(())
}

//! SQL of conferences.

use super::Conference;
use crate::db::{WriteTx, execute, id_list, object_of};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing};
use rusqlite::Connection;
use serde_json::Value;

const EXTEN: &str = "(SELECT e.exten FROM extension_use eu JOIN extension e ON e.id = eu.extension_id \
     WHERE eu.kind = 'conference' AND eu.owner_id = conference.id ORDER BY e.id LIMIT 1)";

const FLAGS: [&str; 5] =
    ["record", "quiet_join_leave", "announce_join_leave", "announce_user_count", "announce_only_user"];

pub static LISTING: Listing = Listing {
    id: "conference.id",
    from: "conference",
    tenant: Some("conference.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "conference.id"),
        Column::text("name", "conference.name").ordered_by(NULLS_LAST),
        Column::text("preprocess_subroutine", "conference.preprocess_subroutine").ordered_by(NULLS_LAST),
        Column::text("exten", EXTEN).ordered_by(NULLS_LAST),
    ],
    default_order: "conference.name IS NULL, conference.name {dir}, conference.id {dir}",
};

pub fn get(connection: &Connection, id: i64) -> Result<Option<Conference>> {
    Ok(get_many(connection, &[id])?.pop())
}

/// The rows of these ids, in no order.
pub fn get_many(connection: &Connection, ids: &[i64]) -> Result<Vec<Conference>> {
    let mut get = connection.prepare_cached(
        "SELECT conference.* FROM json_each(?1) asked CROSS JOIN conference ON conference.id = asked.value",
    )?;
    let mut rows = get.query([id_list(ids)])?;
    let mut conferences = Vec::with_capacity(ids.len());
    while let Some(row) = rows.next()? {
        let mut object = object_of(row)?;
        for name in FLAGS {
            if let Some(value) = object.get_mut(name) {
                *value = Value::Bool(value.as_i64() == Some(1));
            }
        }
        conferences.push(serde_json::from_value(Value::Object(object))?);
    }
    Ok(conferences)
}

fn to_object(conference: &Conference) -> Result<Object> {
    match serde_json::to_value(conference)? {
        Value::Object(object) => Ok(object),
        _ => Ok(Object::new()),
    }
}

pub fn insert(tx: &WriteTx, conference: &Conference) -> Result<i64> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO conference (tenant_uuid, name, preprocess_subroutine, max_users, record, pin, quiet_join_leave,
             announce_join_leave, announce_user_count, announce_only_user, music_on_hold, admin_pin)
         VALUES (:tenant_uuid, :name, :preprocess_subroutine, :max_users, :record, :pin, :quiet_join_leave,
             :announce_join_leave, :announce_user_count, :announce_only_user, :music_on_hold, :admin_pin)",
    )?;
    execute(&mut insert, &to_object(conference)?)?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, conference: &Conference) -> Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE conference SET name = :name, preprocess_subroutine = :preprocess_subroutine,
             max_users = :max_users, record = :record, pin = :pin, quiet_join_leave = :quiet_join_leave,
             announce_join_leave = :announce_join_leave, announce_user_count = :announce_user_count,
             announce_only_user = :announce_only_user, music_on_hold = :music_on_hold, admin_pin = :admin_pin
         WHERE id = :id",
    )?;
    execute(&mut update, &to_object(conference)?)?;
    Ok(())
}

/// The database itself frees its extension, and sweeps destinations and function keys that name it.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM conference WHERE id = ?1")?.execute([id])?;
    Ok(())
}

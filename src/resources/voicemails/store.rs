//! SQL of voicemails.

use super::Voicemail;
use crate::clock;
use crate::db::{WriteTx, execute, id_list, object_of};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::{Column, Listing};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

pub static LISTING: Listing = Listing {
    id: "voicemail.id",
    from: "voicemail",
    tenant: Some("voicemail.tenant_uuid"),
    only: None,
    columns: &[
        Column::text("name", "voicemail.name"),
        Column::text("number", "voicemail.number"),
        Column::text("email", "voicemail.email"),
        Column::text("context", "voicemail.context").unsearched(),
        Column::text("language", "voicemail.language").unsearched(),
        Column::text("timezone", "voicemail.timezone").unsearched(),
        Column::text("pager", "voicemail.pager"),
        Column::text("accesstype", "voicemail.accesstype").unsearched(),
    ],
    default_order: "voicemail.number {dir}, voicemail.id {dir}",
};

pub fn get(connection: &Connection, id: i64) -> Result<Option<Voicemail>> {
    Ok(get_many(connection, &[id])?.pop())
}

/// The rows of these ids, in no order.
pub fn get_many(connection: &Connection, ids: &[i64]) -> Result<Vec<Voicemail>> {
    let mut get = connection.prepare_cached(
        "SELECT v.id, v.tenant_uuid, v.name, v.number, v.context, v.password, v.email, v.language, v.timezone,
             v.pager, v.max_messages, v.attach_audio, v.delete_messages, v.ask_password, v.enabled, v.options,
             v.accesstype
         FROM json_each(?1) asked CROSS JOIN voicemail v ON v.id = asked.value",
    )?;
    let mut rows = get.query([id_list(ids)])?;
    let mut voicemails = Vec::with_capacity(ids.len());
    while let Some(row) = rows.next()? {
        voicemails.push(from_object(object_of(row)?)?);
    }
    Ok(voicemails)
}

fn from_object(mut row: Object) -> Result<Voicemail> {
    for name in ["attach_audio", "delete_messages", "ask_password", "enabled"] {
        if let Some(value) = row.get_mut(name)
            && let Some(number) = value.as_i64()
        {
            *value = Value::Bool(number != 0);
        }
    }
    if let Some(options) = row.get_mut("options") {
        *options = serde_json::from_str(options.as_str().unwrap_or("[]"))?;
    }
    Ok(serde_json::from_value(Value::Object(row))?)
}

/// The id of the voicemail with this number in the context of this name.
pub fn find(connection: &Connection, context: &str, number: &str) -> Result<Option<i64>> {
    let mut find =
        connection.prepare_cached("SELECT id FROM voicemail WHERE context = ?1 AND number = ?2")?;
    Ok(find.query_row([context, number], |row| row.get(0)).optional()?)
}

/// The id of a context's global voicemail.
pub fn global_of(connection: &Connection, context: &str) -> Result<Option<i64>> {
    let mut find =
        connection.prepare_cached("SELECT id FROM voicemail WHERE context = ?1 AND accesstype = 'global'")?;
    Ok(find.query_row([context], |row| row.get(0)).optional()?)
}

/// The ids of a voicemail's users, lowest first.
pub fn users(connection: &Connection, id: i64) -> Result<Vec<i64>> {
    let mut users = connection.prepare_cached("SELECT id FROM user WHERE voicemail_id = ?1 ORDER BY id")?;
    Ok(users.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The users of voicemails, lowest id first.
pub const USERS: &str = "SELECT u.voicemail_id, u.id, u.uuid, u.firstname, u.lastname
    FROM json_each(?1) asked CROSS JOIN user u ON u.voicemail_id = asked.value ORDER BY u.id";

pub fn insert(tx: &WriteTx, voicemail: &Voicemail) -> Result<i64> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO voicemail (tenant_uuid, name, number, context, password, email, language, timezone,
             pager, max_messages, attach_audio, delete_messages, ask_password, enabled, options, accesstype)
         VALUES (:tenant_uuid, :name, :number, :context, :password, :email, :language, :timezone,
             :pager, :max_messages, :attach_audio, :delete_messages, :ask_password, :enabled, :options,
             :accesstype)",
    )?;
    execute(&mut insert, &to_object(voicemail)?)?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, voicemail: &Voicemail) -> Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE voicemail SET tenant_uuid = :tenant_uuid, name = :name, number = :number,
             context = :context, password = :password, email = :email, language = :language,
             timezone = :timezone, pager = :pager, max_messages = :max_messages,
             attach_audio = :attach_audio, delete_messages = :delete_messages,
             ask_password = :ask_password, enabled = :enabled, options = :options,
             accesstype = :accesstype
         WHERE id = :id",
    )?;
    execute(&mut update, &to_object(voicemail)?)?;
    Ok(())
}

/// Notes that the API has set the PIN just now: an older one of the phone does not count any more.
pub fn password_is_set(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("UPDATE voicemail SET password_at = ?2 WHERE id = ?1")?
        .execute(params![id, clock::now()])?;
    Ok(())
}

/// Changes the PIN and nothing else.
pub fn set_password(tx: &WriteTx, id: i64, password: Option<&str>) -> Result<()> {
    tx.prepare_cached("UPDATE voicemail SET password = ?2 WHERE id = ?1")?.execute(params![id, password])?;
    Ok(())
}

fn to_object(voicemail: &Voicemail) -> Result<Object> {
    match serde_json::to_value(voicemail)? {
        Value::Object(object) => Ok(object),
        _ => Ok(Object::new()),
    }
}

pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM voicemail WHERE id = ?1")?.execute([id])?;
    Ok(())
}

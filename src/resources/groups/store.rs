//! SQL of groups and of their members.

use super::Group;
use crate::db::{WriteTx, execute, id_list, object_of};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Key, Listing, uuid_at};
use rusqlite::{Connection, Row, params};
use serde_json::Value;
use uuid::Uuid;

const EXTEN: &str = "(SELECT e.exten FROM extension_use eu JOIN extension e ON e.id = eu.extension_id \
     WHERE eu.kind = 'group' AND eu.owner_id = call_group.id ORDER BY e.id LIMIT 1)";

pub static LISTING: Listing = Listing {
    id: "call_group.id",
    from: "call_group JOIN tenant ON tenant.uuid = call_group.tenant_uuid",
    tenant: Some("call_group.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "call_group.id"),
        Column::text("name", "('grp-' || tenant.slug || '-' || call_group.uuid)"),
        Column::text("label", "call_group.label"),
        Column::text("preprocess_subroutine", "call_group.preprocess_subroutine").ordered_by(NULLS_LAST),
        Column::text("exten", EXTEN).ordered_by(NULLS_LAST),
    ],
    default_order: "call_group.label {dir}, call_group.id {dir}",
};

/// A user in a group, with what the API shows of them.
#[derive(Debug)]
pub struct UserMember {
    pub group_id: i64,
    pub priority: i64,
    pub id: i64,
    pub uuid: Uuid,
    pub firstname: String,
    pub lastname: Option<String>,
}

/// A number in a group.
#[derive(Debug)]
pub struct ExtensionMember {
    pub group_id: i64,
    pub priority: i64,
    pub exten: String,
    pub context: String,
}

/// A group with its name, for lists inside other resources.
#[derive(Debug)]
pub struct Named {
    pub of: i64,
    pub id: i64,
    pub uuid: Uuid,
    pub name: String,
}

pub fn get(connection: &Connection, key: Key) -> Result<Option<Group>> {
    let (sql, bound) = match key {
        Key::Id(id) => ("SELECT * FROM call_group WHERE id = ?1", id.to_string()),
        Key::Uuid(uuid) => ("SELECT * FROM call_group WHERE uuid = ?1", uuid.to_string()),
    };
    let mut get = connection.prepare_cached(sql)?;
    let mut rows = get.query([bound])?;
    rows.next()?.map(|row| from_object(object_of(row)?)).transpose()
}

/// The rows of these ids with their names, in no order.
pub fn get_many(connection: &Connection, ids: &[i64]) -> Result<Vec<(Group, String)>> {
    let mut get = connection.prepare_cached(
        "SELECT g.*, 'grp-' || t.slug || '-' || g.uuid AS name
         FROM json_each(?1) asked CROSS JOIN call_group g ON g.id = asked.value
         JOIN tenant t ON t.uuid = g.tenant_uuid",
    )?;
    let mut rows = get.query([id_list(ids)])?;
    let mut groups = Vec::with_capacity(ids.len());
    while let Some(row) = rows.next()? {
        let object = object_of(row)?;
        let name = object.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        groups.push((from_object(object)?, name));
    }
    Ok(groups)
}

fn from_object(mut row: Object) -> Result<Group> {
    let flags = ["dtmf_record_toggle", "ring_in_use", "mark_answered_elsewhere", "enabled", "ignore_forward"];
    for name in flags {
        if let Some(value) = row.get_mut(name) {
            *value = Value::Bool(value.as_i64() == Some(1));
        }
    }
    Ok(serde_json::from_value(Value::Object(row))?)
}

fn to_object(group: &Group) -> Result<Object> {
    match serde_json::to_value(group)? {
        Value::Object(object) => Ok(object),
        _ => Ok(Object::new()),
    }
}

pub fn insert(tx: &WriteTx, group: &Group) -> Result<i64> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO call_group (uuid, tenant_uuid, label, preprocess_subroutine, ring_strategy, caller_id_mode,
             caller_id_name, dtmf_record_toggle, timeout, user_timeout, retry_delay, music_on_hold, ring_in_use,
             mark_answered_elsewhere, enabled, ignore_forward, max_calls)
         VALUES (:uuid, :tenant_uuid, :label, :preprocess_subroutine, :ring_strategy, :caller_id_mode,
             :caller_id_name, :dtmf_record_toggle, :timeout, :user_timeout, :retry_delay, :music_on_hold,
             :ring_in_use, :mark_answered_elsewhere, :enabled, :ignore_forward, :max_calls)",
    )?;
    execute(&mut insert, &to_object(group)?)?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, group: &Group) -> Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE call_group SET label = :label, preprocess_subroutine = :preprocess_subroutine,
             ring_strategy = :ring_strategy, caller_id_mode = :caller_id_mode, caller_id_name = :caller_id_name,
             dtmf_record_toggle = :dtmf_record_toggle, timeout = :timeout, user_timeout = :user_timeout,
             retry_delay = :retry_delay, music_on_hold = :music_on_hold, ring_in_use = :ring_in_use,
             mark_answered_elsewhere = :mark_answered_elsewhere, enabled = :enabled,
             ignore_forward = :ignore_forward, max_calls = :max_calls
         WHERE id = :id",
    )?;
    execute(&mut update, &to_object(group)?)?;
    Ok(())
}

/// The database itself frees its extension, and sweeps destinations and function keys that name it.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM call_group WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// The users of these groups, by priority.
pub fn users_of(connection: &Connection, ids: &[i64]) -> Result<Vec<UserMember>> {
    let mut users = connection.prepare_cached(
        "SELECT gu.group_id, gu.priority, u.id, u.uuid, u.firstname, u.lastname
         FROM json_each(?1) asked CROSS JOIN group_user gu ON gu.group_id = asked.value
         JOIN user u ON u.id = gu.user_id ORDER BY gu.group_id, gu.priority, u.id",
    )?;
    let rows = users.query_map([id_list(ids)], |row| {
        Ok(UserMember {
            group_id: row.get(0)?,
            priority: row.get(1)?,
            id: row.get(2)?,
            uuid: uuid_at(row, 3)?,
            firstname: row.get(4)?,
            lastname: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The numbers of these groups, by priority.
pub fn extension_members_of(connection: &Connection, ids: &[i64]) -> Result<Vec<ExtensionMember>> {
    let mut members = connection.prepare_cached(
        "SELECT ge.group_id, ge.priority, ge.exten, ge.context
         FROM json_each(?1) asked CROSS JOIN group_extension ge ON ge.group_id = asked.value
         ORDER BY ge.group_id, ge.priority, ge.context, ge.exten",
    )?;
    let rows = members.query_map([id_list(ids)], |row| {
        Ok(ExtensionMember {
            group_id: row.get(0)?,
            priority: row.get(1)?,
            exten: row.get(2)?,
            context: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn named(row: &Row<'_>) -> rusqlite::Result<Named> {
    Ok(Named { of: row.get(0)?, id: row.get(1)?, uuid: uuid_at(row, 2)?, name: row.get(3)? })
}

/// The groups of these users.
pub fn groups_of_users(connection: &Connection, users: &[i64]) -> Result<Vec<Named>> {
    let mut groups = connection.prepare_cached(
        "SELECT gu.user_id, g.id, g.uuid, 'grp-' || t.slug || '-' || g.uuid
         FROM json_each(?1) asked CROSS JOIN group_user gu ON gu.user_id = asked.value
         JOIN call_group g ON g.id = gu.group_id JOIN tenant t ON t.uuid = g.tenant_uuid ORDER BY g.id",
    )?;
    Ok(groups.query_map([id_list(users)], named)?.collect::<rusqlite::Result<_>>()?)
}

/// Replaces the users of a group: user and priority.
pub fn replace_users(tx: &WriteTx, id: i64, members: &[(i64, i64)]) -> Result<()> {
    tx.prepare_cached("DELETE FROM group_user WHERE group_id = ?1")?.execute([id])?;
    let mut insert =
        tx.prepare_cached("INSERT INTO group_user (group_id, user_id, priority) VALUES (?1, ?2, ?3)")?;
    for (user, priority) in members {
        insert.execute([id, *user, *priority])?;
    }
    Ok(())
}

/// Makes a user a member, who rings first in order; who is one already stays where they are.
pub fn join_anew(tx: &WriteTx, id: i64, user: i64) -> Result<()> {
    tx.prepare_cached("INSERT OR IGNORE INTO group_user (group_id, user_id, priority) VALUES (?1, ?2, 0)")?
        .execute([id, user])?;
    Ok(())
}

/// Takes a user out of all groups but these.
pub fn leave_others(tx: &WriteTx, user: i64, kept: &[i64]) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM group_user WHERE user_id = ?1 AND group_id NOT IN (SELECT value FROM json_each(?2))",
    )?
    .execute(params![user, id_list(kept)])?;
    Ok(())
}

/// Replaces the numbers of a group: exten, context and priority.
pub fn replace_extensions(tx: &WriteTx, id: i64, members: &[(&str, &str, i64)]) -> Result<()> {
    tx.prepare_cached("DELETE FROM group_extension WHERE group_id = ?1")?.execute([id])?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO group_extension (group_id, exten, context, priority) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for (exten, context, priority) in members {
        insert.execute(params![id, exten, context, priority])?;
    }
    Ok(())
}

//! SQL of queues and of their members.

use super::Queue;
use super::members::Place;
use crate::db::{WriteTx, execute, id_list, object_of};
use crate::domain::queue_options::running_name;
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, params};
use serde_json::Value;
use uuid::Uuid;

const EXTEN: &str = "(SELECT e.exten FROM extension_use eu JOIN extension e ON e.id = eu.extension_id \
     WHERE eu.kind = 'queue' AND eu.owner_id = queue.id ORDER BY e.id LIMIT 1)";

pub static LISTING: Listing = Listing {
    id: "queue.id",
    from: "queue",
    tenant: Some("queue.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "queue.id"),
        Column::text("name", "queue.name"),
        Column::text("label", "queue.label").ordered_by(NULLS_LAST),
        Column::text("preprocess_subroutine", "queue.preprocess_subroutine").ordered_by(NULLS_LAST),
        Column::text("exten", EXTEN).ordered_by(NULLS_LAST),
    ],
    default_order: "queue.id {dir}",
};

/// The columns that are true or false.
const FLAGS: [&str; 14] = [
    "data_quality",
    "dtmf_hangup_callee_enabled",
    "dtmf_hangup_caller_enabled",
    "dtmf_transfer_callee_enabled",
    "dtmf_transfer_caller_enabled",
    "dtmf_record_callee_enabled",
    "dtmf_record_caller_enabled",
    "dtmf_record_toggle",
    "retry_on_timeout",
    "ring_on_hold",
    "announce_hold_time_on_entry",
    "ignore_forward",
    "mark_answered_elsewhere",
    "enabled",
];

/// A user in a queue, with what the API shows of them.
#[derive(Debug)]
pub struct UserMember {
    pub queue_id: i64,
    pub place: Place,
    pub id: i64,
    pub uuid: Uuid,
    pub firstname: String,
    pub lastname: Option<String>,
}

/// A queue with its names, for lists inside other resources.
#[derive(Debug)]
pub struct Named {
    pub of: i64,
    pub id: i64,
    pub name: String,
    pub label: Option<String>,
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<Queue>> {
    Ok(get_many(connection, &[id])?.pop())
}

/// The rows of these ids, in no order.
pub fn get_many(connection: &Connection, ids: &[i64]) -> Result<Vec<Queue>> {
    let mut get = connection
        .prepare_cached("SELECT q.* FROM json_each(?1) asked CROSS JOIN queue q ON q.id = asked.value")?;
    let mut rows = get.query([id_list(ids)])?;
    let mut queues = Vec::with_capacity(ids.len());
    while let Some(row) = rows.next()? {
        queues.push(from_object(object_of(row)?)?);
    }
    Ok(queues)
}

fn from_object(mut row: Object) -> Result<Queue> {
    for name in FLAGS {
        if let Some(value) = row.get_mut(name) {
            *value = Value::Bool(value.as_i64() == Some(1));
        }
    }
    if let Some(options) = row.get_mut("options") {
        *options = serde_json::from_str(options.as_str().unwrap_or("[]"))?;
    }
    Ok(serde_json::from_value(Value::Object(row))?)
}

fn to_object(queue: &Queue) -> Result<Object> {
    let mut object = match serde_json::to_value(queue)? {
        Value::Object(object) => object,
        _ => Object::new(),
    };
    object.insert("running_name".to_owned(), running_name(&queue.name, &queue.options).into());
    Ok(object)
}

pub fn is_queue(connection: &Connection, name: &str) -> Result<bool> {
    Ok(connection.prepare_cached("SELECT 1 FROM queue WHERE name = ?1")?.exists([name])?)
}

/// Whether a group has a queue of this name.
pub fn is_group(connection: &Connection, name: &str) -> Result<bool> {
    let mut get = connection.prepare_cached(
        "SELECT 1 FROM call_group g JOIN tenant t ON t.uuid = g.tenant_uuid
         WHERE 'grp-' || t.slug || '-' || g.uuid = ?1",
    )?;
    Ok(name.starts_with("grp-") && get.exists([name])?)
}

pub fn insert(tx: &WriteTx, queue: &Queue) -> Result<i64> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO queue (tenant_uuid, name, running_name, label, data_quality, dtmf_hangup_callee_enabled,
             dtmf_hangup_caller_enabled, dtmf_transfer_callee_enabled, dtmf_transfer_caller_enabled,
             dtmf_record_callee_enabled, dtmf_record_caller_enabled, dtmf_record_toggle, retry_on_timeout,
             ring_on_hold, timeout, announce_hold_time_on_entry, ignore_forward, preprocess_subroutine,
             music_on_hold, wait_time_threshold, wait_ratio_threshold, caller_id_mode, caller_id_name,
             mark_answered_elsewhere, enabled, options)
         VALUES (:tenant_uuid, :name, :running_name, :label, :data_quality, :dtmf_hangup_callee_enabled,
             :dtmf_hangup_caller_enabled, :dtmf_transfer_callee_enabled, :dtmf_transfer_caller_enabled,
             :dtmf_record_callee_enabled, :dtmf_record_caller_enabled, :dtmf_record_toggle, :retry_on_timeout,
             :ring_on_hold, :timeout, :announce_hold_time_on_entry, :ignore_forward, :preprocess_subroutine,
             :music_on_hold, :wait_time_threshold, :wait_ratio_threshold, :caller_id_mode, :caller_id_name,
             :mark_answered_elsewhere, :enabled, :options)",
    )?;
    execute(&mut insert, &to_object(queue)?)?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, queue: &Queue) -> Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE queue SET running_name = :running_name, label = :label, data_quality = :data_quality,
             dtmf_hangup_callee_enabled = :dtmf_hangup_callee_enabled,
             dtmf_hangup_caller_enabled = :dtmf_hangup_caller_enabled,
             dtmf_transfer_callee_enabled = :dtmf_transfer_callee_enabled,
             dtmf_transfer_caller_enabled = :dtmf_transfer_caller_enabled,
             dtmf_record_callee_enabled = :dtmf_record_callee_enabled,
             dtmf_record_caller_enabled = :dtmf_record_caller_enabled, dtmf_record_toggle = :dtmf_record_toggle,
             retry_on_timeout = :retry_on_timeout, ring_on_hold = :ring_on_hold, timeout = :timeout,
             announce_hold_time_on_entry = :announce_hold_time_on_entry, ignore_forward = :ignore_forward,
             preprocess_subroutine = :preprocess_subroutine, music_on_hold = :music_on_hold,
             wait_time_threshold = :wait_time_threshold, wait_ratio_threshold = :wait_ratio_threshold,
             caller_id_mode = :caller_id_mode, caller_id_name = :caller_id_name,
             mark_answered_elsewhere = :mark_answered_elsewhere, enabled = :enabled, options = :options
         WHERE id = :id",
    )?;
    execute(&mut update, &to_object(queue)?)?;
    Ok(())
}

/// The database itself frees its extension, and sweeps destinations and function keys that name it.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM queue WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// The users of these queues, by priority.
pub fn users_of(connection: &Connection, ids: &[i64]) -> Result<Vec<UserMember>> {
    let mut users = connection.prepare_cached(
        "SELECT qu.queue_id, qu.priority, qu.penalty, u.id, u.uuid, u.firstname, u.lastname
         FROM json_each(?1) asked CROSS JOIN queue_user qu ON qu.queue_id = asked.value
         JOIN user u ON u.id = qu.user_id ORDER BY qu.queue_id, qu.priority, u.id",
    )?;
    let rows = users.query_map([id_list(ids)], |row| {
        Ok(UserMember {
            queue_id: row.get(0)?,
            place: Place { priority: row.get(1)?, penalty: row.get(2)? },
            id: row.get(3)?,
            uuid: uuid_at(row, 4)?,
            firstname: row.get(5)?,
            lastname: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The queues of these users.
pub fn queues_of_users(connection: &Connection, users: &[i64]) -> Result<Vec<Named>> {
    let mut queues = connection.prepare_cached(
        "SELECT qu.user_id, q.id, q.name, q.label
         FROM json_each(?1) asked CROSS JOIN queue_user qu ON qu.user_id = asked.value
         JOIN queue q ON q.id = qu.queue_id ORDER BY q.id",
    )?;
    let rows = queues.query_map([id_list(users)], |row| {
        Ok(Named { of: row.get(0)?, id: row.get(1)?, name: row.get(2)?, label: row.get(3)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether another user of the queue has this line as the main one.
pub fn other_has_line(connection: &Connection, id: i64, user: i64, line: i64) -> Result<bool> {
    let mut get = connection.prepare_cached(
        "SELECT 1 FROM queue_user qu JOIN user_line ul ON ul.user_id = qu.user_id AND ul.position = 0
         WHERE qu.queue_id = ?1 AND qu.user_id <> ?2 AND ul.line_id = ?3",
    )?;
    Ok(get.exists([id, user, line])?)
}

/// Makes a user a member, or gives a member a new place.
pub fn put_user(tx: &WriteTx, id: i64, user: i64, place: Place) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO queue_user (queue_id, user_id, priority, penalty) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute([id, user, place.priority, place.penalty])?;
    Ok(())
}

pub fn remove_user(tx: &WriteTx, id: i64, user: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM queue_user WHERE queue_id = ?1 AND user_id = ?2")?.execute([id, user])?;
    Ok(())
}

/// Takes a user out of all queues but these.
pub fn leave_others(tx: &WriteTx, user: i64, kept: &[i64]) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM queue_user WHERE user_id = ?1 AND queue_id NOT IN (SELECT value FROM json_each(?2))",
    )?
    .execute(params![user, id_list(kept)])?;
    Ok(())
}

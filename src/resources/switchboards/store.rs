//! SQL of switchboards and of their members.

use super::Switchboard;
use crate::db::{WriteTx, execute, id_list};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

const COLUMNS: &str = "s.id, s.uuid, s.tenant_uuid, s.name, s.timeout, s.queue_music_on_hold, \
     s.waiting_room_music_on_hold";

/// The numbers from outside that lead there.
const EXTEN: &str = "(SELECT e.exten FROM destination d \
     JOIN extension_use eu ON eu.kind = 'incall' AND eu.owner_id = d.owner_id \
     JOIN extension e ON e.id = eu.extension_id \
     WHERE d.owner = 'incall' AND d.type = 'switchboard' AND d.target = switchboard.uuid ORDER BY e.id LIMIT 1)";

pub static LISTING: Listing = Listing {
    id: "switchboard.id",
    from: "switchboard",
    tenant: Some("switchboard.tenant_uuid"),
    only: None,
    columns: &[
        Column::text("name", "switchboard.name"),
        Column::text("exten", EXTEN).ordered_by(crate::http::list::NULLS_LAST),
    ],
    default_order: "switchboard.name {dir}, switchboard.id {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<Switchboard> {
    Ok(Switchboard {
        id: row.get(0)?,
        uuid: uuid_at(row, 1)?,
        tenant_uuid: uuid_at(row, 2)?,
        name: row.get(3)?,
        timeout: row.get(4)?,
        queue_music_on_hold: row.get(5)?,
        waiting_room_music_on_hold: row.get(6)?,
    })
}

pub fn get(connection: &Connection, uuid: Uuid) -> Result<Option<Switchboard>> {
    let sql = format!("SELECT {COLUMNS} FROM switchboard s WHERE s.uuid = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([uuid.to_string()], read).optional()?)
}

/// The rows of these ids, in no order.
pub fn get_many(connection: &Connection, ids: &[i64]) -> Result<Vec<Switchboard>> {
    let sql =
        format!("SELECT {COLUMNS} FROM json_each(?1) asked CROSS JOIN switchboard s ON s.id = asked.value");
    let mut get = connection.prepare_cached(&sql)?;
    Ok(get.query_map([id_list(ids)], read)?.collect::<rusqlite::Result<_>>()?)
}

/// The users of switchboards, lowest id first.
pub const USERS: &str = "SELECT su.switchboard_id, u.id, u.uuid, u.firstname, u.lastname
    FROM json_each(?1) asked CROSS JOIN switchboard_user su ON su.switchboard_id = asked.value
    JOIN user u ON u.id = su.user_id ORDER BY su.switchboard_id, u.id";

/// The switchboards of these users: user, uuid and name.
pub fn of_users(connection: &Connection, users: &[i64]) -> Result<Vec<(i64, Uuid, String)>> {
    let mut boards = connection.prepare_cached(
        "SELECT su.user_id, s.uuid, s.name
         FROM json_each(?1) asked CROSS JOIN switchboard_user su ON su.user_id = asked.value
         JOIN switchboard s ON s.id = su.switchboard_id ORDER BY s.id",
    )?;
    let rows = boards.query_map([id_list(users)], |row| Ok((row.get(0)?, uuid_at(row, 1)?, row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn to_object(board: &Switchboard) -> Result<Object> {
    match serde_json::to_value(board)? {
        Value::Object(object) => Ok(object),
        _ => Ok(Object::new()),
    }
}

pub fn insert(tx: &WriteTx, board: &Switchboard) -> Result<i64> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO switchboard (uuid, tenant_uuid, name, timeout, queue_music_on_hold, waiting_room_music_on_hold)
         VALUES (:uuid, :tenant_uuid, :name, :timeout, :queue_music_on_hold, :waiting_room_music_on_hold)",
    )?;
    execute(&mut insert, &to_object(board)?)?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, board: &Switchboard) -> Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE switchboard SET name = :name, timeout = :timeout, queue_music_on_hold = :queue_music_on_hold,
             waiting_room_music_on_hold = :waiting_room_music_on_hold WHERE id = :id",
    )?;
    execute(&mut update, &to_object(board)?)?;
    Ok(())
}

/// The database itself sweeps destinations that name it.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM switchboard WHERE id = ?1")?.execute([id])?;
    Ok(())
}

pub fn replace_members(tx: &WriteTx, id: i64, members: &BTreeSet<i64>) -> Result<()> {
    tx.prepare_cached("DELETE FROM switchboard_user WHERE switchboard_id = ?1")?.execute([id])?;
    let mut insert =
        tx.prepare_cached("INSERT INTO switchboard_user (switchboard_id, user_id) VALUES (?1, ?2)")?;
    for user in members {
        insert.execute([id, *user])?;
    }
    Ok(())
}

/// Is the user with this uuid a member?
pub fn has_member(connection: &Connection, id: i64, user: Uuid) -> Result<bool> {
    let mut member = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM switchboard_user m JOIN user u ON u.id = m.user_id
             WHERE m.switchboard_id = ?1 AND u.uuid = ?2)",
    )?;
    Ok(member.query_row(params![id, user.to_string()], |row| row.get(0))?)
}

/// Makes a user a member of exactly these switchboards.
pub fn replace_of_user(tx: &WriteTx, user: i64, boards: &[i64]) -> Result<()> {
    tx.prepare_cached("DELETE FROM switchboard_user WHERE user_id = ?1")?.execute([user])?;
    tx.prepare_cached(
        "INSERT OR IGNORE INTO switchboard_user (switchboard_id, user_id) SELECT value, ?1 FROM json_each(?2)",
    )?
    .execute(params![user, id_list(boards)])?;
    Ok(())
}

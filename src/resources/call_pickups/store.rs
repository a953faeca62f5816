//! SQL of call pickups.

use super::Pickup;
use super::sides::Side;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "call_pickup.id",
    from: "call_pickup",
    tenant: Some("call_pickup.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "call_pickup.id").unsearched(),
        Column::text("name", "call_pickup.name"),
        Column::text("description", "call_pickup.description").ordered_by(NULLS_LAST),
        Column::bool("enabled", "call_pickup.enabled").unsearched(),
    ],
    default_order: "call_pickup.name {dir}, call_pickup.id {dir}",
};

pub fn get(connection: &Connection, id: i64) -> Result<Option<Pickup>> {
    Ok(many(connection, &[id])?.pop())
}

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<Pickup>> {
    let mut get = connection.prepare_cached(
        "SELECT p.id, p.tenant_uuid, p.name, p.description, p.enabled
         FROM json_each(?1) asked CROSS JOIN call_pickup p ON p.id = asked.value ORDER BY asked.key",
    )?;
    let rows = get.query_map([id_list(ids)], |row| {
        Ok(Pickup {
            id: row.get(0)?,
            tenant_uuid: uuid_at(row, 1)?,
            name: row.get(2)?,
            description: row.get(3)?,
            enabled: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn by_name(connection: &Connection, tenant: Uuid, name: &str) -> Result<Option<i64>> {
    let mut get =
        connection.prepare_cached("SELECT id FROM call_pickup WHERE tenant_uuid = ?1 AND name = ?2")?;
    Ok(get.query_row(params![tenant.to_string(), name], |row| row.get(0)).optional()?)
}

/// `user`: whom it goes with.
pub fn insert(tx: &WriteTx, row: &Pickup, user: Option<i64>) -> Result<i64> {
    tx.prepare_cached(
        "INSERT INTO call_pickup (tenant_uuid, name, description, enabled, user_id) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![row.tenant_uuid.to_string(), row.name, row.description, row.enabled, user])?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, row: &Pickup) -> Result<()> {
    tx.prepare_cached("UPDATE call_pickup SET name = ?2, description = ?3, enabled = ?4 WHERE id = ?1")?
        .execute(params![row.id, row.name, row.description, row.enabled])?;
    Ok(())
}

pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM call_pickup WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// The pickup that was made with a user.
pub fn own(connection: &Connection, user: i64) -> Result<Option<i64>> {
    let mut own = connection.prepare_cached("SELECT id FROM call_pickup WHERE user_id = ?1")?;
    Ok(own.query_row([user], |row| row.get(0)).optional()?)
}

pub fn replace_users(tx: &WriteTx, id: i64, side: Side, users: &[i64]) -> Result<()> {
    tx.prepare_cached("DELETE FROM call_pickup_user WHERE call_pickup_id = ?1 AND side = ?2")?
        .execute(params![id, side.word()])?;
    tx.prepare_cached(
        "INSERT INTO call_pickup_user (call_pickup_id, side, user_id)
         SELECT ?1, ?2, value FROM json_each(?3)",
    )?
    .execute(params![id, side.word(), id_list(users)])?;
    Ok(())
}

pub fn replace_groups(tx: &WriteTx, id: i64, side: Side, groups: &BTreeSet<i64>) -> Result<()> {
    tx.prepare_cached("DELETE FROM call_pickup_group WHERE call_pickup_id = ?1 AND side = ?2")?
        .execute(params![id, side.word()])?;
    let groups: Vec<i64> = groups.iter().copied().collect();
    tx.prepare_cached(
        "INSERT INTO call_pickup_group (call_pickup_id, side, group_id)
         SELECT ?1, ?2, value FROM json_each(?3)",
    )?
    .execute(params![id, side.word(), id_list(&groups)])?;
    Ok(())
}

/// Who stands on a side of a pickup: a user, or a group with its name in place of the first name.
#[derive(Debug)]
pub struct Standing {
    /// The pickup, or for targets of a user that user.
    pub of: i64,
    pub side: String,
    pub id: i64,
    pub uuid: Uuid,
    pub name: String,
    pub lastname: Option<String>,
}

/// The users of these pickups, lowest id first.
pub fn users_of(connection: &Connection, ids: &[i64]) -> Result<Vec<Standing>> {
    standing(
        connection,
        "SELECT s.call_pickup_id, s.side, u.id, u.uuid, u.firstname, u.lastname
         FROM json_each(?1) asked CROSS JOIN call_pickup_user s ON s.call_pickup_id = asked.value
         JOIN user u ON u.id = s.user_id ORDER BY u.id",
        ids,
    )
}

/// The groups of these pickups, lowest id first.
pub fn groups_of(connection: &Connection, ids: &[i64]) -> Result<Vec<Standing>> {
    standing(
        connection,
        "SELECT s.call_pickup_id, s.side, g.id, g.uuid, 'grp-' || t.slug || '-' || g.uuid, NULL
         FROM json_each(?1) asked CROSS JOIN call_pickup_group s ON s.call_pickup_id = asked.value
         JOIN call_group g ON g.id = s.group_id JOIN tenant t ON t.uuid = g.tenant_uuid ORDER BY g.id",
        ids,
    )
}

/// Whose calls these users may take: by an enabled pickup, each of them and of the others by name or as a member of
/// a group. Nobody is their own target.
pub fn targets_of_users(connection: &Connection, users: &[i64]) -> Result<Vec<Standing>> {
    standing(
        connection,
        "WITH may (taker, call_pickup_id) AS (
             SELECT asked.value, s.call_pickup_id FROM json_each(?1) asked
                 CROSS JOIN call_pickup_user s ON s.user_id = asked.value AND s.side = 'interceptor'
             UNION
             SELECT asked.value, s.call_pickup_id FROM json_each(?1) asked
                 CROSS JOIN group_user m ON m.user_id = asked.value
                 JOIN call_pickup_group s ON s.group_id = m.group_id AND s.side = 'interceptor'
         ), of (taker, user_id) AS (
             SELECT may.taker, s.user_id FROM may JOIN call_pickup p ON p.id = may.call_pickup_id AND p.enabled
                 JOIN call_pickup_user s ON s.call_pickup_id = p.id AND s.side = 'target'
             UNION
             SELECT may.taker, m.user_id FROM may JOIN call_pickup p ON p.id = may.call_pickup_id AND p.enabled
                 JOIN call_pickup_group s ON s.call_pickup_id = p.id AND s.side = 'target'
                 JOIN group_user m ON m.group_id = s.group_id
         )
         SELECT of.taker, 'target', u.id, u.uuid, u.firstname, u.lastname
         FROM of JOIN user u ON u.id = of.user_id WHERE of.taker != u.id ORDER BY u.id",
        users,
    )
}

fn standing(connection: &Connection, sql: &str, ids: &[i64]) -> Result<Vec<Standing>> {
    let mut of = connection.prepare_cached(sql)?;
    let rows = of.query_map([id_list(ids)], |row| {
        Ok(Standing {
            of: row.get(0)?,
            side: row.get(1)?,
            id: row.get(2)?,
            uuid: uuid_at(row, 3)?,
            name: row.get(4)?,
            lastname: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

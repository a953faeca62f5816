//! SQL of who follows which schedule: the table `schedule_use`.

use super::Kind;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::{Key, uuid_at};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

/// An owner of a schedule, as far as the schedule shows it.
#[derive(Debug)]
pub struct OwnerRow {
    pub schedule: i64,
    pub id: i64,
    pub uuid: Option<Uuid>,
    /// A user's first name.
    pub name: Option<String>,
    /// A user's last name, a queue's label.
    pub more: Option<String>,
}

/// The schedule of an owner.
pub fn schedule_of(connection: &Connection, kind: Kind, owner: i64) -> Result<Option<i64>> {
    let sql = "SELECT schedule_id FROM schedule_use WHERE kind = ?1 AND owner_id = ?2";
    let mut get = connection.prepare_cached(sql)?;
    Ok(get.query_row(params![kind.word(), owner], |row| row.get(0)).optional()?)
}

pub fn attach(tx: &WriteTx, kind: Kind, owner: i64, schedule: i64) -> Result<()> {
    tx.prepare_cached("INSERT INTO schedule_use (kind, owner_id, schedule_id) VALUES (?1, ?2, ?3)")?
        .execute(params![kind.word(), owner, schedule])?;
    Ok(())
}

pub fn detach(tx: &WriteTx, kind: Kind, owner: i64, schedule: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM schedule_use WHERE kind = ?1 AND owner_id = ?2 AND schedule_id = ?3")?
        .execute(params![kind.word(), owner, schedule])?;
    Ok(())
}

pub fn detach_all(tx: &WriteTx, kind: Kind, owner: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM schedule_use WHERE kind = ?1 AND owner_id = ?2")?
        .execute(params![kind.word(), owner])?;
    Ok(())
}

/// The schedules of these owners: owner, schedule, its name.
pub fn of(connection: &Connection, kind: Kind, owners: &[i64]) -> Result<Vec<(i64, i64, Option<String>)>> {
    let mut of = connection.prepare_cached(
        "SELECT u.owner_id, s.id, s.name
         FROM json_each(?2) asked CROSS JOIN schedule_use u ON u.kind = ?1 AND u.owner_id = asked.value
         JOIN schedule s ON s.id = u.schedule_id ORDER BY s.id",
    )?;
    let rows = of.query_map(params![kind.word(), id_list(owners)], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Who of a kind follows these schedules, lowest id first.
pub fn owners(connection: &Connection, kind: Kind, schedules: &[i64]) -> Result<Vec<OwnerRow>> {
    let sql = match kind {
        Kind::User => {
            "SELECT u.schedule_id, o.id, o.uuid, o.firstname, o.lastname
             FROM json_each(?1) asked CROSS JOIN schedule_use u ON u.schedule_id = asked.value AND u.kind = 'user'
             JOIN user o ON o.id = u.owner_id ORDER BY o.id"
        }
        Kind::Group => {
            "SELECT u.schedule_id, o.id, o.uuid, 'grp-' || t.slug || '-' || o.uuid, NULL
             FROM json_each(?1) asked CROSS JOIN schedule_use u ON u.schedule_id = asked.value AND u.kind = 'group'
             JOIN call_group o ON o.id = u.owner_id JOIN tenant t ON t.uuid = o.tenant_uuid ORDER BY o.id"
        }
        Kind::Queue => {
            "SELECT u.schedule_id, o.id, NULL, o.name, o.label
             FROM json_each(?1) asked CROSS JOIN schedule_use u ON u.schedule_id = asked.value AND u.kind = 'queue'
             JOIN queue o ON o.id = u.owner_id ORDER BY o.id"
        }
        Kind::Incall => {
            "SELECT u.schedule_id, o.id, NULL, NULL, NULL
             FROM json_each(?1) asked CROSS JOIN schedule_use u ON u.schedule_id = asked.value AND u.kind = 'incall'
             JOIN incall o ON o.id = u.owner_id ORDER BY o.id"
        }
        Kind::Outcall => {
            "SELECT u.schedule_id, o.id, NULL, o.name, NULL
             FROM json_each(?1) asked CROSS JOIN schedule_use u ON u.schedule_id = asked.value AND u.kind = 'outcall'
             JOIN outcall o ON o.id = u.owner_id ORDER BY o.id"
        }
    };
    let mut owners = connection.prepare_cached(sql)?;
    let rows = owners.query_map([id_list(schedules)], |row| {
        let uuid = row.get_ref(2)?.as_str_or_null()?.and_then(|uuid| Uuid::try_parse(uuid).ok());
        Ok(OwnerRow { schedule: row.get(0)?, id: row.get(1)?, uuid, name: row.get(3)?, more: row.get(4)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Id and tenant of an owner.
pub fn owner(connection: &Connection, kind: Kind, key: Key) -> Result<Option<(i64, Uuid)>> {
    let sql = match (kind, key) {
        (Kind::User, Key::Id(_)) => "SELECT id, tenant_uuid FROM user WHERE id = ?1",
        (Kind::User, Key::Uuid(_)) => "SELECT id, tenant_uuid FROM user WHERE uuid = ?1",
        (Kind::Group, Key::Id(_)) => "SELECT id, tenant_uuid FROM call_group WHERE id = ?1",
        (Kind::Group, Key::Uuid(_)) => "SELECT id, tenant_uuid FROM call_group WHERE uuid = ?1",
        (Kind::Queue, Key::Id(_)) => "SELECT id, tenant_uuid FROM queue WHERE id = ?1",
        (Kind::Incall, Key::Id(_)) => "SELECT id, tenant_uuid FROM incall WHERE id = ?1",
        (Kind::Outcall, Key::Id(_)) => "SELECT id, tenant_uuid FROM outcall WHERE id = ?1",
        (Kind::Queue | Kind::Incall | Kind::Outcall, Key::Uuid(_)) => return Ok(None),
    };
    let mut get = connection.prepare_cached(sql)?;
    let read = |row: &Row<'_>| Ok((row.get(0)?, uuid_at(row, 1)?));
    let row = match key {
        Key::Id(id) => get.query_row([id], read),
        Key::Uuid(uuid) => get.query_row([uuid.to_string()], read),
    };
    Ok(row.optional()?)
}

//! SQL of call permissions.

use super::{Holder, Permission};
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Key, Listing, uuid_at};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "call_permission.id",
    from: "call_permission",
    tenant: Some("call_permission.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "call_permission.id"),
        Column::text("name", "call_permission.name"),
        Column::text("description", "call_permission.description").ordered_by(NULLS_LAST),
        Column::bool("enabled", "call_permission.enabled"),
        Column::text("mode", "call_permission.mode"),
    ],
    default_order: "call_permission.name {dir}, call_permission.id {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<Permission> {
    let extensions = serde_json::from_str(row.get_ref(5)?.as_str()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(5, Type::Text, Box::new(error)))?;
    Ok(Permission {
        id: row.get(0)?,
        tenant_uuid: uuid_at(row, 1)?,
        name: row.get(2)?,
        password: row.get(3)?,
        mode: row.get(4)?,
        extensions,
        enabled: row.get(6)?,
        description: row.get(7)?,
    })
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<Permission>> {
    Ok(many(connection, &[id])?.pop())
}

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<Permission>> {
    let mut get = connection.prepare_cached(
        "SELECT p.id, p.tenant_uuid, p.name, p.password, p.mode, p.extensions, p.enabled, p.description
         FROM json_each(?1) asked CROSS JOIN call_permission p ON p.id = asked.value ORDER BY asked.key",
    )?;
    Ok(get.query_map([id_list(ids)], read)?.collect::<rusqlite::Result<_>>()?)
}

pub fn by_name(connection: &Connection, tenant: Uuid, name: &str) -> Result<Option<i64>> {
    let mut get =
        connection.prepare_cached("SELECT id FROM call_permission WHERE tenant_uuid = ?1 AND name = ?2")?;
    Ok(get.query_row(params![tenant.to_string(), name], |row| row.get(0)).optional()?)
}

pub fn insert(tx: &WriteTx, row: &Permission) -> Result<i64> {
    let extensions = serde_json::to_string(&row.extensions)?;
    tx.prepare_cached(
        "INSERT INTO call_permission (tenant_uuid, name, password, mode, extensions, enabled, description)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        row.tenant_uuid.to_string(),
        row.name,
        row.password,
        row.mode,
        extensions,
        row.enabled,
        row.description
    ])?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, row: &Permission) -> Result<()> {
    let extensions = serde_json::to_string(&row.extensions)?;
    tx.prepare_cached(
        "UPDATE call_permission SET name = ?2, password = ?3, mode = ?4, extensions = ?5, enabled = ?6,
             description = ?7
         WHERE id = ?1",
    )?
    .execute(params![
        row.id,
        row.name,
        row.password,
        row.mode,
        extensions,
        row.enabled,
        row.description
    ])?;
    Ok(())
}

pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM call_permission WHERE id = ?1")?.execute([id])?;
    Ok(())
}

pub fn attach(tx: &WriteTx, holder: Holder, id: i64, permission: i64) -> Result<()> {
    let sql = match holder {
        Holder::User => {
            "INSERT INTO call_permission_user (user_id, call_permission_id) VALUES (?1, ?2)
             ON CONFLICT DO NOTHING"
        }
        Holder::Group => {
            "INSERT INTO call_permission_group (group_id, call_permission_id) VALUES (?1, ?2)
             ON CONFLICT DO NOTHING"
        }
        Holder::Outcall => {
            "INSERT INTO call_permission_outcall (outcall_id, call_permission_id) VALUES (?1, ?2)
             ON CONFLICT DO NOTHING"
        }
    };
    tx.prepare_cached(sql)?.execute([id, permission])?;
    Ok(())
}

pub fn detach(tx: &WriteTx, holder: Holder, id: i64, permission: i64) -> Result<()> {
    let sql = match holder {
        Holder::User => "DELETE FROM call_permission_user WHERE user_id = ?1 AND call_permission_id = ?2",
        Holder::Group => "DELETE FROM call_permission_group WHERE group_id = ?1 AND call_permission_id = ?2",
        Holder::Outcall => {
            "DELETE FROM call_permission_outcall WHERE outcall_id = ?1 AND call_permission_id = ?2"
        }
    };
    tx.prepare_cached(sql)?.execute([id, permission])?;
    Ok(())
}

/// The permissions of these holders: holder, permission, its name.
pub fn of(connection: &Connection, holder: Holder, ids: &[i64]) -> Result<Vec<(i64, i64, String)>> {
    let sql = match holder {
        Holder::User => {
            "SELECT h.user_id, p.id, p.name
             FROM json_each(?1) asked CROSS JOIN call_permission_user h ON h.user_id = asked.value
             JOIN call_permission p ON p.id = h.call_permission_id ORDER BY p.id"
        }
        Holder::Group => {
            "SELECT h.group_id, p.id, p.name
             FROM json_each(?1) asked CROSS JOIN call_permission_group h ON h.group_id = asked.value
             JOIN call_permission p ON p.id = h.call_permission_id ORDER BY p.id"
        }
        Holder::Outcall => {
            "SELECT h.outcall_id, p.id, p.name
             FROM json_each(?1) asked CROSS JOIN call_permission_outcall h ON h.outcall_id = asked.value
             JOIN call_permission p ON p.id = h.call_permission_id ORDER BY p.id"
        }
    };
    let mut of = connection.prepare_cached(sql)?;
    let rows = of.query_map([id_list(ids)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A user, group or outcall that has a permission, as far as the permission shows it.
#[derive(Debug)]
pub struct HolderRow {
    pub permission: i64,
    pub id: i64,
    /// An outcall has none.
    pub uuid: Option<Uuid>,
    /// A user's first name.
    pub name: String,
    /// A user's last name.
    pub lastname: Option<String>,
}

/// Who has these permissions, lowest id first.
pub fn holders(connection: &Connection, holder: Holder, ids: &[i64]) -> Result<Vec<HolderRow>> {
    let sql = match holder {
        Holder::User => {
            "SELECT h.call_permission_id, u.id, u.uuid, u.firstname, u.lastname
             FROM json_each(?1) asked CROSS JOIN call_permission_user h ON h.call_permission_id = asked.value
             JOIN user u ON u.id = h.user_id ORDER BY u.id"
        }
        Holder::Group => {
            "SELECT h.call_permission_id, g.id, g.uuid, 'grp-' || t.slug || '-' || g.uuid, NULL
             FROM json_each(?1) asked CROSS JOIN call_permission_group h ON h.call_permission_id = asked.value
             JOIN call_group g ON g.id = h.group_id JOIN tenant t ON t.uuid = g.tenant_uuid ORDER BY g.id"
        }
        Holder::Outcall => {
            "SELECT h.call_permission_id, o.id, NULL, o.name, NULL
             FROM json_each(?1) asked CROSS JOIN call_permission_outcall h ON h.call_permission_id = asked.value
             JOIN outcall o ON o.id = h.outcall_id ORDER BY o.id"
        }
    };
    let mut holders = connection.prepare_cached(sql)?;
    let rows = holders.query_map([id_list(ids)], |row| {
        let uuid = row.get_ref(2)?.as_str_or_null()?.and_then(|uuid| Uuid::try_parse(uuid).ok());
        Ok(HolderRow {
            permission: row.get(0)?,
            id: row.get(1)?,
            uuid,
            name: row.get(3)?,
            lastname: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A holder's id and tenant. An outcall has no uuid.
pub fn holder(connection: &Connection, holder: Holder, key: Key) -> Result<Option<(i64, Uuid)>> {
    let sql = match (holder, key) {
        (Holder::User, Key::Id(_)) => "SELECT id, tenant_uuid FROM user WHERE id = ?1",
        (Holder::User, Key::Uuid(_)) => "SELECT id, tenant_uuid FROM user WHERE uuid = ?1",
        (Holder::Group, Key::Id(_)) => "SELECT id, tenant_uuid FROM call_group WHERE id = ?1",
        (Holder::Group, Key::Uuid(_)) => "SELECT id, tenant_uuid FROM call_group WHERE uuid = ?1",
        (Holder::Outcall, Key::Id(_)) => "SELECT id, tenant_uuid FROM outcall WHERE id = ?1",
        (Holder::Outcall, Key::Uuid(_)) => return Ok(None),
    };
    let mut get = connection.prepare_cached(sql)?;
    let read = |row: &Row<'_>| Ok((row.get(0)?, uuid_at(row, 1)?));
    let row = match key {
        Key::Id(id) => get.query_row([id], read),
        Key::Uuid(uuid) => get.query_row([uuid.to_string()], read),
    };
    Ok(row.optional()?)
}

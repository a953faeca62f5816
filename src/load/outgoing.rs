//! Trunks, outcalls and permissions.

use super::hours::Followed;
use super::rows::all;
use crate::error::Result;
use crate::model::{Outcall, Permission, Tenant, Treatment, Trunk, Way};
use rusqlite::Connection;
use rusqlite::types::Type;
use std::collections::HashMap;

/// Parts by their owner.
type Lists = HashMap<i64, Vec<i64>>;

pub fn tenants(connection: &Connection) -> Result<Vec<Tenant>> {
    all(connection, "SELECT uuid, country FROM tenant ORDER BY uuid", |row| {
        Ok(Tenant { uuid: row.get(0)?, country: row.get(1)? })
    })
}

/// The trunks that something can be dialled over, by id.
pub fn trunks(connection: &Connection) -> Result<Vec<Trunk>> {
    all(
        connection,
        "SELECT t.id, t.tenant_uuid, t.outgoing_caller_id_format, s.name, c.interface, c.interface_suffix
         FROM trunk t LEFT JOIN endpoint_sip s ON s.uuid = t.endpoint_sip_uuid
              LEFT JOIN endpoint_custom c ON c.id = t.endpoint_custom_id AND c.enabled
         WHERE s.name IS NOT NULL OR c.interface IS NOT NULL ORDER BY t.id",
        |row| {
            let sip: Option<String> = row.get(3)?;
            let way = match sip {
                Some(name) => Way::Sip(name),
                None => Way::Custom { interface: row.get(4)?, suffix: row.get(5)? },
            };
            Ok(Trunk { id: row.get(0)?, tenant_uuid: row.get(1)?, caller_id_format: row.get(2)?, way })
        },
    )
}

/// Every outcall, by id.
pub fn outcalls(connection: &Connection, followed: &Followed) -> Result<Vec<Outcall>> {
    let mut trunks =
        lists(connection, "SELECT outcall_id, trunk_id FROM outcall_trunk ORDER BY outcall_id, position")?;
    let mut permissions = lists(
        connection,
        "SELECT h.outcall_id, p.id FROM call_permission_outcall h JOIN call_permission p ON p.id = h.call_permission_id
         WHERE p.enabled ORDER BY h.outcall_id, p.id",
    )?;
    all(
        connection,
        "SELECT id, tenant_uuid, enabled, internal_caller_id, ring_time, preprocess_subroutine
         FROM outcall ORDER BY id",
        |row| {
            let id = row.get(0)?;
            Ok(Outcall {
                id,
                tenant_uuid: row.get(1)?,
                enabled: row.get(2)?,
                internal_caller_id: row.get(3)?,
                ring_time: row.get(4)?,
                subroutine: row.get(5)?,
                schedule: followed.by("outcall", id),
                trunks: trunks.remove(&id).unwrap_or_default(),
                permissions: permissions.remove(&id).unwrap_or_default(),
            })
        },
    )
}

/// What outcalls do to numbers, by number and context of the extension.
pub fn treatments(connection: &Connection) -> Result<HashMap<(String, String), Treatment>> {
    let rows = all(
        connection,
        "SELECT e.exten, e.context, x.strip_digits, x.external_prefix, x.caller_id
         FROM outcall_extension x JOIN extension e ON e.id = x.extension_id",
        |row| {
            let treatment =
                Treatment { strip_digits: row.get(2)?, external_prefix: row.get(3)?, caller_id: row.get(4)? };
            Ok(((row.get(0)?, row.get(1)?), treatment))
        },
    )?;
    Ok(rows.into_iter().collect())
}

/// The enabled permissions, by id.
pub fn permissions(connection: &Connection) -> Result<Vec<Permission>> {
    all(
        connection,
        "SELECT id, mode, password, extensions FROM call_permission WHERE enabled ORDER BY id",
        |row| {
            let patterns = serde_json::from_str(row.get_ref(3)?.as_str()?)
                .map_err(|error| rusqlite::Error::FromSqlConversionFailure(3, Type::Text, Box::new(error)))?;
            Ok(Permission {
                id: row.get(0)?,
                allows: row.get_ref(1)?.as_str()? == "allow",
                password: row.get(2)?,
                patterns,
            })
        },
    )
}

/// The enabled permissions of each user: their own, and those of the enabled groups that they are in.
pub fn of_users(connection: &Connection) -> Result<[Lists; 2]> {
    let own = lists(
        connection,
        "SELECT h.user_id, p.id FROM call_permission_user h JOIN call_permission p ON p.id = h.call_permission_id
         WHERE p.enabled ORDER BY h.user_id, p.id",
    )?;
    let of_groups = lists(
        connection,
        "SELECT DISTINCT m.user_id, p.id
         FROM call_permission_group h JOIN call_permission p ON p.id = h.call_permission_id
              JOIN call_group g ON g.id = h.group_id JOIN group_user m ON m.group_id = g.id
         WHERE p.enabled AND g.enabled ORDER BY m.user_id, p.id",
    )?;
    Ok([own, of_groups])
}

/// Pairs of an owner and one of its parts as lists by owner.
fn lists(connection: &Connection, sql: &str) -> Result<Lists> {
    let mut lists = Lists::new();
    for (owner, part) in all(connection, sql, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))? {
        lists.entry(owner).or_default().push(part);
    }
    Ok(lists)
}

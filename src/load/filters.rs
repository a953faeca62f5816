//! Call filters, pagings, and which endpoints take each other's calls.

use super::rows::all;
use crate::error::Result;
use crate::model::{CallerId, Filter, FilterMember, Paging};
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Every call filter, by id.
pub fn filters(connection: &Connection) -> Result<Vec<Filter>> {
    let mut filters = all(
        connection,
        "SELECT id, enabled, strategy, source, caller_id_mode, caller_id_name, surrogates_timeout
         FROM call_filter ORDER BY id",
        |row| {
            Ok(Filter {
                id: row.get(0)?,
                enabled: row.get(1)?,
                strategy: row.get(2)?,
                source: row.get(3)?,
                caller_id: CallerId { mode: row.get(4)?, name: row.get(5)? },
                timeout: row.get(6)?,
                boss: None,
                secretaries: Vec::new(),
            })
        },
    )?;
    let members = all(
        connection,
        "SELECT call_filter_id, side, id, user_id, timeout, active FROM call_filter_member
         ORDER BY call_filter_id, position, id",
        |row| {
            let member = FilterMember {
                id: row.get(2)?,
                user: row.get(3)?,
                timeout: row.get(4)?,
                active: row.get(5)?,
            };
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, member))
        },
    )?;
    for (filter, side, member) in members {
        let at = filters.binary_search_by_key(&filter, |filter| filter.id);
        let Some(filter) = at.ok().and_then(|at| filters.get_mut(at)) else { continue };
        if side == "recipient" { filter.boss = Some(member) } else { filter.secretaries.push(member) }
    }
    Ok(filters)
}

/// Every enabled paging, by id.
pub fn pagings(connection: &Connection) -> Result<Vec<Paging>> {
    let mut pagings = all(
        connection,
        "SELECT id, tenant_uuid, number, name, announce_caller, announce_sound, caller_notification, duplex,
                ignore_forward, record
         FROM paging WHERE enabled ORDER BY id",
        |row| {
            Ok(Paging {
                id: row.get(0)?,
                tenant_uuid: row.get(1)?,
                number: row.get(2)?,
                name: row.get(3)?,
                announce_caller: row.get(4)?,
                announce_sound: row.get(5)?,
                caller_notification: row.get(6)?,
                duplex: row.get(7)?,
                ignore_forward: row.get(8)?,
                record: row.get(9)?,
                members: Vec::new(),
                callers: Vec::new(),
            })
        },
    )?;
    let users = all(
        connection,
        "SELECT paging_id, side, user_id FROM paging_user ORDER BY paging_id, user_id",
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get(2)?)),
    )?;
    for (paging, side, user) in users {
        let at = pagings.binary_search_by_key(&paging, |paging| paging.id);
        let Some(paging) = at.ok().and_then(|at| pagings.get_mut(at)) else { continue };
        if side == "member" { paging.members.push(user) } else { paging.callers.push(user) }
    }
    Ok(pagings)
}

/// The enabled call pickups of a line.
#[derive(Debug, Clone, Default)]
pub struct Pickups {
    /// Those by which its calls are taken.
    pub called: Vec<i64>,
    /// Those by which it takes calls.
    pub taking: Vec<i64>,
}

/// The call pickups of every line that has some: of its users, and of the groups that they are in.
pub fn pickups(connection: &Connection) -> Result<BTreeMap<i64, Pickups>> {
    let rows = all(
        connection,
        "WITH stands (user_id, side, call_pickup_id) AS (
             SELECT user_id, side, call_pickup_id FROM call_pickup_user
             UNION
             SELECT m.user_id, s.side, s.call_pickup_id
             FROM call_pickup_group s JOIN group_user m ON m.group_id = s.group_id
         )
         SELECT DISTINCT ul.line_id, s.side, p.id FROM stands s
         JOIN call_pickup p ON p.id = s.call_pickup_id AND p.enabled JOIN user_line ul ON ul.user_id = s.user_id
         ORDER BY ul.line_id, p.id",
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get(2)?)),
    )?;
    let mut pickups: BTreeMap<i64, Pickups> = BTreeMap::new();
    for (line, side, pickup) in rows {
        let of_line = pickups.entry(line).or_default();
        if side == "target" { of_line.called.push(pickup) } else { of_line.taking.push(pickup) }
    }
    Ok(pickups)
}

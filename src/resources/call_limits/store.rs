//! SQL of limits and of what they refused.

use crate::clock;
use crate::db::{WriteTx, id_list};
use crate::domain::ceiling::{Ceilings, OwnCeiling};
use crate::error::Result;
use crate::http::{Column, Listing};
use rusqlite::{Connection, OptionalExtension, Row, params};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

/// So many events of a tenant are kept.
const KEPT: i64 = 1000;
/// Calls that are refused for the same reason within so many microseconds after the first are one event.
const ONE_EVENT: i64 = 600_000_000;

/// Whose limits.
#[derive(Debug, Clone, Copy)]
pub enum Owner {
    User(i64),
    Trunk(i64),
}

fn own(row: &Row<'_>) -> rusqlite::Result<OwnCeiling> {
    Ok(OwnCeiling { simultaneous: row.get(0)?, hourly: row.get(1)? })
}

pub fn of(connection: &Connection, owner: Owner) -> Result<OwnCeiling> {
    let (sql, id) = match owner {
        Owner::User(id) => ("SELECT simultaneous, hourly FROM user_ceiling WHERE user_id = ?1", id),
        Owner::Trunk(id) => ("SELECT simultaneous, hourly FROM trunk_ceiling WHERE trunk_id = ?1", id),
    };
    Ok(connection.prepare_cached(sql)?.query_row([id], own).optional()?.unwrap_or_default())
}

pub fn set(tx: &WriteTx, owner: Owner, ceiling: OwnCeiling) -> Result<()> {
    let (sql, id) = match owner {
        Owner::User(id) => ("INSERT OR REPLACE INTO user_ceiling VALUES (?1, ?2, ?3)", id),
        Owner::Trunk(id) => ("INSERT OR REPLACE INTO trunk_ceiling VALUES (?1, ?2, ?3)", id),
    };
    tx.prepare_cached(sql)?.execute(params![id, ceiling.simultaneous, ceiling.hourly])?;
    Ok(())
}

pub fn of_tenant(connection: &Connection, tenant: Uuid) -> Result<Ceilings<OwnCeiling>> {
    let mut get = connection.prepare_cached(
        "SELECT user_simultaneous, user_hourly, trunk_simultaneous, trunk_hourly FROM tenant_ceiling
         WHERE tenant_uuid = ?1",
    )?;
    let both = get.query_row([tenant.to_string()], |row| {
        let trunk = OwnCeiling { simultaneous: row.get(2)?, hourly: row.get(3)? };
        Ok(Ceilings { user: own(row)?, trunk })
    });
    let nothing = Ceilings { user: OwnCeiling::default(), trunk: OwnCeiling::default() };
    Ok(both.optional()?.unwrap_or(nothing))
}

pub fn set_of_tenant(tx: &WriteTx, tenant: Uuid, both: Ceilings<OwnCeiling>) -> Result<()> {
    let Ceilings { user, trunk } = both;
    tx.prepare_cached("INSERT OR REPLACE INTO tenant_ceiling VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(
        params![tenant.to_string(), user.simultaneous, user.hourly, trunk.simultaneous, trunk.hourly],
    )?;
    Ok(())
}

/// The newest first, unless asked otherwise.
pub static LISTING: Listing = Listing {
    id: "ceiling_event.id",
    from: "ceiling_event",
    tenant: Some("ceiling_event.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "ceiling_event.id").unsearched(),
        Column::text("first_at", "ceiling_event.first_at"),
        Column::text("last_at", "ceiling_event.last_at"),
        Column::text("kind", "ceiling_event.kind"),
        Column::text("name", "ceiling_event.name"),
        Column::text("limit", "ceiling_event.reached"),
        Column::text("number", "ceiling_event.number"),
    ],
    default_order: "-ceiling_event.id {dir}",
};

/// Calls that were refused for one reason.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Event {
    id: i64,
    tenant_uuid: String,
    /// UTC.
    first_at: String,
    last_at: String,
    /// `user` or `trunk`.
    kind: String,
    /// Of the user or the trunk.
    owner_id: i64,
    /// As they were called then.
    name: String,
    /// `simultaneous` or `hourly`.
    limit: String,
    ceiling: i64,
    /// How many were refused.
    calls: i64,
    /// What the last of them would have dialled.
    number: String,
}

/// The events of these ids, in their order.
pub fn events(connection: &Connection, ids: &[i64]) -> Result<Vec<Event>> {
    let mut get = connection.prepare_cached(
        "SELECT e.id, e.tenant_uuid, e.first_at, e.last_at, e.kind, e.owner_id, e.name, e.reached, e.ceiling, e.calls,
             e.number
         FROM json_each(?1) page CROSS JOIN ceiling_event e ON e.id = page.value ORDER BY page.key",
    )?;
    let read = |row: &Row<'_>| {
        Ok(Event {
            id: row.get(0)?,
            tenant_uuid: row.get(1)?,
            first_at: row.get(2)?,
            last_at: row.get(3)?,
            kind: row.get(4)?,
            owner_id: row.get(5)?,
            name: row.get(6)?,
            limit: row.get(7)?,
            ceiling: row.get(8)?,
            calls: row.get(9)?,
            number: row.get(10)?,
        })
    };
    Ok(get.query_map([id_list(ids)], read)?.collect::<rusqlite::Result<_>>()?)
}

/// A call that was refused: `kind` user or trunk, `reached` simultaneous or hourly.
#[derive(Debug)]
pub struct Refused<'a> {
    pub kind: &'a str,
    pub id: i64,
    pub reached: &'a str,
    pub ceiling: i64,
    pub number: &'a str,
}

/// Keeps it; gives a sentence when it is the first of its kind for a while, nothing for a user or trunk that is gone.
///
/// # Errors
/// The database can't be written.
pub fn note(tx: &WriteTx, refused: &Refused<'_>) -> Result<Option<String>> {
    let Refused { kind, id, reached, ceiling, number } = *refused;
    let Some((tenant, name)) = named(tx, kind, id)? else { return Ok(None) };
    let since = clock::universal(clock::micros() - ONE_EVENT);
    let now = clock::now();
    let more = tx
        .prepare_cached(
            "UPDATE ceiling_event SET last_at = ?1, calls = calls + 1, number = ?2, ceiling = ?3
             WHERE id = (SELECT max(id) FROM ceiling_event WHERE tenant_uuid = ?4 AND kind = ?5 AND owner_id = ?6
                 AND reached = ?7) AND first_at > ?8",
        )?
        .execute(params![now, number, ceiling, tenant, kind, id, reached, since])?;
    if more > 0 {
        return Ok(None);
    }
    tx.prepare_cached(
        "INSERT INTO ceiling_event (tenant_uuid, first_at, last_at, kind, owner_id, name, reached, ceiling, calls, number)
         VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8)",
    )?
    .execute(params![tenant, now, kind, id, name, reached, ceiling, number])?;
    tx.prepare_cached(
        "DELETE FROM ceiling_event WHERE tenant_uuid = ?1 AND id <= (SELECT id FROM ceiling_event WHERE tenant_uuid = ?1
             ORDER BY id DESC LIMIT 1 OFFSET ?2)",
    )?
    .execute(params![tenant, KEPT])?;
    let how = if reached == "hourly" { "within an hour" } else { "at once" };
    Ok(Some(format!(
        "a call to {number} was refused: {kind} {name} ({id}) may have {ceiling} calls outside {how}"
    )))
}

/// Tenant and name of a user or trunk.
fn named(tx: &WriteTx, kind: &str, id: i64) -> Result<Option<(String, String)>> {
    let sql = if kind == "user" {
        "SELECT tenant_uuid, trim(firstname || ' ' || coalesce(lastname, '')) FROM user WHERE id = ?1"
    } else {
        "SELECT t.tenant_uuid, coalesce(s.name, c.interface, '') FROM trunk t
         LEFT JOIN endpoint_sip s ON s.uuid = t.endpoint_sip_uuid
         LEFT JOIN endpoint_custom c ON c.id = t.endpoint_custom_id WHERE t.id = ?1"
    };
    Ok(tx.prepare_cached(sql)?.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

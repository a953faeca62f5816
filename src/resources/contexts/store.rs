//! SQL of contexts.

use super::{Context, Range, RangeKind};
use crate::db::{WriteTx, execute, id_list};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "context.id",
    from: "context",
    tenant: Some("context.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "context.id"),
        Column::text("name", "context.name"),
        Column::text("label", "context.label"),
        Column::text("description", "context.description"),
        Column::text("type", "context.type"),
    ],
    default_order: "context.id {dir}",
};

const COLUMNS: &str = "id, uuid, tenant_uuid, name, label, type, description, enabled";

fn read(row: &Row<'_>) -> rusqlite::Result<Context> {
    Ok(Context {
        id: row.get(0)?,
        uuid: uuid_at(row, 1)?,
        tenant_uuid: uuid_at(row, 2)?,
        name: row.get(3)?,
        label: row.get(4)?,
        kind: row.get(5)?,
        description: row.get(6)?,
        enabled: row.get(7)?,
    })
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<Context>> {
    let mut get = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM context WHERE id = ?1"))?;
    Ok(get.query_row([id], read).optional()?)
}

pub fn by_name(connection: &Connection, name: &str) -> Result<Option<Context>> {
    let mut get = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM context WHERE name = ?1"))?;
    Ok(get.query_row([name], read).optional()?)
}

pub fn insert(tx: &WriteTx, uuid: Uuid, tenant: Uuid, name: &str, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("uuid".to_owned(), Value::from(uuid.to_string()));
    row.insert("tenant_uuid".to_owned(), Value::from(tenant.to_string()));
    row.insert("name".to_owned(), Value::from(name));
    let mut insert = tx.prepare_cached(
        "INSERT INTO context (uuid, tenant_uuid, name, label, type, description, enabled)
         VALUES (:uuid, :tenant_uuid, :name, :label, :type, :description, :enabled)",
    )?;
    execute(&mut insert, &row)?;
    let id = tx.last_insert_rowid();
    replace_ranges(tx, id, body)?;
    Ok(id)
}

/// Stores what `row` holds, all columns.
pub fn update(tx: &WriteTx, row: &Object) -> Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE context SET label = :label, type = :type, description = :description, enabled = :enabled
         WHERE id = :id",
    )?;
    execute(&mut update, row)?;
    Ok(())
}

pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM context WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Replaces the range lists that `body` holds.
pub fn replace_ranges(tx: &WriteTx, id: i64, body: &Object) -> Result<()> {
    for kind in RangeKind::ALL.map(RangeKind::word) {
        let Some(Value::Array(ranges)) = body.get(&format!("{kind}_ranges")) else { continue };
        tx.prepare_cached("DELETE FROM context_range WHERE context_id = ?1 AND kind = ?2")?
            .execute(params![id, kind])?;
        let mut insert = tx.prepare_cached(
            "INSERT INTO context_range (context_id, kind, position, start, end, did_length)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for (position, range) in (0_i64..).zip(ranges) {
            let text = |name: &str| range.get(name).and_then(Value::as_str);
            let start = text("start").unwrap_or_default();
            let did_length = range.get("did_length").and_then(Value::as_i64).unwrap_or(0);
            insert.execute(params![id, kind, position, start, text("end").unwrap_or(start), did_length])?;
        }
    }
    Ok(())
}

/// Adds a range of one number for calls from outside, after the others.
pub fn append_incall_range(tx: &WriteTx, id: i64, number: &str) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO context_range (context_id, kind, position, start, end, did_length) VALUES (?1, 'incall',
             (SELECT coalesce(max(position) + 1, 0) FROM context_range WHERE context_id = ?1 AND kind = 'incall'),
             ?2, ?2, length(?2))",
    )?
    .execute(params![id, number])?;
    Ok(())
}

/// The ranges of one kind, in order.
pub fn ranges(connection: &Connection, id: i64, kind: RangeKind) -> Result<Vec<Range>> {
    let ranges = ranges_of(connection, &[id])?.into_iter();
    Ok(ranges.filter(|(_, of, _)| *of == kind).map(|(_, _, range)| range).collect())
}

/// All ranges of these contexts, in order.
pub fn ranges_of(connection: &Connection, ids: &[i64]) -> Result<Vec<(i64, RangeKind, Range)>> {
    let mut ranges = connection.prepare_cached(
        "SELECT context_id, kind, start, end, did_length FROM context_range
         WHERE context_id IN (SELECT value FROM json_each(?1)) ORDER BY context_id, kind, position",
    )?;
    let mut rows = ranges.query([id_list(ids)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let word = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let Some(kind) = RangeKind::ALL.into_iter().find(|kind| kind.word() == word) else { continue };
        let did_length = (kind == RangeKind::Incall).then(|| row.get(4)).transpose()?;
        found.push((row.get(0)?, kind, Range { start: row.get(2)?, end: row.get(3)?, did_length }));
    }
    Ok(found)
}

/// The rows of these ids, in no order.
pub fn get_many(connection: &Connection, ids: &[i64]) -> Result<Vec<Context>> {
    let sql = format!("SELECT {COLUMNS} FROM context WHERE id IN (SELECT value FROM json_each(?1))");
    let mut get = connection.prepare_cached(&sql)?;
    Ok(get.query_map([id_list(ids)], read)?.collect::<rusqlite::Result<_>>()?)
}

/// The contexts that these contexts include, in order: including id and included row.
pub fn includes_of(connection: &Connection, ids: &[i64]) -> Result<Vec<(i64, Context)>> {
    let mut includes = connection.prepare_cached(
        "SELECT c.id, c.uuid, c.tenant_uuid, c.name, c.label, c.type, c.description, c.enabled, i.context_id
         FROM context_include i JOIN context c ON c.id = i.included_id
         WHERE i.context_id IN (SELECT value FROM json_each(?1)) ORDER BY i.context_id, i.position",
    )?;
    let rows = includes.query_map([id_list(ids)], |row| Ok((row.get(8)?, read(row)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What keeps the context of this name from being deleted: its first extension, voicemail or trunk, or the first agent who
/// is logged in there.
pub fn first_use(connection: &Connection, name: &str) -> Result<Option<(&'static str, &'static str, i64)>> {
    let uses = [
        ("Extension", "extension_id", "SELECT min(id) FROM extension WHERE context = ?1"),
        ("Voicemail", "voicemail_id", "SELECT min(id) FROM voicemail WHERE context = ?1"),
        ("Trunk", "trunk_id", "SELECT min(id) FROM trunk WHERE context = ?1"),
        ("AgentLoginStatus", "agent_id", "SELECT min(agent_id) FROM agent_login WHERE context = ?1"),
    ];
    for (resource, key, sql) in uses {
        let id: Option<i64> = connection.prepare_cached(sql)?.query_row([name], |row| row.get(0))?;
        if let Some(id) = id {
            return Ok(Some((resource, key, id)));
        }
    }
    Ok(None)
}

pub fn replace_includes(tx: &WriteTx, id: i64, included: &[i64]) -> Result<()> {
    tx.prepare_cached("DELETE FROM context_include WHERE context_id = ?1")?.execute([id])?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO context_include (context_id, position, included_id) VALUES (?1, ?2, ?3)",
    )?;
    for (position, included) in (0_i64..).zip(included) {
        insert.execute(params![id, position, included])?;
    }
    Ok(())
}

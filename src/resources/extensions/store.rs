//! SQL of extensions.

use super::Extension;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "extension.id",
    from: "extension LEFT JOIN context ON context.name = extension.context",
    tenant: Some("extension.tenant_uuid"),
    only: None,
    columns: &[
        Column::text("exten", "extension.exten"),
        Column::text("context", "extension.context"),
        Column::text("type", "context.type"),
    ],
    default_order: "extension.exten {dir}, extension.id {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<Extension> {
    Ok(Extension {
        id: row.get(0)?,
        tenant_uuid: uuid_at(row, 1)?,
        exten: row.get(2)?,
        context: row.get(3)?,
        enabled: row.get(4)?,
    })
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<Extension>> {
    let mut get = connection
        .prepare_cached("SELECT id, tenant_uuid, exten, context, enabled FROM extension WHERE id = ?1")?;
    Ok(get.query_row([id], read).optional()?)
}

/// The extension with this exten in the context of this name.
pub fn find(connection: &Connection, context: &str, exten: &str) -> Result<Option<Extension>> {
    let mut find = connection.prepare_cached(
        "SELECT id, tenant_uuid, exten, context, enabled FROM extension WHERE context = ?1 AND exten = ?2",
    )?;
    Ok(find.query_row([context, exten], read).optional()?)
}

/// The rows of these ids, in no order.
pub fn get_many(connection: &Connection, ids: &[i64]) -> Result<Vec<Extension>> {
    let mut get = connection.prepare_cached(
        "SELECT e.id, e.tenant_uuid, e.exten, e.context, e.enabled
         FROM json_each(?1) asked CROSS JOIN extension e ON e.id = asked.value",
    )?;
    Ok(get.query_map([id_list(ids)], read)?.collect::<rusqlite::Result<_>>()?)
}

/// The lines of these extensions: extension, line and the line's name, which is its endpoint's.
pub fn lines_of(connection: &Connection, ids: &[i64]) -> Result<Vec<(i64, i64, Option<String>)>> {
    let mut lines = connection.prepare_cached(
        "SELECT le.extension_id, line.id, coalesce(endpoint_sip.name, endpoint_custom.interface)
         FROM json_each(?1) asked CROSS JOIN line_extension le ON le.extension_id = asked.value
         JOIN line ON line.id = le.line_id
         LEFT JOIN endpoint_sip ON endpoint_sip.uuid = line.endpoint_sip_uuid
         LEFT JOIN endpoint_custom ON endpoint_custom.id = line.endpoint_custom_id
         ORDER BY le.extension_id, line.id",
    )?;
    let rows = lines.query_map([id_list(ids)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What an extension reaches that is no line, with what the API shows of it.
#[derive(Debug)]
pub struct Use {
    pub extension_id: i64,
    pub kind: String,
    pub owner_id: i64,
    pub uuid: Option<Uuid>,
    pub name: Option<String>,
    pub label: Option<String>,
}

/// What these extensions reach that is no line.
pub fn uses_of(connection: &Connection, ids: &[i64]) -> Result<Vec<Use>> {
    let mut uses = connection.prepare_cached(
        "SELECT eu.extension_id, eu.kind, eu.owner_id, g.uuid,
                coalesce('grp-' || t.slug || '-' || g.uuid, o.name, c.name, q.name, p.name), q.label
         FROM json_each(?1) asked CROSS JOIN extension_use eu ON eu.extension_id = asked.value
         LEFT JOIN call_group g ON eu.kind = 'group' AND g.id = eu.owner_id
         LEFT JOIN tenant t ON t.uuid = g.tenant_uuid
         LEFT JOIN outcall o ON eu.kind = 'outcall' AND o.id = eu.owner_id
         LEFT JOIN conference c ON eu.kind = 'conference' AND c.id = eu.owner_id
         LEFT JOIN queue q ON eu.kind = 'queue' AND q.id = eu.owner_id
         LEFT JOIN parking_lot p ON eu.kind = 'parking' AND p.id = eu.owner_id",
    )?;
    let rows = uses.query_map([id_list(ids)], |row| {
        let uuid = row.get_ref(3)?.as_str_or_null()?.and_then(|uuid| Uuid::try_parse(uuid).ok());
        Ok(Use {
            extension_id: row.get(0)?,
            kind: row.get(1)?,
            owner_id: row.get(2)?,
            uuid,
            name: row.get(4)?,
            label: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The extensions of the resources of one word, with the resource's id; lowest id first.
pub fn extensions_of(connection: &Connection, word: &str, owners: &[i64]) -> Result<Vec<(i64, Extension)>> {
    let mut extensions = connection.prepare_cached(
        "SELECT e.id, e.tenant_uuid, e.exten, e.context, e.enabled, eu.owner_id
         FROM json_each(?1) asked
         CROSS JOIN extension_use eu ON eu.kind = ?2 AND eu.owner_id = asked.value
         JOIN extension e ON e.id = eu.extension_id ORDER BY e.id",
    )?;
    let rows = extensions.query_map(params![id_list(owners), word], |row| Ok((row.get(5)?, read(row)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The extens of a context that are plain numbers.
pub fn numbers_in(connection: &Connection, context: &str) -> Result<Vec<String>> {
    let mut numbers = connection.prepare_cached(
        "SELECT exten FROM extension WHERE context = ?1 AND exten NOT GLOB '*[^0-9]*' AND exten <> ''",
    )?;
    Ok(numbers.query_map([context], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The patterns of a context: id and exten.
pub fn patterns_in(connection: &Connection, context: &str) -> Result<Vec<(i64, String)>> {
    // What begins with `_` is before a backtick.
    let mut patterns = connection.prepare_cached(
        "SELECT id, exten FROM extension WHERE context = ?1 AND exten >= '_' AND exten < '`' ORDER BY exten",
    )?;
    let rows = patterns.query_map([context], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The extens of a context that are no patterns.
pub fn literals_in(connection: &Connection, context: &str) -> Result<Vec<(i64, String)>> {
    let mut numbers = connection
        .prepare_cached("SELECT id, exten FROM extension WHERE context = ?1 AND exten NOT GLOB '_*'")?;
    let rows = numbers.query_map([context], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn insert(tx: &WriteTx, tenant: Uuid, exten: &str, context: &str, enabled: bool) -> Result<i64> {
    tx.prepare_cached(
        "INSERT INTO extension (tenant_uuid, exten, context, enabled) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![tenant.to_string(), exten, context, enabled])?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, row: &Extension) -> Result<()> {
    tx.prepare_cached(
        "UPDATE extension SET tenant_uuid = ?2, exten = ?3, context = ?4, enabled = ?5 WHERE id = ?1",
    )?
    .execute(params![row.id, row.tenant_uuid.to_string(), row.exten, row.context, row.enabled])?;
    Ok(())
}

pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM extension WHERE id = ?1")?.execute([id])?;
    Ok(())
}

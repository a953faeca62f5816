//! SQL of documents.

use crate::db::WriteTx;
use crate::domain::schema::Object;
use crate::error::{Error, Result};
use crate::http::uuid_at;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;
use uuid::Uuid;

/// A document of a list.
#[derive(Debug, Clone)]
pub struct Document {
    pub id: i64,
    /// What the path names it by.
    pub key: String,
    pub tenant_uuid: Uuid,
    pub body: Object,
}

/// Whose documents are meant.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The kind's word.
    pub kind: &'a str,
    pub tenant: Uuid,
    pub user: Option<Uuid>,
}

pub fn single(connection: &Connection, path: &str, tenant: Uuid) -> Result<Option<Object>> {
    let mut get =
        connection.prepare_cached("SELECT body FROM single_document WHERE path = ?1 AND tenant_uuid = ?2")?;
    let text: Option<String> =
        get.query_row(params![path, tenant.to_string()], |row| row.get(0)).optional()?;
    text.map(|text| Ok(serde_json::from_str(&text)?)).transpose()
}

pub fn set_single(tx: &WriteTx, path: &str, tenant: Uuid, body: &Object) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO single_document (path, tenant_uuid, body) VALUES (?1, ?2, ?3)",
    )?
    .execute(params![path, tenant.to_string(), serde_json::to_string(body)?])?;
    Ok(())
}

/// The tenant above all others.
pub fn master(connection: &Connection) -> Result<Uuid> {
    let mut get = connection.prepare_cached("SELECT uuid FROM tenant WHERE parent_uuid IS NULL")?;
    Ok(get.query_row([], |row| uuid_at(row, 0))?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<(i64, String, Uuid, String)> {
    Ok((row.get(0)?, row.get(1)?, uuid_at(row, 2)?, row.get(3)?))
}

fn document((id, key, tenant_uuid, body): (i64, String, Uuid, String)) -> Result<Document> {
    let Value::Object(body) = serde_json::from_str(&body)? else {
        return Err(Error::Internal(format!("document {id} is no object")));
    };
    Ok(Document { id, key, tenant_uuid, body })
}

/// The document of this key; the place's own before those of other tenants.
pub fn get(connection: &Connection, place: Place, key: &str) -> Result<Option<Document>> {
    let mut get = connection.prepare_cached(
        "SELECT id, key, tenant_uuid, body FROM document WHERE kind = ?1 AND key = ?2 AND user_uuid IS ?3
         ORDER BY tenant_uuid <> ?4, id LIMIT 1",
    )?;
    let user = place.user.map(|user| user.to_string());
    let row = get.query_row(params![place.kind, key, user, place.tenant.to_string()], read).optional()?;
    row.map(document).transpose()
}

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<Document>> {
    let mut get = connection.prepare_cached(
        "SELECT d.id, d.key, d.tenant_uuid, d.body
         FROM json_each(?1) asked CROSS JOIN document d ON d.id = asked.value ORDER BY asked.key",
    )?;
    let rows = get.query_map([crate::db::id_list(ids)], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
    rows.into_iter().map(document).collect()
}

/// The documents of a place, by key.
pub fn all(connection: &Connection, place: Place) -> Result<Vec<Document>> {
    let mut get = connection.prepare_cached(
        "SELECT id, key, tenant_uuid, body FROM document WHERE kind = ?1 AND tenant_uuid = ?2 AND user_uuid IS ?3
         ORDER BY key",
    )?;
    let user = place.user.map(|user| user.to_string());
    let rows = get.query_map(params![place.kind, place.tenant.to_string(), user], read)?;
    rows.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().map(document).collect()
}

/// Stores a new document; without a key its id becomes the key, which is given.
pub fn insert(tx: &WriteTx, place: Place, key: Option<&str>, body: &Object) -> Result<String> {
    let user = place.user.map(|user| user.to_string());
    tx.prepare_cached(
        "INSERT INTO document (kind, key, tenant_uuid, user_uuid, body) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        place.kind,
        key.unwrap_or(""),
        place.tenant.to_string(),
        user,
        serde_json::to_string(body)?
    ])?;
    let id = tx.last_insert_rowid();
    let Some(key) = key else {
        tx.prepare_cached("UPDATE document SET key = CAST(id AS TEXT) WHERE id = ?1")?.execute([id])?;
        return Ok(id.to_string());
    };
    Ok(key.to_owned())
}

pub fn update(tx: &WriteTx, id: i64, body: &Object) -> Result<()> {
    tx.prepare_cached("UPDATE document SET body = ?2 WHERE id = ?1")?
        .execute(params![id, serde_json::to_string(body)?])?;
    Ok(())
}

pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM document WHERE id = ?1")?.execute([id])?;
    Ok(())
}

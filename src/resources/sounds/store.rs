//! SQL of categories of sounds and of their files.

use super::Sound;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "sound.id",
    from: "sound",
    tenant: Some("sound.tenant_uuid"),
    only: None,
    columns: &[Column::text("name", "sound.name")],
    default_order: "sound.name {dir}, sound.id {dir}",
};

/// One file of a category, without its content.
#[derive(Debug, Clone)]
pub struct SoundFile {
    pub sound_id: i64,
    pub name: String,
    /// Empty: for all.
    pub language: String,
    pub format: String,
}

/// Which files of one name are meant; what is not given fits all.
#[derive(Debug, Clone, Copy)]
pub struct Which<'a> {
    pub name: &'a str,
    pub language: Option<&'a str>,
    pub format: Option<&'a str>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Sound> {
    Ok(Sound { id: row.get(0)?, tenant_uuid: uuid_at(row, 1)?, name: row.get(2)? })
}

pub fn get(connection: &Connection, tenant: Uuid, name: &str) -> Result<Option<Sound>> {
    let mut get = connection
        .prepare_cached("SELECT id, tenant_uuid, name FROM sound WHERE tenant_uuid = ?1 AND name = ?2")?;
    Ok(get.query_row(params![tenant.to_string(), name], read).optional()?)
}

/// The categories of these ids, in no order.
pub fn get_many(connection: &Connection, ids: &[i64]) -> Result<Vec<Sound>> {
    let mut get = connection.prepare_cached(
        "SELECT s.id, s.tenant_uuid, s.name FROM json_each(?1) asked CROSS JOIN sound s ON s.id = asked.value",
    )?;
    Ok(get.query_map([id_list(ids)], read)?.collect::<rusqlite::Result<_>>()?)
}

pub fn insert(tx: &WriteTx, tenant: Uuid, name: &str) -> Result<i64> {
    tx.prepare_cached("INSERT INTO sound (tenant_uuid, name) VALUES (?1, ?2)")?
        .execute(params![tenant.to_string(), name])?;
    Ok(tx.last_insert_rowid())
}

/// Its files go with it.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM sound WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// The files of these categories, in order.
pub fn files_of(connection: &Connection, ids: &[i64]) -> Result<Vec<SoundFile>> {
    let mut files = connection.prepare_cached(
        "SELECT f.sound_id, f.name, f.language, f.format
         FROM json_each(?1) asked CROSS JOIN sound_file f ON f.sound_id = asked.value
         ORDER BY f.sound_id, f.name, f.language, f.format",
    )?;
    let rows = files.query_map([id_list(ids)], |row| {
        Ok(SoundFile { sound_id: row.get(0)?, name: row.get(1)?, language: row.get(2)?, format: row.get(3)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many files a category has.
pub fn count(connection: &Connection, id: i64) -> Result<i64> {
    let mut count = connection.prepare_cached("SELECT count(*) FROM sound_file WHERE sound_id = ?1")?;
    Ok(count.query_row([id], |row| row.get(0))?)
}

/// The first file that fits, as it was sent.
pub fn content(connection: &Connection, id: i64, which: Which<'_>) -> Result<Option<Vec<u8>>> {
    let mut get = connection.prepare_cached(
        "SELECT content FROM sound_file
         WHERE sound_id = ?1 AND name = ?2 AND language = coalesce(?3, language) AND format = coalesce(?4, format)
         ORDER BY language, format LIMIT 1",
    )?;
    let content = get.query_row(params![id, which.name, which.language, which.format], |row| row.get(0));
    Ok(content.optional()?)
}

/// Any file of this digest, be it music or a sound.
pub fn content_of(connection: &Connection, digest: &str) -> Result<Option<Vec<u8>>> {
    let mut get = connection.prepare_cached(
        "SELECT content FROM (SELECT content FROM moh_file WHERE digest = ?1
             UNION ALL SELECT content FROM sound_file WHERE digest = ?1) LIMIT 1",
    )?;
    Ok(get.query_row([digest], |row| row.get(0)).optional()?)
}

pub fn put_file(tx: &WriteTx, file: &SoundFile, extension: &str, content: &[u8]) -> Result<()> {
    let digest: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    tx.prepare_cached(
        "INSERT OR REPLACE INTO sound_file (sound_id, name, language, format, extension, digest, content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        file.sound_id,
        file.name,
        file.language,
        file.format,
        extension,
        digest,
        content
    ])?;
    Ok(())
}

/// Deletes all files that fit; false when there was none.
pub fn delete_files(tx: &WriteTx, id: i64, which: Which<'_>) -> Result<bool> {
    let mut delete = tx.prepare_cached(
        "DELETE FROM sound_file
         WHERE sound_id = ?1 AND name = ?2 AND language = coalesce(?3, language) AND format = coalesce(?4, format)",
    )?;
    Ok(delete.execute(params![id, which.name, which.language, which.format])? > 0)
}

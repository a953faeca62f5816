//! SQL of classes of music on hold and of their files.

use super::Moh;
use crate::db::{WriteTx, execute, id_list};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "moh.uuid",
    from: "moh JOIN tenant ON tenant.uuid = moh.tenant_uuid",
    tenant: Some("moh.tenant_uuid"),
    only: None,
    columns: &[
        Column::text("name", "('moh-' || tenant.slug || '-' || moh.uuid)"),
        Column::text("label", "moh.label"),
    ],
    default_order: "moh.label {dir}, moh.uuid {dir}",
};

pub fn get(connection: &Connection, uuid: Uuid) -> Result<Option<Moh>> {
    Ok(get_many(connection, &[uuid.to_string()])?.pop())
}

/// The rows of these uuids, in no order.
pub fn get_many(connection: &Connection, uuids: &[String]) -> Result<Vec<Moh>> {
    let mut get = connection.prepare_cached(
        "SELECT m.uuid, m.tenant_uuid, 'moh-' || t.slug || '-' || m.uuid, m.label, m.mode, m.application, m.sort
         FROM json_each(?1) asked CROSS JOIN moh m ON m.uuid = asked.value
         JOIN tenant t ON t.uuid = m.tenant_uuid",
    )?;
    let rows = get.query_map([id_list(uuids)], |row| {
        Ok(Moh {
            uuid: uuid_at(row, 0)?,
            tenant_uuid: uuid_at(row, 1)?,
            name: row.get(2)?,
            label: row.get(3)?,
            mode: row.get(4)?,
            application: row.get(5)?,
            sort: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Has the tenant a class of this name?
pub fn has(connection: &Connection, tenant: Uuid, name: &str) -> Result<bool> {
    let mut has = connection.prepare_cached(
        "SELECT 1 FROM moh m JOIN tenant t ON t.uuid = m.tenant_uuid
         WHERE m.tenant_uuid = ?1 AND 'moh-' || t.slug || '-' || m.uuid = ?2",
    )?;
    Ok(has.exists(params![tenant.to_string(), name])?)
}

pub fn insert(tx: &WriteTx, row: &Object) -> Result<()> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO moh (uuid, tenant_uuid, label, mode, application, sort)
         VALUES (:uuid, :tenant_uuid, :label, :mode, :application, :sort)",
    )?;
    execute(&mut insert, row)?;
    Ok(())
}

pub fn update(tx: &WriteTx, row: &Object) -> Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE moh SET label = :label, mode = :mode, application = :application, sort = :sort WHERE uuid = :uuid",
    )?;
    execute(&mut update, row)?;
    Ok(())
}

/// The database itself takes its files along, and its name from whoever has it.
pub fn delete(tx: &WriteTx, uuid: Uuid) -> Result<()> {
    tx.prepare_cached("DELETE FROM moh WHERE uuid = ?1")?.execute([uuid.to_string()])?;
    Ok(())
}

/// The files of these classes: class and name, in order.
pub fn file_names(connection: &Connection, uuids: &[String]) -> Result<Vec<(Uuid, String)>> {
    let mut names = connection.prepare_cached(
        "SELECT f.moh_uuid, f.name FROM json_each(?1) asked CROSS JOIN moh_file f ON f.moh_uuid = asked.value
         ORDER BY f.moh_uuid, f.name",
    )?;
    let rows = names.query_map([id_list(uuids)], |row| Ok((uuid_at(row, 0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many files a class has beside the one of this name.
pub fn count_of_others(connection: &Connection, class: Uuid, name: &str) -> Result<i64> {
    let mut count =
        connection.prepare_cached("SELECT count(*) FROM moh_file WHERE moh_uuid = ?1 AND name <> ?2")?;
    Ok(count.query_row(params![class.to_string(), name], |row| row.get(0))?)
}

/// A file as it was sent.
pub fn content(connection: &Connection, class: Uuid, name: &str) -> Result<Option<Vec<u8>>> {
    let mut get =
        connection.prepare_cached("SELECT content FROM moh_file WHERE moh_uuid = ?1 AND name = ?2")?;
    Ok(get.query_row(params![class.to_string(), name], |row| row.get(0)).optional()?)
}

pub fn put_file(tx: &WriteTx, class: Uuid, name: &str, rate: u32, content: &[u8]) -> Result<()> {
    let digest: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    tx.prepare_cached(
        "INSERT OR REPLACE INTO moh_file (moh_uuid, name, digest, rate, content) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![class.to_string(), name, digest, rate, content])?;
    Ok(())
}

/// False when there was no such file.
pub fn delete_file(tx: &WriteTx, class: Uuid, name: &str) -> Result<bool> {
    let mut delete = tx.prepare_cached("DELETE FROM moh_file WHERE moh_uuid = ?1 AND name = ?2")?;
    Ok(delete.execute(params![class.to_string(), name])? > 0)
}

//! SQL of phone numbers.

use super::PhoneNumber;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "phone_number.uuid",
    from: "phone_number",
    tenant: Some("phone_number.tenant_uuid"),
    only: None,
    columns: &[
        Column::text("number", "phone_number.number"),
        Column::text("caller_id_name", "phone_number.caller_id_name").ordered_by(NULLS_LAST),
        Column::bool("shared", "phone_number.shared"),
        Column::bool("main", "phone_number.main"),
    ],
    default_order: "phone_number.number {dir}, phone_number.uuid {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<PhoneNumber> {
    Ok(PhoneNumber {
        uuid: uuid_at(row, 0)?,
        tenant_uuid: uuid_at(row, 1)?,
        number: row.get(2)?,
        caller_id_name: row.get(3)?,
        main: row.get(4)?,
        shared: row.get(5)?,
    })
}

pub fn get(connection: &Connection, uuid: Uuid) -> Result<Option<PhoneNumber>> {
    let mut get = connection.prepare_cached(
        "SELECT uuid, tenant_uuid, number, caller_id_name, main, shared FROM phone_number WHERE uuid = ?1",
    )?;
    Ok(get.query_row([uuid.to_string()], read).optional()?)
}

/// The rows of these uuids, in their order.
pub fn get_many(connection: &Connection, uuids: &[String]) -> Result<Vec<PhoneNumber>> {
    let mut get = connection.prepare_cached(
        "SELECT p.uuid, p.tenant_uuid, p.number, p.caller_id_name, p.main, p.shared
         FROM json_each(?1) page CROSS JOIN phone_number p ON p.uuid = page.value ORDER BY page.key",
    )?;
    Ok(get.query_map([id_list(uuids)], read)?.collect::<rusqlite::Result<_>>()?)
}

/// The tenant's number with these digits.
pub fn find(connection: &Connection, tenant: Uuid, number: &str) -> Result<Option<Uuid>> {
    let mut find =
        connection.prepare_cached("SELECT uuid FROM phone_number WHERE tenant_uuid = ?1 AND number = ?2")?;
    Ok(find.query_row([tenant.to_string().as_str(), number], |row| uuid_at(row, 0)).optional()?)
}

/// The tenant's main number.
pub fn main(connection: &Connection, tenant: Uuid) -> Result<Option<PhoneNumber>> {
    let mut main = connection.prepare_cached(
        "SELECT uuid, tenant_uuid, number, caller_id_name, main, shared FROM phone_number
         WHERE tenant_uuid = ?1 AND main = 1",
    )?;
    Ok(main.query_row([tenant.to_string()], read).optional()?)
}

/// The tenant's shared numbers but the main one, in order.
pub fn shared(connection: &Connection, tenant: Uuid) -> Result<Vec<PhoneNumber>> {
    let mut shared = connection.prepare_cached(
        "SELECT uuid, tenant_uuid, number, caller_id_name, main, shared FROM phone_number
         WHERE tenant_uuid = ?1 AND shared = 1 AND main = 0 ORDER BY number, uuid",
    )?;
    Ok(shared.query_map([tenant.to_string()], read)?.collect::<rusqlite::Result<_>>()?)
}

pub fn insert(tx: &WriteTx, row: &PhoneNumber) -> Result<()> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO phone_number (uuid, tenant_uuid, number, caller_id_name, main, shared)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let (uuid, tenant) = (row.uuid.to_string(), row.tenant_uuid.to_string());
    insert.execute(params![uuid, tenant, row.number, row.caller_id_name, row.main, row.shared])?;
    Ok(())
}

pub fn update(tx: &WriteTx, row: &PhoneNumber) -> Result<()> {
    tx.prepare_cached(
        "UPDATE phone_number SET number = ?2, caller_id_name = ?3, shared = ?4 WHERE uuid = ?1",
    )?
    .execute(params![row.uuid.to_string(), row.number, row.caller_id_name, row.shared])?;
    Ok(())
}

/// Makes a number the tenant's main one, and the one before no longer.
pub fn set_main(tx: &WriteTx, tenant: Uuid, uuid: Uuid) -> Result<()> {
    tx.prepare_cached("UPDATE phone_number SET main = 0 WHERE tenant_uuid = ?1 AND main = 1")?
        .execute([tenant.to_string()])?;
    tx.prepare_cached("UPDATE phone_number SET main = 1 WHERE uuid = ?1")?.execute([uuid.to_string()])?;
    Ok(())
}

pub fn delete(tx: &WriteTx, uuid: Uuid) -> Result<()> {
    tx.prepare_cached("DELETE FROM phone_number WHERE uuid = ?1")?.execute([uuid.to_string()])?;
    Ok(())
}

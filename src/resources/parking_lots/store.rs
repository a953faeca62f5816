//! SQL of parking lots.

use super::ParkingLot;
use crate::db::{WriteTx, execute, id_list};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, Row};
use serde_json::Value;

const EXTEN: &str = "(SELECT e.exten FROM extension_use eu JOIN extension e ON e.id = eu.extension_id \
     WHERE eu.kind = 'parking' AND eu.owner_id = parking_lot.id ORDER BY e.id LIMIT 1)";

const CONTEXT: &str = "(SELECT e.context FROM extension_use eu JOIN extension e ON e.id = eu.extension_id \
     WHERE eu.kind = 'parking' AND eu.owner_id = parking_lot.id ORDER BY e.id LIMIT 1)";

pub static LISTING: Listing = Listing {
    id: "parking_lot.id",
    from: "parking_lot",
    tenant: Some("parking_lot.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "parking_lot.id").unsearched(),
        Column::text("name", "parking_lot.name").ordered_by(NULLS_LAST),
        Column::text("slots_start", "parking_lot.slots_start"),
        Column::text("slots_end", "parking_lot.slots_end"),
        Column::int("timeout", "parking_lot.timeout").ordered_by(NULLS_LAST),
        Column::text("exten", EXTEN).ordered_by(NULLS_LAST),
        Column::text("context", CONTEXT).ordered_by(NULLS_LAST),
    ],
    default_order: "parking_lot.name IS NULL, parking_lot.name {dir}, parking_lot.id {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<ParkingLot> {
    Ok(ParkingLot {
        id: row.get(0)?,
        tenant_uuid: uuid_at(row, 1)?,
        name: row.get(2)?,
        slots_start: row.get(3)?,
        slots_end: row.get(4)?,
        timeout: row.get(5)?,
        music_on_hold: row.get(6)?,
    })
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<ParkingLot>> {
    Ok(get_many(connection, &[id])?.pop())
}

/// The rows of these ids, in no order.
pub fn get_many(connection: &Connection, ids: &[i64]) -> Result<Vec<ParkingLot>> {
    let mut get = connection.prepare_cached(
        "SELECT p.id, p.tenant_uuid, p.name, p.slots_start, p.slots_end, p.timeout, p.music_on_hold
         FROM json_each(?1) asked CROSS JOIN parking_lot p ON p.id = asked.value",
    )?;
    Ok(get.query_map([id_list(ids)], read)?.collect::<rusqlite::Result<_>>()?)
}

/// The lots that have an extension in a context, lowest id first.
pub fn in_context(connection: &Connection, context: &str) -> Result<Vec<ParkingLot>> {
    let mut get = connection.prepare_cached(
        "SELECT DISTINCT p.id, p.tenant_uuid, p.name, p.slots_start, p.slots_end, p.timeout, p.music_on_hold
         FROM parking_lot p JOIN extension_use eu ON eu.kind = 'parking' AND eu.owner_id = p.id
         JOIN extension e ON e.id = eu.extension_id WHERE e.context = ?1 ORDER BY p.id",
    )?;
    Ok(get.query_map([context], read)?.collect::<rusqlite::Result<_>>()?)
}

/// The contexts in which a lot has an extension.
pub fn contexts_of(connection: &Connection, id: i64) -> Result<Vec<String>> {
    let mut contexts = connection.prepare_cached(
        "SELECT DISTINCT e.context FROM extension_use eu JOIN extension e ON e.id = eu.extension_id
         WHERE eu.kind = 'parking' AND eu.owner_id = ?1 ORDER BY e.context",
    )?;
    Ok(contexts.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

fn to_object(lot: &ParkingLot) -> Result<Object> {
    match serde_json::to_value(lot)? {
        Value::Object(object) => Ok(object),
        _ => Ok(Object::new()),
    }
}

pub fn insert(tx: &WriteTx, lot: &ParkingLot) -> Result<i64> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO parking_lot (tenant_uuid, name, slots_start, slots_end, timeout, music_on_hold)
         VALUES (:tenant_uuid, :name, :slots_start, :slots_end, :timeout, :music_on_hold)",
    )?;
    execute(&mut insert, &to_object(lot)?)?;
    Ok(tx.last_insert_rowid())
}

pub fn update(tx: &WriteTx, lot: &ParkingLot) -> Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE parking_lot SET name = :name, slots_start = :slots_start, slots_end = :slots_end,
             timeout = :timeout, music_on_hold = :music_on_hold WHERE id = :id",
    )?;
    execute(&mut update, &to_object(lot)?)?;
    Ok(())
}

/// The database itself frees its extension, and sweeps function keys that name it.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM parking_lot WHERE id = ?1")?.execute([id])?;
    Ok(())
}

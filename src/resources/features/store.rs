//! SQL of feature codes.

use super::Feature;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "feature_extension.uuid",
    from: "feature_extension",
    tenant: None,
    only: None,
    columns: &[
        Column::text("exten", "feature_extension.exten"),
        Column::text("feature", "feature_extension.feature"),
    ],
    default_order: "feature_extension.exten {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<Feature> {
    Ok(Feature { uuid: uuid_at(row, 0)?, feature: row.get(1)?, exten: row.get(2)?, enabled: row.get(3)? })
}

pub fn get(connection: &Connection, uuid: Uuid) -> Result<Option<Feature>> {
    let mut get = connection
        .prepare_cached("SELECT uuid, feature, exten, enabled FROM feature_extension WHERE uuid = ?1")?;
    Ok(get.query_row([uuid.to_string()], read).optional()?)
}

/// Those that exist, in the order of `uuids`.
pub fn many(connection: &Connection, uuids: &[String]) -> Result<Vec<Feature>> {
    let mut many = connection.prepare_cached(
        "SELECT f.uuid, f.feature, f.exten, f.enabled
         FROM json_each(?1) asked CROSS JOIN feature_extension f ON f.uuid = asked.value ORDER BY asked.key",
    )?;
    let rows = many.query_map([id_list(uuids)], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Every feature code, by its name.
pub fn all(connection: &Connection) -> Result<Vec<Feature>> {
    let mut all = connection
        .prepare_cached("SELECT uuid, feature, exten, enabled FROM feature_extension ORDER BY feature")?;
    let rows = all.query_map([], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn exists(connection: &Connection, feature: &str) -> Result<bool> {
    let mut exists = connection.prepare_cached("SELECT 1 FROM feature_extension WHERE feature = ?1")?;
    Ok(exists.exists([feature])?)
}

pub fn insert(tx: &WriteTx, feature: &Feature) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO feature_extension (uuid, feature, exten, enabled) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (exten) DO NOTHING",
    )?
    .execute(params![feature.uuid.to_string(), feature.feature, feature.exten, feature.enabled])?;
    Ok(())
}

pub fn update(tx: &WriteTx, feature: &Feature) -> Result<()> {
    tx.prepare_cached("UPDATE feature_extension SET exten = ?2, enabled = ?3 WHERE uuid = ?1")?
        .execute(params![feature.uuid.to_string(), feature.exten, feature.enabled])?;
    Ok(())
}

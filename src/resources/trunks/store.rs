//! SQL of trunks.

use super::Trunk;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, uuid_at};
use crate::resources::endpoint::Reference;
use rusqlite::{Connection, OptionalExtension, Row, params};

pub static LISTING: Listing = Listing {
    id: "trunk.id",
    from: "trunk LEFT JOIN endpoint_sip ON endpoint_sip.uuid = trunk.endpoint_sip_uuid
         LEFT JOIN endpoint_custom ON endpoint_custom.id = trunk.endpoint_custom_id
         LEFT JOIN endpoint_iax ON endpoint_iax.id = trunk.endpoint_iax_id",
    tenant: Some("trunk.tenant_uuid"),
    only: None,
    columns: &[
        Column::int("id", "trunk.id"),
        Column::text("context", "trunk.context").ordered_by(NULLS_LAST),
        Column::text("name", "coalesce(endpoint_sip.name, endpoint_iax.name, endpoint_custom.interface)")
            .ordered_by(NULLS_LAST),
        Column::text("label", "endpoint_sip.label").ordered_by(NULLS_LAST),
        Column::text("description", "NULL"),
        Column::text("outgoing_caller_id_format", "trunk.outgoing_caller_id_format"),
    ],
    default_order: "trunk.id {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<Trunk> {
    let sip = row.get_ref(5)?.as_str_or_null()?.map(|_| uuid_at(row, 5)).transpose()?.map(Reference::Sip);
    let custom = row.get::<_, Option<i64>>(6)?.map(Reference::Custom);
    let iax = row.get::<_, Option<i64>>(7)?.map(Reference::Iax);
    Ok(Trunk {
        id: row.get(0)?,
        tenant_uuid: uuid_at(row, 1)?,
        context: row.get(2)?,
        twilio_incoming: row.get(3)?,
        outgoing_caller_id_format: row.get(4)?,
        endpoint: sip.or(custom).or(iax),
        register_iax_id: row.get(8)?,
    })
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<Trunk>> {
    Ok(many(connection, &[id])?.pop())
}

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<Trunk>> {
    let mut get = connection.prepare_cached(
        "SELECT t.id, t.tenant_uuid, t.context, t.twilio_incoming, t.outgoing_caller_id_format,
             t.endpoint_sip_uuid, t.endpoint_custom_id, t.endpoint_iax_id, t.register_iax_id
         FROM json_each(?1) asked CROSS JOIN trunk t ON t.id = asked.value ORDER BY asked.key",
    )?;
    Ok(get.query_map([id_list(ids)], read)?.collect::<rusqlite::Result<_>>()?)
}

/// The trunk that an endpoint belongs to.
pub fn with_endpoint(connection: &Connection, endpoint: Reference) -> Result<Option<i64>> {
    let id = |row: &Row<'_>| row.get(0);
    let found = match endpoint {
        Reference::Sip(uuid) => connection
            .prepare_cached("SELECT id FROM trunk WHERE endpoint_sip_uuid = ?1")?
            .query_row([uuid.to_string()], id),
        Reference::Custom(endpoint) => connection
            .prepare_cached("SELECT id FROM trunk WHERE endpoint_custom_id = ?1")?
            .query_row([endpoint], id),
        Reference::Iax(endpoint) => connection
            .prepare_cached("SELECT id FROM trunk WHERE endpoint_iax_id = ?1")?
            .query_row([endpoint], id),
        Reference::Sccp(_) => return Ok(None),
    };
    Ok(found.optional()?)
}

/// The outcalls of these trunks: trunk, outcall, its name.
pub fn outcalls(connection: &Connection, ids: &[i64]) -> Result<Vec<(i64, i64, String)>> {
    let mut get = connection.prepare_cached(
        "SELECT ot.trunk_id, o.id, o.name
         FROM json_each(?1) asked CROSS JOIN outcall_trunk ot ON ot.trunk_id = asked.value
         JOIN outcall o ON o.id = ot.outcall_id ORDER BY o.id",
    )?;
    let rows = get.query_map([id_list(ids)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn insert(tx: &WriteTx, trunk: &Trunk) -> Result<i64> {
    tx.prepare_cached(
        "INSERT INTO trunk (tenant_uuid, context, twilio_incoming, outgoing_caller_id_format)
         VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        trunk.tenant_uuid.to_string(),
        trunk.context,
        trunk.twilio_incoming,
        trunk.outgoing_caller_id_format
    ])?;
    Ok(tx.last_insert_rowid())
}

/// Stores a trunk's own columns; endpoint and registration stay.
pub fn update(tx: &WriteTx, trunk: &Trunk) -> Result<()> {
    tx.prepare_cached(
        "UPDATE trunk SET context = ?2, twilio_incoming = ?3, outgoing_caller_id_format = ?4 WHERE id = ?1",
    )?
    .execute(params![
        trunk.id,
        trunk.context,
        trunk.twilio_incoming,
        trunk.outgoing_caller_id_format
    ])?;
    Ok(())
}

/// Gives a trunk its one endpoint, or takes it.
pub fn set_endpoint(tx: &WriteTx, id: i64, endpoint: Option<Reference>) -> Result<()> {
    let (mut sip, mut custom, mut iax) = (None, None, None);
    match endpoint {
        Some(Reference::Sip(uuid)) => sip = Some(uuid.to_string()),
        Some(Reference::Custom(endpoint)) => custom = Some(endpoint),
        Some(Reference::Iax(endpoint)) => iax = Some(endpoint),
        Some(Reference::Sccp(_)) | None => {}
    }
    tx.prepare_cached(
        "UPDATE trunk SET endpoint_sip_uuid = ?2, endpoint_custom_id = ?3, endpoint_iax_id = ?4 WHERE id = ?1",
    )?
    .execute(params![id, sip, custom, iax])?;
    Ok(())
}

pub fn set_register(tx: &WriteTx, id: i64, register: Option<i64>) -> Result<()> {
    tx.prepare_cached("UPDATE trunk SET register_iax_id = ?2 WHERE id = ?1")?
        .execute(params![id, register])?;
    Ok(())
}

pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM trunk WHERE id = ?1")?.execute([id])?;
    Ok(())
}

//! SQL of applications.

use super::Application;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "application.uuid",
    from: "application",
    tenant: Some("application.tenant_uuid"),
    only: None,
    columns: &[
        Column::text("uuid", "application.uuid"),
        Column::text("name", "application.name").ordered_by(NULLS_LAST),
    ],
    default_order: "application.uuid {dir}",
};

pub fn get(connection: &Connection, uuid: Uuid) -> Result<Option<Application>> {
    Ok(get_many(connection, &[uuid.to_string()])?.pop())
}

/// The rows with these uuids, in no order.
pub fn get_many(connection: &Connection, uuids: &[String]) -> Result<Vec<Application>> {
    let mut get = connection.prepare_cached(
        "SELECT a.uuid, a.tenant_uuid, a.name, a.destination, a.destination_options
         FROM json_each(?1) asked CROSS JOIN application a ON a.uuid = asked.value",
    )?;
    let mut rows = get.query([id_list(uuids)])?;
    let mut applications = Vec::with_capacity(uuids.len());
    while let Some(row) = rows.next()? {
        applications.push(Application {
            uuid: uuid_at(row, 0)?,
            tenant_uuid: uuid_at(row, 1)?,
            name: row.get(2)?,
            destination: row.get(3)?,
            destination_options: serde_json::from_str(&row.get::<_, String>(4)?)?,
        });
    }
    Ok(applications)
}

/// Stores a new application, or a changed one in place of the old.
pub fn put(tx: &WriteTx, application: &Application) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO application (uuid, tenant_uuid, name, destination, destination_options)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (uuid) DO UPDATE SET name = excluded.name, destination = excluded.destination,
             destination_options = excluded.destination_options",
    )?
    .execute(params![
        application.uuid.to_string(),
        application.tenant_uuid.to_string(),
        application.name,
        application.destination,
        serde_json::to_string(&application.destination_options)?
    ])?;
    Ok(())
}

/// The database itself takes it from its lines, and sweeps destinations that name it.
pub fn delete(tx: &WriteTx, uuid: Uuid) -> Result<()> {
    tx.prepare_cached("DELETE FROM application WHERE uuid = ?1")?.execute([uuid.to_string()])?;
    Ok(())
}

/// The lines of applications: application, line and the name of its endpoint.
pub fn lines_of(connection: &Connection, uuids: &[String]) -> Result<Vec<(String, i64, Option<String>)>> {
    let mut lines = connection.prepare_cached(
        "SELECT l.application_uuid, l.id, coalesce(s.name, c.interface)
         FROM json_each(?1) asked CROSS JOIN line l ON l.application_uuid = asked.value
         LEFT JOIN endpoint_sip s ON s.uuid = l.endpoint_sip_uuid
         LEFT JOIN endpoint_custom c ON c.id = l.endpoint_custom_id ORDER BY l.id",
    )?;
    let rows = lines.query_map([id_list(uuids)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The applications of lines: line, uuid and name.
pub fn of_lines(connection: &Connection, lines: &[i64]) -> Result<Vec<(i64, Uuid, Option<String>)>> {
    let mut applications = connection.prepare_cached(
        "SELECT l.id, a.uuid, a.name FROM json_each(?1) asked CROSS JOIN line l ON l.id = asked.value
         JOIN application a ON a.uuid = l.application_uuid",
    )?;
    let rows =
        applications.query_map([id_list(lines)], |row| Ok((row.get(0)?, uuid_at(row, 1)?, row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The application of one line.
pub fn of_line(connection: &Connection, line: i64) -> Result<Option<Uuid>> {
    let mut uuid = connection
        .prepare_cached("SELECT application_uuid FROM line WHERE id = ?1 AND application_uuid IS NOT NULL")?;
    Ok(uuid.query_row([line], |row| uuid_at(row, 0)).optional()?)
}

pub fn give(tx: &WriteTx, line: i64, application: Option<Uuid>) -> Result<()> {
    tx.prepare_cached("UPDATE line SET application_uuid = ?2 WHERE id = ?1")?
        .execute(params![line, application.map(|uuid| uuid.to_string())])?;
    Ok(())
}

//! SQL of lines.

use super::Line;
use crate::db::{WriteTx, id_list};
use crate::domain::sip::Options;
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, uuid_at};
use crate::resources::endpoint::Reference;
use crate::resources::extensions::Extension;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

/// The number of the main extension.
const EXTEN: &str = "(SELECT e.exten FROM line_extension le JOIN extension e ON e.id = le.extension_id
     WHERE le.line_id = line.id ORDER BY le.position LIMIT 1)";

const NAME: &str = "coalesce(endpoint_sip.name, endpoint_custom.interface)";
const CID_NAME: &str =
    "coalesce(endpoint_sccp.cid_name, caller_id_name(endpoint_sip.endpoint_section_options))";
const CID_NUM: &str = "coalesce(endpoint_sccp.cid_num, caller_id_num(endpoint_sip.endpoint_section_options))";
const PROTOCOL: &str = "CASE WHEN line.endpoint_sip_uuid IS NOT NULL THEN 'sip'
     WHEN line.endpoint_custom_id IS NOT NULL THEN 'custom'
     WHEN line.endpoint_sccp_id IS NOT NULL THEN 'sccp' END";

pub static LISTING: Listing = Listing {
    id: "line.id",
    from: "line LEFT JOIN endpoint_sip ON endpoint_sip.uuid = line.endpoint_sip_uuid
         LEFT JOIN endpoint_custom ON endpoint_custom.id = line.endpoint_custom_id
         LEFT JOIN endpoint_sccp ON endpoint_sccp.id = line.endpoint_sccp_id",
    tenant: Some("line.tenant_uuid"),
    only: None,
    columns: &[
        Column::text("context", "line.context"),
        Column::text("provisioning_code", "line.provisioning_code"),
        Column::text("provisioning_extension", "line.provisioning_code"),
        Column::int("position", "line.position"),
        Column::int("device_slot", "line.position"),
        Column::text("protocol", PROTOCOL),
        Column::text("device_id", "line.device_id").ordered_by(NULLS_LAST),
        Column::text("name", NAME).ordered_by(NULLS_LAST),
        Column::text("caller_id_name", CID_NAME).ordered_by(NULLS_LAST),
        Column::text("caller_id_num", CID_NUM).ordered_by(NULLS_LAST),
        Column::text("exten", EXTEN).ordered_by(NULLS_LAST),
    ],
    // Those without a name come last, as in the original's database.
    default_order: "coalesce(endpoint_sip.name, endpoint_custom.interface) IS NULL {dir},
         coalesce(endpoint_sip.name, endpoint_custom.interface) {dir}, line.id {dir}",
};

fn read(row: &Row<'_>) -> rusqlite::Result<Line> {
    let endpoint = row.get_ref(6)?.as_str_or_null()?.map(|_| uuid_at(row, 6)).transpose()?;
    Ok(Line {
        id: row.get(0)?,
        tenant_uuid: uuid_at(row, 1)?,
        context: row.get(2)?,
        provisioning_code: row.get(3)?,
        position: row.get(4)?,
        registrar: row.get(5)?,
        endpoint_sip_uuid: endpoint,
        endpoint_custom_id: row.get(7)?,
        endpoint_sccp_id: row.get(8)?,
        device_id: row.get(9)?,
    })
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<Line>> {
    let mut get = connection.prepare_cached(
        "SELECT id, tenant_uuid, context, provisioning_code, position, registrar, endpoint_sip_uuid,
             endpoint_custom_id, endpoint_sccp_id, device_id
         FROM line WHERE id = ?1",
    )?;
    Ok(get.query_row([id], read).optional()?)
}

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<Line>> {
    let mut many = connection.prepare_cached(
        "SELECT l.id, l.tenant_uuid, l.context, l.provisioning_code, l.position, l.registrar, l.endpoint_sip_uuid,
             l.endpoint_custom_id, l.endpoint_sccp_id, l.device_id
         FROM json_each(?1) asked CROSS JOIN line l ON l.id = asked.value ORDER BY asked.key",
    )?;
    Ok(many.query_map([id_list(ids)], read)?.collect::<rusqlite::Result<_>>()?)
}

/// The line that a SIP endpoint belongs to.
pub fn of_endpoint(connection: &Connection, endpoint: Uuid) -> Result<Option<i64>> {
    let mut of = connection.prepare_cached("SELECT id FROM line WHERE endpoint_sip_uuid = ?1")?;
    Ok(of.query_row([endpoint.to_string()], |row| row.get(0)).optional()?)
}

/// The line that an endpoint belongs to.
pub fn with_endpoint(connection: &Connection, endpoint: Reference) -> Result<Option<i64>> {
    match endpoint {
        Reference::Sip(uuid) => of_endpoint(connection, uuid),
        Reference::Custom(id) => {
            let mut of = connection.prepare_cached("SELECT id FROM line WHERE endpoint_custom_id = ?1")?;
            Ok(of.query_row([id], |row| row.get(0)).optional()?)
        }
        Reference::Sccp(id) => {
            let mut of = connection.prepare_cached("SELECT id FROM line WHERE endpoint_sccp_id = ?1")?;
            Ok(of.query_row([id], |row| row.get(0)).optional()?)
        }
        Reference::Iax(_) => Ok(None),
    }
}

pub fn code_taken(connection: &Connection, code: &str, except: Option<i64>) -> Result<bool> {
    let mut taken = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM line WHERE provisioning_code = ?1 AND id IS NOT ?2)")?;
    Ok(taken.query_row(params![code, except], |row| row.get(0))?)
}

/// Stores a line under a new id; the one in `line` does not count.
pub fn insert(tx: &WriteTx, line: &Line) -> Result<i64> {
    tx.prepare_cached(
        "INSERT INTO line (tenant_uuid, context, provisioning_code, position, registrar)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        line.tenant_uuid.to_string(),
        line.context,
        line.provisioning_code,
        line.position,
        line.registrar
    ])?;
    Ok(tx.last_insert_rowid())
}

/// Stores a line's own columns; its endpoint stays.
pub fn update(tx: &WriteTx, line: &Line) -> Result<()> {
    tx.prepare_cached(
        "UPDATE line SET context = ?2, provisioning_code = ?3, position = ?4, registrar = ?5 WHERE id = ?1",
    )?
    .execute(params![line.id, line.context, line.provisioning_code, line.position, line.registrar])?;
    Ok(())
}

pub fn set_context(tx: &WriteTx, id: i64, context: &str) -> Result<()> {
    tx.prepare_cached("UPDATE line SET context = ?2 WHERE id = ?1")?.execute(params![id, context])?;
    Ok(())
}

/// Gives a line its one endpoint, or takes it. A line has no IAX endpoint.
pub fn set_endpoint(tx: &WriteTx, id: i64, endpoint: Option<Reference>) -> Result<()> {
    let (sip, custom, sccp) = match endpoint {
        Some(Reference::Sip(uuid)) => (Some(uuid.to_string()), None, None),
        Some(Reference::Custom(id)) => (None, Some(id), None),
        Some(Reference::Sccp(id)) => (None, None, Some(id)),
        Some(Reference::Iax(_)) | None => (None, None, None),
    };
    tx.prepare_cached(
        "UPDATE line SET endpoint_sip_uuid = ?2, endpoint_custom_id = ?3, endpoint_sccp_id = ?4 WHERE id = ?1",
    )?
    .execute(params![id, sip, custom, sccp])?;
    Ok(())
}

/// Deletes a line. The database itself names the next main line of its users.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM line WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// The users of a line, the main user first.
pub fn users(connection: &Connection, id: i64) -> Result<Vec<i64>> {
    let mut users = connection
        .prepare_cached("SELECT user_id FROM user_line WHERE line_id = ?1 ORDER BY rank, user_id")?;
    Ok(users.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// What a line's caller id is made of.
#[derive(Debug)]
pub struct CallerIdRow {
    /// The main user's.
    pub caller_id: String,
    pub endpoint: Uuid,
    pub endpoint_options: Options,
    /// The number of the main extension.
    pub exten: Option<String>,
}

/// What an SCCP line's caller id is made of: endpoint, the main user's caller id, the main extension's number.
pub fn sccp_caller_id(connection: &Connection, id: i64) -> Result<Option<(i64, String, Option<String>)>> {
    let mut get = connection.prepare_cached(
        "SELECT l.endpoint_sccp_id, u.caller_id,
             (SELECT x.exten FROM line_extension le JOIN extension x ON x.id = le.extension_id
              WHERE le.line_id = l.id ORDER BY le.position, x.id LIMIT 1)
         FROM line l JOIN user_line ul ON ul.line_id = l.id JOIN user u ON u.id = ul.user_id
         WHERE l.id = ?1 AND l.endpoint_sccp_id IS NOT NULL ORDER BY ul.rank, ul.user_id LIMIT 1",
    )?;
    Ok(get.query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?)
}

/// Nothing for a line without user or SIP endpoint.
pub fn caller_id(connection: &Connection, id: i64) -> Result<Option<CallerIdRow>> {
    let mut get = connection.prepare_cached(
        "SELECT u.caller_id, e.uuid, e.endpoint_section_options,
             (SELECT x.exten FROM line_extension le JOIN extension x ON x.id = le.extension_id
              WHERE le.line_id = l.id ORDER BY le.position, x.id LIMIT 1)
         FROM line l JOIN endpoint_sip e ON e.uuid = l.endpoint_sip_uuid
         JOIN user_line ul ON ul.line_id = l.id JOIN user u ON u.id = ul.user_id
         WHERE l.id = ?1 ORDER BY ul.rank, ul.user_id LIMIT 1",
    )?;
    let row =
        get.query_row([id], |row| Ok((row.get(0)?, uuid_at(row, 1)?, row.get::<_, String>(2)?, row.get(3)?)));
    let Some((caller_id, endpoint, options, exten)) = row.optional()? else { return Ok(None) };
    Ok(Some(CallerIdRow { caller_id, endpoint, endpoint_options: serde_json::from_str(&options)?, exten }))
}

/// The extensions of a line, the main extension first.
pub fn extensions(connection: &Connection, id: i64) -> Result<Vec<i64>> {
    let mut extensions = connection.prepare_cached(
        "SELECT extension_id FROM line_extension WHERE line_id = ?1 ORDER BY position, extension_id",
    )?;
    Ok(extensions.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

pub fn attach_extension(tx: &WriteTx, line: i64, extension: i64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO line_extension (line_id, extension_id, position)
         SELECT ?1, ?2, coalesce(max(position) + 1, 0) FROM line_extension WHERE line_id = ?1",
    )?
    .execute([line, extension])?;
    Ok(())
}

pub fn detach_extension(tx: &WriteTx, line: i64, extension: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM line_extension WHERE line_id = ?1 AND extension_id = ?2")?
        .execute([line, extension])?;
    Ok(())
}

/// A user of another line that has this extension: the main user and that line. Lines of `user` do not count.
pub fn other_user_with(
    connection: &Connection,
    extension: i64,
    line: i64,
    user: i64,
) -> Result<Option<(i64, i64)>> {
    let mut other = connection.prepare_cached(
        "SELECT ul.user_id, ul.line_id FROM line_extension le JOIN user_line ul ON ul.line_id = le.line_id
         WHERE le.extension_id = ?1 AND le.line_id <> ?2 AND ul.user_id <> ?3
           AND ul.rank = (SELECT min(rank) FROM user_line WHERE line_id = ul.line_id)
         ORDER BY ul.line_id LIMIT 1",
    )?;
    Ok(other.query_row([extension, line, user], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// The extensions of these lines with their line, each line's main extension first.
pub fn extension_rows(connection: &Connection, ids: &[i64]) -> Result<Vec<(i64, Extension)>> {
    let mut rows = connection.prepare_cached(
        "SELECT le.line_id, e.id, e.tenant_uuid, e.exten, e.context, e.enabled
         FROM json_each(?1) asked CROSS JOIN line_extension le ON le.line_id = asked.value
         JOIN extension e ON e.id = le.extension_id ORDER BY asked.key, le.position, e.id",
    )?;
    let rows = rows.query_map([id_list(ids)], |row| {
        let extension = Extension {
            id: row.get(1)?,
            tenant_uuid: uuid_at(row, 2)?,
            exten: row.get(3)?,
            context: row.get(4)?,
            enabled: row.get(5)?,
        };
        Ok((row.get(0)?, extension))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A user of a line, as far as the line shows it.
#[derive(Debug)]
pub struct UserRow {
    pub id: i64,
    pub uuid: Uuid,
    pub firstname: String,
    pub lastname: Option<String>,
}

/// The users of these lines with their line, each line's main user first.
pub fn user_rows(connection: &Connection, ids: &[i64]) -> Result<Vec<(i64, UserRow)>> {
    let mut rows = connection.prepare_cached(
        "SELECT ul.line_id, u.id, u.uuid, u.firstname, u.lastname
         FROM json_each(?1) asked CROSS JOIN user_line ul ON ul.line_id = asked.value
         JOIN user u ON u.id = ul.user_id ORDER BY asked.key, ul.rank, u.id",
    )?;
    let rows = rows.query_map([id_list(ids)], |row| {
        let user = UserRow {
            id: row.get(1)?,
            uuid: uuid_at(row, 2)?,
            firstname: row.get(3)?,
            lastname: row.get(4)?,
        };
        Ok((row.get(0)?, user))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

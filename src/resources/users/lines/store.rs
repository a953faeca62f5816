//! SQL of the lines of users.

use crate::db::WriteTx;
use crate::error::Result;
use crate::http::uuid_at;
use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

/// What an association asks of a line.
#[derive(Debug, Clone, Copy)]
pub struct LineRow {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub endpoint_sip_uuid: Option<Uuid>,
    /// Of any kind.
    pub has_endpoint: bool,
}

fn line_at(row: &Row<'_>) -> rusqlite::Result<LineRow> {
    let endpoint = row.get_ref(2)?.as_str_or_null()?.is_some();
    Ok(LineRow {
        id: row.get(0)?,
        tenant_uuid: uuid_at(row, 1)?,
        endpoint_sip_uuid: endpoint.then(|| uuid_at(row, 2)).transpose()?,
        has_endpoint: endpoint || row.get(3)?,
    })
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<LineRow>> {
    let mut get = connection.prepare_cached(
        "SELECT id, tenant_uuid, endpoint_sip_uuid,
             endpoint_custom_id IS NOT NULL OR endpoint_sccp_id IS NOT NULL
             FROM line WHERE id = ?1",
    )?;
    Ok(get.query_row([id], line_at).optional()?)
}

/// A user's main line.
pub fn main(connection: &Connection, user: i64) -> Result<Option<LineRow>> {
    let mut get = connection.prepare_cached(
        "SELECT l.id, l.tenant_uuid, l.endpoint_sip_uuid,
             l.endpoint_custom_id IS NOT NULL OR l.endpoint_sccp_id IS NOT NULL
         FROM user_line ul JOIN line l ON l.id = ul.line_id WHERE ul.user_id = ?1 AND ul.position = 0",
    )?;
    Ok(get.query_row([user], line_at).optional()?)
}

/// Which of the line's users this one is, 0 being the main user.
pub fn rank(connection: &Connection, user: i64, line: i64) -> Result<Option<i64>> {
    let mut get =
        connection.prepare_cached("SELECT rank FROM user_line WHERE user_id = ?1 AND line_id = ?2")?;
    Ok(get.query_row([user, line], |row| row.get(0)).optional()?)
}

/// Another line with an extension of this line, of which this user is not the main user: line and extension.
pub fn foreign_line(connection: &Connection, user: i64, line: i64) -> Result<Option<(i64, i64)>> {
    let mut get = connection.prepare_cached(
        "SELECT other.line_id, own.extension_id
         FROM line_extension own
         JOIN line_extension other ON other.extension_id = own.extension_id AND other.line_id <> own.line_id
         WHERE own.line_id = ?2 AND NOT EXISTS (
             SELECT 1 FROM user_line ul WHERE ul.line_id = other.line_id AND ul.user_id = ?1 AND ul.rank = 0)
         ORDER BY other.line_id LIMIT 1",
    )?;
    Ok(get.query_row([user, line], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

pub fn has_secondary_users(connection: &Connection, line: i64) -> Result<bool> {
    let mut get = connection.prepare_cached("SELECT 1 FROM user_line WHERE line_id = ?1 AND rank > 0")?;
    Ok(get.exists([line])?)
}

/// After the user's lines and the line's users.
pub fn insert(tx: &WriteTx, user: i64, line: i64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO user_line (user_id, line_id, position, rank) VALUES (?1, ?2,
             (SELECT coalesce(max(position) + 1, 0) FROM user_line WHERE user_id = ?1),
             (SELECT coalesce(max(rank) + 1, 0) FROM user_line WHERE line_id = ?2))",
    )?
    .execute([user, line])?;
    Ok(())
}

/// The database itself names the next main line and main user.
pub fn delete(tx: &WriteTx, user: i64, line: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM user_line WHERE user_id = ?1 AND line_id = ?2")?.execute([user, line])?;
    Ok(())
}

/// Orders a user's lines.
pub fn order(tx: &WriteTx, user: i64, lines: &[i64]) -> Result<()> {
    let mut update =
        tx.prepare_cached("UPDATE user_line SET position = ?3 WHERE user_id = ?1 AND line_id = ?2")?;
    for (position, line) in (0_i64..).zip(lines) {
        update.execute([user, *line, position])?;
    }
    Ok(())
}

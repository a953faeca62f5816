//! SQL of function keys.

use crate::db::{WriteTx, id_list};
use crate::domain::schema::Object;
use crate::error::Result;
use crate::http::list::NULLS_LAST;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "func_key_template.id",
    from: "func_key_template",
    tenant: Some("func_key_template.tenant_uuid"),
    only: Some("func_key_template.user_id IS NULL"),
    columns: &[Column::text("name", "func_key_template.name").ordered_by(NULLS_LAST)],
    default_order: "func_key_template.name IS NULL {dir}, func_key_template.name {dir}, func_key_template.id {dir}",
};

/// A set of keys without its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: Option<String>,
    /// Whose own keys it holds; nothing for a template that users share.
    pub user_id: Option<i64>,
}

/// A key as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyRow {
    pub id: i64,
    pub template_id: i64,
    pub position: i64,
    pub label: Option<String>,
    pub blf: bool,
    pub kind: String,
    /// The id of what the key names.
    pub target: Option<i64>,
    pub arguments: Object,
}

fn read_template(row: &Row<'_>) -> rusqlite::Result<Template> {
    Ok(Template { id: row.get(0)?, tenant_uuid: uuid_at(row, 1)?, name: row.get(2)?, user_id: row.get(3)? })
}

pub fn get(connection: &Connection, id: i64) -> Result<Option<Template>> {
    let mut get = connection
        .prepare_cached("SELECT id, tenant_uuid, name, user_id FROM func_key_template WHERE id = ?1")?;
    Ok(get.query_row([id], read_template).optional()?)
}

/// Those that exist, in the order of `ids`.
pub fn many(connection: &Connection, ids: &[i64]) -> Result<Vec<Template>> {
    let mut many = connection.prepare_cached(
        "SELECT t.id, t.tenant_uuid, t.name, t.user_id
         FROM json_each(?1) asked CROSS JOIN func_key_template t ON t.id = asked.value ORDER BY asked.key",
    )?;
    let rows = many.query_map([id_list(ids)], read_template)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The template that holds a user's own keys.
pub fn own(connection: &Connection, user: i64) -> Result<Option<Template>> {
    let mut own = connection
        .prepare_cached("SELECT id, tenant_uuid, name, user_id FROM func_key_template WHERE user_id = ?1")?;
    Ok(own.query_row([user], read_template).optional()?)
}

/// The template that a user was given.
pub fn given(connection: &Connection, user: i64) -> Result<Option<Template>> {
    let mut given = connection.prepare_cached(
        "SELECT t.id, t.tenant_uuid, t.name, t.user_id
         FROM user u JOIN func_key_template t ON t.id = u.func_key_template_id WHERE u.id = ?1",
    )?;
    Ok(given.query_row([user], read_template).optional()?)
}

/// The users who were given a template, lowest id first.
pub fn users(connection: &Connection, template: i64) -> Result<Vec<i64>> {
    let mut users =
        connection.prepare_cached("SELECT id FROM user WHERE func_key_template_id = ?1 ORDER BY id")?;
    Ok(users.query_map([template], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The keys of templates, by template and position.
pub fn keys(connection: &Connection, templates: &[i64]) -> Result<Vec<KeyRow>> {
    let mut keys = connection.prepare_cached(
        "SELECT k.id, k.template_id, k.position, k.label, k.blf, k.type, k.target, k.arguments
         FROM json_each(?1) asked CROSS JOIN func_key k ON k.template_id = asked.value
         ORDER BY k.template_id, k.position",
    )?;
    let mut rows = keys.query([id_list(templates)])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        let target: Option<String> = row.get(6)?;
        keys.push(KeyRow {
            id: row.get(0)?,
            template_id: row.get(1)?,
            position: row.get(2)?,
            label: row.get(3)?,
            blf: row.get(4)?,
            kind: row.get(5)?,
            target: target.and_then(|id| id.parse().ok()),
            arguments: serde_json::from_str(row.get_ref(7)?.as_str().unwrap_or("{}"))?,
        });
    }
    Ok(keys)
}

pub fn insert(tx: &WriteTx, tenant: Uuid, name: Option<&str>) -> Result<i64> {
    tx.prepare_cached("INSERT INTO func_key_template (tenant_uuid, name) VALUES (?1, ?2)")?
        .execute(params![tenant.to_string(), name])?;
    Ok(tx.last_insert_rowid())
}

pub fn rename(tx: &WriteTx, id: i64, name: Option<&str>) -> Result<()> {
    tx.prepare_cached("UPDATE func_key_template SET name = ?2 WHERE id = ?1")?.execute(params![id, name])?;
    Ok(())
}

pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM func_key_template WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Stores a key, in place of the one at its position; its `id` is not looked at.
pub fn put_key(tx: &WriteTx, key: &KeyRow) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO func_key (template_id, position, label, blf, type, target, arguments)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (template_id, position) DO UPDATE SET label = excluded.label, blf = excluded.blf,
             type = excluded.type, target = excluded.target, arguments = excluded.arguments",
    )?
    .execute(params![
        key.template_id,
        key.position,
        key.label,
        key.blf,
        key.kind,
        key.target.map(|id| id.to_string()),
        serde_json::to_string(&key.arguments)?
    ])?;
    Ok(())
}

/// Deletes one key; false when there is none.
pub fn delete_key(tx: &WriteTx, template: i64, position: i64) -> Result<bool> {
    let mut delete = tx.prepare_cached("DELETE FROM func_key WHERE template_id = ?1 AND position = ?2")?;
    Ok(delete.execute([template, position])? > 0)
}

pub fn delete_keys(tx: &WriteTx, template: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM func_key WHERE template_id = ?1")?.execute([template])?;
    Ok(())
}

/// Gives a template to a user, or takes it away.
pub fn give(tx: &WriteTx, user: i64, template: Option<i64>) -> Result<()> {
    tx.prepare_cached("UPDATE user SET func_key_template_id = ?2 WHERE id = ?1")?
        .execute(params![user, template])?;
    Ok(())
}

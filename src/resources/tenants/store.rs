//! SQL of tenants.

use super::View;
use crate::auth::hash_token;
use crate::clock;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::{Column, Listing, uuid_at};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "tenant.uuid",
    from: "tenant",
    tenant: Some("tenant.uuid"),
    only: None,
    columns: &[Column::text("uuid", "tenant.uuid")],
    default_order: "tenant.uuid {dir}",
};

/// The tenants as the API shows them, in the order of `uuids`.
pub fn views(connection: &Connection, uuids: &[String]) -> Result<Vec<View>> {
    let mut templates = connection.prepare_cached(
        "SELECT tenant_uuid, role, endpoint_uuid FROM tenant_sip_template
         WHERE tenant_uuid IN (SELECT value FROM json_each(?1)) ORDER BY tenant_uuid, role",
    )?;
    let mut rows = templates.query([id_list(uuids)])?;
    let mut roles: HashMap<String, HashMap<String, Option<String>>> = HashMap::new();
    while let Some(row) = rows.next()? {
        roles.entry(row.get(0)?).or_default().insert(row.get(1)?, row.get(2)?);
    }
    let view = |uuid: &String| {
        let mut roles = roles.remove(uuid).unwrap_or_default();
        let generated = !roles.is_empty();
        let mut template = |role: &str| roles.remove(role).flatten();
        View {
            uuid: uuid.clone(),
            sip_templates_generated: generated,
            global_sip_template_uuid: template("global"),
            webrtc_sip_template_uuid: template("webrtc"),
            registration_trunk_sip_template_uuid: template("registration_trunk"),
            meeting_guest_sip_template_uuid: template("meeting_guest"),
        }
    };
    Ok(uuids.iter().map(view).collect())
}

/// The server's and the master tenant's uuid, once they exist.
pub fn identity(connection: &Connection) -> Result<Option<(Uuid, Uuid)>> {
    let get = |key: &str| {
        connection
            .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
            .query_row([key], |row| uuid_at(row, 0))
            .optional()
    };
    Ok(get("server_uuid")?.zip(get("master_tenant_uuid")?))
}

pub fn remember_identity(tx: &WriteTx, server: Uuid, master: Uuid) -> Result<()> {
    let mut insert = tx.prepare_cached("INSERT INTO meta (key, value) VALUES (?1, ?2)")?;
    insert.execute(params!["server_uuid", server.to_string()])?;
    insert.execute(params!["master_tenant_uuid", master.to_string()])?;
    Ok(())
}

pub fn insert(tx: &WriteTx, uuid: Uuid, slug: &str, parent: Option<Uuid>) -> Result<()> {
    tx.prepare_cached("INSERT INTO tenant (uuid, slug, parent_uuid, name) VALUES (?1, ?2, ?3, ?2)")?
        .execute(params![uuid.to_string(), slug, parent.map(|uuid| uuid.to_string())])?;
    Ok(())
}

/// ISO 3166, two letters.
pub fn set_country(tx: &WriteTx, uuid: Uuid, country: Option<&str>) -> Result<()> {
    tx.prepare_cached("UPDATE tenant SET country = ?2 WHERE uuid = ?1")?
        .execute(params![uuid.to_string(), country])?;
    Ok(())
}

pub fn country(connection: &Connection, uuid: Uuid) -> Result<Option<String>> {
    let mut country = connection.prepare_cached("SELECT country FROM tenant WHERE uuid = ?1")?;
    Ok(country.query_row([uuid.to_string()], |row| row.get(0))?)
}

pub fn slug(connection: &Connection, uuid: Uuid) -> Result<String> {
    let mut slug = connection.prepare_cached("SELECT slug FROM tenant WHERE uuid = ?1")?;
    Ok(slug.query_row([uuid.to_string()], |row| row.get(0))?)
}

/// Lets a token in, with all rights in its tenant. Known already: nothing changes.
pub fn insert_token(tx: &WriteTx, token: &str, tenant: Uuid) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO token (hash, tenant_uuid, created_at) VALUES (?1, ?2, ?3) ON CONFLICT (hash) DO NOTHING",
    )?
    .execute(params![hash_token(token), tenant.to_string(), clock::now()])?;
    Ok(())
}

/// Every tenant.
pub fn all(connection: &Connection) -> Result<Vec<Uuid>> {
    let mut all = connection.prepare_cached("SELECT uuid FROM tenant ORDER BY uuid")?;
    let rows = all.query_map([], |row| uuid_at(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn exists(connection: &Connection, uuid: Uuid) -> Result<bool> {
    let mut exists = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM tenant WHERE uuid = ?1)")?;
    Ok(exists.query_row([uuid.to_string()], |row| row.get(0))?)
}

pub fn slug_exists(connection: &Connection, slug: &str) -> Result<bool> {
    let mut exists = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM tenant WHERE slug = ?1)")?;
    Ok(exists.query_row([slug], |row| row.get(0))?)
}

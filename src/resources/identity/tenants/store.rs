//! SQL of tenants as the auth API sees them.

use super::Tenant;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::uuid_at;
use crate::resources::identity::listing::{Column, Listing};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

pub static LISTING: Listing = Listing {
    id: "t.uuid",
    from: "tenant t",
    order: "name",
    columns: &[
        Column::new("name").sort("fold(t.name)").search("fold(t.name) LIKE ?").filter("t.name = ?"),
        Column::new("slug").sort("fold(t.slug)").search("fold(t.slug) LIKE ?").filter("t.slug = ?"),
        Column::new("uuid").filter("t.uuid = ?"),
        Column::new("domain_name")
            .search(
                "EXISTS (SELECT 1 FROM tenant_domain d WHERE d.tenant_uuid = t.uuid AND fold(d.name) LIKE ?)",
            )
            .filter("EXISTS (SELECT 1 FROM tenant_domain d WHERE d.tenant_uuid = t.uuid AND d.name = ?)"),
    ],
};

const LINES: [&str; 6] = ["line_1", "line_2", "city", "state", "country", "zip_code"];

/// The tenants in the order of `uuids`.
pub fn tenants(connection: &Connection, uuids: &[Uuid]) -> Result<Vec<Tenant>> {
    let list = id_list(uuids);
    let mut domains: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (tenant, name, _) in domains_of(connection, &list)? {
        domains.entry(tenant).or_default().push(name);
    }
    let mut get = connection.prepare_cached(
        "SELECT t.uuid, t.parent_uuid, t.name, t.slug, t.contact_uuid, t.phone, t.default_authentication_method,
                t.address
         FROM json_each(?1) page CROSS JOIN tenant t ON t.uuid = page.value ORDER BY page.key",
    )?;
    let rows = get.query_map([list], |row| {
        let uuid = uuid_at(row, 0)?;
        let (parent, address): (Option<String>, String) = (row.get(1)?, row.get(7)?);
        Ok(Tenant {
            uuid,
            parent_uuid: parent.and_then(|parent| Uuid::try_parse(&parent).ok()),
            name: row.get(2)?,
            slug: row.get(3)?,
            contact: row.get(4)?,
            phone: row.get(5)?,
            method: row.get(6)?,
            domain_names: domains.remove(&uuid).unwrap_or_default(),
            address: whole(&serde_json::from_str(&address).unwrap_or_default()),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// An address with all its lines.
pub fn whole(address: &Value) -> Value {
    let lines = LINES.map(|line| (line.to_owned(), address.get(line).cloned().unwrap_or_default()));
    Value::Object(lines.into_iter().collect())
}

/// Tenant, name and uuid of each domain of these tenants.
pub fn domains_of(connection: &Connection, tenants: &str) -> Result<Vec<(Uuid, String, Uuid)>> {
    let mut get = connection.prepare_cached(
        "SELECT tenant_uuid, name, uuid FROM tenant_domain
         WHERE tenant_uuid IN (SELECT value FROM json_each(?1)) ORDER BY tenant_uuid, name",
    )?;
    let rows = get.query_map([tenants], |row| Ok((uuid_at(row, 0)?, row.get(1)?, uuid_at(row, 2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Stores what may change of a tenant.
pub fn update(tx: &WriteTx, tenant: &Tenant) -> Result<()> {
    let uuid = tenant.uuid.to_string();
    tx.prepare_cached(
        "UPDATE tenant SET name = ?2, contact_uuid = ?3, phone = ?4, default_authentication_method = ?5, address = ?6
         WHERE uuid = ?1",
    )?
    .execute(params![
        uuid,
        tenant.name,
        tenant.contact,
        tenant.phone,
        tenant.method,
        tenant.address.to_string()
    ])?;
    let kept = json!(tenant.domain_names).to_string();
    tx.prepare_cached(
        "DELETE FROM tenant_domain WHERE tenant_uuid = ?1 AND name NOT IN (SELECT value FROM json_each(?2))",
    )?
    .execute([&uuid, &kept])?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO tenant_domain (name, uuid, tenant_uuid) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )?;
    for name in &tenant.domain_names {
        insert.execute([name, &Uuid::new_v4().to_string(), &uuid])?;
    }
    Ok(())
}

/// A domain of these that another tenant has.
pub fn taken_domain(connection: &Connection, names: &[String], own: Uuid) -> Result<Option<String>> {
    let mut other = connection.prepare_cached(
        "SELECT name FROM tenant_domain WHERE name IN (SELECT value FROM json_each(?1)) AND tenant_uuid <> ?2
         ORDER BY name LIMIT 1",
    )?;
    Ok(other.query_row([id_list(names), own.to_string()], |row| row.get(0)).optional()?)
}

pub fn has_children(connection: &Connection, uuid: Uuid) -> Result<bool> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM tenant WHERE parent_uuid = ?1")?
        .exists([uuid.to_string()])?)
}

//! SQL of policies.

use super::Policy;
use super::seed::Seed;
use crate::db::{WriteTx, id_list};
use crate::error::Result;
use crate::http::{Call, uuid_at};
use crate::resources::identity::listing::{Column, Listing};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// Has this installation its policies?
///
/// # Errors
/// The database can't be read.
pub fn any_managed(connection: &Connection) -> Result<bool> {
    Ok(connection.prepare_cached("SELECT 1 FROM policy WHERE managed = 1")?.exists([])?)
}

/// Makes a policy of ours, or makes it what it is to be.
///
/// # Errors
/// The database can't be written.
pub fn put_managed(tx: &WriteTx, master: Uuid, policy: &Seed) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO policy (uuid, tenant_uuid, name, slug, description, managed, shared, acl)
         VALUES (?1, ?2, ?3, ?3, ?4, 1, 1, ?5)
         ON CONFLICT (tenant_uuid, slug) DO UPDATE SET name = ?3, description = ?4, managed = 1, shared = 1, acl = ?5",
    )?
    .execute(params![
        Uuid::new_v4().to_string(),
        master.to_string(),
        policy.slug,
        policy.description,
        serde_json::to_string(policy.acl)?,
    ])?;
    Ok(())
}

/// Makes a policy that may be changed.
///
/// # Errors
/// The database can't be written.
pub fn insert_seed(tx: &WriteTx, master: Uuid, policy: &Seed) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO policy (uuid, tenant_uuid, name, slug, description, managed, shared, acl)
         VALUES (?1, ?2, ?3, ?3, ?4, 0, 0, ?5) ON CONFLICT DO NOTHING",
    )?
    .execute(params![
        Uuid::new_v4().to_string(),
        master.to_string(),
        policy.slug,
        policy.description,
        serde_json::to_string(policy.acl)?,
    ])?;
    Ok(())
}

pub static LISTING: Listing = Listing {
    id: "p.uuid",
    from: "policy p",
    order: "name",
    columns: &[
        Column::new("name").sort("fold(p.name)").search("fold(p.name) LIKE ?").filter("p.name = ?"),
        Column::new("slug").sort("fold(p.slug)").filter("p.slug = ?"),
        Column::new("description").sort("fold(p.description)").search("fold(p.description) LIKE ?"),
        Column::new("uuid").sort("p.uuid").filter("p.uuid = ?"),
        Column::new("tenant_uuid").filter("p.tenant_uuid = ?"),
        Column::new("read_only").filter("p.managed = (lower(?) IN ('true', '1', 'yes', 'on'))"),
        Column::new("user_uuid")
            .filter("p.uuid IN (SELECT policy_uuid FROM account_policy WHERE account_uuid = ?)"),
        Column::new("group_uuid")
            .filter("p.uuid IN (SELECT policy_uuid FROM account_group_policy WHERE group_uuid = ?)"),
    ],
};

/// The policies in the order of `uuids`.
///
/// # Errors
/// The database can't be read.
pub fn policies(connection: &Connection, uuids: &[Uuid]) -> Result<Vec<Policy>> {
    let mut get = connection.prepare_cached(
        "SELECT p.uuid, p.tenant_uuid, p.name, p.slug, p.description, p.managed, p.shared, p.acl
         FROM json_each(?1) page CROSS JOIN policy p ON p.uuid = page.value ORDER BY page.key",
    )?;
    let rows = get.query_map([id_list(uuids)], |row| {
        let acl: String = row.get(7)?;
        let policy = Policy {
            uuid: uuid_at(row, 0)?,
            tenant_uuid: uuid_at(row, 1)?,
            name: row.get(2)?,
            slug: row.get(3)?,
            description: row.get(4)?,
            managed: row.get(5)?,
            shared: row.get(6)?,
            acl: Vec::new(),
        };
        Ok((policy, acl))
    })?;
    rows.map(|row| {
        let (policy, acl) = row?;
        Ok(Policy { acl: serde_json::from_str(&acl)?, ..policy })
    })
    .collect()
}

/// The policy with this slug, of the request's tenant or seen by it.
///
/// # Errors
/// The database can't be read.
pub fn by_slug(connection: &Connection, call: &Call, slug: &str) -> Result<Option<Policy>> {
    let tenant = call.scope().tenant;
    let above = id_list(&call.caller.tree().above(tenant));
    let mut find = connection.prepare_cached(
        "SELECT uuid FROM policy WHERE slug = ?1 AND (tenant_uuid = ?2 OR managed = 1
             OR shared = 1 AND tenant_uuid IN (SELECT value FROM json_each(?3)))
         ORDER BY tenant_uuid = ?2 DESC, managed DESC, uuid LIMIT 1",
    )?;
    let uuid = find.query_row(params![slug, tenant.to_string(), above], |row| uuid_at(row, 0)).optional()?;
    Ok(policies(connection, uuid.as_slice())?.pop())
}

/// Is this name or slug taken, by a policy of the tenant or by one that is seen together with it?
///
/// # Errors
/// The database can't be read.
pub fn clashes(
    connection: &Connection,
    call: &Call,
    name: &str,
    slug: Option<&str>,
    shared: bool,
    own: Option<Uuid>,
) -> Result<bool> {
    let tenant = call.scope().tenant;
    let (above, below) =
        (id_list(&call.caller.tree().above(tenant)), id_list(&call.caller.tree().below(tenant)));
    let mut other = connection.prepare_cached(
        "SELECT 1 FROM policy WHERE (fold(name) = fold(?1) OR slug = ?2) AND uuid IS NOT ?3
             AND (tenant_uuid = ?4 OR managed = 1
                  OR shared = 1 AND tenant_uuid IN (SELECT value FROM json_each(?5))
                  OR ?6 AND tenant_uuid IN (SELECT value FROM json_each(?7)))",
    )?;
    let own = own.map(|uuid| uuid.to_string());
    Ok(other.exists(params![name, slug, own, tenant.to_string(), above, shared, below])?)
}

/// # Errors
/// The database can't be written.
pub fn insert(tx: &WriteTx, policy: &Policy) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO policy (uuid, tenant_uuid, name, slug, description, managed, shared, acl)
         VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7)",
    )?
    .execute(params![
        policy.uuid.to_string(),
        policy.tenant_uuid.to_string(),
        policy.name,
        policy.slug,
        policy.description,
        policy.shared,
        serde_json::to_string(&policy.acl)?,
    ])?;
    Ok(())
}

/// # Errors
/// The database can't be written.
pub fn update(tx: &WriteTx, policy: &Policy) -> Result<()> {
    tx.prepare_cached("UPDATE policy SET name = ?2, description = ?3, acl = ?4 WHERE uuid = ?1")?.execute(
        params![
            policy.uuid.to_string(),
            policy.name,
            policy.description,
            serde_json::to_string(&policy.acl)?
        ],
    )?;
    Ok(())
}

/// # Errors
/// The database can't be written.
pub fn delete(tx: &WriteTx, uuid: Uuid) -> Result<()> {
    tx.prepare_cached("DELETE FROM policy WHERE uuid = ?1")?.execute([uuid.to_string()])?;
    Ok(())
}

/// # Errors
/// The database can't be written.
pub fn give(tx: &WriteTx, account: Uuid, policy: Uuid) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO account_policy (account_uuid, policy_uuid) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    )?
    .execute([account.to_string(), policy.to_string()])?;
    Ok(())
}

/// # Errors
/// The database can't be written.
pub fn take(tx: &WriteTx, account: Uuid, policy: Uuid) -> Result<()> {
    tx.prepare_cached("DELETE FROM account_policy WHERE account_uuid = ?1 AND policy_uuid = ?2")?
        .execute([account.to_string(), policy.to_string()])?;
    Ok(())
}

//! SQL of policies.

use super::seed::Seed;
use crate::db::WriteTx;
use crate::error::Result;
use rusqlite::{Connection, params};
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

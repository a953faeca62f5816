//! A tenant goes, with everything in it.

use crate::db::WriteTx;
use crate::error::{Error, Result};
use uuid::Uuid;

/// Deletes every row that belongs to the tenant, of whatever table, then the tenant. What points from one row to another
/// is looked at when all are gone.
///
/// # Errors
/// The database can't be written, or something of another tenant points into this one.
pub fn purge(tx: &WriteTx, tenant: Uuid) -> Result<()> {
    tx.execute_batch("PRAGMA defer_foreign_keys = ON")?;
    let tenant = tenant.to_string();
    for table in tables(tx)? {
        // The names come from the schema itself.
        let table = table.replace('"', "\"\"");
        tx.execute(&format!("DELETE FROM \"{table}\" WHERE tenant_uuid = ?1"), [&tenant])?;
    }
    tx.execute("DELETE FROM tenant WHERE uuid = ?1", [&tenant])?;
    let mut dangling = tx.prepare("PRAGMA foreign_key_check")?;
    let mut rows = dangling.query([])?;
    match rows.next()? {
        None => Ok(()),
        Some(row) => {
            let table: String = row.get(0)?;
            Err(Error::Internal(format!("something in {table} still needs the tenant")))
        }
    }
}

/// The tables whose rows belong to tenants.
fn tables(tx: &WriteTx) -> Result<Vec<String>> {
    let mut tables = tx.prepare_cached(
        "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
         WHERE m.type = 'table' AND c.name = 'tenant_uuid' ORDER BY m.name",
    )?;
    let rows = tables.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

//! SQL of the audit.

use super::Entry;
use crate::clock;
use crate::db::WriteTx;
use crate::error::Result;
use rusqlite::params;
use std::time::{Duration, SystemTime};

/// More entries than these are not kept, however young: a small disk has its end.
const MOST: i64 = 100_000;
/// After so many entries old ones are looked for.
const ROUND: i64 = 256;

/// Keeps an entry; gives its number.
///
/// # Errors
/// The database can't be written.
pub fn insert(tx: &WriteTx, entry: &Entry) -> Result<i64> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO audit (at, tenant_uuid, account, source, address, method, path, before, after)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let Entry { at, tenant, account, source, address, method, path, before, after } = entry;
    insert.execute(params![at, tenant, account, source, address, method, path, before, after])?;
    Ok(tx.last_insert_rowid())
}

/// Every so many entries, lets go of those that are too old; `id` is the newest.
///
/// # Errors
/// The database can't be written.
pub fn prune(tx: &WriteTx, id: i64, keep_days: u32) -> Result<()> {
    if id % ROUND == 0 {
        let age = Duration::from_secs(u64::from(keep_days) * 24 * 3600);
        let oldest = SystemTime::now().checked_sub(age).map(clock::utc).unwrap_or_default();
        tx.execute("DELETE FROM audit WHERE at < ?1 OR id <= ?2", params![oldest, id - MOST])?;
    }
    Ok(())
}

//! SQL of the blocked addresses.

use super::View;
use crate::db::{WriteTx, id_list};
use crate::domain::network::Network;
use crate::error::Result;
use crate::http::{Column, Listing};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// The newest first, unless asked otherwise.
pub static LISTING: Listing = Listing {
    id: "block.id",
    from: "block",
    tenant: None,
    only: Some("block.active = 1"),
    columns: &[
        Column::text("address", "block.address"),
        Column::text("since", "block.since").unsearched(),
        Column::text("until", "block.until").unsearched(),
        Column::text("reason", "block.reason"),
        Column::int("count", "block.count").unsearched(),
        Column::text("accounts", "block.accounts"),
    ],
    default_order: "-block.id {dir}",
};

/// A block to be stored.
pub struct New<'a> {
    pub network: Network,
    /// UTC.
    pub since: String,
    pub until: String,
    pub reason: &'a str,
    pub count: i64,
    /// A JSON list.
    pub accounts: String,
    pub times: u32,
}

/// What is known of an address.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    pub active: bool,
    pub times: u32,
}

fn view(row: &Row<'_>) -> rusqlite::Result<View> {
    let (address, bits): (String, u8) = (row.get(0)?, row.get(1)?);
    let accounts: String = row.get(6)?;
    let network = Network::read(&format!("{address}/{bits}")).map(|network| network.to_string());
    Ok(View {
        network: network.unwrap_or_else(|| address.clone()),
        address,
        since: row.get(2)?,
        until: row.get(3)?,
        reason: row.get(4)?,
        count: row.get(5)?,
        accounts: serde_json::from_str(&accounts).unwrap_or_default(),
    })
}

/// The blocks of these ids, in their order.
pub fn get_many(connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut get = connection.prepare_cached(
        "SELECT b.address, b.bits, b.since, b.until, b.reason, b.count, b.accounts
         FROM json_each(?1) page CROSS JOIN block b ON b.id = page.value ORDER BY page.key",
    )?;
    Ok(get.query_map([id_list(ids)], view)?.collect::<rusqlite::Result<_>>()?)
}

/// The block of this very network, while it lasts.
pub fn get(connection: &Connection, network: &Network) -> Result<Option<View>> {
    let mut get = connection.prepare_cached(
        "SELECT address, bits, since, until, reason, count, accounts FROM block
         WHERE address = ?1 AND active = 1",
    )?;
    Ok(get.query_row([network.address().to_string()], view).optional()?)
}

/// The networks that are blocked, and until when (UTC), by address.
pub fn active(connection: &Connection) -> Result<Vec<(Network, String)>> {
    let mut all = connection
        .prepare_cached("SELECT address, bits, until FROM block WHERE active = 1 ORDER BY address")?;
    let rows = all.query_map([], |row| {
        let (address, bits): (String, u8) = (row.get(0)?, row.get(1)?);
        Ok((Network::read(&format!("{address}/{bits}")), row.get(2)?))
    })?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(rows.into_iter().filter_map(|(network, until)| Some((network?, until))).collect())
}

/// What is known of an address, blocked or not.
pub fn times(connection: &Connection, network: &Network) -> Result<Option<Known>> {
    let mut known = connection.prepare_cached("SELECT active, times FROM block WHERE address = ?1")?;
    let row = |row: &Row<'_>| Ok(Known { active: row.get(0)?, times: row.get(1)? });
    Ok(known.query_row([network.address().to_string()], row).optional()?)
}

/// Blocks anew, or again.
pub fn put(tx: &WriteTx, new: &New<'_>) -> Result<()> {
    tx.prepare_cached("DELETE FROM block WHERE address = ?1")?
        .execute([new.network.address().to_string()])?;
    tx.prepare_cached(
        "INSERT INTO block (address, bits, active, since, until, reason, count, accounts, times)
         VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        new.network.address().to_string(),
        new.network.bits(),
        new.since,
        new.until,
        new.reason,
        new.count,
        new.accounts,
        new.times
    ])?;
    Ok(())
}

/// Leaves room for one more than there may be: what ends first goes.
pub fn make_room(tx: &WriteTx, most: i64) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM block WHERE id IN
             (SELECT id FROM block WHERE active = 1 ORDER BY until DESC, id DESC LIMIT -1 OFFSET ?1)",
    )?
    .execute([most.saturating_sub(1)])?;
    Ok(())
}

/// Releases, and forgets all of it; tells whether it was blocked.
pub fn delete(tx: &WriteTx, network: &Network) -> Result<bool> {
    let mut delete = tx.prepare_cached("DELETE FROM block WHERE address = ?1 AND active = 1")?;
    Ok(delete.execute([network.address().to_string()])? > 0)
}

/// Ends blocks, and forgets those that ended before `old`.
pub fn end(tx: &WriteTx, now: &str, old: &str) -> Result<()> {
    tx.prepare_cached("UPDATE block SET active = 0 WHERE active = 1 AND until <= ?1")?.execute([now])?;
    tx.prepare_cached("DELETE FROM block WHERE active = 0 AND until <= ?1")?.execute([old])?;
    Ok(())
}

/// Forgets what ended first, of more than so many.
pub fn forget(tx: &WriteTx, most: i64) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM block WHERE id IN
             (SELECT id FROM block WHERE active = 0 ORDER BY until DESC, id DESC LIMIT -1 OFFSET ?1)",
    )?
    .execute([most])?;
    Ok(())
}

/// The uuid of the master tenant.
pub fn master(connection: &Connection) -> Result<String> {
    let mut master = connection.prepare_cached("SELECT value FROM meta WHERE key = 'master_tenant_uuid'")?;
    Ok(master.query_row([], |row| row.get(0))?)
}

//! `/cordboard/blocks`: addresses that attacked SIP and are kept out for a while. They are the installation's, not a
//! tenant's: only the master tenant sees and releases them.

mod api;
pub mod store;

pub use api::routes;

use crate::audit;
use crate::clock;
use crate::db::WriteTx;
use crate::domain::network::Network;
use crate::error::Result;
use schemars::JsonSchema;
use serde::Serialize;
use std::time::Duration;

/// How long an address that did nothing more is remembered after its block.
const MEMORY: Duration = Duration::from_secs(7 * 24 * 3600);
/// Most blocks at a time: the one that ends first goes for a new one.
const MOST: i64 = 1000;
/// Most addresses that are remembered after their block: what ended first is forgotten.
const REMEMBERED: i64 = 20_000;
/// Longest that a block lasts that does not grow.
const BRIEF: Duration = Duration::from_secs(60);

/// One block, as the API shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct View {
    /// The first address of `network`.
    pub address: String,
    /// What is blocked: the address, of IPv6 the /64 around it.
    pub network: String,
    /// UTC.
    pub since: String,
    /// UTC: then it ends by itself.
    pub until: String,
    pub reason: String,
    /// Failures that led to it.
    pub count: i64,
    /// The names of accounts that were tried, the first ten.
    pub accounts: Vec<String>,
}

/// An address that has failed too often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offender {
    pub network: Network,
    pub reason: String,
    pub failures: u32,
    pub accounts: Vec<String>,
    /// A flood that anybody may have sent in its name: a minute, and the next block is no longer for it.
    pub brief: bool,
}

/// How long blocks last.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    pub first: Duration,
    pub longest: Duration,
}

/// Blocks an offender from now on. One that is blocked already stays as it is.
///
/// # Errors
/// The database can't be written.
pub fn block(tx: &WriteTx, offender: &Offender, terms: Terms) -> Result<()> {
    let now = clock::system();
    let before = store::times(tx, &offender.network)?;
    if before.is_some_and(|before| before.active) {
        return Ok(());
    }
    let times = before.map_or(0, |before| before.times);
    let lasts = if offender.brief { BRIEF.min(terms.longest) } else { grown(terms, times) };
    let until = now.checked_add(lasts).unwrap_or(now);
    let row = store::New {
        network: offender.network,
        since: clock::utc(now),
        until: clock::utc(until),
        reason: &offender.reason,
        count: i64::from(offender.failures),
        accounts: serde_json::json!(offender.accounts).to_string(),
        times: if offender.brief { times } else { times.saturating_add(1) },
    };
    store::make_room(tx, MOST)?;
    store::put(tx, &row)?;
    let after = store::get(tx, &offender.network)?;
    let entry = audit::Entry {
        at: row.since,
        tenant: store::master(tx)?,
        source: "phone",
        address: Some(offender.network.address().to_string()),
        path: format!("/cordboard/blocks/{}", offender.network.address()),
        after: serde_json::to_string(&after).ok(),
        ..audit::Entry::default()
    };
    audit::store::insert(tx, &entry)?;
    Ok(())
}

/// The first block lasts `first`, each further one twice as long.
fn grown(terms: Terms, times: u32) -> Duration {
    terms.first.saturating_mul(1_u32.checked_shl(times).unwrap_or(u32::MAX)).min(terms.longest)
}

/// Ends the blocks whose time has come, and forgets those that ended long ago.
///
/// # Errors
/// The database can't be written.
pub fn end(tx: &WriteTx) -> Result<()> {
    let now = clock::system();
    let old = now.checked_sub(MEMORY).map(clock::utc).unwrap_or_default();
    store::end(tx, &clock::utc(now), &old)?;
    store::forget(tx, REMEMBERED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Db;

    #[test]
    fn as_many_addresses_are_remembered_as_there_is_room_for() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("test.db")).unwrap();
        let fill = |tx: &WriteTx| {
            tx.execute_batch(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20100)
                 INSERT INTO block (address, bits, active, since, until, reason, count, accounts, times)
                 SELECT printf('10.%d.%d.%d', i / 65536, i / 256 % 256, i % 256), 32, i > 20090, '2026',
                        strftime('%Y-%m-%dT%H:%M:%S', 'now', printf('%d seconds', iif(i > 20090, 900, i - 30000))),
                        'x', 20, '[]', 1 FROM n",
            )?;
            end(tx)
        };
        db.write_blocking("test", fill).unwrap();
        let count =
            |sql: &str| db.read(|one| Ok(one.query_row(sql, [], |row| row.get::<_, i64>(0))?)).unwrap();
        assert_eq!(count("SELECT count(*) FROM block WHERE active = 1"), 10);
        assert_eq!(count("SELECT count(*) FROM block WHERE active = 0"), REMEMBERED);
        assert_eq!(count("SELECT count(*) FROM block WHERE address = '10.0.0.90'"), 0, "it ended first");
    }

    #[test]
    fn each_block_lasts_twice_as_long_as_the_one_before() {
        let terms = Terms { first: Duration::from_secs(600), longest: Duration::from_secs(86_400) };
        let lasts: Vec<_> = (0..9).map(|times| grown(terms, times).as_secs()).collect();
        assert_eq!(lasts, [600, 1200, 2400, 4800, 9600, 19_200, 38_400, 76_800, 86_400]);
        assert_eq!(grown(terms, 40).as_secs(), 86_400);
    }
}

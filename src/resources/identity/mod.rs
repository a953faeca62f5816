//! The auth API 0.1 (auth.md): tokens, accounts and their rights, tenants. Its routes stand below `/0.1` and
//! `/api/auth/0.1`; refusals have shapes of their own.

pub mod accounts;
mod body;
pub mod groups;
mod listing;
mod misc;
mod policies;
mod sessions;
mod tenants;
mod tokens;

use crate::db::{Db, WriteTx};
use crate::error::Result;
use crate::http::Route;
use std::time::Duration;

/// Every route of the auth API.
pub fn routes() -> Vec<Route> {
    let routes = [
        accounts::routes(),
        groups::routes(),
        misc::routes(),
        policies::routes(),
        sessions::routes(),
        tenants::routes(),
        tokens::routes(),
    ]
    .concat();
    routes.into_iter().map(|route| route.service("auth")).collect()
}

/// Makes the policies that every installation has what this version says, and gives each tenant its groups.
///
/// # Errors
/// The database can't be written.
pub fn seed(tx: &WriteTx) -> Result<()> {
    policies::seed(tx)?;
    for tenant in crate::resources::tenants::store::all(tx)? {
        groups::seed_tenant(tx, tenant)?;
    }
    Ok(())
}

/// How often sessions are looked at that have ended.
const SWEEP: Duration = Duration::from_secs(60);

/// Forgets sessions that have ended, for ever.
pub async fn sweep(db: Db) {
    let mut turn = tokio::time::interval(SWEEP);
    loop {
        turn.tick().await;
        if let Err(error) = tokens::store::delete_ended(&db).await {
            tracing::warn!(%error, "sessions that have ended could not be deleted");
        }
    }
}

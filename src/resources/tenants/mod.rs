//! Tenants: who owns a row. The REST API only shows them; the command line makes them.

mod api;
pub mod store;

pub use api::routes;

use crate::db::WriteTx;
use crate::error::Result;
use crate::resources::contexts;
use crate::settings::Auth;
use uuid::Uuid;

/// The identity of the server and the master tenant, made at the first start.
///
/// # Errors
/// The database can't be written.
pub fn seed(tx: &WriteTx, auth: &Auth) -> Result<(Uuid, Uuid)> {
    if let Some((server, master)) = store::identity(tx)? {
        remember_bootstrap_token(tx, auth, master)?;
        return Ok((server, master));
    }
    let server = Uuid::new_v4();
    let master = auth.master_tenant_uuid.unwrap_or_else(Uuid::new_v4);
    store::insert(tx, master, "master", None)?;
    store::remember_identity(tx, server, master)?;
    remember_bootstrap_token(tx, auth, master)?;
    contexts::seed(tx, master)?;
    Ok((server, master))
}

fn remember_bootstrap_token(tx: &WriteTx, auth: &Auth, master: Uuid) -> Result<()> {
    match &auth.bootstrap_token {
        Some(token) => store::insert_token(tx, token, master),
        None => Ok(()),
    }
}

//! Tenants: who owns a row. The REST API only shows them; the command line makes them.

mod api;
mod purge;
pub mod store;

pub use api::routes;
pub use purge::purge;

use crate::db::WriteTx;
use crate::domain::problems::{already_exists, field_message};
use crate::error::{Error, Result};
use crate::resources::identity::groups;
use crate::resources::{contexts, endpoints_sip, sip_transports, zonemessages};
use crate::settings::Auth;
use serde::Serialize;
use uuid::Uuid;

/// Longest slug: the names of contexts hold it, and Asterisk takes 79 characters.
const LONGEST_SLUG: usize = 20;

/// A tenant as the API shows it, keys in the contract's order; uuids as stored.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    pub uuid: String,
    pub sip_templates_generated: bool,
    pub global_sip_template_uuid: Option<String>,
    pub webrtc_sip_template_uuid: Option<String>,
    pub registration_trunk_sip_template_uuid: Option<String>,
    pub meeting_guest_sip_template_uuid: Option<String>,
}

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
    zonemessages::seed(tx)?;
    sip_transports::seed(tx)?;
    endpoints_sip::seed_tenant(tx, master)?;
    Ok((server, master))
}

fn remember_bootstrap_token(tx: &WriteTx, auth: &Auth, master: Uuid) -> Result<()> {
    match &auth.bootstrap_token {
        Some(token) => store::insert_token(tx, token.expose(), master),
        None => Ok(()),
    }
}

/// Makes a tenant below `parent`, the master tenant when not given.
///
/// # Errors
/// The slug is no short name, it or the uuid is taken, or there is no such parent.
pub fn add(tx: &WriteTx, slug: &str, uuid: Option<Uuid>, parent: Option<Uuid>) -> Result<Uuid> {
    if !slug.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
        return Err(field_message("slug", "Letters, digits, - and _ are allowed.").into());
    }
    if slug.is_empty() || slug.len() > LONGEST_SLUG {
        let message = format!("Length must be between 1 and {LONGEST_SLUG}.");
        return Err(field_message("slug", &message).into());
    }
    let Some((_, master)) = store::identity(tx)? else {
        return Err(Error::Unavailable("Start `cordboard serve` once, then add tenants".to_owned()));
    };
    let (uuid, parent) = (uuid.unwrap_or_else(Uuid::new_v4), parent.unwrap_or(master));
    if !store::exists(tx, parent)? {
        return Err(Error::not_found("Tenant", &[("uuid", parent.to_string().into())]));
    }
    if store::exists(tx, uuid)? {
        return Err(already_exists("Tenant", &[("uuid", uuid.to_string().into())]).into());
    }
    if store::slug_exists(tx, slug)? {
        return Err(already_exists("Tenant", &[("slug", slug.into())]).into());
    }
    make(tx, uuid, slug, parent)?;
    Ok(uuid)
}

/// Stores a tenant that was judged, with what every tenant has.
///
/// # Errors
/// The database can't be written.
pub fn make(tx: &WriteTx, uuid: Uuid, slug: &str, parent: Uuid) -> Result<()> {
    store::insert(tx, uuid, slug, Some(parent))?;
    endpoints_sip::seed_tenant(tx, uuid)?;
    groups::seed_tenant(tx, uuid)
}

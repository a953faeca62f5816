//! An IAX endpoint as the API shows it.

use super::store;
use crate::domain::secret::unseen;
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::endpoint::Owner;
use rusqlite::Connection;
use serde::Serialize;
use uuid::Uuid;

/// An IAX endpoint, keys in the contract's order.
#[derive(Clone, Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub host: String,
    pub options: Vec<(String, String)>,
    pub links: Vec<Link>,
    pub trunk: Option<Owner>,
}

unseen!(View);

/// An IAX endpoint inside a trunk.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Brief {
    pub id: i64,
    pub name: String,
    pub links: Vec<Link>,
}

/// The endpoints as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let shown = store::many(connection, ids)?.into_iter().map(|(endpoint, trunk)| View {
        links: call.links("endpoint_iax", &format!("/endpoints/iax/{}", endpoint.id)),
        id: endpoint.id,
        tenant_uuid: endpoint.tenant_uuid,
        name: endpoint.name,
        kind: endpoint.kind,
        host: endpoint.host,
        options: endpoint.options,
        trunk: trunk.map(|id| Owner::trunk(call, id)),
    });
    Ok(shown.collect())
}

//! A custom endpoint as the API shows it.

use super::store;
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::endpoint::Owner;
use rusqlite::Connection;
use serde::Serialize;
use uuid::Uuid;

/// A custom endpoint, keys in the contract's order.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub interface: String,
    pub interface_suffix: Option<String>,
    pub enabled: bool,
    pub links: Vec<Link>,
    pub trunk: Option<Owner>,
    pub line: Option<Owner>,
}

/// A custom endpoint inside a line or a trunk.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Brief {
    pub id: i64,
    pub interface: String,
    pub links: Vec<Link>,
}

impl From<View> for Brief {
    fn from(view: View) -> Brief {
        Brief { id: view.id, interface: view.interface, links: view.links }
    }
}

/// The endpoints as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = store::many(connection, ids)?.into_iter();
    Ok(rows.map(|row| view(call, row)).collect())
}

fn view(call: &Call, row: store::Used) -> View {
    let endpoint = row.endpoint;
    View {
        links: call.links("endpoint_custom", &format!("/endpoints/custom/{}", endpoint.id)),
        id: endpoint.id,
        tenant_uuid: endpoint.tenant_uuid,
        interface: endpoint.interface,
        interface_suffix: endpoint.interface_suffix,
        enabled: endpoint.enabled,
        trunk: row.trunk.map(|id| Owner::trunk(call, id)),
        line: row.line.map(|id| Owner::line(call, id)),
    }
}

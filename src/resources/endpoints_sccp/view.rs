//! An SCCP endpoint as the API shows it.

use super::store;
use crate::domain::secret::unseen;
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::endpoint::Owner;
use rusqlite::Connection;
use serde::Serialize;
use uuid::Uuid;

/// An SCCP endpoint, keys in the contract's order.
#[derive(Clone, Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub options: Vec<(&'static str, String)>,
    pub links: Vec<Link>,
    pub line: Option<Owner>,
    /// What a line shows as its own.
    #[serde(skip)]
    pub cid_name: String,
    #[serde(skip)]
    pub cid_num: String,
}

unseen!(View);

/// An SCCP endpoint inside a line.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Brief {
    pub id: i64,
    pub links: Vec<Link>,
}

impl From<View> for Brief {
    fn from(view: View) -> Brief {
        Brief { id: view.id, links: view.links }
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
    let view = |(endpoint, line): (super::Endpoint, Option<i64>)| {
        let options = endpoint.options();
        let [cid_name, cid_num, _, _] = endpoint.values;
        View {
            links: call.links("endpoint_sccp", &format!("/endpoints/sccp/{}", endpoint.id)),
            id: endpoint.id,
            tenant_uuid: endpoint.tenant_uuid,
            options,
            line: line.map(|id| Owner::line(call, id)),
            cid_name,
            cid_num,
        }
    };
    Ok(rows.map(view).collect())
}

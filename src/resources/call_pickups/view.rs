//! A call pickup as the API shows it.

use super::Pickup;
use super::sides::Side;
use super::store;
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::people::Brief;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// A call pickup, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub description: Option<String>,
    pub enabled: bool,
    pub links: Vec<Link>,
    pub interceptors: Members,
    pub targets: Members,
}

/// Who stands on one side.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Members {
    pub groups: Vec<Group>,
    pub users: Vec<Brief>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Group {
    pub id: i64,
    pub uuid: Uuid,
    pub name: String,
    pub links: Vec<Link>,
}

/// The pickups as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut members: HashMap<(i64, String), Members> = HashMap::new();
    for row in store::groups_of(connection, ids)? {
        let links = call.links("groups", &format!("/groups/{}", row.uuid));
        let group = Group { id: row.id, uuid: row.uuid, name: row.name, links };
        members.entry((row.of, row.side)).or_default().groups.push(group);
    }
    for row in store::users_of(connection, ids)? {
        let user = Brief::new(call, row.id, row.uuid, (row.name, row.lastname));
        members.entry((row.of, row.side)).or_default().users.push(user);
    }
    let mut side = |id, side: Side| members.remove(&(id, side.word().to_owned())).unwrap_or_default();
    let shown = store::many(connection, ids)?.into_iter().map(|pickup| {
        let Pickup { id, tenant_uuid, name, description, enabled } = pickup;
        let links = call.links("callpickups", &format!("/callpickups/{id}"));
        let (interceptors, targets) = (side(id, Side::Interceptor), side(id, Side::Target));
        View { id, tenant_uuid, name, description, enabled, links, interceptors, targets }
    });
    Ok(shown.collect())
}

//! A call permission as the API shows it, and briefly inside its holders.

use super::{Holder, store};
use crate::domain::secret::unseen;
use crate::error::Result;
use crate::http::{Call, Link};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// A call permission, keys in the contract's order.
#[derive(Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub password: Option<String>,
    pub mode: String,
    pub extensions: Vec<String>,
    pub enabled: bool,
    pub description: Option<String>,
    pub links: Vec<Link>,
    pub outcalls: Vec<Brief>,
    pub groups: Vec<Group>,
    pub users: Vec<User>,
}

unseen!(View);

/// An outcall inside a permission, and a permission inside a user, group or outcall.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Brief {
    pub id: i64,
    pub name: String,
    pub links: Vec<Link>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Group {
    pub uuid: Option<Uuid>,
    pub id: i64,
    pub name: String,
    pub links: Vec<Link>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct User {
    pub uuid: Option<Uuid>,
    pub firstname: String,
    pub lastname: Option<String>,
    pub links: Vec<Link>,
}

/// The permissions of these users, groups or outcalls, as they show them.
///
/// # Errors
/// The database can't be read.
pub fn briefs(
    call: &Call,
    connection: &Connection,
    holder: Holder,
    ids: &[i64],
) -> Result<HashMap<i64, Vec<Brief>>> {
    let mut briefs: HashMap<i64, Vec<Brief>> = HashMap::new();
    for (of, id, name) in store::of(connection, holder, ids)? {
        let links = call.links("callpermissions", &format!("/callpermissions/{id}"));
        briefs.entry(of).or_default().push(Brief { id, name, links });
    }
    Ok(briefs)
}

/// The permissions as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut outcalls: HashMap<i64, Vec<Brief>> = HashMap::new();
    for row in store::holders(connection, Holder::Outcall, ids)? {
        let links = call.links("outcalls", &format!("/outcalls/{}", row.id));
        outcalls.entry(row.permission).or_default().push(Brief { id: row.id, name: row.name, links });
    }
    let mut groups: HashMap<i64, Vec<Group>> = HashMap::new();
    for row in store::holders(connection, Holder::Group, ids)? {
        let links = call.links("groups", &format!("/groups/{}", row.uuid.unwrap_or_default()));
        let group = Group { uuid: row.uuid, id: row.id, name: row.name, links };
        groups.entry(row.permission).or_default().push(group);
    }
    let mut users: HashMap<i64, Vec<User>> = HashMap::new();
    for row in store::holders(connection, Holder::User, ids)? {
        let links = call.links("users", &format!("/users/{}", row.id));
        let user = User { uuid: row.uuid, firstname: row.name, lastname: row.lastname, links };
        users.entry(row.permission).or_default().push(user);
    }
    let shown = store::many(connection, ids)?.into_iter().map(|row| View {
        links: call.links("callpermissions", &format!("/callpermissions/{}", row.id)),
        outcalls: outcalls.remove(&row.id).unwrap_or_default(),
        groups: groups.remove(&row.id).unwrap_or_default(),
        users: users.remove(&row.id).unwrap_or_default(),
        id: row.id,
        tenant_uuid: row.tenant_uuid,
        name: row.name,
        password: row.password,
        mode: row.mode,
        extensions: row.extensions,
        enabled: row.enabled,
        description: row.description,
    });
    Ok(shown.collect())
}

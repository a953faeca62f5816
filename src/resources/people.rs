//! Lists of users that belong to something else (`{"users": [{"uuid": …}]}`): read as a whole, shown briefly.

use crate::db::id_list;
use crate::domain::problems::{different_tenants, not_permitted, param_not_found};
use crate::domain::schema::{Field, Object, Rule, Schema};
use crate::error::Result;
use crate::http::{Call, Key, Link, Scope, uuid_at};
use crate::resources::users::{self, Identity};
use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// So many are as many as anybody means.
pub const MOST: &[Rule] = &[Rule::Max(1000)];

/// One user of a list.
pub static USER: Schema = Schema::new("UserUuid", &[Field::text("uuid").required()]);

/// A body of users.
pub static USERS: Schema = Schema::new("UserUuids", &[Field::many("users", &USER).required().rules(MOST)]);

/// Whose list it is: the key of its tenant in a refusal, and that tenant.
pub type Owner = (&'static str, Uuid);

/// A user inside another resource.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Brief {
    pub uuid: Uuid,
    pub firstname: String,
    pub lastname: Option<String>,
    pub links: Vec<Link>,
}

impl Brief {
    pub fn new(call: &Call, id: i64, uuid: Uuid, name: (String, Option<String>)) -> Brief {
        let links = call.links("users", &format!("/users/{id}"));
        Brief { uuid, firstname: name.0, lastname: name.1, links }
    }
}

/// The users of several owners, by owner. `sql` takes the list of the owners' ids, and gives of each user the owner, the
/// user's id, uuid, first and last name.
///
/// # Errors
/// The database can't be read.
pub fn of_owners(
    call: &Call,
    connection: &Connection,
    sql: &str,
    owners: &[i64],
) -> Result<HashMap<i64, Vec<Brief>>> {
    let mut users = connection.prepare_cached(sql)?;
    let rows = users.query_map([id_list(owners)], |row| {
        Ok((row.get(0)?, row.get(1)?, uuid_at(row, 2)?, (row.get(3)?, row.get(4)?)))
    })?;
    let mut found: HashMap<i64, Vec<Brief>> = HashMap::new();
    for row in rows {
        let (owner, id, uuid, name) = row?;
        found.entry(owner).or_default().push(Brief::new(call, id, uuid, name));
    }
    Ok(found)
}

/// The users that the list `field` of a body names, in its order.
///
/// # Errors
/// 400, the first that fails: an unknown user, another tenant's, one twice.
pub fn named(
    connection: &Connection,
    scope: &Scope,
    owner: Owner,
    (field, body): (&str, &Object),
) -> Result<Vec<Identity>> {
    let mut found = Vec::new();
    for item in body.get(field).and_then(Value::as_array).into_iter().flatten() {
        let uuid = item.get("uuid").and_then(Value::as_str).unwrap_or_default();
        let user = match Uuid::try_parse(uuid) {
            Ok(uuid) => users::identity(connection, Key::Uuid(uuid))?,
            Err(_) => None,
        };
        let user = user.filter(|user| scope.sees(user.tenant_uuid));
        found.push(user.ok_or_else(|| param_not_found(field, "User", &[("uuid", uuid.into())]))?);
    }
    let (key, tenant) = owner;
    if let Some(other) = found.iter().find(|user| user.tenant_uuid != tenant) {
        return Err(different_tenants((key, tenant), ("user_tenant_uuid", other.tenant_uuid)).into());
    }
    let mut seen = BTreeSet::new();
    if !found.iter().all(|user| seen.insert(user.id)) {
        return Err(not_permitted("Cannot associate same user more than once", &[]).into());
    }
    Ok(found)
}

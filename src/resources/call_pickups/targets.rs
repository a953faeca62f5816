//! Whose calls a user may take, as a part of that user: `call_pickup_target_users: [{"uuid": …}]`. What a whole user
//! brings along is a pickup of their own, which goes with them.

use super::sides::Side;
use super::{Pickup, store};
use crate::db::WriteTx;
use crate::domain::schema::{Field, Object};
use crate::error::Result;
use crate::http::{Call, Scope};
use crate::resources::collect::Collected;
use crate::resources::people::{self, Brief};
use crate::resources::users::Identity;
use rusqlite::Connection;
use serde_json::Value;
use std::collections::HashMap;

/// The key of a user.
const FIELD: &str = "call_pickup_target_users";

/// The field of a nested user.
pub static FIELDS: [Field; 1] = [Field::many(FIELD, &people::USER).null_allowed().rules(people::MOST)];

/// Does a body name targets?
pub fn is_in(body: &Object) -> bool {
    body.get(FIELD).and_then(Value::as_array).is_some_and(|list| !list.is_empty())
}

/// Lets a new user take the calls of those whom the body names.
///
/// # Errors
/// What is not the request's fault; its mistakes are collected.
pub fn give(
    tx: &WriteTx,
    scope: &Scope,
    user: &Identity,
    body: &Object,
    collected: &mut Collected,
) -> Result<()> {
    if is_in(body) { replace(tx, scope, user, body, collected) } else { Ok(()) }
}

/// Makes the targets of the user's own pickup those of the body; one that says nothing of them leaves them alone.
///
/// # Errors
/// As [`give`].
pub fn replace(
    tx: &WriteTx,
    scope: &Scope,
    user: &Identity,
    body: &Object,
    collected: &mut Collected,
) -> Result<()> {
    if body.get(FIELD).is_none_or(Value::is_null) {
        return Ok(());
    }
    collected.attempt(tx, FIELD, |tx| {
        let owner = ("call_pickup_tenant_uuid", user.tenant_uuid);
        let targets = people::named(tx, scope, owner, (FIELD, body))?;
        let own = store::own(tx, user.id)?;
        if targets.is_empty() {
            return own.map_or(Ok(()), |own| store::delete(tx, own));
        }
        let id = own.map_or_else(|| make(tx, user), Ok)?;
        store::replace_users(tx, id, Side::Interceptor, &[user.id])?;
        let targets: Vec<i64> = targets.iter().map(|target| target.id).collect();
        store::replace_users(tx, id, Side::Target, &targets)
    })?;
    Ok(())
}

fn make(tx: &WriteTx, user: &Identity) -> Result<i64> {
    let name = format!("pickup-{}", user.uuid);
    let row = Pickup { id: 0, tenant_uuid: user.tenant_uuid, name, description: None, enabled: true };
    super::refuse_taken(tx, &row)?;
    store::insert(tx, &row, Some(user.id))
}

/// Whose calls each of these users may take.
///
/// # Errors
/// The database can't be read.
pub fn targets_of(call: &Call, connection: &Connection, users: &[i64]) -> Result<HashMap<i64, Vec<Brief>>> {
    let mut targets: HashMap<i64, Vec<Brief>> = HashMap::new();
    for row in store::targets_of_users(connection, users)? {
        let target = Brief::new(call, row.id, row.uuid, (row.name, row.lastname));
        targets.entry(row.of).or_default().push(target);
    }
    Ok(targets)
}

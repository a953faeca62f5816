//! What people may change of themselves. `confd.users.me.update` is everybody's: it must not let them choose their caller
//! id, their permissions' password or, with `recursive`, their lines and groups.

use super::{Identity, SCHEMA, views};
use crate::error::Result;
use crate::http::Call;
use rusqlite::Connection;
use serde_json::Value;
use uuid::Uuid;

/// What is said of a person, and changes no right.
const OPEN: [&str; 4] = ["firstname", "lastname", "email", "mobile_phone_number"];

/// Refuses who may change this user only since it is their own, and would change more than what is open to them. A value
/// that is sent back as it was shown changes nothing.
///
/// # Errors
/// 401.
pub fn judge(call: &Call, connection: &Connection, user: &Identity) -> Result<()> {
    let anybody = format!("confd.users.{}.update", Uuid::nil());
    if call.caller.account() != Some(user.uuid) || call.caller.may(&anybody) {
        return Ok(());
    }
    let refused = || Err(call.caller.refused(&format!("confd.users.{}.update", user.uuid)));
    if call.recursive() {
        return refused();
    }
    let body = call.object()?;
    let shown = views(call, connection, &[user.id])?.pop().map(serde_json::to_value).transpose()?;
    let shown = shown.unwrap_or_default();
    let closed = SCHEMA.fields.iter().map(|field| field.name).filter(|name| !OPEN.contains(name));
    let changes =
        |name: &str| body.get(name).is_some_and(|value| value != shown.get(name).unwrap_or(&Value::Null));
    for name in closed {
        if changes(name) {
            return refused();
        }
    }
    Ok(())
}

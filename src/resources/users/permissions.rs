//! A user's call permissions as a part of a whole user: `call_permissions: [{"id": 1}]` (confd.md 8.1).

use super::Identity;
use crate::db::WriteTx;
use crate::domain::problems::param_not_found;
use crate::domain::schema::{Field, Object, Schema};
use crate::error::Result;
use crate::http::Scope;
use crate::resources::call_permissions::{self, Holder};
use crate::resources::collect::Collected;
use serde_json::Value;

static REFERENCE: Schema = Schema::new("CallPermissionReference", &[Field::int("id").required()]);

/// The field of a nested user.
pub static FIELDS: [Field; 1] = [Field::many("call_permissions", &REFERENCE).null_allowed()];

/// Does a body name permissions?
pub fn is_in(body: &Object) -> bool {
    !listed(body).is_empty()
}

/// Gives the user the permissions that the body names.
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
    for (index, item) in listed(body).iter().enumerate() {
        let id = item.get("id").and_then(Value::as_i64).unwrap_or_default();
        collected.attempt(tx, &format!("call_permissions[{index}]"), |tx| {
            let row = call_permissions::store::get(tx, id)?.filter(|row| scope.sees(row.tenant_uuid));
            let unknown =
                || param_not_found("call_permissions", call_permissions::RESOURCE, &[("id", id.into())]);
            let permission = row.ok_or_else(unknown)?;
            call_permissions::attach(tx, Holder::User, (user.id, user.tenant_uuid), &permission)
        })?;
    }
    Ok(())
}

/// Makes the user's permissions those of the body; one that says nothing of them leaves them alone.
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
    if body.get("call_permissions").is_none_or(Value::is_null) {
        return Ok(());
    }
    for (_, permission, _) in call_permissions::store::of(tx, Holder::User, &[user.id])? {
        call_permissions::store::detach(tx, Holder::User, user.id, permission)?;
    }
    give(tx, scope, user, body, collected)
}

fn listed(body: &Object) -> &[Value] {
    body.get("call_permissions").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

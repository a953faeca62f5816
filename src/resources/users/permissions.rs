//! A user's call permissions as a part of a whole user: `call_permissions: [{"id": 1}]` (confd.md 8.1).

use super::Identity;
use super::named::Named;
use crate::db::WriteTx;
use crate::domain::schema::{Field, Object, Schema};
use crate::error::Result;
use crate::http::Scope;
use crate::resources::call_permissions::{self, Holder, store};
use crate::resources::collect::Collected;

static REFERENCE: Schema = Schema::new("CallPermissionReference", &[Field::int("id").required()]);

/// The field of a nested user.
pub static FIELDS: [Field; 1] = [Field::many("call_permissions", &REFERENCE).null_allowed()];

const NAMED: Named = Named { field: "call_permissions", resource: call_permissions::RESOURCE };

/// Does a body name permissions?
pub fn is_in(body: &Object) -> bool {
    NAMED.is_in(body)
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
    let find = |id| Ok(store::get(tx, id)?.filter(|row| scope.sees(row.tenant_uuid)));
    let owner = (user.id, user.tenant_uuid);
    let give = |row: &_| call_permissions::attach(tx, Holder::User, owner, row);
    NAMED.give(tx, body, collected, (find, give))
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
    if !NAMED.is_said(body) {
        return Ok(());
    }
    for (_, permission, _) in store::of(tx, Holder::User, &[user.id])? {
        store::detach(tx, Holder::User, user.id, permission)?;
    }
    give(tx, scope, user, body, collected)
}

//! `/switchboards/{switchboard}/members/users`: who may take the calls from a phone (confd.md 6.3).

use super::{Switchboard, found, store};
use crate::db::WriteTx;
use crate::domain::problems::{different_tenants, param_not_found};
use crate::domain::schema::{Default, Field, Mode, Object, Schema};
use crate::error::Result;
use crate::http::{Answer, Call, Key, Route, Scope};
use crate::resources::users;
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

static USER: Schema = Schema::new("SwitchboardUser", &[Field::text("uuid").required()]);

/// The body of `PUT /switchboards/{switchboard}/members/users`.
static USERS: Schema = Schema::new("SwitchboardUsers", &[Field::many("users", &USER).required()]);

/// The members of a `POST /switchboards`.
pub static MEMBERS: Schema =
    Schema::new("SwitchboardMembers", &[Field::many("users", &USER).or(Default::EmptyList)]);

pub fn routes() -> Vec<Route> {
    let path = "/switchboards/{switchboard:uuid}/members/users";
    vec![Route::put(path, "Set the users of a switchboard", put_users).body(&USERS)]
}

fn put_users(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let board = found(call, tx)?;
    replace(tx, call.scope(), &board, &call.parse(&USERS, Mode::Create)?)?;
    Ok(Answer::Empty)
}

/// Makes the `users` of a body the switchboard's; one that is named twice is one.
///
/// # Errors
/// 400: an unknown user, another tenant's.
pub fn replace(tx: &WriteTx, scope: &Scope, board: &Switchboard, body: &Object) -> Result<()> {
    let mut members = BTreeSet::new();
    for item in body.get("users").and_then(Value::as_array).into_iter().flatten() {
        let asked = item.get("uuid").and_then(Value::as_str).unwrap_or_default();
        let uuid = Uuid::try_parse(asked).ok();
        let user = uuid.map(|uuid| users::identity(tx, Key::Uuid(uuid))).transpose()?.flatten();
        let user = user
            .filter(|user| scope.sees(user.tenant_uuid))
            .ok_or_else(|| param_not_found("users", "User", &[("uuid", asked.into())]))?;
        check_tenant(board, user.tenant_uuid)?;
        members.insert(user.id);
    }
    store::replace_members(tx, board.id, &members)
}

/// A switchboard and its members are of one tenant.
///
/// # Errors
/// 400.
pub fn check_tenant(board: &Switchboard, user: Uuid) -> Result<()> {
    if board.tenant_uuid == user {
        return Ok(());
    }
    let left = ("switchboard_tenant_uuid", board.tenant_uuid);
    Err(different_tenants(left, ("user_tenant_uuid", user)).into())
}

//! The switchboards of a nested user (confd.md 2.6).

use super::Identity;
use super::view::Shown;
use crate::db::WriteTx;
use crate::domain::schema::{Field, Object, Rule, Schema};
use crate::error::{Error, Result};
use crate::http::{Call, Scope};
use crate::resources::collect::Collected;
use crate::resources::switchboards::{Brief, members, store};
use serde_json::Value;
use uuid::Uuid;

static NAMED: Schema =
    Schema::new("UserSwitchboard", &[Field::text("uuid").required().rules(&[Rule::Max(40)])]);

/// In `POST /users` and in a recursive `PUT /users/{user}`.
pub static FIELDS: [Field; 1] = [Field::many("switchboards", &NAMED)];

/// Makes a user a member of exactly the `switchboards` of a body; without them, of none. Shown as they were sent.
///
/// # Errors
/// What is not the request's fault.
pub fn replace(
    call: &Call,
    tx: &WriteTx,
    user: &Identity,
    body: &Object,
    collected: &mut Collected,
) -> Result<Shown<Brief>> {
    let list = body.get("switchboards").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut boards = Vec::with_capacity(list.len());
    for (index, item) in list.iter().enumerate() {
        let found = collected
            .attempt(tx, &format!("switchboards[{index}]"), |tx| named(tx, call.scope(), user, item))?;
        boards.extend(found);
    }
    store::replace_of_user(tx, user.id, &boards)?;
    Ok(Shown::Sent(list))
}

/// The same for a new user, who has none: no statement when none is asked for.
///
/// # Errors
/// As [`replace`].
pub fn join(
    call: &Call,
    tx: &WriteTx,
    user: &Identity,
    body: &Object,
    collected: &mut Collected,
) -> Result<Shown<Brief>> {
    let asked = body.get("switchboards").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    if asked { replace(call, tx, user, body, collected) } else { Ok(Shown::default()) }
}

/// An unknown one is a 404, as in the original.
fn named(tx: &WriteTx, scope: &Scope, user: &Identity, item: &Value) -> Result<i64> {
    let asked = item.get("uuid").and_then(Value::as_str).unwrap_or_default();
    let uuid = Uuid::try_parse(asked).ok();
    let board = uuid.map(|uuid| store::get(tx, uuid)).transpose()?.flatten();
    let board = board
        .filter(|board| scope.sees(board.tenant_uuid))
        .ok_or_else(|| Error::not_found("Switchboard", &[("uuid", asked.into())]))?;
    members::check_tenant(&board, user.tenant_uuid)?;
    Ok(board.id)
}

//! A user's queues as a part of a whole user: `queues: [{"id": 1, "priority": 0, "penalty": 0}]` (confd.md 8.1).

use super::reach::Lines;
use super::{Identity, store};
use crate::db::WriteTx;
use crate::domain::problems::param_not_found;
use crate::domain::schema::{Field, Object, Schema};
use crate::error::Result;
use crate::http::Scope;
use crate::resources::collect::Collected;
use crate::resources::queues::members::{self, PENALTY, PRIORITY};
use crate::resources::queues::{self, store as rows};
use serde_json::Value;

static REFERENCE: Schema = Schema::new("UserQueue", &[Field::int("id").required(), PRIORITY, PENALTY]);

/// The field of a nested user.
pub static FIELDS: [Field; 1] = [Field::many("queues", &REFERENCE).null_allowed()];

/// Does a body name queues?
pub fn is_in(body: &Object) -> bool {
    listed(body).next().is_some()
}

/// Makes the user a member of the queues that the body names. Without the line that was asked for they can't be one:
/// then that line's own mistake is told, and not that it is missing.
///
/// # Errors
/// What is not the request's fault; its mistakes are collected.
pub fn join(
    tx: &WriteTx,
    scope: &Scope,
    user: &Identity,
    lines: Lines,
    body: &Object,
    collected: &mut Collected,
) -> Result<()> {
    for (index, item) in listed(body).enumerate() {
        let id = item.get("id").and_then(Value::as_i64).unwrap_or_default();
        collected.attempt(tx, &format!("queues[{index}]"), |tx| {
            let unknown = || param_not_found("queues", "Queue", &[("id", id.into())]);
            let queue = queues::visible(tx, scope, id)?.ok_or_else(unknown)?;
            match lines {
                Lines::AsAsked => members::add_user(tx, &queue, user, members::place(item)),
                Lines::Missing => Ok(()),
            }
        })?;
    }
    Ok(())
}

/// Makes the user's queues those of the body; one that says nothing of them leaves them alone.
///
/// # Errors
/// As [`join`].
pub fn replace(
    tx: &WriteTx,
    scope: &Scope,
    user: &Identity,
    body: &Object,
    collected: &mut Collected,
) -> Result<()> {
    if body.get("queues").is_none_or(Value::is_null) {
        return Ok(());
    }
    rows::leave_others(tx, user.id, &[])?;
    join(tx, scope, user, Lines::AsAsked, body, collected)
}

/// Takes a user who has no line any more out of their queues: nothing of them could ring.
///
/// # Errors
/// The database can't be written.
pub fn leave_without_line(tx: &WriteTx, user: &Identity) -> Result<()> {
    if store::line_ids(tx, user.id)?.is_empty() { rows::leave_others(tx, user.id, &[]) } else { Ok(()) }
}

fn listed(body: &Object) -> impl Iterator<Item = &Object> {
    body.get("queues").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

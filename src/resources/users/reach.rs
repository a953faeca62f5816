//! What reaches a nested user beside their lines: numbers from outside and groups (confd.md 2.6.2 and 2.7).

use super::view::Shown;
use super::{Identity, groups};
use crate::db::WriteTx;
use crate::domain::schema::{Field, Object};
use crate::error::Result;
use crate::http::Call;
use crate::resources::collect::Collected;
use crate::resources::groups::Brief;
use crate::resources::incalls::{self, nested};
use serde_json::Value;

/// In `POST /users`.
pub static FIELDS: [Field; 2] =
    [Field::many("incalls", &nested::NESTED), Field::many("groups", &groups::NESTED)];

/// In a recursive `PUT /users/{user}`.
pub static UPDATED: [Field; 2] =
    [Field::many("incalls", &nested::NESTED_UPDATE), Field::many("groups", &groups::NESTED)];

/// The objects of a list of a body.
fn elements<'a>(body: &'a Object, name: &str) -> impl Iterator<Item = &'a Object> {
    body.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

/// Makes the numbers from outside of a new user. Shown as they were sent, with the ids of what was made.
///
/// # Errors
/// What is not the request's fault.
pub fn make_incalls(
    call: &Call,
    tx: &WriteTx,
    user: &Identity,
    body: &Object,
    collected: &mut Collected,
) -> Result<Shown<incalls::Brief>> {
    let mut made = Vec::new();
    for (index, item) in elements(body, "incalls").enumerate() {
        let incall = nested::create(tx, call.scope(), user, (item, &format!("incalls[{index}]")), collected)?;
        made.push(Value::Object(incall));
    }
    Ok(Shown::Sent(made))
}

/// What became of the lines that a new user was to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    AsAsked,
    /// They were asked for, and there is none.
    Missing,
}

/// Makes a new user a member of groups. Shown as they were sent. Without the line that was asked for, nobody can join
/// one: then that line's own mistake is told, and not that it is missing.
///
/// # Errors
/// What is not the request's fault.
pub fn join_groups(
    call: &Call,
    tx: &WriteTx,
    user: &Identity,
    lines: Lines,
    body: &Object,
    collected: &mut Collected,
) -> Result<Shown<Brief>> {
    let list: Vec<Value> = elements(body, "groups").cloned().map(Value::Object).collect();
    let mut named = Vec::with_capacity(list.len());
    for (index, item) in elements(body, "groups").enumerate() {
        let place = format!("groups[{index}]");
        named.extend(collected.attempt(tx, &place, |tx| groups::one(tx, call.scope(), item))?);
    }
    if !list.is_empty() && lines == Lines::AsAsked {
        collected.attempt(tx, "groups", |tx| groups::join(tx, user, &named))?;
    }
    Ok(Shown::Sent(list))
}

/// Makes the user's groups and incalls those of a body that was sent as `raw`: they leave other groups, and other
/// incalls are deleted with their numbers.
///
/// # Errors
/// What is not the request's fault.
pub fn reconcile(
    call: &Call,
    tx: &WriteTx,
    user: &Identity,
    (raw, body): (&Object, &Object),
    collected: &mut Collected,
) -> Result<()> {
    collected.attempt(tx, "groups", |tx| groups::replace(tx, call.scope(), user, body))?;
    let before = nested::release(tx, user)?;
    let mut kept = Vec::new();
    for (index, (read, sent)) in elements(body, "incalls").zip(elements(raw, "incalls")).enumerate() {
        let incall = collected.attempt(tx, &format!("incalls[{index}]"), |tx| {
            nested::reconcile(tx, call.scope(), user, read, sent)
        })?;
        kept.extend(incall);
    }
    nested::delete_others(tx, &before, &kept)
}

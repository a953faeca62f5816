//! User ↔ groups (confd.md 6.1): which groups ring a user.

use super::{Identity, found, store};
use crate::db::WriteTx;
use crate::domain::problems::{Problems, not_permitted, param_not_found};
use crate::domain::py::Py;
use crate::domain::schema::{Field, Kind, Messages, Mode, Object, Rule, Schema};
use crate::error::Result;
use crate::http::{Answer, Call, Key, Route, Scope};
use crate::resources::groups::{Group, members, store as groups};
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

static GROUP: Schema =
    Schema::new("UserGroup", &[Field::new("uuid", Kind::Uuid), Field::int("id")]).checked(check);

/// The body of `PUT /users/{user}/groups`.
pub static SCHEMA: Schema = Schema::new("UserGroups", &[Field::many("groups", &GROUP).required()]);

/// A group inside a nested user: by uuid only.
pub static NESTED: Schema =
    Schema::new("UserGroupUuid", &[Field::text("uuid").required().rules(&[Rule::Max(40)])]);

pub fn routes() -> Vec<Route> {
    vec![Route::put("/users/{user:key}/groups", "Set the groups of a user", put_groups).body(&SCHEMA)]
}

fn check(group: &Object, _: Mode) -> Messages {
    if group.contains_key("uuid") || group.contains_key("id") {
        return Messages::new();
    }
    let text = "One identifier(id or uuid) must be provided";
    vec![("_schema".to_owned(), Py::List(vec![text.into()]))]
}

/// The body is checked before the user is looked up (confd.md 1.5).
fn put_groups(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = call.parse(&SCHEMA, Mode::Create)?;
    let user = found(call, tx)?;
    replace(tx, call.scope(), &user, &body)?;
    Ok(Answer::Empty)
}

/// Makes a user a member of exactly the `groups` of a body. Where they are one already, their priority stays.
///
/// # Errors
/// As [`named`] and [`join`].
pub fn replace(tx: &WriteTx, scope: &Scope, user: &Identity, body: &Object) -> Result<()> {
    join(tx, user, &named(tx, scope, body)?)
}

/// The `groups` of a body.
///
/// # Errors
/// 400: one that the request does not see.
pub fn named(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<Vec<Group>> {
    let items = body.get("groups").and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_object).map(|item| one(tx, scope, item)).collect()
}

/// The group that an element names by its uuid or id.
///
/// # Errors
/// 400: one that the request does not see.
pub fn one(tx: &WriteTx, scope: &Scope, item: &Object) -> Result<Group> {
    let text = item.get("uuid").and_then(Value::as_str);
    let uuid = text.and_then(|text| Uuid::try_parse(text).ok());
    let key = uuid.map(Key::Uuid).or_else(|| item.get("id").and_then(Value::as_i64).map(Key::Id));
    let group = key.map(|key| groups::get(tx, key)).transpose()?.flatten();
    let known = group.filter(|group| scope.sees(group.tenant_uuid));
    known.ok_or_else(|| unknown(text, key).into())
}

/// Makes a user a member of exactly these groups.
///
/// # Errors
/// 400, the first that fails: a user without a line, another tenant's group, a group twice.
pub fn join(tx: &WriteTx, user: &Identity, groups: &[Group]) -> Result<()> {
    if !groups.is_empty() {
        members::main_line(tx, user)?;
    }
    for group in groups {
        members::check_tenant(group, user)?;
    }
    let mut seen = BTreeSet::new();
    if !groups.iter().all(|group| seen.insert(group.id)) {
        return Err(not_permitted("Cannot associate same group more than once", &[]).into());
    }
    let kept: Vec<i64> = groups.iter().map(|group| group.id).collect();
    groups::leave_others(tx, user.id, &kept)?;
    kept.into_iter().try_for_each(|group| groups::join_anew(tx, group, user.id))
}

fn unknown(text: Option<&str>, key: Option<Key>) -> Problems {
    let meta = match key {
        Some(Key::Id(id)) => ("id", Py::Int(id)),
        Some(Key::Uuid(uuid)) => ("uuid", Py::Uuid(uuid)),
        None => ("uuid", text.into()),
    };
    param_not_found("groups", "Group", &[meta])
}

/// Takes a user who has no line any more out of their groups: nothing of them could ring.
///
/// # Errors
/// The database can't be written.
pub fn leave_without_line(tx: &WriteTx, user: &Identity) -> Result<()> {
    if store::line_ids(tx, user.id)?.is_empty() { groups::leave_others(tx, user.id, &[]) } else { Ok(()) }
}

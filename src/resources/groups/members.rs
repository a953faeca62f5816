//! `/groups/{group}/members`: the users and the numbers that ring (confd.md 6.1).

use super::{Group, found, store};
use crate::db::WriteTx;
use crate::domain::problems::{
    Problems, different_tenants, missing_association, not_permitted, param_not_found,
};
use crate::domain::schema::{Default, Field, Mode, Object, Rule, Schema};
use crate::error::{Result, gather, refuse};
use crate::http::{Answer, Call, Key, Route, Scope};
use crate::resources::destinations;
use crate::resources::users::{self, Identity};
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// So many have room in the row that the dialplan reads.
const MOST: &[Rule] = &[Rule::Max(1000)];

const PRIORITY: Field = Field::int("priority").rules(&[Rule::AtLeast(0)]);

static USER: Schema = Schema::new("GroupUser", &[Field::text("uuid").required(), PRIORITY]);

static EXTENSION: Schema = Schema::new(
    "GroupExtension",
    &[Field::text("exten").required().rules(&[Rule::Min(1)]), Field::text("context").required(), PRIORITY],
);

/// The body of `PUT /groups/{group}/members/users`.
static USERS: Schema = Schema::new("GroupUsers", &[Field::many("users", &USER).required().rules(MOST)]);

/// The body of `PUT /groups/{group}/members/extensions`.
static EXTENSIONS: Schema =
    Schema::new("GroupExtensions", &[Field::many("extensions", &EXTENSION).required().rules(MOST)]);

/// The members of a `POST /groups`.
pub static MEMBERS: Schema = Schema::new(
    "GroupMembers",
    &[
        Field::many("users", &USER).or(Default::EmptyList).rules(MOST),
        Field::many("extensions", &EXTENSION).or(Default::EmptyList).rules(MOST),
    ],
);

pub fn routes() -> Vec<Route> {
    vec![
        Route::put("/groups/{group:key}/members/users", "Set the users of a group", put_users).body(&USERS),
        Route::put("/groups/{group:key}/members/extensions", "Set the numbers of a group", put_extensions)
            .body(&EXTENSIONS),
    ]
}

fn put_users(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let group = found(call, tx)?;
    replace_users(tx, call.scope(), &group, &call.parse(&USERS, Mode::Create)?)?;
    Ok(Answer::Empty)
}

fn put_extensions(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let group = found(call, tx)?;
    replace_extensions(tx, call.scope(), &group, &call.parse(&EXTENSIONS, Mode::Create)?)?;
    Ok(Answer::Empty)
}

/// Makes the `users` of a body the group's. A priority that is not given is the place in the list.
///
/// # Errors
/// 400, the first that fails: an unknown user, another tenant's, one without a line, one twice, two with one line.
pub fn replace_users(tx: &WriteTx, scope: &Scope, group: &Group, body: &Object) -> Result<()> {
    let mut members = Vec::new();
    for (index, item) in items(body, "users") {
        let uuid = text(item, "uuid");
        let user = match Uuid::try_parse(uuid) {
            Ok(uuid) => users::identity(tx, Key::Uuid(uuid))?.filter(|user| scope.sees(user.tenant_uuid)),
            Err(_) => None,
        };
        let user = user.ok_or_else(|| param_not_found("users", "User", &[("uuid", uuid.into())]))?;
        members.push((user, priority(item, index)));
    }
    for (user, _) in &members {
        check_tenant(group, user)?;
    }
    let mut lines = Vec::with_capacity(members.len());
    for (user, _) in &members {
        lines.push(main_line(tx, user)?);
    }
    let mut seen = BTreeSet::new();
    if !members.iter().all(|(user, _)| seen.insert(user.id)) {
        return Err(not_permitted("Cannot associate same user more than once", &[]).into());
    }
    let mut seen = BTreeSet::new();
    if let Some(line) = lines.into_iter().find(|line| !seen.insert(*line)) {
        let sentence = "Cannot associate different users with the same line";
        return Err(not_permitted(sentence, &[("line_id", line.into())]).into());
    }
    let rows: Vec<(i64, i64)> = members.iter().map(|(user, priority)| (user.id, *priority)).collect();
    store::replace_users(tx, group.id, &rows)
}

/// Makes the `extensions` of a body the group's numbers; they need not exist.
///
/// # Errors
/// 400: a number twice, or every one that is in a context of another tenant or of cordboard's own dialplan.
pub fn replace_extensions(tx: &WriteTx, scope: &Scope, group: &Group, body: &Object) -> Result<()> {
    let members: Vec<(&str, &str, i64)> = items(body, "extensions")
        .map(|(index, item)| (text(item, "exten"), text(item, "context"), priority(item, index)))
        .collect();
    let mut seen = BTreeSet::new();
    if !members.iter().all(|(exten, context, _)| seen.insert((exten, context))) {
        return Err(not_permitted("Cannot associate same extensions more than once", &[]).into());
    }
    let mut problems = Problems::default();
    let contexts: BTreeSet<&str> = members.iter().map(|(_, context, _)| *context).collect();
    for context in contexts {
        gather(&mut problems, destinations::check_context(tx, scope, context))?;
    }
    refuse(problems)?;
    store::replace_extensions(tx, group.id, &members)
}

/// A group and its members are of one tenant.
///
/// # Errors
/// 400.
pub fn check_tenant(group: &Group, user: &Identity) -> Result<()> {
    if group.tenant_uuid == user.tenant_uuid {
        return Ok(());
    }
    let left = ("group_tenant_uuid", group.tenant_uuid);
    Err(different_tenants(left, ("user_tenant_uuid", user.tenant_uuid)).into())
}

/// The id of a member's main line.
///
/// # Errors
/// 400: they have none, so nothing of them could ring.
pub fn main_line(tx: &WriteTx, user: &Identity) -> Result<i64> {
    users::lines::store::main(tx, user.id)?.map(|line| line.id).ok_or_else(|| {
        let meta = [("user_uuid", user.uuid.to_string().into())];
        missing_association("User", "Line", &meta).into()
    })
}

fn items<'a>(body: &'a Object, name: &str) -> impl Iterator<Item = (i64, &'a Value)> {
    (0_i64..).zip(body.get(name).and_then(Value::as_array).into_iter().flatten())
}

fn text<'a>(item: &'a Value, name: &str) -> &'a str {
    item.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn priority(item: &Value, index: i64) -> i64 {
    item.get("priority").and_then(Value::as_i64).unwrap_or(index)
}

//! `/queues/{queue}/members`: who answers (confd.md 6.2).

use super::{Queue, found, store};
use crate::db::WriteTx;
use crate::domain::problems::{Problems, different_tenants, not_permitted, param_not_found};
use crate::domain::schema::{Default, Field, Mode, Object, Rule, Schema};
use crate::error::{Result, gather, refuse};
use crate::http::{Answer, Call, Key, Route, Scope};
use crate::resources::agents;
use crate::resources::groups::members::main_line;
use crate::resources::users::{self, Identity};
use serde_json::Value;
use uuid::Uuid;

const NOT_NEGATIVE: &[Rule] = &[Rule::AtLeast(0)];

/// So many have room in a request; a queue may have more.
const MOST: &[Rule] = &[Rule::Max(1000)];

/// The order of members that ring one after the other.
pub const PRIORITY: Field = Field::int("priority").or(Default::Int(0)).rules(NOT_NEGATIVE);

/// Who has more is called only when nobody with less is free.
pub const PENALTY: Field = Field::int("penalty").or(Default::Int(0)).rules(NOT_NEGATIVE);

/// The body of `PUT /queues/{queue}/members/users/{user}`.
static PLACE: Schema = Schema::new("QueueMember", &[PRIORITY, PENALTY]);

static USER: Schema = Schema::new("QueueUser", &[Field::text("uuid").required(), PRIORITY, PENALTY]);

static AGENT: Schema = Schema::new("QueueAgent", &[Field::int("id").required(), PRIORITY, PENALTY]);

/// The members of a `POST /queues`.
pub static MEMBERS: Schema = Schema::new(
    "QueueMembers",
    &[
        Field::many("agents", &AGENT).or(Default::EmptyList).rules(MOST),
        Field::many("users", &USER).or(Default::EmptyList).rules(MOST),
    ],
);

pub fn routes() -> Vec<Route> {
    let user = "/queues/{queue:int}/members/users/{user:key}";
    vec![
        Route::put(user, "Make a user a member of a queue", put_user).body(&PLACE),
        Route::delete(user, "Take a user out of a queue", delete_user),
    ]
}

fn put_user(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let queue = found(call, tx)?;
    let user = users::found(call, tx)?;
    let body = call.parse(&PLACE, Mode::Create)?;
    add_user(tx, &queue, &user, place(&body))?;
    Ok(Answer::Empty)
}

fn delete_user(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let queue = found(call, tx)?;
    let user = users::found(call, tx)?;
    store::remove_user(tx, queue.id, user.id)?;
    Ok(Answer::Empty)
}

/// Where a member stands in a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub priority: i64,
    pub penalty: i64,
}

/// The place that a body gives, read by a schema with [`PRIORITY`] and [`PENALTY`].
pub fn place(body: &Object) -> Place {
    let number = |name: &str| body.get(name).and_then(Value::as_i64).unwrap_or_default();
    Place { priority: number("priority"), penalty: number("penalty") }
}

/// Makes a user a member; one who is gets a new place.
///
/// # Errors
/// 400, the first that fails: another tenant's user, one without a line, one with another member's line.
pub fn add_user(tx: &WriteTx, queue: &Queue, user: &Identity, place: Place) -> Result<()> {
    if queue.tenant_uuid != user.tenant_uuid {
        let left = ("queue_tenant_uuid", queue.tenant_uuid);
        return Err(different_tenants(left, ("user_tenant_uuid", user.tenant_uuid)).into());
    }
    let line = main_line(tx, user)?;
    if store::other_has_line(tx, queue.id, user.id, line)? {
        let sentence = "Cannot associate different users with the same line";
        return Err(not_permitted(sentence, &[("line_id", line.into())]).into());
    }
    store::put_user(tx, queue.id, user.id, place)
}

/// Makes the members of a new queue: `members` as GET shows them.
///
/// # Errors
/// 400 with all that is wrong: an unknown member, or as [`add_user`].
pub fn add_all(tx: &WriteTx, scope: &Scope, queue: &Queue, members: &Object) -> Result<()> {
    let mut problems = Problems::default();
    for member in items(members, "agents") {
        gather(&mut problems, add_agent(tx, scope, queue, member))?;
    }
    for user in items(members, "users") {
        gather(&mut problems, add_named(tx, scope, queue, user))?;
    }
    refuse(problems)
}

fn add_agent(tx: &WriteTx, scope: &Scope, queue: &Queue, member: &Object) -> Result<()> {
    let id = member.get("id").and_then(Value::as_i64).unwrap_or_default();
    let agent = agents::visible(tx, scope, id)?;
    let agent = agent.ok_or_else(|| param_not_found("agents", "Agent", &[("id", id.into())]))?;
    agents::queues::join(tx, queue, &agent, place(member))
}

fn add_named(tx: &WriteTx, scope: &Scope, queue: &Queue, member: &Object) -> Result<()> {
    let uuid = member.get("uuid").and_then(Value::as_str).unwrap_or_default();
    let key = Uuid::try_parse(uuid).map(Key::Uuid).ok();
    let user = key.map(|key| users::identity(tx, key)).transpose()?.flatten();
    let user = user.filter(|user| scope.sees(user.tenant_uuid));
    let user = user.ok_or_else(|| param_not_found("users", "User", &[("uuid", uuid.into())]))?;
    add_user(tx, queue, &user, place(member))
}

fn items<'a>(body: &'a Object, name: &str) -> impl Iterator<Item = &'a Object> {
    body.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

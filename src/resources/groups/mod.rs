//! Groups: several phones ring for one number (confd.md 6.1). Here: the group itself; its members, its extension and
//! where its calls go on have files of their own.

mod api;
mod extensions;
mod fallbacks;
pub mod members;
pub mod store;
mod view;

pub use view::{Brief, View, briefs_of_users, views};

use crate::db::WriteTx;
use crate::domain::schema::{Default, Field, Mode, Object, Pattern, Rule, Schema, concat, pattern};
use crate::error::{Error, Result};
use crate::http::{Call, Key, Route, Scope};
use crate::resources::moh;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::LazyLock;
use uuid::Uuid;

static LABEL: Pattern = LazyLock::new(|| pattern("^[-_.a-zA-Z0-9 ]+$"));

const MODES: &[Rule] = &[Rule::OneOf(&["prepend", "overwrite", "append"])];
const NOT_NEGATIVE: &[Rule] = &[Rule::AtLeast(0)];

static FIELDS: [Field; 15] = [
    Field::text("label").required().rules(&[Rule::Max(128), Rule::Pattern(&LABEL)]),
    Field::text("preprocess_subroutine").nullable().rules(&[Rule::Max(79)]),
    Field::text("ring_strategy").or(Default::Text("all")).rules(&[Rule::OneOf(&[
        "all",
        "random",
        "least_recent",
        "linear",
        "fewest_calls",
        "memorized_round_robin",
        "weight_random",
    ])]),
    Field::text("caller_id_mode").nullable().rules(MODES),
    Field::text("caller_id_name").nullable().rules(&[Rule::Max(80)]),
    Field::bool("dtmf_record_toggle").or(Default::Bool(false)),
    Field::int("timeout").nullable().rules(NOT_NEGATIVE),
    Field::int("user_timeout").null_allowed().or(Default::Int(15)).rules(NOT_NEGATIVE),
    Field::int("retry_delay").null_allowed().or(Default::Int(5)).rules(NOT_NEGATIVE),
    Field::text("music_on_hold").nullable().empty_is_null().rules(&[Rule::Max(128)]),
    Field::bool("ring_in_use").or(Default::Bool(true)),
    Field::bool("mark_answered_elsewhere").or(Default::Bool(false)),
    Field::bool("enabled").or(Default::Bool(true)),
    Field::bool("ignore_forward").or(Default::Bool(false)),
    Field::int("max_calls").null_allowed().or(Default::Int(0)).rules(NOT_NEGATIVE),
];

/// The fields of `PUT /groups/{group}`.
pub static SCHEMA: Schema = Schema::new("Group", &FIELDS);

static PARTS: [Field; 1] = [Field::nested("members", &members::MEMBERS).null_allowed()];

static ALL: [Field; 16] = concat(&[&FIELDS, &PARTS]);

/// The body of `POST /groups`: its members may come with it.
pub static CREATION: Schema = Schema::new("GroupCreation", &ALL);

/// A group's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Group {
    pub id: i64,
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
    pub label: String,
    /// The administrator's own context, run before the members ring.
    pub preprocess_subroutine: Option<String>,
    /// `all`, `linear` and the like.
    pub ring_strategy: String,
    pub caller_id_mode: Option<String>,
    pub caller_id_name: Option<String>,
    pub dtmf_record_toggle: bool,
    /// Seconds before the call goes on to the fallback; none and 0 are for ever.
    pub timeout: Option<i64>,
    /// Seconds that a member rings.
    pub user_timeout: Option<i64>,
    /// Seconds between two rounds.
    pub retry_delay: Option<i64>,
    pub music_on_hold: Option<String>,
    pub ring_in_use: bool,
    pub mark_answered_elsewhere: bool,
    pub enabled: bool,
    pub ignore_forward: bool,
    /// Most calls at a time; none and 0 are no limit.
    pub max_calls: Option<i64>,
}

/// The routes of groups and of all that hangs on them.
pub fn routes() -> Vec<Route> {
    [api::routes(), extensions::routes(), fallbacks::routes(), members::routes()].concat()
}

/// The group that the path names, by id or uuid.
///
/// # Errors
/// 404 when there is none that the request sees.
pub fn found(call: &Call, connection: &Connection) -> Result<Group> {
    let key = call.key("group");
    store::get(connection, key)?.filter(|group| call.scope().sees(group.tenant_uuid)).ok_or_else(|| match key
    {
        Key::Id(id) => Error::not_found("Group", &[("id", id.into())]),
        Key::Uuid(uuid) => Error::not_found("Group", &[("uuid", uuid.to_string().into())]),
    })
}

/// Makes a group with the members of a body that [`CREATION`] has read.
///
/// # Errors
/// 400: an unknown music class, or as [`members::replace_users`] and [`members::replace_extensions`].
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("uuid".to_owned(), Value::from(Uuid::new_v4().to_string()));
    row.insert("tenant_uuid".to_owned(), Value::from(scope.tenant.to_string()));
    let mut group: Group = serde_json::from_value(Value::Object(row))?;
    check_music(tx, &group)?;
    group.id = store::insert(tx, &group)?;
    if let Some(Value::Object(members)) = body.get("members") {
        let users = members::replace_users(tx, scope, &group, members);
        let all = users.and_then(|()| members::replace_extensions(tx, scope, &group, members));
        all.map_err(|error| error.at("members"))?;
    }
    Ok(group.id)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// 400: an unknown music class.
pub fn update(tx: &WriteTx, old: &Group, body: &Object) -> Result<()> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    let new: Group = serde_json::from_value(row)?;
    check_music(tx, &new)?;
    store::update(tx, &new)
}

fn check_music(tx: &WriteTx, group: &Group) -> Result<()> {
    moh::check_class(tx, group.tenant_uuid, "music_on_hold", group.music_on_hold.as_deref())
}

/// `name` was the field's name once: it stands for an absent `label`.
fn read(call: &Call, schema: &Schema, mode: Mode) -> Result<Object> {
    let body = crate::resources::contexts::with_legacy_name(call.object()?);
    Ok(schema.read(&body, mode)?)
}

//! Queues: callers wait in order for people who answer (confd.md 6.2). Here: the queue itself; its members, its
//! extension and where its calls go on have files of their own.

mod api;
mod extensions;
mod fallbacks;
mod general;
pub mod members;
mod options;
pub mod store;
mod view;

pub use view::{Brief, View, briefs_of_users, views};

use crate::db::WriteTx;
use crate::domain::problems::{Problems, already_exists};
use crate::domain::queue_options;
use crate::domain::schema::{Default, Field, Kind, Object, Pattern, Rule, Schema, concat, pattern};
use crate::error::{Error, Result, gather, refuse};
use crate::http::{Call, Route, Scope};
use crate::resources::destinations::{self, NESTED, Owner};
use crate::resources::moh;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::LazyLock;
use uuid::Uuid;

static NAME: Pattern = LazyLock::new(|| pattern("^[-_.a-zA-Z0-9]+$"));

const NOT_NEGATIVE: &[Rule] = &[Rule::AtLeast(0)];

const fn switch(name: &'static str, default: bool) -> Field {
    Field::bool(name).or(Default::Bool(default))
}

static NAMED: [Field; 1] =
    [Field::text("name").required().rules(&[Rule::Pattern(&NAME), Rule::Custom(refuse_own), Rule::Max(128)])];

/// A section of the file, and the names of cordboard's own queues.
fn refuse_own(name: &Value) -> Option<String> {
    let own = |name: &str| name == "general" || name.starts_with(queue_options::OWN_NAMES);
    name.as_str().is_some_and(own).then(|| "Invalid input.".to_owned())
}

static FIELDS: [Field; 24] = [
    Field::text("label").nullable().rules(&[Rule::Max(128)]),
    switch("data_quality", false),
    switch("dtmf_hangup_callee_enabled", false),
    switch("dtmf_hangup_caller_enabled", false),
    switch("dtmf_transfer_callee_enabled", false),
    switch("dtmf_transfer_caller_enabled", false),
    switch("dtmf_record_callee_enabled", false),
    switch("dtmf_record_caller_enabled", false),
    switch("dtmf_record_toggle", false),
    switch("retry_on_timeout", true),
    switch("ring_on_hold", false),
    Field::int("timeout").nullable().rules(NOT_NEGATIVE),
    switch("announce_hold_time_on_entry", false),
    switch("ignore_forward", true),
    Field::text("preprocess_subroutine").nullable().rules(&[Rule::Max(79)]),
    Field::text("music_on_hold").nullable().empty_is_null().rules(&[Rule::Max(128)]),
    Field::int("wait_time_threshold").nullable().rules(NOT_NEGATIVE),
    Field::nested("wait_time_destination", &NESTED).null_allowed(),
    Field::new("wait_ratio_threshold", Kind::Float).nullable().rules(NOT_NEGATIVE),
    Field::nested("wait_ratio_destination", &NESTED).null_allowed(),
    Field::text("caller_id_mode").nullable().rules(&[Rule::OneOf(&["prepend", "overwrite", "append"])]),
    Field::text("caller_id_name").nullable().rules(&[Rule::Max(80)]),
    switch("mark_answered_elsewhere", true),
    switch("enabled", true),
];

static OPTIONS: [Field; 1] = [options::FIELD];

static CHANGED: [Field; 25] = concat(&[&FIELDS, &OPTIONS]);

/// The body of `PUT /queues/{queue}`: a name never changes.
pub static SCHEMA: Schema = Schema::new("Queue", &CHANGED).checked(options::check);

static PARTS: [Field; 1] = [Field::nested("members", &members::MEMBERS).null_allowed()];

static ALL: [Field; 27] = concat(&[&NAMED, &CHANGED, &PARTS]);

/// The body of `POST /queues`: its members may come with it.
pub static CREATION: Schema = Schema::new("QueueCreation", &ALL).checked(options::check);

/// What turns a caller away before they wait, as the fields `<event>_destination` and the table `destination` call it.
pub const DIVERSIONS: [&str; 2] = ["wait_time", "wait_ratio"];

/// A queue's row.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Queue {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub label: Option<String>,
    pub data_quality: bool,
    pub dtmf_hangup_callee_enabled: bool,
    pub dtmf_hangup_caller_enabled: bool,
    pub dtmf_transfer_callee_enabled: bool,
    pub dtmf_transfer_caller_enabled: bool,
    pub dtmf_record_callee_enabled: bool,
    pub dtmf_record_caller_enabled: bool,
    pub dtmf_record_toggle: bool,
    /// False: a caller leaves after one round.
    pub retry_on_timeout: bool,
    /// True: who waits hears ringing, and is not answered before somebody answers.
    pub ring_on_hold: bool,
    /// Seconds before the call goes on to the fallback; none and 0 are for ever.
    pub timeout: Option<i64>,
    pub announce_hold_time_on_entry: bool,
    pub ignore_forward: bool,
    pub preprocess_subroutine: Option<String>,
    pub music_on_hold: Option<String>,
    /// Seconds of waiting on average above which no caller comes in any more.
    pub wait_time_threshold: Option<i64>,
    /// Callers for each member above which no caller comes in any more.
    pub wait_ratio_threshold: Option<f64>,
    pub caller_id_mode: Option<String>,
    pub caller_id_name: Option<String>,
    pub mark_answered_elsewhere: bool,
    pub enabled: bool,
    /// Options of app_queue, and others that only the client knows.
    pub options: Vec<(String, String)>,
}

/// The routes of queues and of all that hangs on them.
pub fn routes() -> Vec<Route> {
    [api::routes(), extensions::routes(), fallbacks::routes(), general::routes(), members::routes()].concat()
}

/// The queue that the path names.
///
/// # Errors
/// 404 when there is none that the request sees.
pub fn found(call: &Call, connection: &Connection) -> Result<Queue> {
    let id = call.int("queue");
    visible(connection, call.scope(), id)?.ok_or_else(|| Error::not_found("Queue", &[("id", id.into())]))
}

/// The queue of that id, if the request sees it.
///
/// # Errors
/// The database can't be read.
pub fn visible(connection: &Connection, scope: &Scope, id: i64) -> Result<Option<Queue>> {
    Ok(store::get(connection, id)?.filter(|queue| scope.sees(queue.tenant_uuid)))
}

/// Makes a queue with the members of a body that [`CREATION`] has read.
///
/// # Errors
/// 400: the name is taken, an unknown music class or target, or as [`members::add_all`].
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(scope.tenant.to_string()));
    row.insert("options".to_owned(), options::merged(body));
    let mut queue: Queue = serde_json::from_value(Value::Object(row))?;
    let mut problems = Problems::default();
    gather(&mut problems, refuse_taken(tx, &queue.name))?;
    gather(&mut problems, check_music(tx, &queue))?;
    refuse(problems)?;
    queue.id = store::insert(tx, &queue)?;
    set_diversions(tx, scope, queue.id, body)?;
    options::check_context(tx, scope, &queue.options)?;
    if let Some(Value::Object(members)) = body.get("members") {
        members::add_all(tx, scope, &queue, members).map_err(|error| error.at("members"))?;
    }
    Ok(queue.id)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// 400: an unknown music class or target.
pub fn update(tx: &WriteTx, scope: &Scope, old: &Queue, body: &Object) -> Result<()> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
        if body.contains_key("options") {
            row.insert("options".to_owned(), options::replaced(body));
        }
    }
    let new: Queue = serde_json::from_value(row)?;
    check_music(tx, &new)?;
    if body.contains_key("options") {
        options::check_context(tx, scope, &new.options)?;
    }
    store::update(tx, &new)?;
    set_diversions(tx, scope, new.id, body)
}

fn check_music(tx: &WriteTx, queue: &Queue) -> Result<()> {
    moh::check_class(tx, queue.tenant_uuid, "music_on_hold", queue.music_on_hold.as_deref())
}

/// Names are one for the whole Asterisk, groups have theirs in the same file.
fn refuse_taken(tx: &WriteTx, name: &str) -> Result<()> {
    let resource = match () {
        () if store::is_queue(tx, name)? => "Queue",
        () if store::is_group(tx, name)? => "Group",
        () => return Ok(()),
    };
    Err(already_exists(resource, &[("name", name.into())]).into())
}

/// Where callers go on who are turned away; a key that is not in the body changes nothing.
fn set_diversions(tx: &WriteTx, scope: &Scope, id: i64, body: &Object) -> Result<()> {
    let mut problems = Problems::default();
    for event in DIVERSIONS {
        if let Some(destination) = body.get(&format!("{event}_destination")) {
            let owner = Owner { word: "queue", id };
            let set = destinations::set(tx, scope, owner, event, destination.as_object());
            gather(&mut problems, set)?;
        }
    }
    refuse(problems)
}

//! Users: people with a name, who own lines and a mailbox (confd.md 2). Here: their rules. Associations have files
//! of their own; `provision.rs` makes a whole person from one request.

mod account;
mod agents;
mod api;
mod callerids;
mod conduct;
pub mod csv;
mod fallbacks;
mod forwards;
pub mod groups;
mod later;
pub mod lines;
mod listing;
mod mailbox;
mod named;
mod own;
mod permissions;
mod provision;
mod queues;
mod reach;
mod recursive;
mod schedules;
mod schema;
mod services;
pub mod store;
mod summaries;
mod switchboards;
mod switches;
mod view;
pub mod voicemails;

pub use schema::SCHEMA;
pub use view::{View, views};

use crate::clock;
use crate::db::WriteTx;
use crate::domain::problems::{Problems, already_exists, associated, param_not_found};
use crate::domain::schema::Object;
use crate::domain::text::fold;
use crate::error::{Result, gather};
use crate::http::{Call, Key, Route};
use crate::resources::lines::caller_id;
use crate::resources::{func_keys, moh};
use rusqlite::Connection;
use schema::{CALL_RECORD, spread_call_record};
use serde_json::Value;
use uuid::Uuid;

/// The routes of users and of all that hangs on them.
pub fn routes() -> Vec<Route> {
    [
        agents::routes(),
        api::routes(),
        callerids::routes(),
        csv::routes(),
        fallbacks::routes(),
        forwards::routes(),
        groups::routes(),
        lines::routes(),
        services::routes(),
        voicemails::routes(),
    ]
    .concat()
}

/// The fields whose values are looked up: what [`problems_of`] may complain about.
const JUDGED: [&str; 5] =
    ["email", "username", "music_on_hold", "mobile_fallback_enabled", "func_key_template_id"];

/// Who a user is, for associations and errors.
#[derive(Debug, Clone, Copy)]
pub struct Identity {
    pub id: i64,
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
}

/// The user that the path names as `{user}`, by id or uuid.
///
/// # Errors
/// 404 when there is none that the request sees.
pub fn found(call: &Call, connection: &Connection) -> Result<Identity> {
    let key = call.key("user");
    call.visible(identity(connection, key)?, |user| user.tenant_uuid, "User", key)
}

/// The user with this id or uuid, whatever its tenant.
///
/// # Errors
/// The database can't be read.
pub fn identity(connection: &Connection, key: Key) -> Result<Option<Identity>> {
    match key {
        Key::Id(id) => store::identity_by_id(connection, id),
        Key::Uuid(uuid) => store::identity_by_uuid(connection, uuid),
    }
}

/// A new user's row, from a body that the schema has read: defaults, identity and caller id filled in.
pub fn new_row(tenant: Uuid, mut body: Object) -> Object {
    spread_call_record(&mut body);
    for name in CALL_RECORD {
        body.entry(name).or_insert(Value::Bool(false));
    }
    if body.get("caller_id").is_none_or(Value::is_null) {
        let caller_id = Value::from(format!("\"{}\"", full_name(&body)));
        body.insert("caller_id".to_owned(), caller_id);
    }
    body.insert("uuid".to_owned(), Value::from(Uuid::new_v4().to_string()));
    body.insert("tenant_uuid".to_owned(), Value::from(tenant.to_string()));
    body.insert("created_at".to_owned(), Value::from(clock::now()));
    set_sort_name(&mut body);
    body
}

/// `First Last`, or the first name alone.
pub fn full_name(row: &Object) -> String {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let first = text("firstname").unwrap_or_default();
    text("lastname").map_or_else(|| first.to_owned(), |last| format!("{first} {last}"))
}

/// Everything that the database has against a row; `id` is the user's own, if it exists already.
///
/// # Errors
/// The database can't be read.
pub fn problems_of(connection: &Connection, row: &Object, id: Option<i64>) -> Result<Problems> {
    let mut problems = Problems::default();
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    if let Some(email) = text("email")
        && store::other_with_email(connection, email, id)?
    {
        problems.0.extend(already_exists("User", &[("email", email.into())]).0);
    }
    if let Some(username) = text("username")
        && store::other_with_username(connection, username, id)?
    {
        problems.0.extend(already_exists("User", &[("username", username.into())]).0);
    }
    if let Some(class) = text("music_on_hold") {
        let tenant = text("tenant_uuid").and_then(|tenant| Uuid::try_parse(tenant).ok()).unwrap_or_default();
        gather(&mut problems, moh::check_class(connection, tenant, "music_on_hold", Some(class)))?;
    }
    if truthy(row.get("mobile_fallback_enabled")) && text("mobile_phone_number").is_none() {
        let sentence = "Resource Error - PSTN fallback must be disabled when mobile phone number is not set";
        problems.0.push(sentence.to_owned());
    }
    if let Some(template) = row.get("func_key_template_id").and_then(Value::as_i64)
        && !func_keys::known_template(connection, template, text("tenant_uuid").unwrap_or_default())?
    {
        let meta = [("id", template.into())];
        problems.0.extend(param_not_found("func_key_template_id", "FuncKeyTemplate", &meta).0);
    }
    Ok(problems)
}

/// A row without the values that [`problems_of`] judges: it can be inserted so that the rest of a body is judged
/// too, in a transaction that will not be kept.
pub fn without_judged(mut row: Object) -> Object {
    for name in JUDGED {
        row.insert(name.to_owned(), Value::Null);
    }
    row.insert("mobile_fallback_enabled".to_owned(), Value::Bool(false));
    row
}

/// Changes the given fields.
///
/// # Errors
/// 400 with everything that is against the changed row.
pub fn update(tx: &WriteTx, id: i64, mut body: Object) -> Result<()> {
    spread_call_record(&mut body);
    let mut row = store::row(tx, id)?;
    row.extend(body);
    set_sort_name(&mut row);
    let problems = problems_of(tx, &row, Some(id))?;
    if !problems.is_empty() {
        return Err(problems.into());
    }
    store::update(tx, &row)?;
    sync_caller_ids(tx, &store::line_ids(tx, id)?)
}

/// Deletes a user. Lines, endpoints and extensions stay; a line that others use shows its next main user.
///
/// # Errors
/// 400 while the user has a voicemail.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    if let Some(voicemail) = store::voicemail(tx, id)? {
        let meta = [("user_id", id.into()), ("voicemail_id", voicemail.into())];
        return Err(associated("User", "Voicemail", &meta).into());
    }
    let lines = store::line_ids(tx, id)?;
    store::delete(tx, id)?;
    sync_caller_ids(tx, &lines)
}

/// Makes the caller ids of these lines those of their main users.
fn sync_caller_ids(tx: &WriteTx, lines: &[i64]) -> Result<()> {
    lines.iter().try_for_each(|line| caller_id::sync(tx, *line))
}

fn set_sort_name(row: &mut Object) {
    let name = row.get("lastname").and_then(Value::as_str).map(fold);
    row.insert("sort_name".to_owned(), name.map_or(Value::Null, Value::from));
}

/// True for `true` and for SQL's 1.
fn truthy(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value.as_bool() == Some(true) || value.as_i64() == Some(1))
}

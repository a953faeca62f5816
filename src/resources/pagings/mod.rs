//! Pagings: one speaks to many phones at once (confd.md 6.9, behaviour.md 8.5). Here: the paging itself; who may speak
//! and who hears it is in `sides.rs`.

mod api;
mod sides;
pub mod store;
mod view;

pub use view::views;

use crate::db::WriteTx;
use crate::domain::problems::already_exists;
use crate::domain::schema::{Default, Field, Kind, Object, Rule, Schema};
use crate::error::Result;
use crate::http::{Call, Route, Scope};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// The resource's name in error texts.
pub const RESOURCE: &str = "Paging";

const fn flag(name: &'static str, default: bool) -> Field {
    Field::new(name, Kind::LooseBool).or(Default::Bool(default))
}

pub static SCHEMA: Schema = Schema::new(
    RESOURCE,
    &[
        Field::text("number").required().rules(&[Rule::Digits, Rule::Max(32)]),
        Field::text("name").nullable().rules(&[Rule::Max(128)]),
        flag("announce_caller", true),
        Field::text("announce_sound").nullable().rules(&[Rule::Max(64), Rule::Custom(refuse_way_up)]),
        flag("caller_notification", true),
        flag("duplex", false),
        flag("ignore_forward", false),
        flag("record", false),
        flag("enabled", true),
    ],
);

/// A paging's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Paging {
    pub id: i64,
    pub tenant_uuid: Uuid,
    /// What is dialled behind `*11`.
    pub number: String,
    pub name: Option<String>,
    /// Does the caller hear `announce_sound` too?
    pub announce_caller: bool,
    /// A sound that everybody hears first.
    pub announce_sound: Option<String>,
    /// Does a beep tell the caller to speak?
    pub caller_notification: bool,
    /// May members answer?
    pub duplex: bool,
    /// What a phone sends calls on to (302) is not followed.
    pub ignore_forward: bool,
    pub record: bool,
    pub enabled: bool,
}

pub fn routes() -> Vec<Route> {
    [api::routes(), sides::routes()].concat()
}

/// Makes a paging in the scope's tenant from a body that [`SCHEMA`] has read.
///
/// # Errors
/// 400: the number is taken.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(scope.tenant.to_string()));
    let paging: Paging = serde_json::from_value(Value::Object(row))?;
    refuse_taken(tx, &paging)?;
    store::insert(tx, &paging)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// 400: the number is taken.
pub fn update(tx: &WriteTx, old: &Paging, body: &Object) -> Result<()> {
    let Value::Object(mut row) = serde_json::to_value(old)? else { return Ok(()) };
    row.extend(body.clone());
    let paging: Paging = serde_json::from_value(Value::Object(row))?;
    refuse_taken(tx, &paging)?;
    store::update(tx, &paging)
}

/// The paging that the path names, if the request sees it.
fn found(call: &Call, connection: &Connection) -> Result<Paging> {
    let id = call.int("paging");
    call.visible(store::get(connection, id)?, |row| row.tenant_uuid, RESOURCE, id)
}

fn refuse_taken(connection: &Connection, paging: &Paging) -> Result<()> {
    match store::by_number(connection, paging.tenant_uuid, &paging.number)? {
        Some(other) if other != paging.id => {
            Err(already_exists(RESOURCE, &[("number", (&paging.number).into())]).into())
        }
        _ => Ok(()),
    }
}

/// Sounds are not looked for above the folders of sounds.
fn refuse_way_up(value: &Value) -> Option<String> {
    let up = value.as_str().is_some_and(|name| name.split('/').any(|part| part == ".."));
    up.then(|| "String does not match expected pattern.".to_owned())
}

//! Incalls: what a call from outside reaches (confd.md 6.5). The number that is called is its extension, of a context
//! of type `incall`.

mod api;
mod extensions;
pub mod nested;
pub mod store;
mod view;

pub use extensions::attach;
pub use view::{Brief, View, pointing_at, pointing_at_uuids, views};

use crate::db::WriteTx;
use crate::domain::schema::{Field, Object, Rule, Schema};
use crate::error::Result;
use crate::http::{Call, Route, Scope};
use crate::resources::destinations::{self, Owner};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// The event of an incall's one destination.
pub const EVENT: &str = "answer";

const MODES: &[Rule] = &[Rule::OneOf(&["prepend", "overwrite", "append"])];

/// What an incall holds beside its destination.
pub const FIELDS: [Field; 5] = [
    Field::text("preprocess_subroutine").nullable().rules(&[Rule::Max(79)]),
    Field::text("greeting_sound").nullable().rules(&[Rule::Max(255)]),
    Field::text("caller_id_mode").nullable().rules(MODES),
    Field::text("caller_id_name").nullable().rules(&[Rule::Max(80)]),
    Field::prose("description").nullable(),
];

static ALL: [Field; 6] = crate::domain::schema::concat(&[
    &FIELDS,
    &[Field::nested("destination", &destinations::NESTED).required()],
]);

pub static SCHEMA: Schema = Schema::new("Incall", &ALL);

/// An incall's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Incall {
    pub id: i64,
    pub tenant_uuid: Uuid,
    /// The administrator's own context, run before the greeting.
    pub preprocess_subroutine: Option<String>,
    /// A sound file that is played first.
    pub greeting_sound: Option<String>,
    pub caller_id_mode: Option<String>,
    pub caller_id_name: Option<String>,
    pub description: Option<String>,
}

/// The routes of incalls and of their extensions.
pub fn routes() -> Vec<Route> {
    [api::routes(), extensions::routes()].concat()
}

/// The incall that the path names, if the request sees it.
///
/// # Errors
/// 404.
pub fn found(call: &Call, connection: &Connection) -> Result<Incall> {
    let id = call.int("incall");
    call.visible(store::get(connection, id)?, |incall| incall.tenant_uuid, "Incall", id)
}

/// Makes an incall of a tenant from a body that [`SCHEMA`] has read.
///
/// # Errors
/// 400: the destination names something unknown.
pub fn create(tx: &WriteTx, scope: &Scope, tenant: Uuid, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(tenant.to_string()));
    let id = store::insert(tx, &serde_json::from_value(Value::Object(row))?)?;
    set_destination(tx, scope, id, body)?;
    Ok(id)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// As [`create`].
pub fn update(tx: &WriteTx, scope: &Scope, old: &Incall, body: &Object) -> Result<()> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    store::update(tx, &serde_json::from_value(row)?)?;
    set_destination(tx, scope, old.id, body)
}

fn set_destination(tx: &WriteTx, scope: &Scope, id: i64, body: &Object) -> Result<()> {
    match body.get("destination").and_then(Value::as_object) {
        Some(destination) => {
            destinations::set(tx, scope, Owner { word: "incall", id }, EVENT, Some(destination))
        }
        None => Ok(()),
    }
}

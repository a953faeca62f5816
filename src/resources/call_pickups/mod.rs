//! Call pickups: who may take whose calls (confd.md 6.9, behaviour.md 8.3). Here: the pickup itself; who intercepts and
//! who is a target have files of their own.

mod api;
mod sides;
pub mod store;
pub mod targets;
mod view;

pub use view::views;

use crate::db::WriteTx;
use crate::domain::problems::already_exists;
use crate::domain::schema::{Default, Field, Object, Rule, Schema};
use crate::error::Result;
use crate::http::{Call, Route, Scope};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// The resource's name in error texts.
pub const RESOURCE: &str = "CallPickup";

pub static SCHEMA: Schema = Schema::new(
    RESOURCE,
    &[
        Field::text("name").required().rules(&[Rule::Max(128)]),
        Field::prose("description").nullable(),
        Field::bool("enabled").or(Default::Bool(true)),
    ],
);

/// A call pickup's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Pickup {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub description: Option<String>,
    /// Nobody takes anything by a disabled one.
    pub enabled: bool,
}

pub fn routes() -> Vec<Route> {
    [api::routes(), sides::routes()].concat()
}

/// Makes a pickup in the scope's tenant from a body that [`SCHEMA`] has read.
///
/// # Errors
/// 400: the name is taken.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(scope.tenant.to_string()));
    let pickup: Pickup = serde_json::from_value(Value::Object(row))?;
    refuse_taken(tx, &pickup)?;
    store::insert(tx, &pickup, None)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// 400: the name is taken.
pub fn update(tx: &WriteTx, old: &Pickup, body: &Object) -> Result<()> {
    let Value::Object(mut row) = serde_json::to_value(old)? else { return Ok(()) };
    row.extend(body.clone());
    let pickup: Pickup = serde_json::from_value(Value::Object(row))?;
    refuse_taken(tx, &pickup)?;
    store::update(tx, &pickup)
}

/// The pickup that the path names, if the request sees it.
fn found(call: &Call, connection: &Connection) -> Result<Pickup> {
    let id = call.int("pickup");
    call.visible(store::get(connection, id)?, |row| row.tenant_uuid, RESOURCE, id)
}

fn refuse_taken(connection: &Connection, pickup: &Pickup) -> Result<()> {
    match store::by_name(connection, pickup.tenant_uuid, &pickup.name)? {
        Some(other) if other != pickup.id => {
            Err(already_exists(RESOURCE, &[("name", (&pickup.name).into())]).into())
        }
        _ => Ok(()),
    }
}

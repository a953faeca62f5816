//! Outcalls: which numbers go out over which trunks, and what becomes of number and caller id on the way
//! (confd.md 6.7). Trunks and extensions of an outcall have files of their own.

mod api;
mod extensions;
pub mod store;
mod trunks;
mod view;

pub use view::{View, views};

use crate::db::WriteTx;
use crate::domain::problems::already_exists;
use crate::domain::schema::{Default, Field, Object, Rule, Schema};
use crate::error::{Error, Result};
use crate::http::{Call, Route, Scope};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub static SCHEMA: Schema = Schema::new(
    "Outcall",
    &[
        Field::text("name").required().rules(&[Rule::Max(128)]),
        Field::bool("internal_caller_id").or(Default::Bool(false)),
        Field::text("preprocess_subroutine").nullable().rules(&[Rule::Max(79)]),
        Field::int("ring_time").nullable().rules(&[Rule::AtLeast(0)]),
        Field::prose("description").nullable(),
        Field::bool("enabled").or(Default::Bool(true)),
    ],
);

/// An outcall's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Outcall {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    /// The caller's internal caller id goes out as it is.
    pub internal_caller_id: bool,
    /// A dialplan context of the administrator's.
    pub preprocess_subroutine: Option<String>,
    /// Seconds; nothing is no limit.
    pub ring_time: Option<i64>,
    pub description: Option<String>,
    pub enabled: bool,
}

pub fn routes() -> Vec<Route> {
    [api::routes(), trunks::routes(), extensions::routes()].concat()
}

/// Makes an outcall in the scope's tenant from a body that [`SCHEMA`] has read.
///
/// # Errors
/// 400: the name is taken.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(scope.tenant.to_string()));
    let outcall: Outcall = serde_json::from_value(Value::Object(row))?;
    refuse_taken(tx, &outcall)?;
    store::insert(tx, &outcall)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// 400: the name is taken.
pub fn update(tx: &WriteTx, old: &Outcall, body: &Object) -> Result<()> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    let outcall: Outcall = serde_json::from_value(row)?;
    refuse_taken(tx, &outcall)?;
    store::update(tx, &outcall)
}

/// The outcall that the path names, if the request sees it.
fn found(call: &Call, connection: &Connection) -> Result<Outcall> {
    let id = call.int("outcall");
    let row = store::get(connection, id)?.filter(|outcall| call.scope().sees(outcall.tenant_uuid));
    row.ok_or_else(|| Error::not_found("Outcall", &[("id", id.into())]))
}

/// A name is unique in the whole system.
fn refuse_taken(connection: &Connection, outcall: &Outcall) -> Result<()> {
    match store::by_name(connection, &outcall.name)? {
        Some(other) if other != outcall.id => {
            Err(already_exists("Outcall", &[("name", (&outcall.name).into())]).into())
        }
        _ => Ok(()),
    }
}

//! Custom endpoints: any dial string of Asterisk as a line or a trunk, usually `Local/…` (confd.md 3.4).

mod api;
mod reach;
pub mod store;
mod view;

pub use api::routes;
pub use view::{Brief, View, views};

use crate::db::WriteTx;
use crate::domain::problems::already_exists;
use crate::domain::schema::{Default, Field, Object, Pattern, Rule, Schema, pattern};
use crate::error::{Error, Result};
use crate::http::Scope;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::LazyLock;
use uuid::Uuid;

static INTERFACE: Pattern = LazyLock::new(|| pattern("^[a-zA-Z0-9#*./_@:-]{1,128}$"));
/// It ends up in a dial string, where other characters have a meaning.
static SUFFIX: Pattern = LazyLock::new(|| pattern("^[a-zA-Z0-9#*./_@:=+-]*$"));

const INTERFACE_RULES: &[Rule] = &[Rule::Pattern(&INTERFACE)];
const SUFFIX_RULES: &[Rule] = &[Rule::Max(32), Rule::Pattern(&SUFFIX)];

pub static SCHEMA: Schema = Schema::new(
    "CustomEndpoint",
    &[
        Field::text("interface").required().rules(INTERFACE_RULES),
        Field::text("interface_suffix").nullable().rules(SUFFIX_RULES),
        Field::bool("enabled").or(Default::Bool(true)),
    ],
);

/// An endpoint inside a line that is updated: what is not given stays as it is.
pub static PARTIAL: Schema = Schema::new(
    "CustomEndpointUpdate",
    &[
        Field::text("interface").rules(INTERFACE_RULES),
        Field::text("interface_suffix").null_allowed().rules(SUFFIX_RULES),
        Field::bool("enabled"),
    ],
);

/// A custom endpoint's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Endpoint {
    pub id: i64,
    pub tenant_uuid: Uuid,
    /// `Local/1001@default`: what is dialled; a trunk adds `/<number><suffix>`.
    pub interface: String,
    pub interface_suffix: Option<String>,
    /// A disabled one does not ring.
    pub enabled: bool,
}

/// Makes an endpoint in the scope's tenant from a body that [`SCHEMA`] has read.
///
/// # Errors
/// 400: the interface is taken, or calls what the request does not see.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    check_interface(tx, scope, body, None)?;
    store::insert(tx, scope.tenant, body)
}

/// Changes what `body` (read by [`SCHEMA`] or [`PARTIAL`]) holds.
///
/// # Errors
/// 400: the interface is taken, or calls what the request does not see; 404 when there is no such endpoint.
pub fn update(tx: &WriteTx, scope: &Scope, id: i64, body: &Object) -> Result<()> {
    let old = store::get(tx, id)?.ok_or_else(|| not_found(id))?;
    check_interface(tx, scope, body, Some(id))?;
    let mut row = serde_json::to_value(&old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    store::update(tx, &serde_json::from_value(row)?)
}

/// Deletes an endpoint. A line or trunk that used it goes on without.
///
/// # Errors
/// The database can't be written.
pub fn delete(tx: &WriteTx, id: i64) -> Result<()> {
    store::delete(tx, id)
}

/// An endpoint that the request sees.
///
/// # Errors
/// 404.
pub fn visible(connection: &Connection, scope: &Scope, id: i64) -> Result<Endpoint> {
    let row = store::get(connection, id)?.filter(|endpoint| scope.sees(endpoint.tenant_uuid));
    row.ok_or_else(|| not_found(id))
}

fn not_found(id: i64) -> Error {
    Error::not_found("CustomEndpoint", &[("id", id.into())])
}

fn check_interface(connection: &Connection, scope: &Scope, body: &Object, own: Option<i64>) -> Result<()> {
    let Some(interface) = body.get("interface").and_then(Value::as_str) else { return Ok(()) };
    reach::check(connection, scope, interface)?;
    match store::by_interface(connection, interface)? {
        Some(other) if Some(other) != own => {
            Err(already_exists("CustomEndpoint", &[("interface", interface.into())]).into())
        }
        _ => Ok(()),
    }
}

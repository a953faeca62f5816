//! SCCP endpoints (confd.md 3.4): Cisco's phones of old. They are stored, given to lines and shown; a stock Asterisk has
//! no driver that would ring them (docs/NOTES.md).

mod api;
pub mod store;
mod view;

pub use api::routes;
pub use view::{Brief, View, views};

use crate::db::WriteTx;
use crate::domain::problems::Problems;
use crate::domain::schema::{Default, Field, Kind, Object, Rule, Schema};
use crate::error::{Error, Result};
use crate::http::Scope;
use rusqlite::Connection;
use serde_json::Value;
use uuid::Uuid;

const OPTIONS: Field =
    Field::new("options", Kind::Pairs { arity: "Length must be between 2 and 2.", text: &[] })
        .rules(&[Rule::Max(512)]);

pub static SCHEMA: Schema = Schema::new("SCCPEndpoint", &[OPTIONS.or(Default::EmptyList)]);

/// An endpoint inside a line; an empty object is none.
pub static NESTED: Schema = Schema::new("LineSCCPEndpoint", &[OPTIONS]);

/// The options in the order in which they are shown.
const NAMES: [&str; 4] = ["cid_name", "cid_num", "disallow", "allow"];

/// An SCCP endpoint's row. An empty text is an option that is not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub id: i64,
    pub tenant_uuid: Uuid,
    /// The values of `NAMES`.
    pub values: [String; 4],
}

impl Endpoint {
    /// Those that are given, as the API shows them.
    pub fn options(&self) -> Vec<(&'static str, String)> {
        let pairs = NAMES.into_iter().zip(self.values.iter().cloned());
        pairs.filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// Makes an endpoint in the scope's tenant from a body that [`SCHEMA`] or [`NESTED`] has read.
///
/// # Errors
/// 400 for an option that there is not.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    store::insert(tx, scope.tenant, &values(body)?)
}

/// Replaces the options, when the body has any list of them.
///
/// # Errors
/// As [`create`].
pub fn update(tx: &WriteTx, id: i64, body: &Object) -> Result<()> {
    if body.contains_key("options") { store::update(tx, id, &values(body)?) } else { Ok(()) }
}

/// An endpoint that the request sees.
///
/// # Errors
/// 404.
pub fn visible(connection: &Connection, scope: &Scope, id: i64) -> Result<Endpoint> {
    let row = store::get(connection, id)?.filter(|endpoint| scope.sees(endpoint.tenant_uuid));
    row.ok_or_else(|| Error::not_found("SCCPEndpoint", &[("id", id.into())]))
}

/// The options of a body; of one that is there twice the last.
fn values(body: &Object) -> Result<[String; 4]> {
    let mut values: [String; 4] = [const { String::new() }; 4];
    let mut unknown = Vec::new();
    for pair in body.get("options").and_then(Value::as_array).into_iter().flatten() {
        let text = |index: usize| pair.get(index).and_then(Value::as_str).unwrap_or_default();
        match NAMES.iter().zip(&mut values).find(|(name, _)| **name == text(0)) {
            Some((_, value)) => text(1).clone_into(value),
            None => unknown.push(text(0)),
        }
    }
    if unknown.is_empty() {
        return Ok(values);
    }
    Err(Problems::one(format!("Unknown SCCP options: {}", unknown.join(", "))).into())
}

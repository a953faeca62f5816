//! IAX endpoints of trunks (confd.md 3.4).

mod api;
pub mod store;
mod view;

pub use api::routes;
pub use view::{Brief, View, views};

use crate::db::WriteTx;
use crate::domain::problems::already_exists;
use crate::domain::schema::{Default, Field, Kind, Object, Pattern, Rule, Schema, pattern};
use crate::domain::secret::unseen;
use crate::error::{Error, Result};
use crate::http::Scope;
use crate::resources::random::random_text;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::LazyLock;
use uuid::Uuid;

static NAME: Pattern = LazyLock::new(|| pattern("^[a-zA-Z0-9_-]{1,40}$"));

pub static SCHEMA: Schema = Schema::new(
    "IAXEndpoint",
    &[
        Field::text("name").rules(&[Rule::Pattern(&NAME)]),
        Field::text("type").or(Default::Text("friend")).rules(&[Rule::OneOf(&["friend", "peer", "user"])]),
        Field::text("host").or(Default::Text("dynamic")).rules(&[Rule::Max(255)]),
        Field::new("options", Kind::Pairs { arity: "Length must be 2.", text: &[] })
            .or(Default::EmptyList)
            .rules(&[Rule::Max(512)]),
    ],
);

/// What a new endpoint has unless its body says otherwise.
const OPTIONS: [(&str, &str); 9] = [
    ("amaflags", "default"),
    ("auth", "plaintext,md5"),
    ("qualify", "no"),
    ("qualifysmoothing", "no"),
    ("qualifyfreqok", "60000"),
    ("qualifyfreqnotok", "10000"),
    ("requirecalltoken", "no"),
    ("sendani", "no"),
    ("trunk", "no"),
];

/// An IAX endpoint's row.
#[derive(Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Endpoint {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    /// `friend`, `peer` or `user`.
    #[serde(rename = "type")]
    pub kind: String,
    /// An address, or `dynamic`.
    pub host: String,
    pub options: Vec<(String, String)>,
}

unseen!(Endpoint);

/// Makes an endpoint in the scope's tenant from a body that [`SCHEMA`] has read; its options go over the defaults.
///
/// # Errors
/// 400: the name is taken.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    refuse_taken(tx, body, None)?;
    let mut row = body.clone();
    if !row.contains_key("name") {
        row.insert("name".to_owned(), Value::from(random_text(8)?));
    }
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(scope.tenant.to_string()));
    let mut endpoint: Endpoint = serde_json::from_value(Value::Object(row))?;
    endpoint.options = over_defaults(endpoint.options);
    store::insert(tx, &endpoint)
}

/// Changes what `body` (read by [`SCHEMA`]) holds; given options replace the stored ones.
///
/// # Errors
/// 400: the name is taken.
pub fn update(tx: &WriteTx, old: &Endpoint, body: &Object) -> Result<()> {
    refuse_taken(tx, body, Some(old.id))?;
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
    }
    store::update(tx, &serde_json::from_value(row)?)
}

/// Deletes an endpoint. A trunk that used it goes on without.
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
    row.ok_or_else(|| Error::not_found("IAXEndpoint", &[("id", id.into())]))
}

fn over_defaults(given: Vec<(String, String)>) -> Vec<(String, String)> {
    let named = |name: &str| given.iter().any(|(key, _)| key == name);
    let defaults = OPTIONS.iter().filter(|(name, _)| !named(name));
    let mut all: Vec<_> = defaults.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    all.extend(given);
    all
}

fn refuse_taken(connection: &Connection, body: &Object, own: Option<i64>) -> Result<()> {
    let Some(name) = body.get("name").and_then(Value::as_str) else { return Ok(()) };
    match store::by_name(connection, name)? {
        Some(other) if Some(other) != own => {
            Err(already_exists("IAXEndpoint", &[("name", name.into())]).into())
        }
        _ => Ok(()),
    }
}

//! Call filters: secretaries who take the calls of their boss (confd.md 6.9, behaviour.md 8.2). Here: the filter
//! itself; who is boss and who is secretary, and where a call goes on that nobody takes, have files of their own.

mod api;
mod fallbacks;
mod members;
pub mod store;
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
pub const RESOURCE: &str = "CallFilter";

/// What the table of destinations calls a filter.
pub const WORD: &str = "callfilter";

const STRATEGIES: &[Rule] = &[Rule::OneOf(&[
    "all-recipients-then-linear-surrogates",
    "all-recipients-then-all-surrogates",
    "all-surrogates-then-all-recipients",
    "linear-surrogates-then-all-recipients",
    "all",
])];
const SOURCES: &[Rule] = &[Rule::OneOf(&["internal", "external", "all"])];
const MODES: &[Rule] = &[Rule::OneOf(&["prepend", "overwrite", "append"])];

pub static SCHEMA: Schema = Schema::new(
    RESOURCE,
    &[
        Field::text("name").required().rules(&[Rule::Max(128)]),
        Field::text("strategy").required().rules(STRATEGIES),
        Field::text("source").required().rules(SOURCES),
        Field::text("caller_id_mode").nullable().rules(MODES),
        Field::text("caller_id_name").nullable().rules(&[Rule::Max(80)]),
        Field::int("surrogates_timeout").nullable().rules(&[Rule::AtLeast(0)]),
        Field::prose("description").nullable(),
        Field::bool("enabled").or(Default::Bool(true)),
    ],
);

/// A call filter's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Filter {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    /// Who rings, and in which order.
    pub strategy: String,
    /// Which calls it is for: `internal`, `external` or `all`.
    pub source: String,
    pub caller_id_mode: Option<String>,
    pub caller_id_name: Option<String>,
    /// Seconds that the surrogates ring; none and 0 are for ever.
    pub surrogates_timeout: Option<i64>,
    pub description: Option<String>,
    /// A disabled one filters nothing.
    pub enabled: bool,
}

pub fn routes() -> Vec<Route> {
    [api::routes(), fallbacks::routes(), members::routes()].concat()
}

/// Makes a filter in the scope's tenant from a body that [`SCHEMA`] has read.
///
/// # Errors
/// 400: the name is taken.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(scope.tenant.to_string()));
    let filter: Filter = serde_json::from_value(Value::Object(row))?;
    refuse_taken(tx, &filter)?;
    store::insert(tx, &filter)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// 400: the name is taken.
pub fn update(tx: &WriteTx, old: &Filter, body: &Object) -> Result<()> {
    let Value::Object(mut row) = serde_json::to_value(old)? else { return Ok(()) };
    row.extend(body.clone());
    let filter: Filter = serde_json::from_value(Value::Object(row))?;
    refuse_taken(tx, &filter)?;
    store::update(tx, &filter)
}

/// The filter that the path names, if the request sees it.
fn found(call: &Call, connection: &Connection) -> Result<Filter> {
    let id = call.int("filter");
    call.visible(store::get(connection, id)?, |row| row.tenant_uuid, RESOURCE, id)
}

fn refuse_taken(connection: &Connection, filter: &Filter) -> Result<()> {
    match store::by_name(connection, filter.tenant_uuid, &filter.name)? {
        Some(other) if other != filter.id => {
            Err(already_exists(RESOURCE, &[("name", (&filter.name).into())]).into())
        }
        _ => Ok(()),
    }
}

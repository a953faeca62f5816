//! Call permissions: which numbers users, groups and outcalls may reach (confd.md 5.6).

mod api;
mod holders;
pub mod store;
mod view;

pub use holders::{Holder, attach};
pub use view::{Brief, View, briefs, views};

use crate::db::WriteTx;
use crate::domain::number_pattern;
use crate::domain::problems::already_exists;
use crate::domain::schema::{Default, Field, Kind, Object, Pattern, Rule, Schema, pattern};
use crate::domain::secret::unseen;
use crate::error::{Error, Result};
use crate::http::{Call, Route, Scope};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::LazyLock;
use uuid::Uuid;

static PASSWORD: Pattern = LazyLock::new(|| pattern(r"^[0-9#\*]{1,40}$"));
static EXTENSION: Pattern = LazyLock::new(|| pattern(r"^(?:_?\+?[0-9NXZ\*#\-\[\]]+[\.!]?){1,40}$"));

pub static SCHEMA: Schema = Schema::new(
    "CallPermission",
    &[
        Field::text("name").required().rules(&[Rule::Between(1, 128)]),
        Field::text("password").nullable().rules(&[Rule::Pattern(&PASSWORD)]),
        Field::text("mode").or(Default::Text("deny")).rules(&[Rule::OneOf(&["allow", "deny"])]),
        Field::list("extensions", &Kind::Text).or(Default::EmptyList).each(&[
            Rule::Pattern(&EXTENSION),
            Rule::Max(LONGEST),
            Rule::Custom(matches_nothing),
        ]),
        Field::bool("enabled").or(Default::Bool(true)),
        Field::prose("description").nullable(),
    ],
);

/// As many characters as the pattern of the contract can have in sensible use.
const LONGEST: usize = 128;

/// A call permission's row.
#[derive(Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Permission {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    /// Digits; asked instead of a refusal.
    pub password: Option<String>,
    /// `allow` or `deny`.
    pub mode: String,
    /// Patterns of numbers, each once.
    pub extensions: Vec<String>,
    /// A disabled one has no say.
    pub enabled: bool,
    pub description: Option<String>,
}

unseen!(Permission);

/// The resource's name in error texts.
pub const RESOURCE: &str = "CallPermission";

pub fn routes() -> Vec<Route> {
    [api::routes(), holders::routes()].concat()
}

/// Makes a permission in the scope's tenant from a body that [`SCHEMA`] has read.
///
/// # Errors
/// 400: the name is taken.
pub fn create(tx: &WriteTx, scope: &Scope, body: &Object) -> Result<i64> {
    let mut row = body.clone();
    row.insert("id".to_owned(), Value::from(0));
    row.insert("tenant_uuid".to_owned(), Value::from(scope.tenant.to_string()));
    let permission = read(row)?;
    refuse_taken(tx, &permission)?;
    store::insert(tx, &permission)
}

/// Changes what `body` (read by [`SCHEMA`]) holds.
///
/// # Errors
/// 400: the name is taken.
pub fn update(tx: &WriteTx, old: &Permission, body: &Object) -> Result<()> {
    let Value::Object(mut row) = serde_json::to_value(old)? else { return Ok(()) };
    row.extend(body.clone());
    let permission = read(row)?;
    refuse_taken(tx, &permission)?;
    store::update(tx, &permission)
}

/// The permission that the path names, if the request sees it.
fn found(call: &Call, connection: &Connection) -> Result<Permission> {
    visible(connection, call.scope(), call.int("permission"))
}

/// A permission that the request sees.
///
/// # Errors
/// 404.
pub fn visible(connection: &Connection, scope: &Scope, id: i64) -> Result<Permission> {
    let row = store::get(connection, id)?.filter(|row| scope.sees(row.tenant_uuid));
    row.ok_or_else(|| Error::not_found(RESOURCE, &[("id", id.into())]))
}

/// A row from its columns, each pattern once.
fn read(row: Object) -> Result<Permission> {
    let mut permission: Permission = serde_json::from_value(Value::Object(row))?;
    let mut seen = std::collections::BTreeSet::new();
    permission.extensions.retain(|exten| seen.insert(exten.clone()));
    Ok(permission)
}

fn refuse_taken(connection: &Connection, permission: &Permission) -> Result<()> {
    match store::by_name(connection, permission.tenant_uuid, &permission.name)? {
        Some(other) if other != permission.id => {
            Err(already_exists(RESOURCE, &[("name", (&permission.name).into())]).into())
        }
        _ => Ok(()),
    }
}

/// A set without members, or without its other bracket, matches no number that anybody had in mind.
fn matches_nothing(value: &Value) -> Option<String> {
    let text = value.as_str().unwrap_or_default();
    let nothing = EXTENSION.is_match(text) && number_pattern::regex(text).is_none();
    nothing.then(|| "String does not match expected pattern.".to_owned())
}

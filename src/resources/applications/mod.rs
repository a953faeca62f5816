//! Applications: calls that a program of somebody else's directs (confd.md 6.9). They are stored, and lines and
//! destinations name them; no call is handed to one, since that is the work of another server of the original.

mod api;
mod lines;
pub mod store;

use crate::domain::schema::{Default, Field, Kind, Object, Rule, Schema};
use crate::error::{Error, Result};
use crate::http::{Call, Link, Route, as_schema};
use rusqlite::Connection;
use schemars::SchemaGenerator;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

static OPTIONS: Schema = Schema::new(
    "ApplicationDestinationOptions",
    &[
        Field::text("type").required().rules(&[Rule::OneOf(&["holding"])]),
        Field::text("music_on_hold").nullable().rules(&[Rule::Max(128)]),
        Field::new("answer", Kind::LooseBool).or(Default::Bool(false)),
    ],
);

pub static SCHEMA: Schema = Schema::new(
    "Application",
    &[
        Field::text("name").nullable().rules(&[Rule::Max(128)]),
        Field::text("destination").nullable().rules(&[Rule::OneOf(&["node"])]),
        Field::nested("destination_options", &OPTIONS).null_allowed(),
    ],
);

/// An application's row.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Application {
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
    pub name: Option<String>,
    pub destination: Option<String>,
    /// Empty without a destination.
    #[schemars(schema_with = "shown_options")]
    pub destination_options: Object,
}

/// An application as the API shows it, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct View {
    #[serde(flatten)]
    application: Application,
    links: Vec<Link>,
    lines: Vec<Line>,
}

/// A line that an application directs.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Line {
    id: i64,
    name: Option<String>,
    links: Vec<Link>,
}

/// An application inside a line.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Brief {
    pub uuid: Uuid,
    pub name: Option<String>,
    pub links: Vec<Link>,
}

/// Options of a destination in an answer: those of [`OPTIONS`], or none.
fn shown_options(_: &mut SchemaGenerator) -> schemars::Schema {
    as_schema(json!({"anyOf": [OPTIONS.shown(), {"type": "object", "maxProperties": 0}]}))
}

/// The routes of applications and of their lines.
pub fn routes() -> Vec<Route> {
    [api::routes(), lines::routes()].concat()
}

/// The application that the path names, if the request sees it.
fn found(call: &Call, connection: &Connection) -> Result<Application> {
    let uuid = call.uuid("application");
    store::get(connection, uuid)?
        .filter(|one| call.scope().sees(one.tenant_uuid))
        .ok_or_else(|| Error::not_found("Application", &[("uuid", uuid.into())]))
}

/// `old` with what `body` (read by [`SCHEMA`]) holds. Options without a destination mean nothing.
fn changed(old: Application, body: &Object) -> Application {
    let text = |name: &str, old: Option<String>| match body.get(name) {
        Some(value) => value.as_str().map(str::to_owned),
        None => old,
    };
    let destination = text("destination", old.destination);
    let options = match body.get("destination_options") {
        Some(Value::Object(options)) => options.clone(),
        Some(_) => Object::new(),
        None => old.destination_options,
    };
    Application {
        name: text("name", old.name),
        destination_options: if destination.is_some() { options } else { Object::new() },
        destination,
        ..old
    }
}

fn views(call: &Call, connection: &Connection, uuids: &[String]) -> Result<Vec<View>> {
    let mut lines: HashMap<String, Vec<Line>> = HashMap::new();
    for (application, id, name) in store::lines_of(connection, uuids)? {
        let links = call.links("lines", &format!("/lines/{id}"));
        lines.entry(application).or_default().push(Line { id, name, links });
    }
    let mut rows: HashMap<String, Application> =
        store::get_many(connection, uuids)?.into_iter().map(|row| (row.uuid.to_string(), row)).collect();
    let shown = uuids.iter().filter_map(|uuid| {
        let application = rows.remove(uuid)?;
        let links = call.links("applications", &format!("/applications/{uuid}"));
        Some(View { application, links, lines: lines.remove(uuid).unwrap_or_default() })
    });
    Ok(shown.collect())
}

/// The applications of these lines, by the line's id.
///
/// # Errors
/// The database can't be read.
pub fn briefs_of_lines(call: &Call, connection: &Connection, lines: &[i64]) -> Result<HashMap<i64, Brief>> {
    let rows = store::of_lines(connection, lines)?.into_iter().map(|(line, uuid, name)| {
        let links = call.links("applications", &format!("/applications/{uuid}"));
        (line, Brief { uuid, name, links })
    });
    Ok(rows.collect())
}

//! Music on hold: classes of a tenant and their files (confd.md 6.9, behaviour.md 8.8). Other resources name a class by
//! its name, `moh-<slug>-<uuid>`, or say `default`.

mod api;
mod files;
pub mod store;

use crate::db::WriteTx;
use crate::domain::problems::param_not_found;
use crate::domain::py::Py;
use crate::domain::schema::{Default, Field, Messages, Mode, Object, Rule, Schema};
use crate::error::{Error, Result};
use crate::http::{Call, Link, Route};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// The class that every Asterisk has.
const DEFAULT: &str = "default";

pub static SCHEMA: Schema = Schema::new(
    "MOH",
    &[
        Field::text("label").required().rules(&[Rule::Max(128)]),
        Field::text("mode").required().rules(&[Rule::OneOf(&["custom", "files", "mp3"])]),
        Field::text("application").nullable().rules(&[Rule::Max(256)]),
        Field::text("sort").null_allowed().or(Default::Null).rules(&[Rule::OneOf(&[
            "alphabetical",
            "random",
            "random_start",
        ])]),
    ],
)
.checked(check_application);

/// A class of music.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Moh {
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
    /// Made of the tenant and the uuid; never changes.
    pub name: String,
    pub label: String,
    pub mode: String,
    pub application: Option<String>,
    pub sort: Option<String>,
}

/// A class as the API shows it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct View {
    #[serde(flatten)]
    moh: Moh,
    files: Vec<FileName>,
    links: Vec<Link>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct FileName {
    name: String,
}

/// The routes of music on hold.
pub fn routes() -> Vec<Route> {
    [api::routes(), files::routes()].concat()
}

/// A class that is a program's output must say which.
fn check_application(body: &Object, mode: Mode) -> Messages {
    let custom = body.get("mode").and_then(Value::as_str) == Some("custom");
    let named = body.get("application").is_some_and(|value| !value.is_null());
    if mode == Mode::Create && custom && !named {
        let text = "Missing data for required field.";
        return vec![("application".to_owned(), Py::List(vec![text.into()]))];
    }
    Messages::new()
}

/// The class that the path names, if the request sees it.
///
/// # Errors
/// 404.
fn found(call: &Call, connection: &Connection) -> Result<Moh> {
    let asked = call.segment("moh");
    let row = match Uuid::try_parse(asked) {
        Ok(uuid) => store::get(connection, uuid)?,
        Err(_) => None,
    };
    row.filter(|moh| call.scope().sees(moh.tenant_uuid))
        .ok_or_else(|| Error::not_found("MOH", &[("uuid", asked.into())]))
}

/// Refuses the name of a class that this tenant does not have; nothing and `default` are fine.
///
/// # Errors
/// 400, naming `field`.
pub fn check_class(connection: &Connection, tenant: Uuid, field: &str, class: Option<&str>) -> Result<()> {
    match class {
        Some(class) if class != DEFAULT && !store::has(connection, tenant, class)? => {
            Err(param_not_found(field, "MOH", &[(field, class.into())]).into())
        }
        _ => Ok(()),
    }
}

/// Makes a class of a tenant.
fn create(tx: &WriteTx, tenant: Uuid, body: &Object) -> Result<Uuid> {
    let uuid = Uuid::new_v4();
    let mut row = body.clone();
    row.insert("uuid".to_owned(), Value::from(uuid.to_string()));
    row.insert("tenant_uuid".to_owned(), Value::from(tenant.to_string()));
    store::insert(tx, &row)?;
    Ok(uuid)
}

fn update(tx: &WriteTx, old: &Moh, body: &Object) -> Result<()> {
    let mut row = serde_json::to_value(old)?;
    if let Value::Object(row) = &mut row {
        row.extend(body.clone());
        store::update(tx, row)?;
    }
    Ok(())
}

/// The classes as the API shows them, in the order of `uuids`.
fn views(call: &Call, connection: &Connection, uuids: &[String]) -> Result<Vec<View>> {
    let mut files: HashMap<Uuid, Vec<FileName>> = HashMap::new();
    for (class, name) in store::file_names(connection, uuids)? {
        files.entry(class).or_default().push(FileName { name });
    }
    let mut rows: HashMap<String, Moh> =
        store::get_many(connection, uuids)?.into_iter().map(|row| (row.uuid.to_string(), row)).collect();
    let shown = uuids.iter().filter_map(|uuid| {
        let moh = rows.remove(uuid)?;
        let links = call.links("moh", &format!("/moh/{uuid}"));
        Some(View { files: files.remove(&moh.uuid).unwrap_or_default(), moh, links })
    });
    Ok(shown.collect())
}

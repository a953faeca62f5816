//! Devices: telephones as things (confd.md 3.11). They are kept, and given to lines; no phone is provisioned
//! (docs/NOTES.md), so there are no plugins and templates that one could name.

mod api;
mod lines;
mod store;

pub use lines::{give, refuse_used_line};

use crate::db::WriteTx;
use crate::domain::problems::{Problems, already_exists, param_not_found};
use crate::domain::schema::{Default, Field, Kind, Object, Pattern, Rule, Schema, pattern};
use crate::error::{Error, Result, refuse};
use crate::http::{Call, Link, Route, Scope, as_schema};
use rusqlite::Connection;
use schemars::SchemaGenerator;
use serde::Serialize;
use serde_json::{Map, Value};
use std::sync::LazyLock;
use uuid::Uuid;

static MAC: Pattern = LazyLock::new(|| pattern("^([0-9A-Fa-f]{2})(:[0-9A-Fa-f]{2}){5}$"));
static IP: Pattern = LazyLock::new(|| {
    pattern(
        r"^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])$",
    )
});

const MAX_255: &[Rule] = &[Rule::Max(255)];

static OPTIONS: Schema = Schema::new("DeviceOptions", &[Field::bool("switchboard").null_allowed()]);

pub static SCHEMA: Schema = Schema::new(
    "Device",
    &[
        Field::text("ip").nullable().rules(&[Rule::Pattern(&IP)]),
        Field::text("mac").nullable().rules(&[Rule::Pattern(&MAC)]),
        Field::text("sn").nullable().rules(MAX_255),
        Field::text("plugin").nullable().rules(MAX_255),
        Field::text("vendor").nullable().rules(MAX_255),
        Field::text("model").nullable().rules(MAX_255),
        Field::text("version").nullable().rules(MAX_255),
        Field::new("description", Kind::Prose).nullable().rules(&[Rule::Max(4092)]),
        Field::text("template_id").nullable().rules(MAX_255),
        Field::nested("options", &OPTIONS).null_allowed().or(Default::Null),
    ],
);

/// A device's row.
#[derive(Debug, Clone)]
pub struct Device {
    /// 32 hexadecimal digits.
    pub id: String,
    pub tenant_uuid: Uuid,
    pub is_new: bool,
    /// The fields of [`SCHEMA`].
    pub body: Object,
    /// The lines that have it, lowest id first.
    pub lines: Vec<i64>,
}

/// A device, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: String,
    pub status: &'static str,
    pub tenant_uuid: Uuid,
    pub is_new: bool,
    #[serde(flatten)]
    #[schemars(schema_with = "shown_body")]
    pub body: Object,
    pub links: Vec<Link>,
}

/// The fields of [`SCHEMA`] in an answer.
fn shown_body(_: &mut SchemaGenerator) -> schemars::Schema {
    as_schema(SCHEMA.shown())
}

pub fn routes() -> Vec<Route> {
    [api::routes(), lines::routes()].concat()
}

fn view(call: &Call, device: Device) -> View {
    View {
        links: call.links("devices", &format!("/devices/{}", device.id)),
        status: if device.lines.is_empty() { "not_configured" } else { "configured" },
        id: device.id,
        tenant_uuid: device.tenant_uuid,
        is_new: device.is_new,
        body: device.body,
    }
}

/// The device of this id, if the request sees it.
///
/// # Errors
/// 404.
fn visible(connection: &Connection, scope: &Scope, id: &str) -> Result<Device> {
    let row = store::get(connection, id)?.filter(|device| scope.sees(device.tenant_uuid));
    row.ok_or_else(|| Error::not_found("Device", &[("id", id.into())]))
}

/// Makes a device in the scope's tenant from a body that [`SCHEMA`] has read; gives its id.
///
/// # Errors
/// 400: somebody has the MAC address; a plugin or a template, of which there are none.
fn create(tx: &WriteTx, scope: &Scope, body: Object) -> Result<String> {
    let body = tidy(body);
    check(tx, &body, None)?;
    let id = Uuid::new_v4().simple().to_string();
    store::insert(tx, &id, scope.tenant, &body)?;
    Ok(id)
}

/// Changes what `body` holds.
///
/// # Errors
/// As [`create`].
fn update(tx: &WriteTx, device: Device, body: Object) -> Result<()> {
    let mut row = device.body;
    row.extend(body);
    let row = tidy(row);
    check(tx, &row, Some(&device.id))?;
    store::update(tx, &device.id, &row)
}

/// MAC addresses are kept in small letters; no options are an empty object.
fn tidy(mut body: Object) -> Object {
    if let Some(Value::String(mac)) = body.get_mut("mac") {
        mac.make_ascii_lowercase();
    }
    if body.get("options").is_none_or(Value::is_null) {
        body.insert("options".to_owned(), Value::Object(Map::new()));
    }
    body
}

fn check(connection: &Connection, body: &Object, own: Option<&str>) -> Result<()> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let mut problems = Problems::default();
    if let Some(mac) = text("mac")
        && store::with_mac(connection, mac)?.is_some_and(|other| Some(other.as_str()) != own)
    {
        problems.0.extend(already_exists("Device", &[("mac", mac.into())]).0);
    }
    for (field, resource) in [("plugin", "Plugin"), ("template_id", "DeviceTemplate")] {
        if let Some(name) = text(field) {
            problems.0.extend(param_not_found(field, resource, &[(field, name.into())]).0);
        }
    }
    refuse(problems)
}

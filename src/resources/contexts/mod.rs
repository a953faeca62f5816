//! Contexts: which numbers exist, in which ranges, and what a caller reaches from where (confd.md 3.6).

mod api;
mod range;
mod ranges;
pub mod store;
mod view;

pub use api::routes;
pub use view::{View, views};

use crate::db::WriteTx;
use crate::domain::problems::{Problems, param_not_found};
use crate::domain::py::Py;
use crate::domain::schema::{Default, Field, Messages, Mode, Object, Rule, Schema};
use crate::error::Result;
use crate::http::Scope;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use range::{Range, RangeKind, in_range};

const DIGITS: &[Rule] = &[Rule::Digits, Rule::Max(16)];

static RANGE: Schema = Schema::new(
    "ContextRange",
    &[Field::text("start").required().rules(DIGITS), Field::text("end").rules(DIGITS)],
)
.checked(check_range);

static INCALL_RANGE: Schema = Schema::new(
    "IncallRange",
    &[
        Field::text("start").required().rules(DIGITS),
        Field::text("end").rules(DIGITS),
        Field::int("did_length").or(Default::Int(0)).rules(&[Rule::AtLeast(0)]),
    ],
)
.checked(check_range);

pub static SCHEMA: Schema = Schema::new(
    "Context",
    &[
        Field::text("label").required().rules(&[Rule::Between(1, 128)]),
        Field::text("type")
            .or(Default::Text("internal"))
            .rules(&[Rule::OneOf(&["internal", "incall", "outcall", "services", "others"])]),
        Field::many("user_ranges", &RANGE).or(Default::EmptyList),
        Field::many("group_ranges", &RANGE).or(Default::EmptyList),
        Field::many("queue_ranges", &RANGE).or(Default::EmptyList),
        Field::many("conference_room_ranges", &RANGE).or(Default::EmptyList),
        Field::many("incall_ranges", &INCALL_RANGE).or(Default::EmptyList),
        Field::prose("description").nullable(),
        Field::bool("enabled").or(Default::Bool(true)),
    ],
);

static INCLUDED: Schema = Schema::new("IncludedContext", &[Field::int("id").required()]);

pub static INCLUDES: Schema =
    Schema::new("ContextIncludes", &[Field::many("contexts", &INCLUDED).required()]);

/// A context's row.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Context {
    pub id: i64,
    pub uuid: Uuid,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub label: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub description: Option<String>,
    pub enabled: bool,
}

/// The context that a body names: it must exist where the request sees it.
///
/// # Errors
/// 400 naming the field.
pub fn named(connection: &Connection, scope: &Scope, name: &str) -> Result<Context> {
    store::by_name(connection, name)?
        .filter(|context| scope.sees(context.tenant_uuid))
        .ok_or_else(|| param_not_found("context", "Context", &[("context", name.into())]).into())
}

/// Makes a context from a body that [`SCHEMA`] has read. The name is generated.
///
/// # Errors
/// The database can't be written.
pub fn create(tx: &WriteTx, tenant: Uuid, body: &Object) -> Result<i64> {
    let uuid = Uuid::new_v4();
    let slug = super::tenants::store::slug(tx, tenant)?;
    let kind = body.get("type").and_then(Value::as_str).unwrap_or("internal");
    store::insert(tx, uuid, tenant, &format!("ctx-{slug}-{kind}-{uuid}"), body)
}

/// The contexts of a fresh system, with fixed names (confd.md Appendix B).
///
/// # Errors
/// The database can't be written.
pub fn seed(tx: &WriteTx, tenant: Uuid) -> Result<()> {
    let range = |start: &str, end: &str| serde_json::json!([{"start": start, "end": end}]);
    let incall = serde_json::json!([{"start": "1000", "end": "9999", "did_length": 0}]);
    let seeds = [
        (
            "default",
            serde_json::json!({"label": "Default", "type": "internal",
            "user_ranges": range("1000", "1999"), "group_ranges": range("2000", "2999"),
            "queue_ranges": range("3000", "3999"), "conference_room_ranges": range("4000", "4999")}),
        ),
        ("from-extern", serde_json::json!({"label": "Incalls", "type": "incall", "incall_ranges": incall})),
        ("to-extern", serde_json::json!({"label": "Outcalls", "type": "outcall"})),
    ];
    let mut ids = Vec::new();
    for (name, body) in seeds {
        let Value::Object(body) = body else { continue };
        ids.push(store::insert(tx, Uuid::new_v4(), tenant, name, &SCHEMA.read(&body, Mode::Create)?)?);
    }
    if let [internal, _, outcall] = ids[..] {
        store::replace_includes(tx, internal, &[outcall])?;
    }
    Ok(())
}

/// `name` was the field's name once: it stands for an absent `label`.
pub fn with_legacy_name(mut body: Object) -> Object {
    if !body.contains_key("label")
        && let Some(name) = body.get("name").cloned()
    {
        body.insert("label".to_owned(), name);
    }
    body
}

fn check_range(range: &Object, _: Mode) -> Messages {
    let text = |name: &str| range.get(name).and_then(Value::as_str);
    let (Some(start), Some(end)) = (text("start"), text("end")) else { return Messages::new() };
    let message = if start.len() != end.len() {
        "Start and end must be of the same length"
    } else if start > end {
        "Start of range must be lower than or equal to the end"
    } else {
        return Messages::new();
    };
    vec![("_schema".to_owned(), Py::List(vec![message.into()]))]
}

/// Refuses a list of includes that names the context itself, or one twice.
///
/// # Errors
/// 400.
pub fn check_includes(id: i64, included: &[i64]) -> Result<(), Problems> {
    use crate::domain::problems::not_permitted;
    let mut seen = std::collections::BTreeSet::new();
    if !included.iter().all(|id| seen.insert(*id)) {
        return Err(not_permitted("Cannot include same context more than once", &[]));
    }
    if seen.contains(&id) {
        return Err(not_permitted("Cannot include context inside itself", &[]));
    }
    Ok(())
}

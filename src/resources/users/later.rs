//! What a complete user has, but this version of cordboard does not: a value that asks for it is refused by name,
//! never dropped in silence. A resource that gets built takes its row out of here.

use crate::domain::schema::{Field, Kind, Rule, Schema};
use serde_json::Value;

static ANY: Schema = Schema::new("Any", &[]);

const NONE: &[Rule] = &[Rule::Custom(refuse_any)];
const DISABLED: &[Rule] = &[Rule::Custom(refuse_enabled)];

const fn list(name: &'static str) -> Field {
    Field::many(name, &ANY).rules(NONE)
}

const fn object(name: &'static str, rules: &'static [Rule]) -> Field {
    Field::new(name, Kind::Object).null_allowed().rules(rules)
}

/// The fields of a nested user that only their emptiest value fits.
pub static FIELDS: [Field; 9] = [
    list("incalls"),
    list("groups"),
    list("switchboards"),
    object("agent", NONE),
    list("queues").null_allowed(),
    list("call_permissions").null_allowed(),
    list("schedules").null_allowed(),
    object("func_keys", DISABLED),
    Field::new("device_id", Kind::Text).null_allowed().rules(&[Rule::Custom(refuse_device)]),
];

fn sentence() -> Option<String> {
    Some("Not available in this version of cordboard.".to_owned())
}

/// Refuses a list with elements, and any object.
fn refuse_any(value: &Value) -> Option<String> {
    if value.as_array().is_some_and(Vec::is_empty) { None } else { sentence() }
}

/// Refuses an object that switches something on or names something.
fn refuse_enabled(value: &Value) -> Option<String> {
    if idle(value) { None } else { sentence() }
}

fn idle(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Object(entries) => entries.values().all(idle),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn refuse_device(_: &Value) -> Option<String> {
    Some("A device belongs to a line: use lines[].device_id.".to_owned())
}

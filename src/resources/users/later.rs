//! What a complete user has, but this version of cordboard does not: a value that asks for it is refused by name,
//! never dropped in silence. A resource that gets built takes its row out of here.

use crate::domain::schema::{Field, Kind, Rule, Schema};
use serde_json::Value;

static ANY: Schema = Schema::new("Any", &[]);

const NONE: &[Rule] = &[Rule::Custom(refuse_any)];

const fn list(name: &'static str) -> Field {
    Field::many(name, &ANY).rules(NONE)
}

/// The fields of a nested user that only their emptiest value fits.
pub static FIELDS: [Field; 2] = [
    list("switchboards"),
    Field::new("device_id", Kind::Text).null_allowed().rules(&[Rule::Custom(refuse_device)]),
];

fn sentence() -> Option<String> {
    Some("Not available in this version of cordboard.".to_owned())
}

/// Refuses a list with elements.
fn refuse_any(value: &Value) -> Option<String> {
    if value.as_array().is_some_and(Vec::is_empty) { None } else { sentence() }
}

fn refuse_device(_: &Value) -> Option<String> {
    Some("A device belongs to a line: use lines[].device_id.".to_owned())
}

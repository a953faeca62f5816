//! Destinations in the answers of their owners, for the OpenAPI document.

use super::types::{NESTED, Type};
use crate::http::{as_schema, shared_schema};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// A destination in an answer.
pub struct Destination;

impl JsonSchema for Destination {
    fn schema_name() -> Cow<'static, str> {
        "Destination".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> schemars::Schema {
        shared_schema(generator, "Destination", || NESTED.shown())
    }
}

/// The keys that an answer has beside the arguments of a type: names of what it points at.
pub fn told(kind: &str) -> Vec<&'static str> {
    let table = Type::named(kind).and_then(|row| row.references.first()).and_then(|to| to.table.as_ref());
    table.map(|table| table.shown.to_vec()).unwrap_or_default()
}

/// The fallbacks of an owner in an answer: `<event>_destination`, null where there is none.
pub fn fallbacks_schema(generator: &mut SchemaGenerator, events: &[&str]) -> schemars::Schema {
    let destination = <Option<Destination>>::json_schema(generator).to_value();
    let names: Vec<String> = events.iter().map(|event| format!("{event}_destination")).collect();
    let properties: Map<String, Value> =
        names.iter().map(|name| (name.clone(), destination.clone())).collect();
    as_schema(json!({"type": "object", "properties": properties, "required": names}))
}

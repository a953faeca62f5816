//! Where keys lead, in answers, for the OpenAPI document.

use super::types::{DESTINATION, Type};
use crate::http::shared_schema;
use schemars::{JsonSchema, SchemaGenerator};
use std::borrow::Cow;

/// Where a key leads, in an answer.
pub struct Destination;

impl JsonSchema for Destination {
    fn schema_name() -> Cow<'static, str> {
        "FuncKeyDestination".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> schemars::Schema {
        shared_schema(generator, "FuncKeyDestination", || DESTINATION.shown())
    }
}

/// The keys that an answer has beside the arguments of a type.
pub fn told(kind: &str) -> Vec<&'static str> {
    let reference = Type::named(kind).and_then(|row| row.reference.as_ref());
    let shown = reference.and_then(|to| to.table.as_ref()).map(|table| table.shown).unwrap_or_default();
    [&["href"], shown].concat()
}

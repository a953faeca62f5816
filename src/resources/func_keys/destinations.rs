//! `GET /funckeys/destinations`: what a key can do, read off the table of types.

use super::types::{TYPES, Type};
use crate::domain::schema::{Field, Rule};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;
use serde::Serialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/funckeys/destinations", "List what a function key can do", list_destinations)
            .shows::<Vec<Destination>>(),
    ]
}

#[derive(Serialize, schemars::JsonSchema)]
struct Destination {
    #[serde(rename = "type")]
    kind: &'static str,
    parameters: Vec<Parameter>,
}

#[derive(Serialize, schemars::JsonSchema)]
struct Parameter {
    name: &'static str,
    /// Every value that there is, when they are few.
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<&'static [&'static str]>,
    /// Where the objects are listed that can be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    collection: Option<String>,
}

fn list_destinations(call: &Call, _: &Connection) -> Result<Answer> {
    let list: Vec<_> = TYPES
        .iter()
        .map(|row| Destination {
            kind: row.name,
            parameters: row.arguments.fields.iter().map(|field| parameter(call, row, field)).collect(),
        })
        .collect();
    Answer::json(&list)
}

fn parameter(call: &Call, row: &Type, field: &Field) -> Parameter {
    let values = field.rules.iter().find_map(|rule| match rule {
        Rule::OneOf(values) => Some(*values),
        _ => None,
    });
    let reference = row.reference.as_ref().filter(|reference| reference.argument == field.name);
    Parameter {
        name: field.name,
        values,
        collection: reference.map(|reference| call.href(reference.collection)),
    }
}

//! A menu as the API shows it.

use super::{WORD, choice, store};
use crate::error::Result;
use crate::http::{Call, Link};
use crate::resources::{destinations, incalls};
use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// A menu, keys in the contract's order.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct View {
    pub id: i64,
    pub tenant_uuid: Uuid,
    pub name: String,
    pub description: Option<String>,
    pub greeting_sound: Option<String>,
    pub invalid_sound: Option<String>,
    pub abort_sound: Option<String>,
    pub menu_sound: String,
    pub timeout: i64,
    pub max_tries: i64,
    #[schemars(with = "Option<destinations::Destination>")]
    pub invalid_destination: Option<Value>,
    #[schemars(with = "Option<destinations::Destination>")]
    pub timeout_destination: Option<Value>,
    #[schemars(with = "Option<destinations::Destination>")]
    pub abort_destination: Option<Value>,
    pub choices: Vec<ShownChoice>,
    pub links: Vec<Link>,
    pub incalls: Vec<incalls::Brief>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ShownChoice {
    pub exten: String,
    #[schemars(with = "destinations::Destination")]
    pub destination: Value,
}

/// The menus as the API shows them, in the order of `ids`.
///
/// # Errors
/// The database can't be read.
pub fn views(call: &Call, connection: &Connection, ids: &[i64]) -> Result<Vec<View>> {
    let mut incalls = incalls::pointing_at(call, connection, WORD, ids)?;
    let mut destinations = destinations::of(connection, WORD, ids)?;
    let mut destination = |id: i64, event: &str| destinations.remove(&(id, event.to_owned()));
    let shown = store::many(connection, ids)?.into_iter().map(|row| View {
        invalid_destination: destination(row.id, "invalid"),
        timeout_destination: destination(row.id, "timeout"),
        abort_destination: destination(row.id, "abort"),
        choices: (0..)
            .zip(row.choices)
            .map(|(at, one)| ShownChoice {
                exten: one.exten,
                // What it led to is gone.
                destination: destination(row.id, &choice(at)).unwrap_or_else(|| json!({"type": "none"})),
            })
            .collect(),
        links: call.links("ivr", &format!("/ivr/{}", row.id)),
        incalls: incalls.remove(&row.id).unwrap_or_default(),
        id: row.id,
        tenant_uuid: row.tenant_uuid,
        name: row.name,
        description: row.description,
        greeting_sound: row.greeting_sound,
        menu_sound: row.menu_sound,
        invalid_sound: row.invalid_sound,
        abort_sound: row.abort_sound,
        timeout: row.timeout,
        max_tries: row.max_tries,
    });
    Ok(shown.collect())
}

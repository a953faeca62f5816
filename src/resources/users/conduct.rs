//! What becomes of a user's calls, as parts of a whole user: `forwards`, `fallbacks`, `services`. The mistakes of the
//! first two begin as those of their own routes do (confd.md 2.6) and end with their place.

use super::switches::{self, Switches};
use super::{Identity, fallbacks, forwards, services};
use crate::db::WriteTx;
use crate::domain::schema::{Field, Mode, Object, Schema, normalize_body};
use crate::error::Result;
use crate::http::Scope;
use crate::resources::collect::Collected;
use crate::resources::destinations;
use rusqlite::Connection;
use serde_json::Value;
use std::collections::HashMap;

/// The fields of a nested user.
pub static FIELDS: [Field; 3] = [
    Field::aside("forwards", &forwards::SCHEMA).null_allowed(),
    Field::aside("fallbacks", &fallbacks::SCHEMA).null_allowed(),
    Field::nested("services", &services::SCHEMA).null_allowed(),
];

/// How a user shows it.
#[derive(Debug)]
pub struct Conduct {
    pub switches: Switches,
    /// Keys in the contract's order.
    pub fallbacks: Object,
}

impl Conduct {
    /// Of a user who never said anything.
    pub fn nothing() -> Conduct {
        let fallbacks = fallbacks::EVENTS.iter().map(|event| (format!("{event}_destination"), Value::Null));
        Conduct { switches: Switches::default(), fallbacks: fallbacks.collect() }
    }
}

/// What becomes of these users' calls. Two statements, and one for each type of destination that has names.
///
/// # Errors
/// The database can't be read.
pub fn of(connection: &Connection, users: &[i64]) -> Result<HashMap<i64, Conduct>> {
    let mut switches = switches::of(connection, users)?;
    let fallbacks = destinations::fallbacks(connection, fallbacks::WORD, &fallbacks::EVENTS, users)?;
    let all = fallbacks.into_iter().map(|(id, fallbacks)| {
        (id, Conduct { switches: switches.remove(&id).unwrap_or_default(), fallbacks })
    });
    Ok(all.collect())
}

/// Does a body say something of it?
pub fn is_in(body: &Object) -> bool {
    FIELDS.iter().any(|field| body.get(field.name).is_some_and(|value| !value.is_null()))
}

/// Stores what the body says.
///
/// # Errors
/// What is not the request's fault; its mistakes are collected.
pub fn set(
    tx: &WriteTx,
    scope: &Scope,
    user: &Identity,
    body: &Object,
    collected: &mut Collected,
) -> Result<()> {
    if let Some(body) = read_aside(tx, "forwards", &forwards::SCHEMA, body, collected)? {
        for (name, forward) in forwards::given(&body) {
            let place = format!("forwards.{name}");
            collected.attempt(tx, &place, |tx| forwards::set(tx, user.id, name, &forward))?;
        }
    }
    if let Some(body) = read_aside(tx, "fallbacks", &fallbacks::SCHEMA, body, collected)? {
        for event in fallbacks::EVENTS {
            let place = format!("fallbacks.{event}_destination");
            let destination = destinations::fallback(&body, event);
            collected.attempt(tx, &place, |tx| {
                destinations::set(tx, scope, fallbacks::owner(user), event, destination)
            })?;
        }
    }
    if let Some(Value::Object(body)) = body.get("services") {
        services::set(tx, user.id, body)?;
    }
    Ok(())
}

/// A part that is read by itself.
fn read_aside(
    tx: &WriteTx,
    name: &str,
    schema: &Schema,
    body: &Object,
    collected: &mut Collected,
) -> Result<Option<Object>> {
    let Some(part) = body.get(name).filter(|part| !part.is_null()) else { return Ok(None) };
    collected.attempt(tx, name, |_| Ok(schema.read(&normalize_body(part.clone())?, Mode::Update)?))
}

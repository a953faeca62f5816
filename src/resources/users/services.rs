//! `/users/{user}/services` (confd.md 5.2): do not disturb, and the filter that asks callers for their name.

use super::found;
use super::switches::{self, Service, Services};
use crate::db::WriteTx;
use crate::domain::schema::{Field, Mode, Object, Schema};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;
use serde_json::Value;

const NAMES: [&str; 2] = ["dnd", "incallfilter"];

static SERVICE: Schema = Schema::new("Service", &[Field::bool("enabled").required()]);

pub static SCHEMA: Schema =
    Schema::new("Services", &[Field::nested("dnd", &SERVICE), Field::nested("incallfilter", &SERVICE)]);

pub fn routes() -> Vec<Route> {
    let all = "/users/{user:key}/services";
    let dnd = "/users/{user:key}/services/dnd";
    let filter = "/users/{user:key}/services/incallfilter";
    vec![
        Route::read(all, "Get a user's services", get_services).shows::<switches::Services>(),
        Route::put(all, "Set a user's services", set_services).body(&SCHEMA),
        Route::read(dnd, "Get do not disturb", |call, db| get_service(call, db, |all| all.dnd))
            .shows::<switches::Service>(),
        Route::put(dnd, "Set do not disturb", |call, tx| set_service(call, tx, "dnd")).body(&SERVICE),
        Route::read(filter, "Get the filter of incoming calls", |call, db| {
            get_service(call, db, |all| all.incallfilter)
        })
        .shows::<switches::Service>(),
        Route::put(filter, "Set the filter of incoming calls", |call, tx| {
            set_service(call, tx, "incallfilter")
        })
        .body(&SERVICE),
    ]
}

/// Switches the services that a body names.
///
/// # Errors
/// The database can't be written.
pub fn set(tx: &WriteTx, user: i64, body: &Object) -> Result<()> {
    let given = NAMES.iter().filter_map(|name| Some((name, body.get(*name)?.as_object()?)));
    given.into_iter().try_for_each(|(name, service)| switch(tx, user, name, service))
}

fn switch(tx: &WriteTx, user: i64, name: &str, service: &Object) -> Result<()> {
    let enabled = service.get("enabled").and_then(Value::as_bool).unwrap_or_default();
    switches::set(tx, user, name, enabled, None)
}

fn get_services(call: &Call, connection: &Connection) -> Result<Answer> {
    let user = found(call, connection)?;
    Answer::json(&switches::of_user(connection, user.id)?.services)
}

fn set_services(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let user = found(call, tx)?;
    set(tx, user.id, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn get_service(call: &Call, connection: &Connection, one: fn(Services) -> Service) -> Result<Answer> {
    let user = found(call, connection)?;
    Answer::json(&one(switches::of_user(connection, user.id)?.services))
}

/// `enabled` is all that there is: it must be given, also here.
fn set_service(call: &Call, tx: &WriteTx, name: &str) -> Result<Answer> {
    let user = found(call, tx)?;
    switch(tx, user.id, name, &call.parse(&SERVICE, Mode::Create)?)?;
    Ok(Answer::Empty)
}

//! `/users/{user}/fallbacks` (confd.md 5.3): where a user's calls go that nobody takes, when no forward is on.

use super::{Identity, found};
use crate::db::WriteTx;
use crate::domain::schema::{Field, Mode, Schema};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::destinations::{self, NESTED, Owner};
use rusqlite::Connection;
use schemars::SchemaGenerator;

/// What may happen to a call, in the order of the answers.
pub const EVENTS: [&str; 4] = ["noanswer", "busy", "congestion", "fail"];

/// The word of users in the table of destinations.
pub const WORD: &str = "user";

pub static SCHEMA: Schema = Schema::new(
    "UserFallbacks",
    &[
        Field::nested("noanswer_destination", &NESTED).null_allowed(),
        Field::nested("busy_destination", &NESTED).null_allowed(),
        Field::nested("congestion_destination", &NESTED).null_allowed(),
        Field::nested("fail_destination", &NESTED).null_allowed(),
    ],
);

pub fn routes() -> Vec<Route> {
    let path = "/users/{user:key}/fallbacks";
    vec![
        Route::read(path, "Get a user's fallbacks", get_fallbacks).shows_as("users.Fallbacks", shown),
        Route::put(path, "Set a user's fallbacks", set_fallbacks).body(&SCHEMA),
    ]
}

/// A user as the owner of destinations.
pub fn owner(user: &Identity) -> Owner {
    Owner { word: WORD, id: user.id }
}

/// Fallbacks in an answer, for the document.
pub fn shown(generator: &mut SchemaGenerator) -> schemars::Schema {
    destinations::fallbacks_schema(generator, &EVENTS)
}

fn get_fallbacks(call: &Call, connection: &Connection) -> Result<Answer> {
    let user = found(call, connection)?;
    Answer::json(&destinations::fallbacks(connection, WORD, &EVENTS, &[user.id])?.get(&user.id))
}

fn set_fallbacks(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let user = found(call, tx)?;
    let body = call.parse(&SCHEMA, Mode::Update)?;
    destinations::replace_fallbacks(tx, call.scope(), owner(&user), &EVENTS, &body)?;
    Ok(Answer::Empty)
}

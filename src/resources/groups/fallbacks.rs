//! `/groups/{group}/fallbacks`: where a call goes on that nobody of the group takes (confd.md 5.3).

use super::found;
use crate::db::WriteTx;
use crate::domain::schema::{Field, Mode, Schema};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::destinations::{self, NESTED, Owner};
use rusqlite::Connection;
use schemars::SchemaGenerator;

/// What can happen to a call of a group.
pub const EVENTS: [&str; 2] = ["noanswer", "congestion"];

static SCHEMA: Schema = Schema::new(
    "GroupFallbacks",
    &[
        Field::nested("noanswer_destination", &NESTED).null_allowed(),
        Field::nested("congestion_destination", &NESTED).null_allowed(),
    ],
);

pub fn routes() -> Vec<Route> {
    let path = "/groups/{group:key}/fallbacks";
    vec![
        Route::read(path, "Get where calls of a group go on", get_fallbacks)
            .shows_as("groups.Fallbacks", shown),
        Route::put(path, "Set where calls of a group go on", put_fallbacks).body(&SCHEMA),
    ]
}

/// Fallbacks in an answer, for the document.
pub fn shown(generator: &mut SchemaGenerator) -> schemars::Schema {
    destinations::fallbacks_schema(generator, &EVENTS)
}

fn get_fallbacks(call: &Call, connection: &Connection) -> Result<Answer> {
    let group = found(call, connection)?;
    let mut all = destinations::fallbacks(connection, "group", &EVENTS, &[group.id])?;
    Answer::json(&all.remove(&group.id).unwrap_or_default())
}

fn put_fallbacks(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let group = found(call, tx)?;
    let body = call.parse(&SCHEMA, Mode::Create)?;
    let owner = Owner { word: "group", id: group.id };
    destinations::replace_fallbacks(tx, call.scope(), owner, &EVENTS, &body)?;
    Ok(Answer::Empty)
}

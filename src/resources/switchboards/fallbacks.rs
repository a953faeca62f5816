//! `/switchboards/{switchboard}/fallbacks`: where a call goes on that no operator takes in time (confd.md 5.3).

use super::found;
use crate::db::WriteTx;
use crate::domain::schema::{Field, Mode, Schema};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::destinations::{self, NESTED, Owner};
use rusqlite::Connection;
use schemars::SchemaGenerator;

/// What can happen to a call of a switchboard.
pub const EVENTS: [&str; 1] = ["noanswer"];

static SCHEMA: Schema =
    Schema::new("SwitchboardFallbacks", &[Field::nested("noanswer_destination", &NESTED).null_allowed()]);

pub fn routes() -> Vec<Route> {
    let path = "/switchboards/{switchboard:uuid}/fallbacks";
    vec![
        Route::read(path, "Get where calls of a switchboard go on", get_fallbacks)
            .shows_as("switchboards.Fallbacks", shown),
        Route::put(path, "Set where calls of a switchboard go on", put_fallbacks).body(&SCHEMA),
    ]
}

/// Fallbacks in an answer, for the document.
pub fn shown(generator: &mut SchemaGenerator) -> schemars::Schema {
    destinations::fallbacks_schema(generator, &EVENTS)
}

fn get_fallbacks(call: &Call, connection: &Connection) -> Result<Answer> {
    let board = found(call, connection)?;
    let mut all = destinations::fallbacks(connection, "switchboard", &EVENTS, &[board.id])?;
    Answer::json(&all.remove(&board.id).unwrap_or_default())
}

fn put_fallbacks(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let board = found(call, tx)?;
    let body = call.parse(&SCHEMA, Mode::Create)?;
    let owner = Owner { word: "switchboard", id: board.id };
    destinations::replace_fallbacks(tx, call.scope(), owner, &EVENTS, &body)?;
    Ok(Answer::Empty)
}

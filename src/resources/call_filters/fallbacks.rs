//! `/callfilters/{filter}/fallbacks`: where a filtered call goes on that nobody takes (confd.md 5.3).

use super::{WORD, found};
use crate::db::WriteTx;
use crate::domain::schema::{Field, Mode, Schema};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::destinations::{self, NESTED, Owner};
use rusqlite::Connection;
use schemars::SchemaGenerator;

/// What can happen to a filtered call.
pub const EVENTS: [&str; 1] = ["noanswer"];

static SCHEMA: Schema =
    Schema::new("CallFilterFallbacks", &[Field::nested("noanswer_destination", &NESTED).null_allowed()]);

pub fn routes() -> Vec<Route> {
    let path = "/callfilters/{filter:int}/fallbacks";
    vec![
        Route::read(path, "Get where filtered calls go on", get_fallbacks)
            .shows_as("call_filters.Fallbacks", shown),
        Route::put(path, "Set where filtered calls go on", put_fallbacks).body(&SCHEMA),
    ]
}

/// Fallbacks in an answer, for the document.
pub fn shown(generator: &mut SchemaGenerator) -> schemars::Schema {
    destinations::fallbacks_schema(generator, &EVENTS)
}

fn get_fallbacks(call: &Call, connection: &Connection) -> Result<Answer> {
    let filter = found(call, connection)?;
    let mut all = destinations::fallbacks(connection, WORD, &EVENTS, &[filter.id])?;
    Answer::json(&all.remove(&filter.id).unwrap_or_default())
}

fn put_fallbacks(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let filter = found(call, tx)?;
    let body = call.parse(&SCHEMA, Mode::Create)?;
    let owner = Owner { word: WORD, id: filter.id };
    destinations::replace_fallbacks(tx, call.scope(), owner, &EVENTS, &body)?;
    Ok(Answer::Empty)
}

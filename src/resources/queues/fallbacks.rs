//! `/queues/{queue}/fallbacks`: where a call goes on that nobody of the queue takes (confd.md 5.3).

use super::found;
use crate::db::WriteTx;
use crate::domain::schema::{Field, Mode, Schema};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::destinations::{self, NESTED, Owner};
use rusqlite::Connection;
use schemars::SchemaGenerator;

/// What can happen to a call of a queue. Nothing makes one busy (behaviour.md 13).
pub const EVENTS: [&str; 4] = ["noanswer", "busy", "congestion", "fail"];

static SCHEMA: Schema = Schema::new(
    "QueueFallbacks",
    &[
        Field::nested("noanswer_destination", &NESTED).null_allowed(),
        Field::nested("busy_destination", &NESTED).null_allowed(),
        Field::nested("congestion_destination", &NESTED).null_allowed(),
        Field::nested("fail_destination", &NESTED).null_allowed(),
    ],
);

pub fn routes() -> Vec<Route> {
    let path = "/queues/{queue:int}/fallbacks";
    vec![
        Route::read(path, "Get where calls of a queue go on", get_fallbacks)
            .shows_as("queues.Fallbacks", shown),
        Route::put(path, "Set where calls of a queue go on", put_fallbacks).body(&SCHEMA),
    ]
}

/// Fallbacks in an answer, for the document.
pub fn shown(generator: &mut SchemaGenerator) -> schemars::Schema {
    destinations::fallbacks_schema(generator, &EVENTS)
}

fn get_fallbacks(call: &Call, connection: &Connection) -> Result<Answer> {
    let queue = found(call, connection)?;
    let mut all = destinations::fallbacks(connection, "queue", &EVENTS, &[queue.id])?;
    Answer::json(&all.remove(&queue.id).unwrap_or_default())
}

fn put_fallbacks(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let queue = found(call, tx)?;
    let body = call.parse(&SCHEMA, Mode::Create)?;
    let owner = Owner { word: "queue", id: queue.id };
    destinations::replace_fallbacks(tx, call.scope(), owner, &EVENTS, &body)?;
    Ok(Answer::Empty)
}

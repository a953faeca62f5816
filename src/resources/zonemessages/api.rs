//! Handlers of `/asterisk/voicemail/zonemessages`.

use super::{SCHEMA, ZoneMessage, store};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;
use serde::Serialize;

const PATH: &str = "/asterisk/voicemail/zonemessages";

pub fn routes() -> Vec<Route> {
    vec![
        Route::read(PATH, "List zone messages", list_zonemessages).shows::<Zones>().verb("get"),
        Route::put(PATH, "Set all zone messages", update_zonemessages).body(&SCHEMA).master(),
    ]
}

#[derive(Serialize, schemars::JsonSchema)]
struct Zones {
    items: Vec<ZoneMessage>,
}

fn list_zonemessages(_: &Call, connection: &Connection) -> Result<Answer> {
    Answer::json(&Zones { items: store::list(connection)? })
}

fn update_zonemessages(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = call.parse(&SCHEMA, Mode::Create)?;
    let items = body.get("items").cloned().unwrap_or_default();
    let zones: Vec<ZoneMessage> = serde_json::from_value(items)?;
    store::replace(tx, &zones)?;
    Ok(Answer::Empty)
}

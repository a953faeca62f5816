//! `GET /cordboard/switchboards/{switchboard}/codes`: what an operator's phone dials and watches.

use super::found;
use crate::domain::switchboard_codes as codes;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;
use serde::Serialize;

pub fn routes() -> Vec<Route> {
    let path = "/cordboard/switchboards/{switchboard:uuid}/codes";
    vec![Route::read(path, "List what operators of a switchboard dial", list_codes).shows::<Codes>()]
}

/// Numbers; a place follows a code and a star: `*551*3`.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Codes {
    /// Takes the call that waits longest; lit while calls wait.
    next: String,
    /// Calls are transferred here to be held.
    hold: String,
    /// Takes back a held call; lit while calls are held.
    held: String,
}

fn list_codes(call: &Call, connection: &Connection) -> Result<Answer> {
    let id = found(call, connection)?.id;
    Answer::json(&Codes { next: codes::next(id), hold: codes::hold(id), held: codes::held(id) })
}

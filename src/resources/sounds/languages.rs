//! `/sounds/languages`: the languages that this Asterisk has recordings of.

use super::system;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;
use serde_json::{Value, json};

pub fn routes() -> Vec<Route> {
    vec![Route::read("/sounds/languages", "List the languages of sounds", list_languages).verb("get")]
}

fn list_languages(call: &Call, _: &Connection) -> Result<Answer> {
    let tags: Vec<Value> =
        system::languages(&call.app.sounds.system).into_iter().map(|tag| json!({"tag": tag})).collect();
    Answer::json(&json!({"total": tags.len(), "items": tags}))
}

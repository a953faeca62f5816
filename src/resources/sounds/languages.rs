//! `/sounds/languages`: the languages that this Asterisk has recordings of.

use super::system;
use crate::error::Result;
use crate::http::{Answer, Call, Page, Route};
use rusqlite::Connection;
use serde::Serialize;

/// A language as Asterisk names its folder: `fr_FR`.
#[derive(Serialize, schemars::JsonSchema)]
struct Language {
    tag: String,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/sounds/languages", "List the languages of sounds", list_languages)
            .lists::<Language>()
            .verb("get"),
    ]
}

fn list_languages(call: &Call, _: &Connection) -> Result<Answer> {
    let tags = system::languages(&call.app.sounds.system).into_iter();
    let items: Vec<Language> = tags.map(|tag| Language { tag }).collect();
    Answer::json(&Page { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
}

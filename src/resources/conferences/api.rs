//! Handlers of `/conferences`.

use super::{SCHEMA, create, found, store, update, views};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let one = "/conferences/{conference:int}";
    vec![
        Route::read("/conferences", "List conferences", list_conferences).lists::<super::view::View>(),
        Route::post("/conferences", "Create a conference", create_conference)
            .shows::<super::view::View>()
            .body(&SCHEMA),
        Route::read(one, "Get a conference", get_conference).shows::<super::view::View>(),
        Route::put(one, "Change a conference", update_conference).body(&SCHEMA),
        Route::delete(one, "Delete a conference", delete_conference),
    ]
}

fn list_conferences(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_conference(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope().tenant, &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/conferences/{id}"), &views(call, tx, &[id])?.first())
}

fn get_conference(call: &Call, connection: &Connection) -> Result<Answer> {
    let conference = found(call, connection)?;
    Answer::json(&views(call, connection, &[conference.id])?.first())
}

fn update_conference(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let conference = found(call, tx)?;
    update(tx, &conference, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_conference(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let conference = found(call, tx)?;
    store::delete(tx, conference.id)?;
    Ok(Answer::Empty)
}

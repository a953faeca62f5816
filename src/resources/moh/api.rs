//! Handlers of `/moh`.

use super::{SCHEMA, create, found, store, update, views};
use crate::db::WriteTx;
use crate::domain::schema::{Mode, Object};
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::contexts::with_legacy_name;
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/moh", "List classes of music on hold", list_moh).lists::<super::View>(),
        Route::post("/moh", "Create a class of music on hold", create_moh)
            .shows::<super::View>()
            .body(&SCHEMA),
        Route::read("/moh/{moh}", "Get a class of music on hold", get_moh).shows::<super::View>(),
        Route::put("/moh/{moh}", "Change a class of music on hold", update_moh).body(&SCHEMA),
        Route::delete("/moh/{moh}", "Delete a class of music on hold with its files", delete_moh),
    ]
}

fn list_moh(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<String>(call, connection)?;
    Answer::json(&page.map(|uuids| views(call, connection, &uuids))?)
}

fn create_moh(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let uuid = create(tx, call.scope().tenant, &read(call, Mode::Create)?)?;
    call.created(&format!("/moh/{uuid}"), &views(call, tx, &[uuid.to_string()])?.first())
}

fn get_moh(call: &Call, connection: &Connection) -> Result<Answer> {
    let moh = found(call, connection)?;
    Answer::json(&views(call, connection, &[moh.uuid.to_string()])?.first())
}

fn update_moh(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let moh = found(call, tx)?;
    update(tx, &moh, &read(call, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_moh(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let moh = found(call, tx)?;
    store::delete(tx, moh.uuid)?;
    Ok(Answer::Empty)
}

/// `name` was the label's name once.
fn read(call: &Call, mode: Mode) -> Result<Object> {
    Ok(SCHEMA.read(&with_legacy_name(call.object()?), mode)?)
}

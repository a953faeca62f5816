//! Handlers of `/lines`.

use super::{
    Brief, Created, OWN, SCHEMA, create, created_views, delete, delete_recursive, found, store, update, views,
};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/lines", "List lines", list_lines).lists::<Brief>(),
        Route::post("/lines", "Create a line", create_line).shows::<Created>().body(&SCHEMA),
        Route::read("/lines/{line:int}", "Get a line", get_line).shows::<Brief>(),
        Route::put("/lines/{line:int}", "Change a line", update_line).body(&OWN),
        Route::delete("/lines/{line:int}", "Delete a line", delete_line),
    ]
}

fn list_lines(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_line(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/lines/{id}"), &created_views(call, tx, &[id])?.first())
}

fn get_line(call: &Call, connection: &Connection) -> Result<Answer> {
    let line = found(call, connection)?;
    Answer::json(&views(call, connection, &[line.id])?.first())
}

fn update_line(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let line = found(call, tx)?;
    update(tx, call.scope(), line.id, &call.parse(&OWN, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_line(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let line = found(call, tx)?;
    if call.recursive() {
        delete_recursive(tx, line.id)?
    } else {
        delete(tx, line.id)?
    }
    Ok(Answer::Empty)
}

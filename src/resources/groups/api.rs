//! Handlers of `/groups`.

use super::{CREATION, SCHEMA, create, found, read, store, update, views};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/groups", "List groups", list_groups).lists::<super::view::View>(),
        Route::post("/groups", "Create a group with its members", create_group)
            .shows::<super::view::View>()
            .body(&CREATION),
        Route::read("/groups/{group:key}", "Get a group", get_group).shows::<super::view::View>(),
        Route::put("/groups/{group:key}", "Change a group", update_group).body(&SCHEMA),
        Route::delete("/groups/{group:key}", "Delete a group", delete_group),
    ]
}

fn list_groups(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_group(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &read(call, &CREATION, Mode::Create)?)?;
    let view = views(call, tx, &[id])?.pop();
    let path = view.as_ref().map(|view| format!("/groups/{}", view.group.uuid)).unwrap_or_default();
    call.created(&path, &view)
}

fn get_group(call: &Call, connection: &Connection) -> Result<Answer> {
    let group = found(call, connection)?;
    Answer::json(&views(call, connection, &[group.id])?.first())
}

fn update_group(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let group = found(call, tx)?;
    update(tx, &group, &read(call, &SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_group(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let group = found(call, tx)?;
    store::delete(tx, group.id)?;
    Ok(Answer::Empty)
}

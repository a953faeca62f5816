//! Handlers of `/switchboards`.

use super::{CREATION, SCHEMA, create, found, store, update, views};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let one = "/switchboards/{switchboard}";
    vec![
        Route::read("/switchboards", "List switchboards", list_switchboards).lists::<super::view::View>(),
        Route::post("/switchboards", "Create a switchboard with its members", create_switchboard)
            .shows::<super::view::View>()
            .body(&CREATION),
        Route::read(one, "Get a switchboard", get_switchboard).shows::<super::view::View>(),
        Route::put(one, "Change a switchboard", update_switchboard).body(&SCHEMA),
        Route::delete(one, "Delete a switchboard", delete_switchboard),
    ]
}

fn list_switchboards(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_switchboard(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let board = create(tx, call.scope(), &call.parse(&CREATION, Mode::Create)?)?;
    call.created(&format!("/switchboards/{}", board.uuid), &views(call, tx, &[board.id])?.first())
}

fn get_switchboard(call: &Call, connection: &Connection) -> Result<Answer> {
    let board = found(call, connection)?;
    Answer::json(&views(call, connection, &[board.id])?.first())
}

fn update_switchboard(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let board = found(call, tx)?;
    update(tx, &board, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_switchboard(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let board = found(call, tx)?;
    store::delete(tx, board.id)?;
    Ok(Answer::Empty)
}

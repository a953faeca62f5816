//! Handlers of `/trunks`.

use super::{SCHEMA, create, delete, found, store, update, views};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/trunks", "List trunks", list_trunks).lists::<super::view::View>(),
        Route::post("/trunks", "Create a trunk", create_trunk).shows::<super::view::View>().body(&SCHEMA),
        Route::read("/trunks/{trunk:int}", "Get a trunk", get_trunk).shows::<super::view::View>(),
        Route::put("/trunks/{trunk:int}", "Change a trunk", update_trunk).body(&SCHEMA),
        Route::delete("/trunks/{trunk:int}", "Delete a trunk with its endpoint", delete_trunk),
    ]
}

fn list_trunks(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_trunk(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/trunks/{id}"), &views(call, tx, &[id])?.first())
}

fn get_trunk(call: &Call, connection: &Connection) -> Result<Answer> {
    let trunk = found(call, connection)?;
    Answer::json(&views(call, connection, &[trunk.id])?.first())
}

fn update_trunk(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let trunk = found(call, tx)?;
    update(tx, call.scope(), trunk, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_trunk(call: &Call, tx: &WriteTx) -> Result<Answer> {
    delete(tx, &found(call, tx)?)?;
    Ok(Answer::Empty)
}

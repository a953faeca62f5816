//! Handlers of `/outcalls`.

use super::{SCHEMA, create, found, store, update, views};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/outcalls", "List outcalls", list_outcalls).lists::<super::view::View>(),
        Route::post("/outcalls", "Create an outcall", create_outcall)
            .shows::<super::view::View>()
            .body(&SCHEMA),
        Route::read("/outcalls/{outcall:int}", "Get an outcall", get_outcall).shows::<super::view::View>(),
        Route::put("/outcalls/{outcall:int}", "Change an outcall", update_outcall).body(&SCHEMA),
        Route::delete("/outcalls/{outcall:int}", "Delete an outcall", delete_outcall),
    ]
}

fn list_outcalls(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_outcall(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/outcalls/{id}"), &views(call, tx, &[id])?.first())
}

fn get_outcall(call: &Call, connection: &Connection) -> Result<Answer> {
    let outcall = found(call, connection)?;
    Answer::json(&views(call, connection, &[outcall.id])?.first())
}

fn update_outcall(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let outcall = found(call, tx)?;
    update(tx, &outcall, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

/// Its extensions stay, free for something else.
fn delete_outcall(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let outcall = found(call, tx)?;
    store::delete(tx, outcall.id)?;
    Ok(Answer::Empty)
}

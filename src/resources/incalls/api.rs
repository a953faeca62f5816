//! Handlers of `/incalls`.

use super::{SCHEMA, create, found, store, update, views};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/incalls", "List incalls", list_incalls).lists::<super::view::View>(),
        Route::post("/incalls", "Create an incall", create_incall).shows::<super::view::View>().body(&SCHEMA),
        Route::read("/incalls/{incall:int}", "Get an incall", get_incall).shows::<super::view::View>(),
        Route::put("/incalls/{incall:int}", "Change an incall", update_incall).body(&SCHEMA),
        Route::delete("/incalls/{incall:int}", "Delete an incall", delete_incall),
    ]
}

fn list_incalls(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_incall(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let scope = call.scope();
    let id = create(tx, scope, scope.tenant, &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/incalls/{id}"), &views(call, tx, &[id])?.first())
}

fn get_incall(call: &Call, connection: &Connection) -> Result<Answer> {
    let incall = found(call, connection)?;
    Answer::json(&views(call, connection, &[incall.id])?.first())
}

fn update_incall(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let incall = found(call, tx)?;
    update(tx, call.scope(), &incall, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_incall(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let incall = found(call, tx)?;
    store::delete(tx, incall.id)?;
    Ok(Answer::Empty)
}

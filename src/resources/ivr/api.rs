//! Handlers of `/ivr`.

use super::view::views;
use super::{SCHEMA, create, found, store, update};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let all = "/ivr";
    let one = "/ivr/{ivr:int}";
    vec![
        Route::read(all, "List IVRs", list_ivrs).lists::<super::view::View>(),
        Route::post(all, "Create an IVR", create_ivr).shows::<super::view::View>().body(&SCHEMA),
        Route::read(one, "Get an IVR", get_ivr).shows::<super::view::View>(),
        Route::put(one, "Change an IVR", update_ivr).body(&SCHEMA),
        Route::delete(one, "Delete an IVR", delete_ivr),
    ]
}

fn list_ivrs(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_ivr(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/ivr/{id}"), &views(call, tx, &[id])?.first())
}

fn get_ivr(call: &Call, connection: &Connection) -> Result<Answer> {
    let ivr = found(call, connection)?;
    Answer::json(&views(call, connection, &[ivr.id])?.first())
}

fn update_ivr(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let ivr = found(call, tx)?;
    update(tx, call.scope(), &ivr, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_ivr(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let ivr = found(call, tx)?;
    store::delete(tx, ivr.id)?;
    Ok(Answer::Empty)
}

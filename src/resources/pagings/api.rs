//! Handlers of `/pagings`.

use super::{SCHEMA, create, found, store, update, views};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let (all, one) = ("/pagings", "/pagings/{paging:int}");
    vec![
        Route::read(all, "List pagings", list_pagings).lists::<super::view::View>(),
        Route::post(all, "Create a paging", create_paging).shows::<super::view::View>().body(&SCHEMA),
        Route::read(one, "Get a paging", get_paging).shows::<super::view::View>(),
        Route::put(one, "Change a paging", update_paging).body(&SCHEMA),
        Route::delete(one, "Delete a paging", delete_paging),
    ]
}

fn list_pagings(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_paging(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/pagings/{id}"), &views(call, tx, &[id])?.first())
}

fn get_paging(call: &Call, connection: &Connection) -> Result<Answer> {
    let paging = found(call, connection)?;
    Answer::json(&views(call, connection, &[paging.id])?.first())
}

fn update_paging(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let paging = found(call, tx)?;
    update(tx, &paging, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_paging(call: &Call, tx: &WriteTx) -> Result<Answer> {
    store::delete(tx, found(call, tx)?.id)?;
    Ok(Answer::Empty)
}

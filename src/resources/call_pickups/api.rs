//! Handlers of `/callpickups`.

use super::{SCHEMA, create, found, store, update, views};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let (all, one) = ("/callpickups", "/callpickups/{pickup:int}");
    vec![
        Route::read(all, "List call pickups", list_pickups).lists::<super::view::View>(),
        Route::post(all, "Create a call pickup", create_pickup).shows::<super::view::View>().body(&SCHEMA),
        Route::read(one, "Get a call pickup", get_pickup).shows::<super::view::View>(),
        Route::put(one, "Change a call pickup", update_pickup).body(&SCHEMA),
        Route::delete(one, "Delete a call pickup", delete_pickup),
    ]
}

fn list_pickups(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_pickup(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/callpickups/{id}"), &views(call, tx, &[id])?.first())
}

fn get_pickup(call: &Call, connection: &Connection) -> Result<Answer> {
    let pickup = found(call, connection)?;
    Answer::json(&views(call, connection, &[pickup.id])?.first())
}

fn update_pickup(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let pickup = found(call, tx)?;
    update(tx, &pickup, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_pickup(call: &Call, tx: &WriteTx) -> Result<Answer> {
    store::delete(tx, found(call, tx)?.id)?;
    Ok(Answer::Empty)
}

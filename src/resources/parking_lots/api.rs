//! Handlers of `/parkinglots`.

use super::{SCHEMA, create, found, store, update, views};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let one = "/parkinglots/{parking_lot:int}";
    vec![
        Route::read("/parkinglots", "List parking lots", list_parking_lots).lists::<super::view::View>(),
        Route::post("/parkinglots", "Create a parking lot", create_parking_lot)
            .shows::<super::view::View>()
            .body(&SCHEMA),
        Route::read(one, "Get a parking lot", get_parking_lot).shows::<super::view::View>(),
        Route::put(one, "Change a parking lot", update_parking_lot).body(&SCHEMA),
        Route::delete(one, "Delete a parking lot", delete_parking_lot),
    ]
}

fn list_parking_lots(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_parking_lot(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope().tenant, &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/parkinglots/{id}"), &views(call, tx, &[id])?.first())
}

fn get_parking_lot(call: &Call, connection: &Connection) -> Result<Answer> {
    let lot = found(call, connection)?;
    Answer::json(&views(call, connection, &[lot.id])?.first())
}

fn update_parking_lot(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let lot = found(call, tx)?;
    update(tx, &lot, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_parking_lot(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let lot = found(call, tx)?;
    store::delete(tx, lot.id)?;
    Ok(Answer::Empty)
}

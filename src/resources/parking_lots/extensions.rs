//! `/parkinglots/{lot}/extensions/{extension}`: the number to which a call is
//! transferred to be parked (confd.md 6.9).

use super::{ParkingLot, found, slots, store};
use crate::db::WriteTx;
use crate::domain::problems::not_permitted;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::extensions::{self, Dialled, Extension, Numbers};
use rusqlite::Connection;

const DIALLED: Dialled = Dialled {
    word: "parking",
    resource: "ParkingLot",
    id_key: "parking_lot_id",
    tenant_key: "parking_lot_tenant_uuid",
    numbers: Numbers::But(refuse_number),
};

pub fn routes() -> Vec<Route> {
    let one = "/parkinglots/{parking_lot:int}/extensions/{extension:int}";
    vec![
        Route::put(one, "Give a parking lot an extension", put_extension),
        Route::delete(one, "Take an extension from a parking lot", delete_extension),
    ]
}

fn put_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (lot, extension) = both(call, tx)?;
    DIALLED.attach(tx, lot.id, lot.tenant_uuid, &extension)?;
    Ok(Answer::Empty)
}

fn delete_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (lot, extension) = both(call, tx)?;
    DIALLED.detach(tx, lot.id, &extension)?;
    Ok(Answer::Empty)
}

fn both(call: &Call, connection: &Connection) -> Result<(ParkingLot, Extension)> {
    let lot = found(call, connection)?;
    Ok((lot, extensions::found(call, connection)?))
}

/// A number alone, with slots that are nobody's numbers in its context.
fn refuse_number(tx: &WriteTx, lot: i64, extension: &Extension) -> Result<()> {
    if extension.exten.starts_with('_') {
        let sentence = "Cannot associate a pattern extension";
        return Err(not_permitted(sentence, &[("exten", extension.exten.as_str().into())]).into());
    }
    match store::get(tx, lot)? {
        Some(lot) => slots::refuse_taken(tx, &lot, &extension.context),
        None => Ok(()),
    }
}

//! `/parkinglots/{lot}/extensions/{extension}`: the number to which a call is
//! transferred to be parked (confd.md 6.9).

use super::{ParkingLot, found, slots};
use crate::db::WriteTx;
use crate::domain::problems::{associated, different_tenants, not_permitted, unhandled_context_type};
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route};
use crate::resources::contexts;
use crate::resources::extensions::{self, Extension, usage};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let one = "/parkinglots/{parking_lot:int}/extensions/{extension:int}";
    vec![
        Route::put(one, "Give a parking lot an extension", put_extension),
        Route::delete(one, "Take an extension from a parking lot", delete_extension),
    ]
}

fn put_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (lot, extension) = both(call, tx)?;
    attach(tx, &lot, &extension)?;
    Ok(Answer::Empty)
}

fn delete_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (lot, extension) = both(call, tx)?;
    if usage::extensions_of(tx, "parking", lot.id)?.contains(&extension.id) {
        usage::detach(tx, extension.id)?;
    }
    Ok(Answer::Empty)
}

fn both(call: &Call, connection: &Connection) -> Result<(ParkingLot, Extension)> {
    let lot = found(call, connection)?;
    Ok((lot, extensions::found(call, connection)?))
}

/// Gives a parking lot an extension. Theirs already: nothing changes.
///
/// # Errors
/// 400, the first of the contract's checks that fails.
fn attach(tx: &WriteTx, lot: &ParkingLot, extension: &Extension) -> Result<()> {
    let own = usage::extensions_of(tx, "parking", lot.id)?;
    if own.contains(&extension.id) {
        return Ok(());
    }
    if extension.tenant_uuid != lot.tenant_uuid {
        let left = ("extension_tenant_uuid", extension.tenant_uuid);
        return Err(different_tenants(left, ("parking_lot_tenant_uuid", lot.tenant_uuid)).into());
    }
    let refused = |lot: i64, extension: i64| {
        let meta = [("parking_lot_id", lot.into()), ("extension_id", extension.into())];
        Err(associated("ParkingLot", "Extension", &meta).into())
    };
    if let Some(other) = own.first() {
        return refused(lot.id, *other);
    }
    match usage::owner(tx, extension.id)? {
        Some(owner) if owner.word == "parking" => return refused(owner.id, extension.id),
        _ => usage::refuse_taken(tx, extension.id)?,
    }
    let context = contexts::store::by_name(tx, &extension.context)?
        .ok_or_else(|| Error::Internal(format!("context {} is gone", extension.context)))?;
    if context.kind != "internal" {
        let meta = [("id", context.id.into()), ("context", context.name.as_str().into())];
        return Err(unhandled_context_type(&context.kind, &meta).into());
    }
    if extension.exten.starts_with('_') {
        let sentence = "Cannot associate a pattern extension";
        return Err(not_permitted(sentence, &[("exten", extension.exten.as_str().into())]).into());
    }
    slots::refuse_taken(tx, lot, &context.name)?;
    usage::attach(tx, "parking", lot.id, extension.id)
}

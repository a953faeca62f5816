//! Handlers of `/devices`.

use super::{Device, SCHEMA, create, store, update, view, visible};
use crate::db::WriteTx;
use crate::domain::problems::associated;
use crate::domain::py::Py;
use crate::domain::schema::Mode;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Listing, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let one = "/devices/{device:text}";
    vec![
        Route::read("/devices", "List devices", list_devices).lists::<super::View>(),
        Route::post("/devices", "Create a device", create_device).shows::<super::View>().body(&SCHEMA),
        Route::read("/devices/unallocated", "List devices that no tenant has taken", list_unallocated)
            .lists::<super::View>(),
        Route::put("/devices/unallocated/{device:text}", "Take a device into the tenant", take_device),
        Route::read(one, "Get a device", get_device).shows::<super::View>(),
        Route::put(one, "Change a device", update_device).body(&SCHEMA),
        Route::delete(one, "Delete a device", delete_device),
        Route::read("/devices/{device:text}/autoprov", "Forget a device's configuration", acknowledge)
            .status(204),
        Route::read(
            "/devices/{device:text}/synchronize",
            "Have a device read its configuration",
            acknowledge,
        )
        .status(204),
    ]
}

fn found(call: &Call, connection: &Connection) -> Result<Device> {
    visible(connection, call.scope(), call.segment("device"))
}

fn list(listing: &Listing, call: &Call, connection: &Connection) -> Result<Answer> {
    let page = listing.page::<String>(call, connection)?;
    let devices = page.map(|ids| store::many(connection, &ids))?;
    Answer::json(&devices.map(|rows| Ok(rows.into_iter().map(|row| view(call, row)).collect()))?)
}

fn list_devices(call: &Call, connection: &Connection) -> Result<Answer> {
    list(&store::LISTING, call, connection)
}

/// Whoever calls: those of the master tenant that are new.
fn list_unallocated(call: &Call, connection: &Connection) -> Result<Answer> {
    list(&store::UNALLOCATED, call, connection)
}

fn create_device(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), call.parse(&SCHEMA, Mode::Create)?)?;
    let device = visible(tx, call.scope(), &id)?;
    call.created(&format!("/devices/{id}"), &view(call, device))
}

fn get_device(call: &Call, connection: &Connection) -> Result<Answer> {
    Answer::json(&view(call, found(call, connection)?))
}

fn update_device(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let device = found(call, tx)?;
    update(tx, device, call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_device(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let device = found(call, tx)?;
    if !device.lines.is_empty() {
        let lines = Py::Tuple(device.lines.iter().map(|id| (*id).into()).collect());
        let meta = [("device_id", device.id.into()), ("line_ids", lines)];
        return Err(associated("Device", "Line", &meta).into());
    }
    store::delete(tx, &device.id)?;
    Ok(Answer::Empty)
}

fn take_device(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = call.segment("device");
    if store::take(tx, id, call.scope().tenant)? == 0 {
        return Err(Error::not_found("Device", &[("id", id.into())]));
    }
    Ok(Answer::Empty)
}

/// No phone is provisioned: nobody has to be told.
fn acknowledge(call: &Call, connection: &Connection) -> Result<Answer> {
    found(call, connection)?;
    Ok(Answer::Empty)
}

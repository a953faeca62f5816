//! Which line a device is (confd.md 3.11).

use super::{Device, store, visible};
use crate::db::WriteTx;
use crate::domain::problems::{Problems, associated, different_tenants, missing_association};
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Link, Page, Route, Scope};
use crate::resources::lines::{self, Line};
use rusqlite::Connection;
use serde::Serialize;

pub fn routes() -> Vec<Route> {
    let one = "/lines/{line:int}/devices/{device:text}";
    vec![
        Route::read("/lines/{line:int}/devices", "Get a line's device", get_device).shows::<LineDevice>(),
        Route::put(one, "Give a line its device", put_device),
        Route::delete(one, "Take the device from a line", take_device),
        Route::read("/devices/{device:text}/lines", "List a device's lines", list_lines)
            .lists::<LineDevice>(),
    ]
}

#[derive(Serialize, schemars::JsonSchema)]
struct LineDevice {
    line_id: i64,
    device_id: String,
    links: Vec<Link>,
}

fn shown(call: &Call, line: i64, device: &str) -> LineDevice {
    let links = [("lines", format!("/lines/{line}")), ("devices", format!("/devices/{device}"))];
    let links = links.into_iter().flat_map(|(rel, path)| call.links(rel, &path)).collect();
    LineDevice { line_id: line, device_id: device.to_owned(), links }
}

fn get_device(call: &Call, connection: &Connection) -> Result<Answer> {
    let line = lines::found(call, connection)?;
    match line.device_id {
        Some(device) => Answer::json(&shown(call, line.id, &device)),
        None => Err(Error::not_found("LineDevice", &[("line_id", line.id.into())])),
    }
}

fn list_lines(call: &Call, connection: &Connection) -> Result<Answer> {
    let device = visible(connection, call.scope(), call.segment("device"))?;
    let items: Vec<_> = device.lines.iter().map(|line| shown(call, *line, &device.id)).collect();
    Answer::json(&Page { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
}

fn put_device(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let line = lines::found(call, tx)?;
    attach(tx, &line, &visible(tx, call.scope(), call.segment("device"))?)?;
    Ok(Answer::Empty)
}

fn take_device(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let line = lines::found(call, tx)?;
    let device = visible(tx, call.scope(), call.segment("device"))?;
    if line.device_id.as_ref() == Some(&device.id) {
        store::set_line(tx, line.id, None)?;
    }
    Ok(Answer::Empty)
}

/// Gives a line the device of this id; one that nobody has taken yet comes into the line's tenant.
///
/// # Errors
/// 404 for an unknown device, else as the single route.
pub fn give(tx: &WriteTx, scope: &Scope, line: i64, device: &str) -> Result<()> {
    let Some(line) = lines::store::get(tx, line)? else {
        return Err(Error::not_found("Line", &[("id", line.into())]));
    };
    store::take(tx, device, line.tenant_uuid)?;
    attach(tx, &line, &visible(tx, scope, device)?)
}

/// A line that has the device already keeps it.
fn attach(tx: &WriteTx, line: &Line, device: &Device) -> Result<()> {
    if line.device_id.as_ref() == Some(&device.id) {
        return Ok(());
    }
    if line.tenant_uuid != device.tenant_uuid {
        let left = ("line_tenant_uuid", line.tenant_uuid);
        return Err(different_tenants(left, ("device_tenant_uuid", device.tenant_uuid)).into());
    }
    let line_id = ("line_id", line.id.into());
    if line.device_id.is_some() {
        refuse_used_line(line)?;
    }
    if line.endpoint().is_none() {
        return Err(missing_association("Line", "Endpoint", &[line_id]).into());
    }
    if lines::store::extensions(tx, line.id)?.is_empty() {
        return Err(missing_association("Line", "Extension", &[line_id]).into());
    }
    if lines::store::users(tx, line.id)?.is_empty() {
        return Err(missing_association("User", "Line", &[line_id]).into());
    }
    for other in lines::store::many(tx, &device.lines)? {
        if other.position == line.position {
            let position = line.position;
            let text = format!("Cannot associate 2 lines with same position (position: {position})");
            return Err(Problems::one(text).into());
        }
    }
    store::set_line(tx, line.id, Some(&device.id))
}

/// What a line with a device is not taken apart for.
///
/// # Errors
/// 400 when it has one.
pub fn refuse_used_line(line: &Line) -> Result<()> {
    match &line.device_id {
        Some(device) => {
            let meta = [("line_id", line.id.into()), ("device_id", device.into())];
            Err(associated("Line", "Device", &meta).into())
        }
        None => Ok(()),
    }
}

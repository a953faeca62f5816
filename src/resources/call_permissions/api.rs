//! Handlers of `/callpermissions`.

use super::{SCHEMA, create, found, store, update, views};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let all = "/callpermissions";
    let one = "/callpermissions/{permission:int}";
    vec![
        Route::read(all, "List call permissions", list_permissions).lists::<super::view::View>(),
        Route::post(all, "Create a call permission", create_permission)
            .shows::<super::view::View>()
            .body(&SCHEMA),
        Route::read(one, "Get a call permission", get_permission).shows::<super::view::View>(),
        Route::put(one, "Change a call permission", update_permission).body(&SCHEMA),
        Route::delete(one, "Delete a call permission", delete_permission),
    ]
}

fn list_permissions(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_permission(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/callpermissions/{id}"), &views(call, tx, &[id])?.first())
}

fn get_permission(call: &Call, connection: &Connection) -> Result<Answer> {
    let permission = found(call, connection)?;
    Answer::json(&views(call, connection, &[permission.id])?.first())
}

fn update_permission(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let permission = found(call, tx)?;
    update(tx, &permission, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_permission(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let permission = found(call, tx)?;
    store::delete(tx, permission.id)?;
    Ok(Answer::Empty)
}

//! Handlers of `/extensions`.

use super::{Extension, SCHEMA, create, delete, store, update, usage, views};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/extensions", "List extensions", list_extensions).lists::<super::view::View>(),
        Route::post("/extensions", "Create an extension", create_extension)
            .shows::<super::view::View>()
            .body(&SCHEMA),
        Route::read("/extensions/{extension:int}", "Get an extension", get_extension)
            .shows::<super::view::View>(),
        Route::put("/extensions/{extension:int}", "Change an extension", update_extension).body(&SCHEMA),
        Route::delete("/extensions/{extension:int}", "Delete an extension", delete_extension),
    ]
}

fn list_extensions(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/extensions/{id}"), &views(call, tx, &[id])?.first())
}

fn get_extension(call: &Call, connection: &Connection) -> Result<Answer> {
    let extension = found(call, connection)?;
    Answer::json(&views(call, connection, &[extension.id])?.first())
}

fn update_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let extension = found(call, tx)?;
    update(tx, call.scope(), extension.id, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let extension = found(call, tx)?;
    usage::refuse_used(tx, extension.id)?;
    delete(tx, extension.id)?;
    Ok(Answer::Empty)
}

/// The extension that the path names as `{extension}`, if the request sees it.
///
/// # Errors
/// 404.
pub fn found(call: &Call, connection: &Connection) -> Result<Extension> {
    let id = call.int("extension");
    call.visible(store::get(connection, id)?, |extension| extension.tenant_uuid, "Extension", id)
}

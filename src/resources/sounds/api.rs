//! Handlers of `/sounds`.

use super::view::{View, views};
use super::{SCHEMA, SYSTEM, found, store, system};
use crate::db::WriteTx;
use crate::domain::problems::{already_exists, not_permitted};
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;
use serde_json::Value;

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/sounds", "List categories of sounds", list_sounds).lists::<View>(),
        Route::post("/sounds", "Create a category of sounds", create_sound).shows::<View>().body(&SCHEMA),
        Route::read("/sounds/{sound}", "Get a category of sounds", get_sound).shows::<View>(),
        Route::delete("/sounds/{sound}", "Delete a category of sounds with its files", delete_sound),
    ]
}

fn list_sounds(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_sound(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = call.parse(&SCHEMA, Mode::Create)?;
    let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
    let tenant = call.scope().tenant;
    if name == SYSTEM || store::get(tx, tenant, name)?.is_some() {
        return Err(already_exists("Sound", &[("name", name.into())]).into());
    }
    let id = store::insert(tx, tenant, name)?;
    call.created(&format!("/sounds/{name}"), &views(call, tx, &[id])?.first())
}

fn get_sound(call: &Call, connection: &Connection) -> Result<Answer> {
    if call.segment("sound") == SYSTEM {
        let files = system::files(&call.app.sounds.system);
        let links = call.links("sounds", "/sounds/system");
        return Answer::json(&View { tenant_uuid: None, name: SYSTEM.to_owned(), files, links });
    }
    let sound = found(call, connection)?;
    Answer::json(&views(call, connection, &[sound.id])?.first())
}

fn delete_sound(call: &Call, tx: &WriteTx) -> Result<Answer> {
    if call.segment("sound") == SYSTEM {
        return Err(not_permitted("Cannot delete system sounds", &[]).into());
    }
    let sound = found(call, tx)?;
    store::delete(tx, sound.id)?;
    Ok(Answer::Empty)
}

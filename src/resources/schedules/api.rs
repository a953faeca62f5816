//! Handlers of `/schedules`.

use super::view::views;
use super::{SCHEMA, create, found, store, update};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let all = "/schedules";
    let one = "/schedules/{schedule:int}";
    vec![
        Route::read(all, "List schedules", list_schedules).lists::<super::view::View>(),
        Route::post(all, "Create a schedule", create_schedule).shows::<super::view::View>().body(&SCHEMA),
        Route::read(one, "Get a schedule", get_schedule).shows::<super::view::View>(),
        Route::put(one, "Change a schedule", update_schedule).body(&SCHEMA),
        Route::delete(one, "Delete a schedule", delete_schedule),
    ]
}

fn list_schedules(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_schedule(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/schedules/{id}"), &views(call, tx, &[id])?.first())
}

fn get_schedule(call: &Call, connection: &Connection) -> Result<Answer> {
    let schedule = found(call, connection)?;
    Answer::json(&views(call, connection, &[schedule.id])?.first())
}

fn update_schedule(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let schedule = found(call, tx)?;
    update(tx, call.scope(), &schedule, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_schedule(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let schedule = found(call, tx)?;
    store::delete(tx, schedule.id)?;
    Ok(Answer::Empty)
}

//! Handlers of `/queues`.

use super::{CREATION, SCHEMA, create, found, store, update, views};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/queues", "List queues", list_queues).lists::<super::view::View>(),
        Route::post("/queues", "Create a queue with its members", create_queue)
            .shows::<super::view::View>()
            .body(&CREATION),
        Route::read("/queues/{queue:int}", "Get a queue", get_queue).shows::<super::view::View>(),
        Route::read("/queue/{queue:int}", "Get a queue", get_queue).shows::<super::view::View>(),
        Route::put("/queues/{queue:int}", "Change a queue", update_queue).body(&SCHEMA),
        Route::delete("/queues/{queue:int}", "Delete a queue", delete_queue),
    ]
}

fn list_queues(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<i64>(call, connection)?;
    Answer::json(&page.map(|ids| views(call, connection, &ids))?)
}

fn create_queue(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let id = create(tx, call.scope(), &call.parse(&CREATION, Mode::Create)?)?;
    call.created(&format!("/queues/{id}"), &views(call, tx, &[id])?.pop())
}

fn get_queue(call: &Call, connection: &Connection) -> Result<Answer> {
    let queue = found(call, connection)?;
    Answer::json(&views(call, connection, &[queue.id])?.first())
}

fn update_queue(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let queue = found(call, tx)?;
    update(tx, call.scope(), &queue, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_queue(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let queue = found(call, tx)?;
    store::delete(tx, queue.id)?;
    Ok(Answer::Empty)
}

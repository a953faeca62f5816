//! `/queues/{queue}/extensions/{extension}`: the number that a queue has (confd.md 6.2).

use super::{Queue, found};
use crate::db::WriteTx;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::contexts::RangeKind;
use crate::resources::extensions::{self, Dialled, Extension, Numbers};
use rusqlite::Connection;

const DIALLED: Dialled = Dialled {
    word: "queue",
    resource: "Queue",
    id_key: "queue_id",
    tenant_key: "queue_tenant_uuid",
    numbers: Numbers::In(RangeKind::Queue),
};

pub fn routes() -> Vec<Route> {
    let one = "/queues/{queue:int}/extensions/{extension:int}";
    vec![
        Route::put(one, "Give a queue an extension", put_extension),
        Route::delete(one, "Take an extension from a queue", delete_extension),
    ]
}

fn put_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (queue, extension) = both(call, tx)?;
    DIALLED.attach(tx, queue.id, queue.tenant_uuid, &extension)?;
    Ok(Answer::Empty)
}

fn delete_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (queue, extension) = both(call, tx)?;
    DIALLED.detach(tx, queue.id, &extension)?;
    Ok(Answer::Empty)
}

fn both(call: &Call, connection: &Connection) -> Result<(Queue, Extension)> {
    let queue = found(call, connection)?;
    Ok((queue, extensions::found(call, connection)?))
}

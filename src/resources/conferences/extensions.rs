//! `/conferences/{conference}/extensions/{extension}`: the number that a conference has (confd.md 6.9).

use super::{Conference, found};
use crate::db::WriteTx;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::contexts::RangeKind;
use crate::resources::extensions::{self, Dialled, Extension, Numbers};
use rusqlite::Connection;

const DIALLED: Dialled = Dialled {
    word: "conference",
    resource: "Conference",
    id_key: "conference_id",
    tenant_key: "conference_tenant_uuid",
    numbers: Numbers::In(RangeKind::Conference),
};

pub fn routes() -> Vec<Route> {
    let one = "/conferences/{conference:int}/extensions/{extension:int}";
    vec![
        Route::put(one, "Give a conference an extension", put_extension),
        Route::delete(one, "Take an extension from a conference", delete_extension),
    ]
}

fn put_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (conference, extension) = both(call, tx)?;
    DIALLED.attach(tx, conference.id, conference.tenant_uuid, &extension)?;
    Ok(Answer::Empty)
}

fn delete_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (conference, extension) = both(call, tx)?;
    DIALLED.detach(tx, conference.id, &extension)?;
    Ok(Answer::Empty)
}

fn both(call: &Call, connection: &Connection) -> Result<(Conference, Extension)> {
    let conference = found(call, connection)?;
    Ok((conference, extensions::found(call, connection)?))
}

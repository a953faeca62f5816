//! `/groups/{group}/extensions/{extension}`: the number that a group has (confd.md 6.1).

use super::{Group, found};
use crate::db::WriteTx;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::contexts::RangeKind;
use crate::resources::extensions::{self, Dialled, Extension, Numbers};
use rusqlite::Connection;

const DIALLED: Dialled = Dialled {
    word: "group",
    resource: "Group",
    id_key: "group_id",
    tenant_key: "group_tenant_uuid",
    numbers: Numbers::In(RangeKind::Group),
};

pub fn routes() -> Vec<Route> {
    let one = "/groups/{group:key}/extensions/{extension:int}";
    vec![
        Route::put(one, "Give a group an extension", put_extension),
        Route::delete(one, "Take an extension from a group", delete_extension),
    ]
}

fn put_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (group, extension) = both(call, tx)?;
    DIALLED.attach(tx, group.id, group.tenant_uuid, &extension)?;
    Ok(Answer::Empty)
}

fn delete_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (group, extension) = both(call, tx)?;
    DIALLED.detach(tx, group.id, &extension)?;
    Ok(Answer::Empty)
}

fn both(call: &Call, connection: &Connection) -> Result<(Group, Extension)> {
    let group = found(call, connection)?;
    Ok((group, extensions::found(call, connection)?))
}

//! Handlers of `/users/{user}/lines`.

use super::store::{self, LineRow};
use super::{SCHEMA, attach, detach, replace};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Route};
use crate::resources::users::found;
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let line = "/users/{user:key}/lines/{line:int}";
    vec![
        Route::put("/users/{user:key}/lines", "Set a user's lines in order", update_lines).body(&SCHEMA),
        Route::put(line, "Give a line to a user", attach_line),
        Route::delete(line, "Take a line from a user", detach_line),
    ]
}

fn update_lines(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let user = found(call, tx)?;
    let body = call.parse(&SCHEMA, Mode::Create)?;
    replace(tx, call.scope(), &user, &body)?;
    Ok(Answer::Empty)
}

fn attach_line(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let user = found(call, tx)?;
    attach(tx, &user, &line(call, tx)?)?;
    Ok(Answer::Empty)
}

fn detach_line(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let user = found(call, tx)?;
    detach(tx, &user, line(call, tx)?.id)?;
    Ok(Answer::Empty)
}

/// The line that the path names, if the request sees it.
fn line(call: &Call, connection: &Connection) -> Result<LineRow> {
    let id = call.int("line");
    call.visible(store::get(connection, id)?, |line| line.tenant_uuid, "Line", id)
}

//! Handlers of `/users/{user}/lines`.

use super::store::{self, LineRow};
use super::{SCHEMA, attach, detach, replace};
use crate::db::WriteTx;
use crate::domain::problems::field_message;
use crate::domain::schema::Mode;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Key, Route};
use crate::resources::endpoints_sip;
use crate::resources::users::{found, groups, identity, queues};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let line = "/users/{user:key}/lines/{line:int}";
    vec![
        Route::put("/users/{user:key}/lines", "Set a user's lines in order", update_lines).body(&SCHEMA),
        Route::put(line, "Give a line to a user", attach_line),
        Route::delete(line, "Take a line from a user", detach_line),
        Route::read(
            "/users/{user:uuid}/lines/{line:line}/associated/endpoints/sip",
            "Get the SIP endpoint of a user's line",
            get_endpoint,
        )
        .shows::<endpoints_sip::View>(),
    ]
}

fn update_lines(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let user = found(call, tx)?;
    let body = call.parse(&SCHEMA, Mode::Create)?;
    replace(tx, call.scope(), &user, &body)?;
    groups::leave_without_line(tx, &user)?;
    queues::leave_without_line(tx, &user)?;
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
    groups::leave_without_line(tx, &user)?;
    queues::leave_without_line(tx, &user)?;
    Ok(Answer::Empty)
}

/// The line that the path names, if the request sees it.
fn line(call: &Call, connection: &Connection) -> Result<LineRow> {
    let id = call.int("line");
    call.visible(store::get(connection, id)?, |line| line.tenant_uuid, "Line", id)
}

/// What a softphone asks for to register. The texts of its refusals are its own.
fn get_endpoint(call: &Call, connection: &Connection) -> Result<Answer> {
    let uuid = call.uuid("user");
    let user = identity(connection, Key::Uuid(uuid))?.filter(|user| call.scope().sees(user.tenant_uuid));
    let user = user.ok_or_else(|| Error::not_found("UserFeatures", &[("uuid", uuid.to_string().into())]))?;
    let Some(endpoint) = asked(call, connection, user.id)?.and_then(|line| line.endpoint_sip_uuid) else {
        return Answer::with_status(404, &"Resource Not Found.");
    };
    match call.query("view") {
        None => Answer::json(&endpoints_sip::views(call, connection, &[endpoint])?.first()),
        Some("merged") => Answer::json(&endpoints_sip::merged_view(call, connection, endpoint)?),
        Some(_) => Err(field_message("view", "Must be one of: merged.").into()),
    }
}

/// The user's line that the path names, by id or as `main`; nothing when it is not theirs.
fn asked(call: &Call, connection: &Connection, user: i64) -> Result<Option<LineRow>> {
    let text = call.segment("line");
    if text == "main" {
        return store::main(connection, user);
    }
    let id = call.int("line");
    let line = store::get(connection, id)?.filter(|line| call.scope().sees(line.tenant_uuid));
    let line = line.ok_or_else(|| Error::not_found("Line", &[("id", text.into())]))?;
    Ok(store::rank(connection, user, id)?.map(|_| line))
}

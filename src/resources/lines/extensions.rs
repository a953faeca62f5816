//! `/lines/{line}/extensions`: which number a line has (confd.md 3.8).

use super::{Line, caller_id, found, store};
use crate::db::WriteTx;
use crate::domain::problems::{
    associated, different_tenants, missing_association, outside_context_range, unhandled_context_type,
};
use crate::domain::schema::Mode;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Page, Route};
use crate::resources::contexts::{self, RangeKind};
use crate::resources::devices;
use crate::resources::extensions::{self, Extension, usage};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let all = "/lines/{line:int}/extensions";
    let one = "/lines/{line:int}/extensions/{extension:int}";
    vec![
        Route::read(all, "List the extensions of a line", list_extensions).lists::<extensions::View>(),
        Route::post(all, "Create an extension of a line", create_extension)
            .shows::<extensions::View>()
            .body(&extensions::SCHEMA),
        Route::put(one, "Give a line an extension", put_extension),
        Route::delete(one, "Take an extension from a line", delete_extension),
    ]
}

/// The original fails here; the list is what its other sub-resources answer.
fn list_extensions(call: &Call, connection: &Connection) -> Result<Answer> {
    let line = found(call, connection)?;
    let items = extensions::views(call, connection, &store::extensions(connection, line.id)?)?;
    Answer::json(&Page { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
}

/// The body is checked before the line is looked up (confd.md 1.5).
fn create_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = call.parse(&extensions::SCHEMA, Mode::Create)?;
    let line = found(call, tx)?;
    let id = extensions::create(tx, call.scope(), &body)?;
    if let Some(extension) = extensions::store::get(tx, id)? {
        attach(tx, &line, &extension)?;
    }
    call.created(&format!("/extensions/{id}"), &extensions::views(call, tx, &[id])?.first())
}

fn put_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (line, extension) = both(call, tx)?;
    attach(tx, &line, &extension)?;
    Ok(Answer::Empty)
}

fn delete_extension(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let (line, extension) = both(call, tx)?;
    if store::extensions(tx, line.id)?.contains(&extension.id) {
        devices::refuse_used_line(&line)?;
    }
    detach(tx, &line, &extension)?;
    Ok(Answer::Empty)
}

fn both(call: &Call, connection: &Connection) -> Result<(Line, Extension)> {
    let line = found(call, connection)?;
    let id = call.int("extension");
    let row = extensions::store::get(connection, id)?;
    Ok((line, call.visible(row, |extension| extension.tenant_uuid, "Extension", id)?))
}

/// Gives a line an extension, and with it the extension's context. Again: nothing changes.
///
/// # Errors
/// 400, the first of the contract's checks that fails.
pub fn attach(tx: &WriteTx, line: &Line, extension: &Extension) -> Result<()> {
    let attached = store::extensions(tx, line.id)?;
    if attached.contains(&extension.id) {
        return Ok(());
    }
    check(tx, line, extension, attached.first().copied())?;
    store::attach_extension(tx, line.id, extension.id)?;
    store::set_context(tx, line.id, &extension.context)?;
    caller_id::sync(tx, line.id)
}

fn check(connection: &Connection, line: &Line, extension: &Extension, attached: Option<i64>) -> Result<()> {
    let line_id = ("line_id", line.id.into());
    if line.tenant_uuid != extension.tenant_uuid {
        let left = ("extension_tenant_uuid", extension.tenant_uuid);
        return Err(different_tenants(left, ("line_tenant_uuid", line.tenant_uuid)).into());
    }
    if line.endpoint().is_none() {
        return Err(missing_association("Line", "Endpoint", &[line_id]).into());
    }
    if let Some(other) = attached {
        return Err(associated("Line", "Extension", &[line_id, ("extension_id", other.into())]).into());
    }
    if let Some(owner) = usage::owner(connection, extension.id)? {
        let meta = [("id", extension.id.into()), ("associated_id", owner.id.to_string().into())];
        return Err(associated("Extension", owner.word, &meta).into());
    }
    let context = contexts::store::by_name(connection, &extension.context)?
        .ok_or_else(|| Error::Internal(format!("context {} is gone", extension.context)))?;
    if context.kind != "internal" {
        let meta = [("id", context.id.into()), ("context", context.name.as_str().into())];
        return Err(unhandled_context_type(&context.kind, &meta).into());
    }
    if let Some(user) = store::users(connection, line.id)?.first()
        && let Some((user, line)) = store::other_user_with(connection, extension.id, line.id, *user)?
    {
        let meta = [("user_id", user.into()), ("line_id", line.into())];
        return Err(associated("User", "Line", &meta).into());
    }
    if !contexts::in_range(connection, &context, RangeKind::User, &extension.exten)? {
        return Err(outside_context_range(&extension.exten, &context.name).into());
    }
    Ok(())
}

/// Takes an extension from a line. It does not have it: nothing changes.
///
/// # Errors
/// The database can't be written.
pub fn detach(tx: &WriteTx, line: &Line, extension: &Extension) -> Result<()> {
    if !store::extensions(tx, line.id)?.contains(&extension.id) {
        return Ok(());
    }
    store::detach_extension(tx, line.id, extension.id)?;
    caller_id::sync(tx, line.id)
}
